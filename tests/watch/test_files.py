"""Files are found by path, pattern and folder; traps are named and not opened."""

import os
from pathlib import Path

import pytest

from quetsach.watch.files import Follow, open_plain, siblings, unmet


def _names(follow: Follow) -> list[str]:
    return [file.path.name for file in follow.find()[0]]


def test_paths_patterns_and_folders_are_followed_each_file_once(tmp_path: Path) -> None:
    for name in ("a.log", "b.log", "c.txt"):
        (tmp_path / name).write_bytes(b"x\n")
    one = str(tmp_path / "a.log")
    assert _names(Follow((one,))) == ["a.log"]
    assert _names(Follow((one, str(tmp_path / "*.log")))) == ["a.log", "b.log"]
    assert _names(Follow((str(tmp_path),))) == ["a.log", "b.log", "c.txt"]
    missing = [str(tmp_path / "later.log"), str(tmp_path / "*.gz")]
    assert Follow(tuple(missing)).find() == ([], [])
    assert unmet([one, *missing]) == missing


def test_a_link_is_followed_where_it_was_named_and_not_where_it_was_put_in(tmp_path: Path) -> None:
    inside, outside = tmp_path / "logs", tmp_path / "outside"
    inside.mkdir()
    outside.write_bytes(b"secret\n")
    log, named = inside / "a.log", inside / "named.log"
    log.write_bytes(b"x\n")
    named.symlink_to(outside)
    (inside / "b.log").symlink_to(log)
    links = [str(inside / name) for name in ("a.log", "b.log", "named.log")]
    follow = Follow((str(log), str(named)))
    assert _names(follow) == ["a.log", "named.log"]
    log.unlink()
    log.symlink_to(outside)
    files, problems = follow.find()
    assert [(one.code, one.where) for one in problems] == [("E138", str(log))]
    assert [file.path.name for file in files] == ["named.log"]
    files, problems = Follow((str(inside),)).find()
    assert files == []
    assert sorted(one.where for one in problems if one.code == "E138") == links


def test_what_is_no_plain_file_is_named_and_never_waited_for(tmp_path: Path) -> None:
    pipe, log = tmp_path / "pipe", tmp_path / "log"
    os.mkfifo(pipe)
    log.write_bytes(b"x\n")
    files, problems = Follow((str(pipe), str(log))).find()
    assert [(one.code, one.where) for one in problems] == [("E113", str(pipe))]
    log.unlink()
    os.mkfifo(log)
    with pytest.raises(OSError, match="took its name"):
        open_plain(files[0])


def test_a_name_that_is_no_text_is_named_and_stops_nothing(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    for path in (log, Path(os.fsdecode(os.fsencode(log) + b".\xff"))):
        try:
            path.write_bytes(b"x\n")
        except OSError:
            pytest.skip("this file system has names of text alone")
    files, problems = Follow((str(tmp_path),)).find()
    assert [file.path for file in files] == [log]
    assert [(one.code, one.where) for one in problems] == [("E104", f"{log}.\\xff")]
    assert not list(siblings(log))


def test_what_rotation_makes_of_a_file_is_found_beside_it(tmp_path: Path) -> None:
    names = ("eve.json.1", "eve.json-20261130.gz", "eve-20261130.json", "eve.2.json.xz")
    for place, name in enumerate((*names, "eve.json", "other.json", "eve.txt")):
        (tmp_path / name).write_bytes(b"x\n")
        os.utime(tmp_path / name, (place, place))
    beside = list(siblings(tmp_path / "eve.json"))
    assert [file.path.name for file in beside] == list(reversed(names))
    assert list(siblings(tmp_path / "none" / "eve.json")) == []


def test_what_is_passed_over_is_not_looked_at(tmp_path: Path) -> None:
    for name in ("a.log", "b.log"):
        (tmp_path / name).touch()
    follow = Follow((str(tmp_path),))
    follow.passed_over = frozenset({str(tmp_path / "a.log")})
    files, problems = follow.find()
    assert [file.path.name for file in files] == ["b.log"]
    assert problems == []
