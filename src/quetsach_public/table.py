"""The list as the public plane sees it: a file mapped into memory, looked up where it lies."""

import hashlib
import json
import mmap
import struct
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from quetsach_public.addresses import ClientAddress

MAGIC = b"QSPUB\x00\x01\n"
BLOCK = 64
FACT = struct.Struct("<HHH")
RANGE4 = struct.Struct("<III")
PAIR4 = struct.Struct("<II")
PAIR6 = struct.Struct("<QQ")
LENGTH = struct.Struct("<I")
DAY_ZERO = date(2000, 1, 1).toordinal()
SECTIONS = (
    *("ranges4", "bits4", "ranks4", "facts4", "shared4"),
    *("ranges6", "shared6", "spans6", "facts6"),
)
SEAL = 32
LONGEST_HEAD = 1_000_000


def day_number(day: date) -> int:
    """Return `day` as the table counts it; the years 2000 to 2179 fit."""
    return min(max(day.toordinal() - DAY_ZERO, 0), 0xFFFF)


def day_of(number: int) -> date:
    """Return the day of a number in the table."""
    return date.fromordinal(DAY_ZERO + number)


class TableError(ValueError):
    """The file is no table, or a damaged one; the text says what."""


@dataclass(frozen=True)
class MalwareFamily:
    """A family of malware; `devices` says what it lives on: windows, android, router ..."""

    name: str
    devices: tuple[str, ...]


@dataclass(frozen=True)
class ListedSince:
    """An address is listed: which family called from it, first and last on which days."""

    family: MalwareFamily
    first: date
    last: date


class AddressTable:
    """A mapped table. One look-up costs two bisections and one popcount of at most 64 bytes."""

    def __init__(self, path: Path) -> None:
        """Map the file at `path`. Raises TableError, OSError."""
        with path.open("rb") as file:
            try:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:
                raise TableError("the file is empty") from error
        head, sections = _read_head(self._map)
        try:
            self.made_at = datetime.fromisoformat(head["made_at"])
            self.valid_until = self.made_at + timedelta(days=int(head["days_valid"]))
            self.families = tuple(
                MalwareFamily(str(one["name"]), tuple(map(str, one["devices"])))
                for one in head["families"]
            )
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise TableError(f"the head lacks or misspells {error}") from error
        if self.made_at.tzinfo is None:
            raise TableError("made_at has no offset")
        ranges = list(RANGE4.iter_unpack(sections["ranges4"]))
        self._firsts4: list[int] = [one[0] for one in ranges]
        self._lasts4: list[int] = [one[1] for one in ranges]
        self._begins4: list[int] = [one[2] for one in ranges]
        self._bits, self._facts4 = sections["bits4"], sections["facts4"]
        self._ranks = sections["ranks4"].cast("I")
        self._shared4 = _spans(PAIR4.iter_unpack(sections["shared4"]))
        self._ranges6 = _spans(PAIR6.iter_unpack(sections["ranges6"]))
        self._shared6 = _spans(PAIR6.iter_unpack(sections["shared6"]))
        self._spans6, self._facts6 = sections["spans6"].cast("Q"), sections["facts6"]
        self.listed = len(self._facts4) // FACT.size + len(self._facts6) // FACT.size
        self._check()

    def _check(self) -> None:
        """Refuse what would answer wrongly: sections that do not fit each other."""
        size, before = 0, -1
        for first, last, begin in zip(self._firsts4, self._lasts4, self._begins4, strict=True):
            if not before < first <= last or begin != size:
                raise TableError("the ranges do not fit the bits")
            before = last
            size += last - first + 1
        blocks = -(-len(self._bits) // BLOCK)
        if len(self._bits) != -(-size // 8) or len(self._ranks) != blocks:
            raise TableError("the bits do not fit the ranges")
        set_bits = self._ranks[-1] + _popcount(self._bits[(blocks - 1) * BLOCK :]) if blocks else 0
        if set_bits * FACT.size != len(self._facts4):
            raise TableError("there are not as many facts as addresses")
        if len(self._spans6) * FACT.size != len(self._facts6) * 2:
            raise TableError("there are not as many facts as networks")
        named = [max(one.cast("H")[::3], default=-1) for one in (self._facts4, self._facts6)]
        if max(named) >= len(self.families):
            raise TableError("a fact names a family that is not there")

    def covers(self, caller: ClientAddress) -> bool:
        """True when the list is about the range that the address lies in."""
        if caller.version == 4:
            return self._bit_of(caller.number) is not None
        return _is_within(self._ranges6, caller.number)

    def is_shared(self, caller: ClientAddress) -> bool:
        """True for addresses shared by many connections: carriers' translators, known VPNs."""
        return _is_within(self._shared4 if caller.version == 4 else self._shared6, caller.number)

    def seen(self, caller: ClientAddress) -> ListedSince | None:
        """Return what is known of the address, None where it is not listed."""
        place = self._place4 if caller.version == 4 else self._place6
        facts = self._facts4 if caller.version == 4 else self._facts6
        found: int | None = place(caller.number)
        if found is None:
            return None
        family, first, last = FACT.unpack_from(facts, found * FACT.size)
        if family >= len(self.families):
            raise TableError("a fact names a family that is not there")
        return ListedSince(self.families[family], day_of(first), day_of(last))

    def look_up(self, caller: ClientAddress) -> ListedSince | bool:
        """Return what `seen` says of the address, else what `covers` does; both by one search."""
        if caller.version != 4:
            return self.seen(caller) or self.covers(caller)
        bit = self._bit_of(caller.number)
        if bit is None:
            return False
        is_listed = self._bits[bit >> 3] & 1 << (bit & 7)
        return (self.seen(caller) or True) if is_listed else True

    def _bit_of(self, number: int) -> int | None:
        place = bisect_right(self._firsts4, number) - 1
        if place < 0 or number > self._lasts4[place]:
            return None
        return self._begins4[place] + number - self._firsts4[place]

    def _place4(self, number: int) -> int | None:
        """Return the address's place among those listed: the bits set before its own."""
        bit = self._bit_of(number)
        if bit is None or not self._bits[bit >> 3] & 1 << (bit & 7):
            return None
        block = (bit >> 3) // BLOCK
        before = int.from_bytes(self._bits[block * BLOCK : (bit >> 3) + 1], "little")
        return int(self._ranks[block]) + (before & (1 << (bit - block * BLOCK * 8)) - 1).bit_count()

    def _place6(self, number: int) -> int | None:
        low, high = 0, len(self._spans6) // 2
        while low < high:
            middle = (low + high) // 2
            if self._spans6[2 * middle] <= number:
                low = middle + 1
            else:
                high = middle
        return low - 1 if low and number <= self._spans6[2 * low - 1] else None


@dataclass(frozen=True)
class _Spans:
    firsts: Sequence[int]
    lasts: Sequence[int]


def _spans(pairs: Any) -> _Spans:
    found = sorted(pairs)
    return _Spans([one[0] for one in found], [one[1] for one in found])


def _is_within(spans: _Spans, number: int) -> bool:
    place = bisect_right(spans.firsts, number) - 1
    return place >= 0 and number <= spans.lasts[place]


def _popcount(data: memoryview) -> int:
    return int.from_bytes(data, "little").bit_count()


def _whole(file: memoryview) -> memoryview:
    """Return what is sealed: a bit that a disk or a copy turned over is somebody's wrong answer."""
    if hashlib.sha256(file[:-SEAL]).digest() != file[-SEAL:]:
        raise TableError("the file is damaged: its digest is another than the one at its end")
    return file[:-SEAL]


def _read_head(held: mmap.mmap) -> tuple[dict[str, Any], dict[str, memoryview]]:
    whole = memoryview(held)
    if whole[: len(MAGIC)] != MAGIC:
        raise TableError("the file does not begin as a table does")
    whole = _whole(whole)
    start = len(MAGIC) + LENGTH.size
    if len(whole) < start:
        raise TableError("the file ends within its head")
    (length,) = LENGTH.unpack_from(whole, len(MAGIC))
    if length > LONGEST_HEAD or start + length > len(whole):
        raise TableError("the file ends within its head")
    try:
        head = json.loads(bytes(whole[start : start + length]))
        at = -(-(start + length) // 8) * 8
        sections = {}
        for name in SECTIONS:
            size = int(head["sections"][name])
            if size < 0 or at + size > len(whole):
                raise TableError(f"the file ends within its section {name}")
            sections[name] = whole[at : at + size]
            at += -(-size // 8) * 8
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(f"the head cannot be read: {error}") from error
    for name, unit in (("ranges4", 12), ("ranks4", 4), ("facts4", FACT.size), ("shared4", 8)):
        if len(sections[name]) % unit:
            raise TableError(f"the section {name} is no whole number of entries")
    for name, unit in (("ranges6", 16), ("shared6", 16), ("spans6", 16), ("facts6", FACT.size)):
        if len(sections[name]) % unit:
            raise TableError(f"the section {name} is no whole number of entries")
    return head, sections
