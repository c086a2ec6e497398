"""Writing the table: what no range holds and what is no family is named."""

from pathlib import Path

import pytest

from quetsach_public.table_writing import write_table
from tests.public.made import contents, seen


def test_what_no_range_holds_is_named_and_left_out(tmp_path: Path) -> None:
    written = write_table(tmp_path / "t", contents(seen("203.0.113.9"), seen("192.0.2.1")))
    assert (written.listed, written.outside) == (1, ("203.0.113.9",))


def test_an_unknown_family_and_too_small_networks_are_refused(tmp_path: Path) -> None:
    for row in (seen("192.0.2.1", "Khác"), seen("2001:db8::1/128"), seen("không phải")):
        with pytest.raises(ValueError, match=r"Khác|/64|không phải"):
            write_table(tmp_path / "t", contents(row))
    assert list(tmp_path.iterdir()) == []
