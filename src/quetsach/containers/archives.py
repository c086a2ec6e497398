"""Archives and packed streams looked through as they are: nothing is written, little is held.

An archive may hold files with safe names, packed once more as a stream at most (`eve.json.gz`). An
archive within an archive is refused, and so is what unpacks beyond the bounds. The caller's `look`
is called with the name and the first bytes of each file, packed or not, and may refuse by raising.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from quetsach.containers import tar
from quetsach.containers import zip as containers_zip
from quetsach.containers import zip_directory as zip_files
from quetsach.containers.bounds import ByteBudget, UnpackBounds
from quetsach.containers.names import printable_name
from quetsach.containers.refusal import ContainerRefused, DamagedDataError, RefusalCode
from quetsach.containers.signatures import archive_kind
from quetsach.containers.streams import Codec, PieceReader, codec_of, peek, unpacked

Look = Callable[[str, bytes], None]
START_BYTES = 4_096
_PIECE_BYTES = 1 << 17
_PACKED = frozenset({Codec.GZIP, Codec.ZSTD, Codec.XZ, Codec.BZIP2})


def inspect_zip(file: BinaryIO, bounds: UnpackBounds, look: Look) -> None:
    """Refuse a ZIP file that is not a sound archive of plain or once packed files.

    Errors: those of `read_directory`, `check_layout` and `pieces`; ContainerRefused NESTED.
    Cost: the first bytes of each file, and the whole of those that are packed streams.
    """
    directory = zip_files.read_directory(file, bounds)
    containers_zip.check_layout(file, directory, bounds)
    budget = bounds.budget(file.seek(0, 2))
    for entry in directory.entries:
        if not entry.is_folder:
            _look_into(containers_zip.pieces(file, entry), printable_name(entry.name), budget, look)


def inspect_tar(file: BinaryIO, bounds: UnpackBounds, look: Look) -> None:
    """Refuse a plain TAR file that is not a sound archive.

    Errors: those of `tar.members`; ContainerRefused of a member, NESTED.
    """
    budget = bounds.budget(file.seek(0, 2))
    file.seek(0)
    _inspect_members(iter(lambda: file.read(_PIECE_BYTES), b""), bounds, budget, look)


def inspect_stream(file: BinaryIO, codec: Codec, bounds: UnpackBounds, look: Look) -> bool:
    """Return whether a packed stream is whole; a TAR file in it is looked through as well.

    A log that was being written when it was copied breaks off; what precedes is evidence.
    Errors: DamagedDataError when nothing of it, or of its archive, can be read; ContainerRefused
    SWELLS, NESTED and those of a TAR file.
    Cost: unpacks all of it once, in pieces.
    """
    budget = bounds.budget(file.seek(0, 2))
    file.seek(0)
    start, pieces = peek(unpacked(file, codec, budget), START_BYTES)
    kind = archive_kind(start)
    if kind == "tar":
        _inspect_members(pieces, bounds, budget, look)
        return True
    if kind is not None or codec_of(start) in _PACKED:
        raise ContainerRefused(RefusalCode.NESTED, member="…")
    look("…", start)
    try:
        for _piece in pieces:
            pass
    except DamagedDataError:
        return False
    return True


def refuse_archive(start: bytes, member: str) -> None:
    """Refuse a file in an archive that begins with `start` and is an archive itself.

    Errors: ContainerRefused NESTED.
    """
    if archive_kind(start) is not None:
        raise ContainerRefused(RefusalCode.NESTED, member=member)


def _inspect_members(
    pieces: Iterator[bytes], bounds: UnpackBounds, budget: ByteBudget, look: Look
) -> None:
    for member in tar.members(pieces, bounds):
        if member.refusal is not None:
            raise member.refusal
        _look_into(member.content, printable_name(member.name), budget, look)


def _look_into(content: Iterator[bytes], member: str, budget: ByteBudget, look: Look) -> None:
    start, pieces = peek(content, START_BYTES)
    look(member, start)
    refuse_archive(start, member)
    codec = codec_of(start)
    if codec not in _PACKED:
        return
    packed = PieceReader(_undamaged(pieces))
    # A log that breaks off, be it at once, costs the others nothing: whoever reads it names it.
    inner, rest = peek(_until_damage(unpacked(packed, codec, budget)), START_BYTES)
    look(member, inner)
    refuse_archive(inner, member)
    if codec_of(inner) in _PACKED:
        raise ContainerRefused(RefusalCode.NESTED, member=member)
    for _piece in rest:
        pass


def _until_damage(pieces: Iterator[bytes]) -> Iterator[bytes]:
    with contextlib.suppress(DamagedDataError):
        yield from pieces


def _undamaged(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield `pieces`; damage of the archive itself is no mere end of the stream packed in it."""
    try:
        yield from pieces
    except DamagedDataError as error:
        raise ContainerRefused(error.code, **error.facts) from error
