"""Archives and packed streams looked through as they are: nothing is written, little is held.

What may be in them: files with safe names, packed once more as a stream at most (`eve.json.gz`).
An archive within an archive is refused, and so is what unpacks beyond the room.
"""

import contextlib
from collections.abc import Iterator
from typing import BinaryIO

from quetsach.api.files import DamagedDataError, tar_members
from quetsach_portal.files.kinds import PACKED_STREAMS, FileKind, UnpackRules
from quetsach_portal.files.member_names import printable_name, refuse_name
from quetsach_portal.files.problems import FileProblem, FileRefused
from quetsach_portal.files.quarantine import EICAR_NAME, LOOKED_AT_BYTES, is_eicar
from quetsach_portal.files.sniff import kind_of_start
from quetsach_portal.files.streams import ByteBudget, PieceReader, peek, unpack
from quetsach_portal.files.zip_directory import read_directory
from quetsach_portal.files.zip_layout import pieces_of, refuse_unsound

_ARCHIVES = frozenset(
    {
        FileKind.ZIP,
        FileKind.TAR,
        FileKind.OTHER_ARCHIVE,
        FileKind.DOCX,
        FileKind.XLSX,
        FileKind.ODS,
        FileKind.OTHER_OFFICE,
    }
)
_PIECE_BYTES = 1 << 17


def inspect_zip(file: BinaryIO, room: UnpackRules) -> None:
    """Refuse a ZIP file that is not a sound archive of plain or once packed files.

    Errors: those of `read_directory` and `refuse_unsound`; P110 nested, P123 the test file.
    Cost: the first bytes of each file, and the whole of those that are packed streams.
    """
    directory = read_directory(file, room)
    refuse_unsound(file, directory, room)
    budget = ByteBudget(room.most_from(file.seek(0, 2)))
    for entry in directory.entries:
        if not entry.is_folder:
            _look_into(pieces_of(file, entry), printable_name(entry.name), budget)


def inspect_tar(file: BinaryIO, room: UnpackRules) -> None:
    """Refuse a plain TAR file that is not a sound archive; errors as `inspect_zip`."""
    budget = ByteBudget(room.most_from(file.seek(0, 2)))
    file.seek(0)
    _inspect_members(iter(lambda: file.read(_PIECE_BYTES), b""), room, budget)


def inspect_stream(file: BinaryIO, kind: FileKind, room: UnpackRules) -> list[FileProblem]:
    """Return remarks on a packed stream; a TAR file in it is looked through as well.

    Errors: P106 when nothing of it, or of its archive, can be read; P108, P110, P123.
    Cost: unpacks all of it once, in pieces.
    """
    budget = ByteBudget(room.most_from(file.seek(0, 2)))
    file.seek(0)
    start, pieces = _peeked(unpack(file, kind, budget))
    inner = kind_of_start(start) if start else FileKind.TEXT
    if inner is FileKind.TAR:
        _inspect_members(pieces, room, budget)
        return []
    if inner in _ARCHIVES or inner in PACKED_STREAMS:
        raise FileRefused("P110", member="…")
    _refuse_eicar(start)
    try:
        for _piece in pieces:
            pass
    except DamagedDataError:
        # A log that was being written when it was taken: what stands before is evidence.
        return [FileProblem("P143")]
    return []


def refuse_packed(start: bytes, member: str) -> FileKind:
    """Return the kind of a file in an archive that begins with `start`, unless it is refused.

    Errors: P110 for an archive, P123 for the EICAR test file.
    """
    _refuse_eicar(start)
    kind = kind_of_start(start) if start else FileKind.TEXT
    if kind in _ARCHIVES:
        raise FileRefused("P110", member=member)
    return kind


def _inspect_members(pieces: Iterator[bytes], room: UnpackRules, budget: ByteBudget) -> None:
    seen: set[str] = set()
    count = 0
    try:
        for member in tar_members(pieces):
            count += 1
            if count > room.entries:
                raise FileRefused("P109", limit=room.entries)
            refuse_name(member.name, member.name.encode("utf-8", "replace"), seen)
            if member.refused is not None:
                raise FileRefused("P112", member=printable_name(member.name))
            _look_into(member.content, printable_name(member.name), budget)
    except DamagedDataError as err:
        raise FileRefused("P106") from err


def _look_into(content: Iterator[bytes], member: str, budget: ByteBudget) -> None:
    start, pieces = peek(content, LOOKED_AT_BYTES)
    kind = refuse_packed(start, member)
    if kind not in PACKED_STREAMS:
        return
    inner, rest = _peeked(unpack(PieceReader(pieces), kind, budget))
    if refuse_packed(inner, member) in PACKED_STREAMS:
        raise FileRefused("P110", member=member)
    with contextlib.suppress(DamagedDataError):
        for _piece in rest:
            pass


def _peeked(pieces: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    try:
        return peek(pieces, LOOKED_AT_BYTES)
    except DamagedDataError as err:
        raise FileRefused("P106") from err


def _refuse_eicar(start: bytes) -> None:
    if is_eicar(start):
        raise FileRefused("P123", found=EICAR_NAME)
