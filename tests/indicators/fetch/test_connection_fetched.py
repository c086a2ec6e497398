"""A fetched list is written whole or not at all, and replaces nothing."""

from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import FetchedList, write_list
from tests.cli.running import names_in

FETCHED = FetchedList("stix", b"{}", 1, 1)


def test_a_list_is_written_with_its_digest(tmp_path: Path) -> None:
    write_list(FETCHED, tmp_path / "new" / "list.json")
    assert (tmp_path / "new" / "list.json").read_bytes() == b"{}"
    assert names_in(tmp_path / "new") == ["list.json"]
    assert FETCHED.sha256 == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_a_list_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_bytes(b"old")
    with pytest.raises(QuetsachError) as caught:
        write_list(FETCHED, tmp_path / "list.json")
    assert caught.value.problem.code == "E601"
    assert (tmp_path / "list.json").read_bytes() == b"old"
    assert names_in(tmp_path) == ["list.json"]


def test_where_nothing_can_be_written_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for target in (tmp_path / "file" / "list.json", tmp_path / ("a" * 300)):
        with pytest.raises(QuetsachError) as caught:
            write_list(FETCHED, target)
        assert caught.value.problem.code == "E406"
    assert names_in(tmp_path) == ["file"]
