"""Which evidence files an argument names: a file, a folder, a glob or `-`; in a fixed order."""

import errno
import glob
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from quetsach.errors import Problem


@dataclass(frozen=True)
class EvidenceFile:
    """One file of evidence: how it was named, where it lies, and its size in bytes when found."""

    shown: str
    location: Path
    size: int


STANDARD_INPUT = "-"
"""The argument that names standard input; a file of this name is `./-`."""

_COPY_BYTES = 1 << 20


def find_evidence(
    arguments: Sequence[str], spool: Path | None = None
) -> tuple[list[EvidenceFile], list[Problem]]:
    """Return the files that `arguments` name, each once, and a problem for all that is not one.

    Order: as named; within a folder by path. Links to folders are not followed. Standard input is
    copied to the folder `spool`, to be read like a file; without one it cannot be named.
    Errors: OSError when `spool` will not take the copy.
    """
    files: list[EvidenceFile] = []
    problems: list[Problem] = []
    seen: set[Path] = set()
    for argument in arguments:
        for found in _found(argument, spool):
            if isinstance(found, Problem):
                problems.append(found)
                continue
            real = found.location.resolve()
            if real not in seen:
                seen.add(real)
                files.append(found)
    return files, problems


def shown_path(path: str | Path) -> str:
    """Return `path` as text that can be written anywhere; bytes that are no UTF-8 as `\\xNN`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _found(argument: str, spool: Path | None) -> Iterator[EvidenceFile | Problem]:
    if argument == STANDARD_INPUT and spool is not None:
        yield _standard_input(spool)
    else:
        yield from _named_by(argument)


def _standard_input(spool: Path) -> EvidenceFile | Problem:
    """Return the copy of standard input; the pieces of it that are held in memory are small."""
    copy = spool / "standard-input"
    if not copy.exists():
        with copy.open("wb") as written:
            while data := _input_piece():
                if isinstance(data, OSError):
                    reason = data.strerror or str(data)
                    return Problem("E104", STANDARD_INPUT, {"reason": reason})
                written.write(data)
    return EvidenceFile(STANDARD_INPUT, copy, copy.stat().st_size)


def _input_piece() -> bytes | OSError:
    """Return the next bytes of standard input, b"" at its end, or why it cannot be read."""
    # A closed standard input is None in Python.
    if sys.stdin is None:
        return OSError(errno.EBADF, os.strerror(errno.EBADF))
    try:
        return sys.stdin.buffer.read(_COPY_BYTES)
    except OSError as error:
        return error


def _named_by(argument: str) -> Iterator[EvidenceFile | Problem]:
    path = Path(argument)
    if "://" in argument:
        yield Problem("E111", argument)
    elif os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises on a name too long or not ours to see
        yield from _folder(path)
    elif os.path.lexists(path):
        yield _file(path)
    elif any(sign in argument for sign in "*?[") and (matches := sorted(glob.glob(argument))):  # noqa: PTH207 - a pattern may be absolute
        for match in matches:
            yield from _named_by(glob.escape(match) if match == argument else match)
    else:
        yield Problem("E101", argument)


def _folder(folder: Path) -> Iterator[EvidenceFile | Problem]:
    empty = True
    unreadable: list[OSError] = []
    for where, folders, names in os.walk(folder, onerror=unreadable.append):
        folders.sort(key=os.fsencode)
        for name in folders:
            if (Path(where) / name).is_symlink():
                # Followed, it could lead round in a ring or out of the evidence.
                yield Problem("E114", shown_path(Path(where) / name))
        for name in sorted(names, key=os.fsencode):
            empty = False
            yield _file(Path(where) / name)
    for error in unreadable:
        yield Problem("E104", shown_path(error.filename or folder), {"reason": error.strerror})
    if empty and not unreadable:
        yield Problem("E112", shown_path(folder))


def _file(path: Path) -> EvidenceFile | Problem:
    shown = shown_path(path)
    try:
        status = path.stat()
    except OSError as error:
        return Problem("E104", shown, {"reason": error.strerror or str(error)})
    if not stat.S_ISREG(status.st_mode):
        return Problem("E113", shown)
    return EvidenceFile(shown, path, status.st_size)
