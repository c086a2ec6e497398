"""Which evidence files an argument names: a file, a folder, a glob or `-`; in a fixed order."""

import errno
import glob
import hashlib
import json
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from quetsach.clocks import MICROSECONDS, Zone, within
from quetsach.errors.exceptions import Problem
from quetsach.evidence.storage import RemoteFile, is_stored
from quetsach.texts import _, plain


@dataclass(frozen=True)
class RenderedFrom:
    """The file that was turned into lines: its kind, where it lies, its BLAKE3 and size in bytes.

    `ours` says that the events are our own words; else documents were passed on as they are.
    """

    kind: str
    location: Path
    blake3: str
    size: int
    ours: bool = False


@dataclass(frozen=True)
class EvidenceFile:
    """One file of evidence: how it was named, where it lies, and its size in bytes when found.

    With `origin` it is the rendering of that file, whose name it has. With `stored` it is read
    from its storage, and only its first bytes lie at `location`.
    """

    shown: str
    location: Path
    size: int
    origin: RenderedFrom | None = None
    stored: RemoteFile | None = None


STANDARD_INPUT = "-"
"""The argument that names standard input; a file of this name is `./-`."""

_COPY_BYTES = 1 << 20
_KEPT_FREE = 1 << 30
_LOOKED_AT = 64 << 20
"""So much of standard input is copied before the room on the disk is looked at."""


def find_evidence(
    arguments: Sequence[str], spool: Path | None = None, *, whole: bool = False
) -> tuple[list[EvidenceFile], list[Problem]]:
    """Return the files that `arguments` name, each once, and a problem for each that is no file.

    Order: as named; within a folder by path. Links to folders are not followed. Standard input is
    copied to the folder `spool`, to be read like a file, and what must be whole of a storage; with
    `whole` that is each file. Without a spool neither can be named.
    Errors: OSError when `spool` will not take the copy.
    """
    files: list[EvidenceFile] = []
    problems: list[Problem] = []
    locations: set[str] = set()
    folders: dict[Path, str] = {}
    for argument in arguments:
        for file in _found(argument, spool, whole=whole):
            if isinstance(file, Problem):
                problems.append(file)
                continue
            location = file.stored.shown if file.stored else _real_path(file.location, folders)
            if location not in locations:
                locations.add(location)
                files.append(file)
    return files, problems


def _real_path(location: Path, folders: dict[Path, str]) -> str:
    """Return where a file really lies; `folders` keeps where those lie that were asked for."""
    parent = location.parent
    if parent not in folders:
        folders[parent] = os.path.realpath(parent)
    real = os.path.join(folders[parent], location.name)  # noqa: PTH118 - ten times as fast
    return os.path.realpath(real) if os.path.islink(real) else real  # noqa: PTH114


def printable_path(path: str | Path) -> str:
    """Return `path` as text that can be written anywhere; bytes that are no UTF-8 as `\\xNN`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _found(argument: str, spool: Path | None, *, whole: bool) -> Iterator[EvidenceFile | Problem]:
    if argument == STANDARD_INPUT and spool is not None:
        yield _standard_input(spool)
    elif is_stored(argument) and spool is not None:
        # Who has no storage does not load what reads one.
        from quetsach.evidence.fetching import stored_evidence

        for file in stored_evidence(argument, spool, MANIFEST, whole=whole):
            yield file if isinstance(file, Problem) else EvidenceFile(**vars(file))
    else:
        yield from _named_by(argument)


def _standard_input(spool: Path) -> EvidenceFile | Problem:
    """Return the copy of standard input; the pieces of it that are held in memory are small."""
    copy = spool / "standard-input"
    if not copy.exists():
        size = 0
        with copy.open("wb") as written:
            while piece := _input_piece():
                if isinstance(piece, OSError):
                    reason = piece.strerror or str(piece)
                    return Problem("E104", STANDARD_INPUT, {"reason": reason})
                written.write(piece)
                size += len(piece)
                # A stream without end must not take the last of the disk.
                if size >= _LOOKED_AT and shutil.disk_usage(spool).free < _KEPT_FREE:
                    written.truncate(0)
                    return Problem("E104", STANDARD_INPUT, {"reason": os.strerror(errno.ENOSPC)})
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
        parent = Path(where)
        for name in folders:
            if (parent / name).is_symlink():
                # Followed, it could lead round in a ring or out of the evidence.
                yield Problem("E114", printable_path(parent / name))
        for name in sorted(names, key=os.fsencode):
            empty = False
            yield _file(parent / name)
    for error in unreadable:
        yield Problem("E104", printable_path(error.filename or folder), {"reason": error.strerror})
    if empty and not unreadable:
        yield Problem("E112", printable_path(folder))


def _file(path: Path) -> EvidenceFile | Problem:
    shown = printable_path(path)
    try:
        status = path.stat()
    except OSError as error:
        return Problem("E104", shown, {"reason": error.strerror or str(error)})
    if not stat.S_ISREG(status.st_mode):
        return Problem("E113", shown)
    return EvidenceFile(shown, path, status.st_size)


# The manifest of a collection from a PC: what was packed there must have arrived here unchanged.


MANIFEST = "manifest.json"
"""The file of an archive that lists the others, where quetsach-collect packed it."""

TOOL = "quetsach-collect"

_SHA256 = re.compile(r"[0-9a-f]{64}")
_LONGEST = 4 << 20
_MOST_FAILURES = 200
_MOST_DIFFERENCES = 999


def check_collection(before: str, files: Sequence[EvidenceFile]) -> Iterator[Problem]:
    """Yield a problem for each of `files` that differs from their manifests, if there are any.

    Shapes: `files` are those of one archive; `before` is what their names are shown behind.
    Cost: a thousand problems at most, the last of which counts those that are left out.
    """
    differences = _all_differences(before, files)
    yield from islice(differences, _MOST_DIFFERENCES)
    more = sum(1 for _difference in differences)
    if more:
        reason = _("%(count)s more differences are not listed") % {"count": more}
        yield Problem("E115", before + MANIFEST, {"reason": reason})


def _all_differences(before: str, files: Sequence[EvidenceFile]) -> Iterator[Problem]:
    inner = {file.shown.removeprefix(before): file for file in files}
    listed: dict[str, set[str]] = {}
    for name in inner:
        # An archive of tar has its files in a folder, that of ZIP has none.
        if name.rpartition("/")[2] != MANIFEST:
            continue
        manifest = _manifest(inner[name].location)
        if manifest is not None:
            folder = name.removesuffix(MANIFEST)
            rows = _rows(manifest, folder)
            listed[folder] = rows.keys() & inner.keys() | {name}
            yield from _differences(before, rows, inner)
            yield from _failures(before + name, manifest)
    for name in inner if listed else ():
        if any(folder in listed and name not in listed[folder] for folder in _folders_of(name)):
            yield Problem("E115", before + name, {"reason": _("it was put in later")})


def _folders_of(name: str) -> Iterator[str]:
    """Yield the folders that `name` lies in, the nearest first, each with its last slash."""
    place = name.rfind("/")
    while place >= 0:
        yield name[: place + 1]
        place = name.rfind("/", 0, place)
    yield ""


def _manifest(location: Path) -> dict[str, Any] | None:
    """Return the manifest if it is one of a collection, else None."""
    with location.open("rb") as file:
        content = file.read(_LONGEST + 1)
    try:
        manifest = json.loads(content.decode("utf-8-sig")) if len(content) <= _LONGEST else None
    except (ValueError, RecursionError):
        return None
    return manifest if isinstance(manifest, dict) and manifest.get("tool") == TOOL else None


def _rows(manifest: dict[str, Any], folder: str) -> dict[str, dict[str, Any]]:
    listed = manifest.get("files")
    rows = listed if isinstance(listed, list) else []
    return {folder + str(row.get("name")): row for row in rows if isinstance(row, dict)}


def _differences(
    before: str, rows: dict[str, dict[str, Any]], inner: dict[str, EvidenceFile]
) -> Iterator[Problem]:
    for name, row in rows.items():
        if name not in inner:
            yield Problem("E115", before + plain(name), {"reason": _("it is missing")})
        elif not _is_unchanged(inner[name], row):
            yield Problem("E115", before + plain(name), {"reason": _("its content was changed")})


def _failures(shown: str, manifest: dict[str, Any]) -> Iterator[Problem]:
    failed = manifest.get("failed")
    for row in failed[:_MOST_FAILURES] if isinstance(failed, list) else ():
        if isinstance(row, dict):
            facts = {"what": plain(str(row.get("name"))), "reason": plain(str(row.get("why")))}
            yield Problem("E119", shown, facts)


def _is_unchanged(file: EvidenceFile, listed: dict[str, Any]) -> bool:
    digest = str(listed.get("sha256")).lower()
    if _SHA256.fullmatch(digest) is None:
        # An old Windows without certutil could only count the bytes.
        return listed.get("bytes") == file.size
    with file.location.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest() == digest


# When a file was taken, where its lines do not say: by a date in its name, else by its age.

_DATE = re.compile(
    r"(?<!\d)(20\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])"
    r"(?:[-_T ]?([01]\d|2[0-3])[-_.:h]?([0-5]\d)(?:[-_.:]?([0-5]\d))?)?(?!\d)"
)


def capture_time(shown: str, modified_s: float, zone: Zone) -> tuple[int | None, bool]:
    """Return when the file was taken, in us since 1970 UTC, and whether its name says so.

    The last date in the file's own name counts (`arp-2026-09-01T0815.txt`), else one in the
    folder's. A name with a date alone means the end of that day; `modified_s` is the time of last
    change that the file system keeps, in s.
    """
    folder, _, name = shown.replace("\\", "/").rpartition("/")
    for text in (name, folder.rpartition("/")[2]):
        for match in reversed(list(_DATE.finditer(text))):
            when = _moment(match, zone)
            if when is not None:
                return when, True
    return within(round(modified_s * MICROSECONDS)), False


def _moment(match: re.Match[str], zone: Zone) -> int | None:
    year, _, month, day, hour, minute, second = match.groups()
    clock = (int(hour), int(minute), int(second or 0)) if hour else (23, 59, 59)
    try:
        when = datetime(int(year), int(month), int(day), *clock, tzinfo=zone)
    except ValueError:
        return None
    return within(round(when.timestamp() * MICROSECONDS))
