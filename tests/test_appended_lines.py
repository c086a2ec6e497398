"""A file of lines only grows by whole lines, whatever a write did, and mends what a kill left."""

import errno
import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from unittest import mock

import pytest

from quetsach.appended_lines import append_lines, without_torn_line
from tests.waiting import wait_until


@pytest.mark.parametrize(
    ("raw", "whole"),
    [
        (b"", b""),
        (b'{"a":1}\n', b'{"a":1}\n'),
        (b'{"a":1}\n{"a"', b'{"a":1}\n'),
        (b'{"a', b""),
        (b'{"a":1}\n{"a":2}', b'{"a":1}\n{"a":2}'),
        (b'{"a":1}\n{"a":"}', b'{"a":1}\n'),
        (b'{"a":1}\n{"a":2,}', b'{"a":1}\n{"a":2,}'),
        (b'{"a":1}\n{"a":"\xe1\xba', b'{"a":1}\n'),
        (b'{"a":1}\n{"a":"\xff"}', b'{"a":1}\n{"a":"\xff"}'),
        (b'{"a":1}\n' + b"[" * 5000, b'{"a":1}\n' + b"[" * 5000),
    ],
)
def test_only_a_last_line_without_its_end_is_torn(raw: bytes, whole: bytes) -> None:
    assert without_torn_line(raw) == whole


@pytest.mark.parametrize("cut", range(1, 8))
def test_a_file_cut_at_any_byte_of_its_last_line_goes_on(cut: int, tmp_path: Path) -> None:
    path = tmp_path / "v.jsonl"
    append_lines(path, b'{"a":1}\n{"a":2}\n')
    os.truncate(path, path.stat().st_size - cut)
    append_lines(path, b'{"a":3}\n')
    second = b'{"a":2}\n' if cut == 1 else b""
    assert path.read_bytes() == b'{"a":1}\n' + second + b'{"a":3}\n'


def test_a_torn_line_longer_than_what_is_read_of_the_end_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "v.jsonl"
    path.write_bytes(b'{"a":1}\n{"a":"' + b"x" * 100_000)
    append_lines(path, b'{"a":3}\n')
    assert path.read_bytes() == b'{"a":1}\n{"a":3}\n'


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "v.jsonl"
    append_lines(path, b'{"a":1}\n')
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with mock.patch("os.fsync", side_effect=full), pytest.raises(OSError, match="No space"):
        append_lines(path, b'{"a":2}\n')
    assert path.read_bytes() == b'{"a":1}\n'


def test_a_new_file_that_cannot_be_synced_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_number: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", refused)
    with pytest.raises(OSError, match="Input"):
        append_lines(tmp_path / "new.jsonl", b"{}\n")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    append_lines(tmp_path / "new.jsonl", b"{}\n")
    monkeypatch.setattr(os, "fsync", refused)
    with pytest.raises(OSError, match="Input"):
        append_lines(tmp_path / "new.jsonl", b'{"a":1}\n')
    assert (tmp_path / "new.jsonl").read_bytes() == b"{}\n"


def test_who_waits_for_a_file_that_is_taken_back_writes_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "new.jsonl"
    with path.open("a+b") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        waiting = threading.Thread(target=append_lines, args=(path, b"{}\n"))
        waiting.start()
        wait_until(lambda: sum(_opens(path)) == 2)
        path.unlink()
    waiting.join(30)
    assert path.read_bytes() == b"{}\n"


def _opens(path: Path) -> Iterator[bool]:
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            yield link.readlink() == path
