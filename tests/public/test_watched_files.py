"""A new file takes over; a damaged or missing one does not, and what failed once is tried again."""

import errno
from pathlib import Path

import pytest

from quetsach_public import watched_files
from quetsach_public.addresses import caller_of
from quetsach_public.table import AddressTable
from quetsach_public.table_writing import write_table
from quetsach_public.watched_files import WatchedFile, WatchedTable
from tests.public.made import contents, seen


def test_the_newest_whole_table_answers(tmp_path: Path) -> None:
    path = tmp_path / "table.bin"
    held, caller = WatchedTable(path, check_interval_s=0), caller_of("192.0.2.9")
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


def full(path: Path) -> AddressTable:
    raise OSError(errno.EMFILE, "Too many open files", str(path))


def test_a_table_that_could_not_be_opened_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "table.bin"
    write_table(path, contents())
    held = WatchedTable(path, check_interval_s=0)
    with monkeypatch.context() as pressed:
        pressed.setattr(watched_files, "AddressTable", full)
        assert held.table() is None
    assert "Too many open files" in held.problem
    assert str(tmp_path) not in held.problem, "/health tells no paths"
    assert held.table() is not None
    assert held.problem == ""


def test_a_file_that_could_not_be_opened_is_tried_again_and_a_damaged_one_is_not(
    tmp_path: Path,
) -> None:
    path = tmp_path / "file"
    path.write_text("whole")
    said: list[Exception | str] = [OSError(errno.EMFILE, "full"), "whole", ValueError("damaged")]

    def read(_path: Path) -> str:
        one = said.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    held = WatchedFile(path, read, check_interval_s=0)
    assert [held.held() for _ in range(3)] == [None, "whole", "whole"]
    path.write_text("damaged!")
    assert [held.held() for _ in range(3)] == ["whole", "whole", "whole"]
    assert not said
