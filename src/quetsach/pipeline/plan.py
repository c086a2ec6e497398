"""The plan: every evidence file, how it is read, and the splits it is scanned in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path

from quetsach.clocks import Zone
from quetsach.errors import Problem
from quetsach.evidence.codecs import (
    Codec,
    DamagedDataError,
    archive_kind,
    binary_kind,
    codec_of,
    unpacked,
)
from quetsach.evidence.find import EvidenceFile
from quetsach.evidence.pieces import PIECE_BYTES
from quetsach.evidence.taken import taken
from quetsach.formats.contract import HEAD_BYTES, Layout
from quetsach.formats.registry import recognise


@dataclass(frozen=True)
class Split:
    """A part of one file: what a worker scans at a time, told in plain values.

    Units: `offset`, `length` and `file_size` in bytes of the file as it lies there.
    """

    file: int
    shown: str
    location: Path
    codec: Codec
    format: str
    layout: Layout
    offset: int
    length: int
    file_size: int


@dataclass(frozen=True)
class PlannedFile:
    """One file that will be read, and how."""

    shown: str
    location: Path
    size: int
    codec: Codec
    format: str
    layout: Layout


@dataclass(frozen=True)
class Plan:
    """What will be read, and what was found unreadable before it began."""

    files: tuple[PlannedFile, ...]
    problems: tuple[Problem, ...]

    def splits(self, piece_bytes: int = PIECE_BYTES) -> Iterator[Split]:
        """Yield the splits in order; they do not depend on the engine or its workers."""
        for number, file in enumerate(self.files):
            yield from splits_of(number, file, piece_bytes)


def make_plan(files: Sequence[EvidenceFile], problems: Sequence[Problem], zone: Zone = UTC) -> Plan:
    """Return the plan for `files`; what cannot be read becomes a problem and stays out.

    `zone` is that of a date in a file's name.
    """
    planned: list[PlannedFile] = []
    found = list(problems)
    for file in files:
        one = _plan_file(file, zone)
        if isinstance(one, Problem):
            found.append(one)
        else:
            planned.append(one)
    return Plan(tuple(planned), tuple(found))


def splits_of(number: int, file: PlannedFile, piece_bytes: int = PIECE_BYTES) -> Iterator[Split]:
    """Yield the splits of one file: pieces of a plain one, else the whole.

    A packed file can only be read from its start, and records of several lines must not be cut.
    """
    whole = file.codec is not Codec.PLAIN or file.layout.record is not None
    step = file.size if whole else piece_bytes
    for offset in range(0, file.size, step):
        yield Split(
            file=number,
            shown=file.shown,
            location=file.location,
            codec=file.codec,
            format=file.format,
            layout=file.layout,
            offset=offset,
            length=min(step, file.size - offset),
            file_size=file.size,
        )


def _plan_file(file: EvidenceFile, zone: Zone) -> PlannedFile | Problem:
    if file.size == 0:
        return Problem("E103", file.shown)
    try:
        modified = file.location.stat().st_mtime
        with file.location.open("rb") as opened:
            codec = codec_of(opened.read(HEAD_BYTES))
        head = _head(file.location, codec)
    except OSError as error:
        return Problem("E104", file.shown, {"reason": error.strerror or str(error)})
    except DamagedDataError:
        return Problem("E106", file.shown, {"offset": 0})
    if not head:
        return Problem("E103", file.shown)
    if archive := archive_kind(head):
        return Problem("E110", file.shown, {"kind": archive})
    if binary := binary_kind(head):
        return Problem("E105", file.shown, {"kind": binary})
    chosen = recognise(head)
    layout = chosen.layout(head)
    if layout.needs_date:
        taken_us, from_name = taken(file.shown, modified, zone)
        layout = replace(layout, taken_us=taken_us, taken_from_name=from_name)
    return PlannedFile(file.shown, file.location, file.size, codec, chosen.name, layout)


def _head(location: Path, codec: Codec) -> bytes:
    """Return the first unpacked bytes; damage behind the first good byte is found by the scan."""
    head = b""
    with location.open("rb") as file:
        try:
            for piece in unpacked(file, codec):
                head += piece
                if len(head) >= HEAD_BYTES:
                    break
        except DamagedDataError:
            if not head:
                raise
    return head[:HEAD_BYTES]
