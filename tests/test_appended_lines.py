"""A file of lines only grows by whole lines, whatever a write did, and mends what a kill left."""

import errno
import os
from pathlib import Path
from unittest import mock

import pytest

from quetsach.appended_lines import append_lines, without_torn_line


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
