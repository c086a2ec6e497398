"""A new table takes over; a damaged or missing one does not."""

from pathlib import Path

import pytest

from quetsach_public import held_table
from quetsach_public.addresses import caller_of
from quetsach_public.held_table import HeldTable
from quetsach_public.table_writing import write_table
from tests.public.made import contents, seen


def test_the_newest_whole_table_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_table, "LOOK_EVERY", 0.0)
    path = tmp_path / "table.bin"
    held, caller = HeldTable(path), caller_of("192.0.2.9")
    assert caller is not None
    assert held.table() is None
    assert held.problem
    write_table(path, contents())
    first = held.table()
    assert first is not None
    assert (first.seen(caller), held.problem) == (None, "")
    assert held.table() is first
    write_table(path, contents(seen("192.0.2.9")))
    second = held.table()
    assert second is not None
    assert second.seen(caller) is not None
    assert first.seen(caller) is None, "who still asks the old one gets its answer"
    path.write_bytes(b"damaged")
    assert held.table() is second
    assert "TableError" in held.problem
    path.unlink()
    assert held.table() is second
    assert held.problem
