"""What a killed run left is cleared by the next; what a living one uses is not."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from quetsach import scratch_folders
from quetsach.scratch_folders import (
    exchanged,
    file_aside,
    folder_aside,
    folder_in_one_step,
    scratch_folder,
    write_new,
)

_KILLED = """
import os, sys, tempfile
from pathlib import Path
from quetsach.scratch_folders import file_aside, folder_aside, scratch_folder
target = Path(sys.argv[1])
with scratch_folder(target.parent) as scratch, folder_aside(target) as folder:
    with file_aside(target) as (path, file):
        (folder / "inside").write_text("x")
        (scratch / "inside").write_text("x")
        file.write(b"half")
        file.flush()
        os.kill(os.getpid(), 9)
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_a_killed_run_left_goes_with_the_next(tmp_path: Path) -> None:
    target = tmp_path / "findings"
    subprocess.run([sys.executable, "-c", _KILLED, str(target)], check=False)
    assert len(names(tmp_path)) == 3
    (tmp_path / ".findings.partial-of-somebody").mkdir()
    with scratch_folder(tmp_path), folder_aside(target) as folder, file_aside(target):
        assert len(names(tmp_path)) == 4
        assert not names(folder)
    assert names(tmp_path) == [".findings.partial-of-somebody"]


def test_what_is_in_use_stays(tmp_path: Path) -> None:
    target = tmp_path / "list.csv"
    with folder_aside(target) as first, file_aside(target) as (path, file):
        with folder_aside(target) as second, file_aside(target) as (other, _file):
            assert first.is_dir()
            assert first != second
            assert path.exists()
            assert path != other
        file.write(b"all")
        file.flush()
        path.replace(target)
        first.rename(tmp_path / "folder")
    assert names(tmp_path) == ["folder", "list.csv"]


def test_a_link_and_where_no_locks_are_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, left = tmp_path / "findings", tmp_path / f".findings.partial-{'0' * 12}"
    (tmp_path / "elsewhere").mkdir()
    left.symlink_to(tmp_path / "elsewhere")
    with folder_aside(target):
        assert left.is_symlink()
    left.unlink()
    left.mkdir()
    monkeypatch.setattr(scratch_folders, "_lock", lambda _number, waits: False)
    with folder_aside(target):
        assert left.is_dir()


def test_one_that_was_taken_before_it_was_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, taken = scratch_folders._lock, []

    def lock_of_another_first(number: int, *, waits: bool) -> bool:
        if waits and not taken:
            [path] = tmp_path.iterdir()
            path.rmdir()
            taken.append(path)
        return lock(number, waits=waits)

    monkeypatch.setattr(scratch_folders, "_lock", lock_of_another_first)
    with scratch_folder(tmp_path) as folder:
        assert folder.is_dir()
        assert folder != taken[0]


def test_a_new_file_is_whole_and_replaces_none(tmp_path: Path) -> None:
    path = tmp_path / "key"
    write_new(path, b"first", 0o600)
    with pytest.raises(FileExistsError):
        write_new(path, b"second")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"first", 0o600)
    assert names(tmp_path) == ["key"]


def test_two_folders_change_places_in_one_step(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if exchanged(tmp_path / "new", tmp_path / "old"):
        assert names(tmp_path / "old") == ["new"]
    else:
        assert names(tmp_path / "old") == ["old"]


def _as_mount(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "is_mount", lambda path: path == folder)


def _as_working_directory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


def _below_others(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch_folders.os, "access", lambda path, _mode: path != folder.parent)


def _begin_and_stop(target: Path) -> None:
    with folder_in_one_step(target) as folder:
        (folder / "sub").mkdir()
        (folder / "sub" / "half").write_text("x")
        raise KeyboardInterrupt


@pytest.mark.parametrize("make", [_as_mount, _as_working_directory, _below_others])
def test_a_folder_that_nothing_can_replace_is_filled_itself(
    make: Callable[[Path, pytest.MonkeyPatch], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = tmp_path / "findings"
    target.mkdir()
    make(target, monkeypatch)
    asked = Path() if make is _as_working_directory else target
    before = target.stat().st_ino
    with pytest.raises(KeyboardInterrupt):
        _begin_and_stop(asked)
    assert names(target) == []
    with folder_in_one_step(asked) as folder:
        (folder / "whole").write_text("x")
    assert (names(tmp_path), names(target)) == (["findings"], ["whole"])
    assert target.stat().st_ino == before


def test_a_folder_that_was_there_keeps_its_rights_and_must_be_empty(tmp_path: Path) -> None:
    target = tmp_path / "findings"
    target.mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(target)
    with folder_in_one_step(tmp_path / "link") as folder:
        (folder / "whole").write_text("x")
        assert names(target) == []
    assert (names(target), target.stat().st_mode & 0o777) == (["whole"], 0o700)
    with pytest.raises(OSError, match="not empty"), folder_in_one_step(target):
        pass
    assert names(tmp_path) == ["findings", "link"]
