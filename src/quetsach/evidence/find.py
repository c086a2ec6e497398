"""Which evidence files an argument names: a file, a folder, a glob or `-`; in a fixed order."""

import glob
import os
import stat
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


def find_evidence(arguments: Sequence[str]) -> tuple[list[EvidenceFile], list[Problem]]:
    """Return the files that `arguments` name, each once, and a problem for all that is not one.

    Order: as named; within a folder by path. Links to folders are not followed.
    """
    files: list[EvidenceFile] = []
    problems: list[Problem] = []
    seen: set[Path] = set()
    for argument in arguments:
        for found in _named_by(argument):
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


def _named_by(argument: str) -> Iterator[EvidenceFile | Problem]:
    path = Path(argument)
    if "://" in argument:
        yield Problem("E111", argument)
    elif path.is_dir():
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
