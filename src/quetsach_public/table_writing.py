"""Make a table: written aside, then moved into place; a reader has the old or the new one."""

import hashlib
import json
import os
import tempfile
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from quetsach_public.addresses import span_of
from quetsach_public.table import (
    BLOCK,
    FACT,
    LENGTH,
    MAGIC,
    PAIR4,
    PAIR6,
    RANGE4,
    SECTIONS,
    MalwareFamily,
    day_number,
)

_Fact = tuple[int, int, int]
_Key = TypeVar("_Key")


@dataclass(frozen=True)
class PublicEntry:
    """One address or network of the list; `family` is its name."""

    network: str
    family: str
    first: date
    last: date


@dataclass(frozen=True)
class TableContents:
    """What a table holds.

    Shapes: `ranges` are the networks that the list is about, the country's or the campaign's;
    `shared` those behind which many lines stand. `days_valid`: how long it answers after `made_at`.
    """

    list_name: str
    made_at: datetime
    days_valid: int
    families: Sequence[MalwareFamily]
    ranges: Sequence[str]
    shared: Sequence[str]
    listed: Iterable[PublicEntry]


@dataclass(frozen=True)
class TableResult:
    """How many were written, and which were left out because no range holds them."""

    listed: int
    outside: tuple[str, ...]


MOST_ADDRESSES = 1 << 28
"""IPv4 addresses that the ranges may have together: 32 MB of bits."""


def write_table(path: Path, contents: TableContents) -> TableResult:
    """Write `contents` to `path`, whole or not at all.

    A later sighting of an address replaces an earlier one; the first day is the earliest of all.
    Raises ValueError for what is no network, a family without description, or too large ranges.
    """
    sections, written = _sections(contents)
    head = {
        "made_at": contents.made_at.isoformat(),
        "list": contents.list_name,
        "days_valid": contents.days_valid,
        "families": [{"name": one.name, "devices": list(one.devices)} for one in contents.families],
        "sections": {name: len(sections[name]) for name in SECTIONS},
    }
    text = json.dumps(head, ensure_ascii=False).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        seal = hashlib.sha256()
        with os.fdopen(handle, "wb") as file:
            for part in (
                MAGIC + LENGTH.pack(len(text)) + text,
                *(sections[one] for one in SECTIONS),
            ):
                seal.update(padded := _padded(part))
                file.write(padded)
            file.write(seal.digest())
            file.flush()
            os.fsync(file.fileno())
        Path(aside).chmod(0o644)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    return written


def _sections(contents: TableContents) -> tuple[dict[str, bytes], TableResult]:
    numbers = {address.name: place for place, address in enumerate(contents.families)}
    ranges4, ranges6 = _joined(contents.ranges)
    shared4, shared6 = _joined(contents.shared)
    begins, size = [], 0
    for first, last in ranges4:
        begins.append(size)
        size += last - first + 1
        if size > MOST_ADDRESSES:
            raise ValueError(f"the ranges hold more than {MOST_ADDRESSES} addresses")
    facts4: dict[int, _Fact] = {}
    facts6: dict[tuple[int, int], _Fact] = {}
    outside: list[str] = []
    for address in contents.listed:
        if address.family not in numbers:
            raise ValueError(f"{address.network}: no family {address.family!r} is described")
        fact = numbers[address.family], day_number(address.first), day_number(address.last)
        version, first, last = span_of(address.network)
        if version == 6:
            _keep(facts6, (first, last), fact)
            continue
        bits = list(_bits_of(first, last, ranges4, begins))
        for bit in bits:
            _keep(facts4, bit, fact)
        if not bits:
            outside.append(address.network)
    spans6 = _apart(facts6)
    bitmap = bytearray(-(-size // 8))
    for bit in facts4:
        bitmap[bit >> 3] |= 1 << (bit & 7)
    ranks, count = bytearray(), 0
    for at in range(0, len(bitmap), BLOCK):
        ranks += LENGTH.pack(count)
        count += int.from_bytes(bitmap[at : at + BLOCK], "little").bit_count()
    sections = {
        "ranges4": b"".join(
            RANGE4.pack(*pair, begin) for pair, begin in zip(ranges4, begins, strict=True)
        ),
        "bits4": bytes(bitmap),
        "ranks4": bytes(ranks),
        "facts4": b"".join(FACT.pack(*facts4[bit]) for bit in sorted(facts4)),
        "shared4": b"".join(PAIR4.pack(*pair) for pair in shared4),
        "ranges6": b"".join(PAIR6.pack(*pair) for pair in ranges6),
        "shared6": b"".join(PAIR6.pack(*pair) for pair in shared6),
        "spans6": b"".join(PAIR6.pack(first, last) for first, last, _ in spans6),
        "facts6": b"".join(FACT.pack(*fact) for _, _, fact in spans6),
    }
    return sections, TableResult(len(facts4) + len(spans6), tuple(outside))


def _keep(facts: dict[_Key, _Fact], key: _Key, fact: _Fact) -> None:
    known = facts.get(key)
    facts[key] = fact if known is None else _newer(known, fact)


def _newer(one: _Fact, other: _Fact) -> _Fact:
    """Return the family last seen, since the first day of both; on one day the first named."""
    family = min((-one[2], one[0]), (-other[2], other[0]))[1]
    return family, min(one[1], other[1]), max(one[2], other[2])


def _joined(networks: Sequence[str]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the IPv4 and IPv6 spans of `networks`, sorted, those that touch made one."""
    spans_by_version: dict[int, list[tuple[int, int]]] = {4: [], 6: []}
    for version, first, last in sorted(span_of(one) for one in networks):
        spans = spans_by_version[version]
        if spans and first <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    return spans_by_version[4], spans_by_version[6]


def _bits_of(
    first: int, last: int, ranges: Sequence[tuple[int, int]], begins: Sequence[int]
) -> Iterable[int]:
    at = max(bisect_right(ranges, (first, MOST_ADDRESSES << 8)) - 1, 0)
    while at < len(ranges) and ranges[at][0] <= last:
        start, end = ranges[at]
        for number in range(max(first, start), min(last, end) + 1):
            yield begins[at] + number - start
        at += 1


def _apart(
    facts: dict[tuple[int, int], _Fact],
) -> list[tuple[int, int, _Fact]]:
    """Return spans that do not overlap; where several did, what all of them say together."""
    edges = sorted({edge for first, last in facts for edge in (first, last + 1)})
    begins = sorted(facts)
    separate: list[tuple[int, int, _Fact]] = []
    open_: list[tuple[int, int]] = []
    at = 0
    for start, end in pairwise(edges):
        while at < len(begins) and begins[at][0] <= start:
            open_.append(begins[at])
            at += 1
        open_ = [span for span in open_ if span[1] >= start]
        if not open_:
            continue
        fact = facts[open_[0]]
        for span in open_[1:]:
            fact = _newer(fact, facts[span])
        separate.append((start, end - 1, fact))
    return separate


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 8)
