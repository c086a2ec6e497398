"""A file is written whole or not at all, and never through a link that somebody planted."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from pathlib import Path

import pytest

from quetsach import atomic_files
from quetsach.atomic_files import (
    read_anywhere,
    replace_whole,
    write_new_set,
    write_set,
    write_whole,
)
from quetsach.errors.exceptions import QuetsachError


def test_the_file_and_its_folder_are_made_and_nothing_is_left_aside(tmp_path: Path) -> None:
    write_whole(tmp_path / "a" / "b.txt", b"new")
    assert [one.name for one in (tmp_path / "a").iterdir()] == ["b.txt"]
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"new"


def test_a_link_planted_where_it_is_written_aside_leads_nowhere(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_bytes(b"kept")
    (tmp_path / ".b.txt.part").symlink_to(other)
    replace_whole(tmp_path / "b.txt", b"new")
    assert other.read_bytes() == b"kept"
    assert not (tmp_path / "b.txt").is_symlink()


def test_pieces_are_written_one_after_the_other_and_a_failing_one_leaves_what_was(
    tmp_path: Path,
) -> None:
    path = tmp_path / "b.txt"
    replace_whole(path, iter([b"a", b"b"]))
    assert path.read_bytes() == b"ab"

    def broken() -> Iterator[bytes]:
        yield b"c"
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - this very one
        replace_whole(path, broken())
    assert path.read_bytes() == b"ab"
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_put_in_place_names_the_file_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "b.txt" / "in the way").mkdir(parents=True)
    with pytest.raises(QuetsachError, match="E406"):
        write_whole(tmp_path / "b.txt", b"new")
    assert [one.name for one in tmp_path.iterdir()] == ["b.txt"]


def test_of_a_pipe_without_end_so_much_is_put_aside_and_no_more() -> None:
    reads, writes = os.pipe()

    def flood() -> None:
        with suppress(BrokenPipeError), os.fdopen(writes, "wb", buffering=0) as out:
            while True:
                out.write(bytes(65_536))

    writer = threading.Thread(target=flood)
    writer.start()
    try:
        with read_anywhere(Path(f"/dev/fd/{reads}"), 10) as file:
            assert 10 < file.seek(0, os.SEEK_END) <= 2 * 1024 * 1024
    finally:
        os.close(reads)
        writer.join()


def test_of_a_set_nothing_is_in_its_place_until_all_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"old")
    # The second cannot be written: a folder is where it is put aside.
    (tmp_path / ".b.txt.part").mkdir()
    with pytest.raises(QuetsachError) as error:
        write_set([(tmp_path / "a.txt", b"new"), (tmp_path / "b.txt", b"new")])
    assert error.value.problem.code == "E406"
    (tmp_path / ".b.txt.part").rmdir()
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_bytes() == b"old"


def test_a_set_takes_the_place_of_what_a_killed_run_left(tmp_path: Path) -> None:
    (tmp_path / ".a.txt.part").write_bytes(b"half")
    write_set([(tmp_path / "a.txt", b"1"), (tmp_path / "sub" / "b.txt", b"2")])
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["a.txt", "b.txt", "sub"]


def test_a_run_stopped_between_two_files_of_a_set_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(self: Path, mode: str) -> None:
        raise KeyboardInterrupt

    opened = Path.open
    monkeypatch.setattr(
        Path, "open", lambda self, mode: (stopped if "b" in self.name else opened)(self, mode)
    )
    with pytest.raises(KeyboardInterrupt):
        write_set([(tmp_path / "a.txt", b"1"), (tmp_path / "b.txt", b"2")])
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from quetsach.atomic_files import write_set

left = int(sys.argv[1])
moved = Path.replace

def replace(self, target):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return moved(self, target)

Path.replace = replace
write_set([(Path(name), b"new") for name in sys.argv[2:]])
"""


@pytest.mark.parametrize("moves", range(5))
def test_a_set_killed_amid_its_moves_says_so_until_the_next_run(tmp_path: Path, moves: int) -> None:
    paths = [tmp_path / "a.txt", tmp_path / "b.txt", tmp_path / "sub" / "c.txt"]
    write_set([(path, b"old") for path in paths])
    run = subprocess.run([sys.executable, "-c", KILLED, str(moves), *map(str, paths)], check=False)
    assert run.returncode == (-signal.SIGKILL if moves < 4 else 0)
    contents = {path.read_bytes() for path in paths}
    note = tmp_path / "a.txt.unfinished.txt"
    # The first of the moves puts the note in its place.
    assert note.exists() == (1 <= moves < 4)
    assert note.exists() or len(contents) == 1
    if note.exists():
        assert note.read_text().splitlines()[2:] == ["a.txt", "b.txt", "sub/c.txt"]

    write_set([(path, b"last") for path in paths])
    assert {path.read_bytes() for path in paths} == {b"last"}
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == paths


def test_a_set_that_fails_at_its_second_move_keeps_the_note(tmp_path: Path) -> None:
    (tmp_path / "b.txt" / "in the way").mkdir(parents=True)
    with pytest.raises(QuetsachError, match="E406"):
        write_set([(tmp_path / "a.txt", b"1"), (tmp_path / "b.txt", b"2")])
    assert (tmp_path / "a.txt.unfinished.txt").exists()


def test_while_one_run_writes_a_new_set_another_takes_nothing_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = [(tmp_path / "a.key", b"private", 0o600), (tmp_path / "a.pub", b"public", 0o644)]
    other = (
        "import sys\nfrom pathlib import Path\nfrom quetsach.atomic_files import write_new_set\n"
    )
    other += "write_new_set([(Path(name), b'other', 0o600) for name in sys.argv[1:]])"
    write_new = atomic_files.write_new
    answers: list[str] = []

    def amid(path: Path, content: bytes, mode: int) -> None:
        if path.suffix == ".pub":
            names = [str(path) for path, _content, _mode in contents]
            run = subprocess.run(
                [sys.executable, "-c", other, *names], capture_output=True, text=True, check=False
            )
            answers.append(run.stderr.strip().rpartition("\n")[2].partition(":")[0])
        write_new(path, content, mode)

    monkeypatch.setattr(atomic_files, "write_new", amid)
    write_new_set(contents)
    assert answers == ["FileExistsError"]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "a.key": b"private",
        "a.pub": b"public",
    }


@pytest.mark.parametrize("error", [KeyboardInterrupt(), FileExistsError()])
def test_a_new_set_that_breaks_off_takes_back_what_it_wrote_and_nothing_else(
    error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / "a.key", tmp_path / "a.pub"]
    write_new = atomic_files.write_new

    def broken(path: Path, content: bytes, mode: int) -> None:
        write_new(path, content, mode)
        if path.suffix == ".pub":
            # With FileExistsError the second is another run's.
            raise error

    monkeypatch.setattr(atomic_files, "write_new", broken)
    with pytest.raises(type(error)):
        write_new_set([(path, b"1", 0o600) for path in paths])
    left = [paths[1]] if isinstance(error, FileExistsError) else []
    assert list(tmp_path.iterdir()) == left


@pytest.mark.parametrize("names", [["a.key"], ["a.key", "a.pub"]])
def test_a_note_that_was_left_is_no_reason_to_delete_a_whole_set(
    names: list[str], tmp_path: Path
) -> None:
    paths = [tmp_path / "a.key", tmp_path / "a.pub"]
    (tmp_path / "a.key.unfinished.txt").write_text("a.key\na.pub\n")
    for name in names:
        (tmp_path / name).write_bytes(b"old")
    is_whole = len(names) == len(paths)
    with pytest.raises(FileExistsError) if is_whole else nullcontext():
        write_new_set([(path, b"new", 0o600) for path in paths])
    assert sorted(tmp_path.iterdir()) == paths
    assert {path.read_bytes() for path in paths} == {b"old" if is_whole else b"new"}
