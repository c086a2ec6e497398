"""One file that holds a compiled set of indicators: it is mapped, and read where it is asked.

It begins with HEAD: what it is and which form, its length, the SHA-256 of all behind, the length
of its description (msgpack), and the description; then come the columns, each on a border of 64
bytes. Numbers are those of the machine that wrote it: byte order is part of the mark.
"""

import hashlib
import mmap
import os
import struct
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import msgspec

from quetsach import __version__
from quetsach.atomic_files import replace_whole
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.indicator_columns import (
    ColumnArrays,
    IndicatorColumns,
    SourceList,
    as_column,
)
from quetsach.indicators.model import IndicatorKind, ListReading, Refusal
from quetsach.texts import _

MARK = b"qslist\x00\x01" if sys.byteorder == "little" else b"tsilsq\x00\x01"
"""What it is, in which byte order, and which form."""

ENDING = ".qslist"

_HEAD = struct.Struct("=8sQ32sQ")
_BEFORE_SUM = 8 + 8 + 32
_BORDER = 64
_PIECE = 1024 * 1024


class CompiledWith(msgspec.Struct, frozen=True):
    """The options of which the rows taken, or what they say, depend.

    Shapes: `own` are networks as text, sorted; `zone` is that of dates without one.
    """

    accept_private: bool = False
    own: tuple[str, ...] = ()
    zone: str = "UTC"


class ListDescription(msgspec.Struct, frozen=True):
    """What a compiled list is made of.

    Shapes: `digest` is that of the set; `spans` say which entries are of which kind; `sections`
    where each column begins behind the description, and its length in bytes; the texts of `lists`
    (name and digest) are sections too, by their numbers.
    """

    program: str
    digest: str
    made_with: CompiledWith
    spans: tuple[tuple[IndicatorKind, int, int], ...]
    lists: tuple[tuple[str, str], ...]
    sections: dict[str, tuple[int, int]]
    readings: tuple[ListReading, ...]


@dataclass(frozen=True)
class CompiledList:
    """An opened file: its indicators, and how its lists were read.

    Shapes: `identity` is the digest of what it holds; `sha256` that of the whole file, "" where it
    was not asked for.
    """

    columns: IndicatorColumns
    readings: tuple[ListReading, ...]
    refusals: tuple[Refusal, ...]
    made_with: CompiledWith
    identity: str
    sha256: str


@dataclass(frozen=True)
class CompiledContent:
    """What is to be written; all indicators stand in the columns."""

    columns: IndicatorColumns
    digest: str
    readings: tuple[ListReading, ...]
    refusals: tuple[Refusal, ...]
    made_with: CompiledWith


_REFUSALS = msgspec.msgpack.Decoder(list[Refusal])
_DESCRIPTION = msgspec.msgpack.Decoder(ListDescription)


def is_compiled(path: Path) -> bool:
    """Return whether the file begins as a compiled list, of whatever form and byte order."""
    try:
        with path.open("rb") as file:
            return file.read(len(MARK))[:6] in (b"qslist", b"tsilsq")
    except OSError:
        return False


def write_compiled(path: Path, content: CompiledContent) -> None:
    """Write the file at `path`, whole or not at all. Errors: OSError."""
    replace_whole(path, _pieces(content))


def open_compiled(path: Path, *, own_only: bool = False, wants_sha256: bool = True) -> CompiledList:
    """Return the compiled list in the file at `path`, which stays mapped.

    With `own_only` it must be a file of this user's that is no link.
    Errors: QuetsachError E202 where it cannot be read, E271 where it is damaged, cut or foreign,
    E272 where another version wrote it.
    Cost: one pass for its digest; nothing of it is kept in memory but what is asked for.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | (getattr(os, "O_NOFOLLOW", 0) if own_only else 0))
        with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123 - a descriptor, no path
            facts = os.fstat(descriptor)
            if own_only and hasattr(os, "geteuid") and facts.st_uid != os.geteuid():
                raise QuetsachError("E271", path.name, reason=_("it belongs to another user"))
            head = file.read(_HEAD.size)
            _check_head(path, head, facts.st_size)
            whole = hashlib.sha256(head) if wants_sha256 else None
            identity = hashlib.sha256(head[_BEFORE_SUM:])
            while piece := file.read(_PIECE):
                identity.update(piece)
                if whole is not None:
                    whole.update(piece)
            mapped = memoryview(mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ))
    except OSError as error:
        raise QuetsachError("E202", str(path), reason=error.strerror or str(error)) from error
    _mark, _length, digest, described_length = _HEAD.unpack(head)
    if identity.digest() != digest:
        raise QuetsachError("E271", path.name, reason=_("its checksum does not fit"))
    described = mapped[_HEAD.size : _HEAD.size + described_length]
    try:
        opened = _opened(path, mapped, described, whole.hexdigest() if whole is not None else "")
        if not own_only:
            # Only a file of somebody else's: importing what looks at it takes time.
            from quetsach.indicators.compiled.validity import check_columns

            columns = opened.columns
            check_columns(columns.arrays, columns.spans, columns.lists)
        return opened
    except (LookupError, TypeError, ValueError, msgspec.MsgspecError) as error:
        # Whoever forges a file gives it the checksum that fits.
        raise QuetsachError("E271", path.name, reason=_("it is cut or was added to")) from error


def _check_head(path: Path, head: bytes, size: int) -> None:
    if head[:7] != MARK[:7]:
        reason = _("it is no compiled list of this kind of machine")
        raise QuetsachError("E271", path.name, reason=reason)
    if head[7:8] != MARK[7:8]:
        raise QuetsachError("E272", path.name, version="?")
    if len(head) < _HEAD.size or _HEAD.unpack(head)[1] != size:
        raise QuetsachError("E271", path.name, reason=_("it is cut or was added to"))


def _opened(path: Path, mapped: memoryview, described: memoryview, sha256: str) -> CompiledList:
    try:
        description = _DESCRIPTION.decode(described)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        # What another version wrote may well have other fields.
        raise QuetsachError("E272", path.name, version="?") from error
    if description.program != __version__:
        raise QuetsachError("E272", path.name, version=description.program)
    begin = _on_border(_HEAD.size + len(described))

    def section(name: str) -> memoryview:
        start, length = description.sections[name]
        return mapped[begin + start : begin + start + length]

    arrays = {one.name: as_column(one.name, section(one.name)) for one in fields(ColumnArrays)}
    lists = [
        SourceList(name, digest, section(str(number)))
        for number, (name, digest) in enumerate(description.lists)
    ]
    columns = IndicatorColumns(
        ColumnArrays(**arrays),
        {kind: range(first, end) for kind, first, end in description.spans},
        lists,
        digest=description.digest,
        identity=bytes(mapped[16:48]).hex(),
    )
    refusals = tuple(_REFUSALS.decode(section("refusals")))
    return CompiledList(
        columns,
        description.readings,
        refusals,
        description.made_with,
        columns.identity,
        sha256,
    )


def _pieces(content: CompiledContent) -> Iterator[bytes]:
    columns = content.columns
    sections: list[tuple[str, bytes | memoryview]] = [
        (one.name, getattr(columns.arrays, one.name).cast("B")) for one in fields(ColumnArrays)
    ]
    sections += [(str(number), source.text) for number, source in enumerate(columns.lists)]
    sections.append(("refusals", msgspec.msgpack.encode(content.refusals)))
    places: dict[str, tuple[int, int]] = {}
    start = 0
    for name, text in sections:
        places[name] = (start, len(text))
        start = _on_border(start + len(text))
    description = msgspec.msgpack.encode(
        ListDescription(
            program=__version__,
            digest=content.digest,
            made_with=content.made_with,
            spans=tuple((kind, span.start, span.stop) for kind, span in columns.spans.items()),
            lists=tuple((source.name, source.sha256) for source in columns.lists),
            sections=places,
            readings=content.readings,
        )
    )
    begin = _on_border(_HEAD.size + len(description))
    length = begin + start
    body = [*_body(description, [text for _name, text in sections])]
    digest = hashlib.sha256(_HEAD.pack(MARK, length, b"", len(description))[_BEFORE_SUM:])
    for piece in body:
        digest.update(piece)
    yield _HEAD.pack(MARK, length, digest.digest(), len(description))
    yield from map(bytes, body)


def _body(description: bytes, sections: Sequence[bytes | memoryview]) -> Iterator[memoryview]:
    """Yield what stands behind the head, in pieces."""
    yield memoryview(description)
    yield memoryview(bytes(_gap(_HEAD.size + len(description))))
    for text in sections:
        whole = memoryview(text)
        for start in range(0, len(whole), _PIECE):
            yield whole[start : start + _PIECE]
        yield memoryview(bytes(_gap(len(whole))))


def _on_border(place: int) -> int:
    return place + _gap(place)


def _gap(place: int) -> int:
    return -place % _BORDER
