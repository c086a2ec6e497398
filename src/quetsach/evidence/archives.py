"""Archives named or found as evidence: unpacked into the spool, each file in them evidence itself.

Nothing is ever written under a name from an archive: copies in the spool are numbered.
So `../` or `C:\\` in a member's name is only an odd text to show.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

from quetsach.atomic_files import set_modified
from quetsach.containers.bounds import Member, UnpackBounds
from quetsach.containers.refusal import ContainerRefused, DamagedDataError, RefusalCode, reason_of
from quetsach.containers.signatures import archive_kind
from quetsach.containers.streams import Codec, codec_of, peek, start_of, unpacked
from quetsach.errors.exceptions import Problem
from quetsach.evidence.find import MANIFEST, EvidenceFile, check_collection
from quetsach.texts import _, plain

BETWEEN = "!"
"""Separates an archive and a file in it: `logs.zip!fw1/eve.json`."""

MOST_MEMBERS = 100_000
"""So many files of one archive are read; the rest is refused, with a problem."""

MOST_EMPTY = 200
"""So many empty files of one archive are named one by one; the rest are counted."""

SWELLS_TO = 1 << 30
SWELLS_BY = 200
"""An archive may unpack to SWELLS_TO bytes and SWELLS_BY times its own size; logs reach 50."""

_KEPT_FREE = 1 << 30
_START_BYTES = 512
_LONGEST_NAME = 1000
_MOST_LISTED = 400_000
"""A longer list of files is not read at all."""

_BOUNDS = UnpackBounds(
    # How far it may unpack is counted here, with the archives in it. No name is ever written to,
    # and logs of Linux machines may have names that differ in case alone.
    entries=_MOST_LISTED,
    unpacked=1 << 62,
    ratio=SWELLS_BY,
    small=SWELLS_TO,
    any_name=True,
    fold_case=False,
)


@dataclass
class UnpackBudget:
    """What may still be unpacked of one archive, what it holds within included."""

    members: int
    bytes: int


Found: TypeAlias = "EvidenceFile | Problem"


def open_archives(
    files: Sequence[EvidenceFile], problems: Sequence[Problem], spool: Path
) -> tuple[list[EvidenceFile], list[Problem]]:
    """Return `files` with each archive replaced by what is in it, and the problems of that added.

    Shapes: the copies lie under `spool`; a file of an archive is shown as `path!name`.
    Errors: OSError when `spool` cannot be written.
    """
    kept: list[EvidenceFile] = []
    all_problems = list(problems)
    for number, file in enumerate(files):
        kind = _kind(file.location)
        if kind is None:
            kept.append(file)
            continue
        for opened in _opened(file, kind, spool / f"archive-{number}"):
            if isinstance(opened, Problem):
                all_problems.append(opened)
            else:
                kept.append(opened)
    return kept, [*all_problems, *_check_folders(files)]


def _check_folders(files: Sequence[EvidenceFile]) -> Iterator[Problem]:
    """Yield what differs in collections that were unpacked, or could not be packed on their PC."""
    folders = {file.location.parent: file for file in files if file.location.name == MANIFEST}
    beside: dict[Path, list[EvidenceFile]] = {folder: [] for folder in folders}
    for file in files if folders else ():
        if file.location.parent in beside:
            beside[file.location.parent].append(file)
    for folder, manifest in folders.items():
        yield from check_collection(manifest.shown.removesuffix(MANIFEST), beside[folder])


def member_of(shown: str, spool: Path) -> Path | None:
    """Return a copy of the archived file that a sweep has shown as `shown`, or None.

    Errors: OSError when the archive cannot be read or `spool` not be written.
    """
    place = shown.find(BETWEEN)
    while place > 0:
        path = Path(shown[:place])
        if path.is_file() and (kind := _kind(path)) is not None:
            file = EvidenceFile(shown[:place], path, path.stat().st_size)
            for member in _opened(file, kind, spool):
                if isinstance(member, EvidenceFile) and member.shown == shown:
                    return member.location
        place = shown.find(BETWEEN, place + 1)
    return None


def _kind(location: Path) -> str | None:
    """Return the kind of archive that can be opened, None for all else and for what is damaged.

    A file that cannot be read is reported where it is planned.
    """
    try:
        start = start_of(location, _START_BYTES)
        codec = codec_of(start)
        if codec is Codec.PLAIN and archive_kind(start) is None:
            return None
        with location.open("rb") as file:
            if codec is not Codec.PLAIN:
                start, _pieces = peek(unpacked(file, codec), _START_BYTES)
            kind = archive_kind(start)
            packed_zip = kind != "tar" and codec is not Codec.PLAIN
            if kind not in ("zip", "tar", "7z") or packed_zip:
                return None
            return None if kind == "zip" and _is_document(file) else kind
    except (OSError, ContainerRefused):
        return None


def _is_document(file: BinaryIO) -> bool:
    """Return whether a ZIP file is an office document: no log, and no archive of logs."""
    from quetsach.containers.office_kinds import kind_of
    from quetsach.containers.zip_directory import read_directory

    try:
        return kind_of(file, read_directory(file, _BOUNDS)) is not None
    except ContainerRefused:
        return False


def _opened(file: EvidenceFile, kind: str, folder: Path) -> Iterator[Found]:
    """Yield the files of an archive, those of archives within it too, and what went wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    room = _room(file, folder)
    inner = 0
    for member in _members(file, kind, folder, room):
        if isinstance(member, Problem):
            yield member
            continue
        within = _kind(member.location)
        if within is None:
            yield member
            continue
        inner += 1
        for deeper in _members(member, within, folder / f"inner-{inner}", room):
            if isinstance(deeper, EvidenceFile) and _kind(deeper.location) is not None:
                yield Problem("E118", deeper.shown)
            else:
                yield deeper
        member.location.unlink()


def _room(file: EvidenceFile, folder: Path) -> UnpackBudget:
    free = max(shutil.disk_usage(folder).free - _KEPT_FREE, 0)
    return UnpackBudget(MOST_MEMBERS, min(free, SWELLS_TO + SWELLS_BY * file.size))


def _members(file: EvidenceFile, kind: str, folder: Path, room: UnpackBudget) -> Iterator[Found]:
    """Yield the files of one archive, copied to `folder`, within `room`."""
    folder.mkdir(parents=True, exist_ok=True)
    copied: list[EvidenceFile] = []
    names: set[str] = set()
    number = empty = 0
    try:
        with file.location.open("rb") as opened:
            for member in _walk(opened, kind, room):
                number += 1
                room.members -= 1
                name = _shown_name(member.name)
                shown = f"{file.shown}{BETWEEN}{name}"
                if not (room.members >= 0 and room.bytes):
                    yield Problem("E117", shown)
                    break
                twice = ContainerRefused(RefusalCode.DUPLICATE)
                refused = twice if name in names else member.refusal
                names.add(name)
                if refused is not None:
                    yield Problem("E116", shown, {"reason": _reason(refused, kind)})
                    continue
                for copy in _copied(member, shown, folder / str(number), room):
                    if isinstance(copy, EvidenceFile):
                        empty += copy.size == 0
                        if not _is_kept(copy, empty):
                            continue
                        copied.append(copy)
                    yield copy
                if not room.bytes:
                    break
        if empty > MOST_EMPTY:
            reason = _("%(count)s more files in it are empty") % {"count": empty - MOST_EMPTY}
            yield Problem("E116", file.shown, {"reason": reason})
        if not number:
            yield Problem("E116", file.shown, {"reason": _("it holds no file")})
    except ContainerRefused as refusal:
        yield Problem("E116", file.shown, {"reason": _reason(refusal, kind)})
    except OSError as error:
        yield Problem("E116", file.shown, {"reason": plain(str(error)) or "?"})
    yield from check_collection(file.shown + BETWEEN, copied)


def _is_kept(copy: EvidenceFile, empty: int) -> bool:
    """Make the file of an empty member, unless too many are empty; return whether it is kept."""
    if copy.size:
        return True
    if empty <= MOST_EMPTY:
        copy.location.touch()
    return empty <= MOST_EMPTY


def _walk(opened: BinaryIO, kind: str, room: UnpackBudget) -> Iterator[Member]:
    if kind == "zip":
        from quetsach.containers import zip as zip_files
        from quetsach.containers.zip_directory import read_directory

        return zip_files.members(opened, read_directory(opened, _BOUNDS), _BOUNDS)
    if kind == "7z":
        from quetsach.containers import seven_zip

        return seven_zip.members(opened, _BOUNDS)
    from quetsach.containers import tar

    codec = codec_of(opened.read(_START_BYTES))
    opened.seek(0)
    most = room.bytes + MOST_MEMBERS * _START_BYTES * 2
    return tar.members(_up_to(most, unpacked(opened, codec)), _BOUNDS)


class _StreamRefusedError(DamagedDataError):
    """The stream around a TAR file cannot be unpacked; `facts["detail"]` is the reason to show."""


def _up_to(most: int, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield `pieces` up to `most` bytes: what is skipped in a stream costs time as well."""
    try:
        for piece in pieces:
            most -= len(piece)
            if most < 0:
                raise _StreamRefusedError(_("it swells without end"))
            yield piece
    except DamagedDataError as error:
        detail = str(error.facts["detail"])
        raise _StreamRefusedError(detail or _("the archive is cut off")) from error


def _reason(refusal: ContainerRefused, kind: str) -> str:
    """Return why an archive of the kind `kind`, or a file in it, is not read."""
    if isinstance(refusal, DamagedDataError) and not isinstance(refusal, _StreamRefusedError):
        if kind == "zip":
            return _("the ZIP file is damaged or cut off")
        if refusal.code is RefusalCode.DAMAGED:
            return _("a header in the archive is damaged")
    return reason_of(refusal)


def _copied(member: Member, shown: str, copy: Path, room: UnpackBudget) -> Iterator[Found]:
    """Yield the copy of a member as far as it could be read, and why it was not read to its end.

    An empty member has no file: whoever keeps it makes one.
    """
    size = 0
    broke: Problem | None = None
    with ExitStack() as opened:
        written: BinaryIO | None = None
        try:
            for piece in member.content:
                part = piece[: room.bytes]
                if part:
                    written = written or opened.enter_context(copy.open("wb"))
                    written.write(part)
                size += len(part)
                room.bytes -= len(part)
                if len(part) < len(piece):
                    broke = Problem("E117", shown)
                    break
        except ContainerRefused:
            broke = Problem("E106", shown, {"offset": size})
    if size and member.when:
        # Tables without a time of their own are dated by their file.
        set_modified(copy, member.when)
    if size or broke is None:
        yield EvidenceFile(shown, copy, size)
    if broke is not None:
        yield broke


def _shown_name(name: str) -> str:
    """Return a member's name as text that can be written anywhere, cut at a sane length."""
    text = name.encode("utf-8", "backslashreplace").decode()
    return plain(text)[:_LONGEST_NAME] or "?"
