"""Files of the public folder are whole, and each writer fails alone."""

import os
from pathlib import Path
from typing import NoReturn

import pytest

from quetsach_portal.publishing.folder import (
    CannotWrite,
    Writer,
    campaign_to_write,
    write_all,
    write_file,
)
from quetsach_portal.publishing.models import WriterRun

pytestmark = pytest.mark.django_db


def breaks(folder: Path) -> None:
    raise KeyError("x")


def lacks(folder: Path) -> NoReturn:
    raise CannotWrite("Chưa có danh sách.")


def waits_for_its_list(folder: Path) -> str:
    return writes(folder) if (folder / "list").exists() else lacks(folder)


def writes(folder: Path) -> str:
    (folder / "written").touch()
    return "3 địa chỉ"


def test_each_writer_fails_alone_and_says_so(home, folder) -> None:
    write_all([Writer(one.__name__, one, "") for one in (breaks, lacks, writes)])
    runs = WriterRun.objects.in_bulk()
    assert "KeyError" in runs["breaks"].problem
    assert runs["lacks"].problem == "Chưa có danh sách."
    assert (folder / "written").exists()
    assert runs["writes"].said == "3 địa chỉ"
    assert runs["writes"].problem == ""


def test_a_writer_that_works_again_has_no_problem_left(home, folder) -> None:
    writer = Writer("part", waits_for_its_list, "")
    write_all([writer])
    assert WriterRun.objects.get().problem
    (folder / "list").touch()
    write_all([writer])
    run = WriterRun.objects.get()
    assert (run.problem, run.said) == ("", "3 địa chỉ")
    assert run.written_at


def test_a_file_is_written_whole_or_not_at_all(folder) -> None:
    path = folder / "codes.json"
    write_file(path, b"old")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"old", 0o644)
    with pytest.raises(TypeError):
        write_file(path, "text is no bytes")
    assert path.read_bytes() == b"old"
    assert [file.name for file in folder.iterdir()] == ["codes.json"]


def test_nothing_is_written_while_no_page_is_to_be_shown(world) -> None:
    with pytest.raises(CannotWrite, match="no public page"):
        campaign_to_write()


def test_what_a_killed_process_left_aside_goes_a_day_later_and_nothing_else(tmp_path: Path) -> None:
    old, young, other = (tmp_path / name for name in (".a.abcdefgh", ".a.abcdefgi", ".b.abcdefgh"))
    for path in (old, young, other):
        path.write_bytes(b"half")
    for path in (old, other):
        os.utime(path, (0, 0))
    write_file(tmp_path / "a", b"whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == [young.name, other.name, "a"]
    assert (tmp_path / "a").read_bytes() == b"whole"
