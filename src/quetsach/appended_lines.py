"""Files of JSON lines that only grow: a line is appended whole, or the file stays as it was."""

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from quetsach.open_files import lock_open_file

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAIL_BYTES = 64 << 10


def without_torn_line(raw: bytes) -> bytes:
    """Return the content of a file without a last line that was cut off while it was appended.

    Such a line has neither a newline nor the end of its JSON; nobody was told that it was written.
    A last line that is wrong otherwise, or lacks the newline alone, stays.
    """
    last = raw[raw.rfind(b"\n") + 1 :]
    try:
        msgspec.json.decode(last)
    except msgspec.DecodeError as error:
        if "truncated" in str(error):
            return raw[: len(raw) - len(last)]
    except (UnicodeDecodeError, RecursionError):
        # It has an end: it is wrong otherwise.
        return raw
    return raw


def append_lines(path: Path, lines: bytes) -> None:
    """Append `lines`, each with its newline, to a file that they make where there is none.

    A line that an earlier run left torn is cut off first, and so is what did not fit.
    Errors: OSError; the file is as it was before then.
    """
    is_new = not path.exists()
    # Unbuffered: what a buffer still held would be tried again when the file is closed.
    with path.open("a+b", buffering=0) as file, _locked(file):
        if not os.fstat(file.fileno()).st_nlink:
            # Another run that could not write took back the new file while this one waited.
            append_lines(path, lines)
            return
        length = _mended_length(file)
        try:
            _write_all(file, lines)
            os.fsync(file.fileno())
        except BaseException:
            with suppress(OSError):
                file.truncate(length)
                if is_new and not length:
                    path.unlink()
            raise
    if is_new:
        _sync_folder(path.parent)


def _mended_length(file: BinaryIO) -> int:
    """Cut a torn last line off, give a whole one its newline, and return the length in bytes."""
    length = file.seek(0, os.SEEK_END)
    start = max(length - _TAIL_BYTES, 0)
    file.seek(start)
    tail = file.read()
    if start and b"\n" not in tail:
        # A line as long as this is read with all that is before it.
        file.seek(0)
        start, tail = 0, file.read()
    whole = without_torn_line(tail)
    if len(whole) < len(tail):
        file.truncate(start + len(whole))
    if whole and not whole.endswith(b"\n"):
        _write_all(file, b"\n")
    return file.seek(0, os.SEEK_END)


def _write_all(file: BinaryIO, content: bytes) -> None:
    """Write all of `content`: one call may take a part alone."""
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]


@contextmanager
def _locked(file: BinaryIO) -> "Iterator[None]":
    """Hold the file, so that no other run takes our half-written line for a torn one."""
    # A file system without locks, as some over a network, is written without.
    lock_open_file(file.fileno(), waits=True)
    yield


def _sync_folder(folder: Path) -> None:
    """Make the name of a new file last; where a folder cannot be synced, it is not."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
