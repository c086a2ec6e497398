"""Lines read by kinds: a parser reads one line of a kind, and its answer holds for all of them.

The compiled kernel cuts values out of the lines: addresses, times, ports, names and such, and
numbers that nobody reads. Lines are of one kind where all the rest is the same, byte by byte, and
where the same values are equal to one another. So their parser goes the same way through each,
as long as it does not ask what a value is, beside its class (see `_PROBES`), but hands it on.

That is not believed but tried, for each kind: its first line is read, and the same line with
other values, which no log holds, twice: what has no slot may change nothing. A field is known where
both answers are made of the values of the same slots in the same way, or are equal; where a field
of a kind is not known, its lines are left to the parser one by one.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.clocks import MICROSECONDS, Zone, zone_from_offset
from quetsach.compiled import kernel_module
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared.alike_recipes import Recipe, fields_of, recipe_of
from quetsach.formats.shared.event_columns import EventColumns
from quetsach.formats.shared.text_lines import UNKNOWN

Keys: TypeAlias = tuple[tuple[bytes, int], ...]
"""Names of values with their class, which is a letter; see `keys`."""

Parse: TypeAlias = Callable[[Iterable[Line], LogLayout, Zone], ParsedLines]

_NO_KIND = 0xFFFF_FFFF
FEWEST_ALIKE = 3
"""From how many lines of a kind on, in one batch, it is worth while to learn it."""

# Where more are left than this, all are read one by one and only then taken in columns.
_MOST_LEFT = 0.5
_MOST_KINDS = 1024
_CODES = pa.int32()
_SIGN = re.compile(rb"\x01(.)(.)", re.DOTALL)
_ZONE = re.compile(rb"Z|[+-]\d\d:?\d\d")
_ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)
_TIMES = frozenset(b"tefghk")
_FIRST_SLOT = ord("0")
# Seconds and milliseconds in us.
_COARSER = {ord("e"): MICROSECONDS, ord("g"): 1000}

# What stands in for a value whose class has no slot, since no parser reads it: two of each, as a
# text may hold what looks like a key with its value.
_FILLERS = {
    ord("x"): (b"7", b"31"),
    ord("y"): (b"7.25", b"31.5"),
    ord("z"): (b"7", b"31"),
    ord("w"): (b"Cq7", b"Dz31"),
    ord("l"): (b"[7.25]", b"[31.5]"),
    ord("d"): (b"01:02:03", b"21:32:43"),
}
# The values of the other classes, by slot: of one class each, and none that a log would hold.
_TEXT_PROBES: Mapping[int, Callable[[int], str]] = {
    ord("i"): lambda slot: f"10.253.251.{100 + slot}",
    ord("a"): lambda slot: f"203.0.113.{100 + slot}",
    ord("n"): lambda slot: f"p{100 + slot}.zq7-probe.example",
    ord("u"): lambda slot: f"/zq7-probe/p{100 + slot}",
}
_PROBE = re.compile(
    r"(?:10\.253\.251|203\.0\.113)\.(1\d\d)"
    r"|p(1\d\d)\.zq7-probe\.example|/zq7-probe/p(1\d\d)"
)


def keys(**classes: str) -> Keys:
    """Return keys by class: each keyword is a class, its value the names, parted by blanks.

    n: a name in small letters; u: the path of a page; p: a port; c: a count; s: seconds;
    e: seconds since 1970, or parts of them. Of x, a number, z, one above 0, l, a list of numbers,
    w, a word, and d, a time of the day, no parser reads more than the class.
    """
    return tuple(
        (name.encode(), ord(letter)) for letter, names in classes.items() for name in names.split()
    )


@dataclass(frozen=True)
class _Batch:
    """What the kernel cut out of a batch. Shapes: for each slot a value a line, 0 or ""."""

    kinds: pa.Array
    rests: list[tuple[int, bytes]]
    numbers: list[pa.Array]
    texts: list[pa.Array]

    @classmethod
    def of(cls, lines: Sequence[Line], names: Keys) -> "_Batch":
        count = len(lines)
        block = b"".join([line + b"\n" for _, line in lines])
        kinds, rests, numbers, texts = kernel_module().alike_lines(block, names)
        return cls(
            pa.Array.from_buffers(pa.uint32(), count, [None, pa.py_buffer(kinds)]),
            rests,
            [
                pa.Array.from_buffers(pa.int64(), count, [None, pa.py_buffer(slot)])
                for slot in numbers
            ],
            [
                pa.Array.from_buffers(
                    pa.string(), count, [None, pa.py_buffer(begins), pa.py_buffer(text)]
                )
                for begins, text in texts
            ],
        )

    def take(self, rows: pa.Array, kinds: pa.Array) -> "_Batch":
        return _Batch(
            kinds,
            self.rests,
            [slot.take(rows) for slot in self.numbers],
            [slot.take(rows) for slot in self.texts],
        )


@dataclass
class AlikeLines:
    """The kinds of the lines of one layout in one zone; threads may share it."""

    parse: Parse
    names: Keys
    layout: LogLayout
    zone: Zone
    _known: dict[bytes, Recipe | None] = field(default_factory=dict)

    def columns(self, lines: Sequence[Line]) -> EventColumns | None:
        """Return the events of those of `lines` whose kind is known; None where they are few."""
        if kernel_module() is None or not lines:
            return None
        cut = _Batch.of(lines, self.names)
        recipes = self._recipes(lines, cut)
        if not recipes:
            return None
        numbers = {kind: place for place, kind in enumerate(recipes)}
        new = pa.array([numbers.get(kind) for kind in range(len(cut.rests))], _CODES)
        kinds = new.take(pc.if_else(pc.equal(cut.kinds, _NO_KIND), None, cut.kinds))
        if kinds.null_count > _MOST_LEFT * len(lines):
            return None
        if kinds.null_count:
            rows = pc.indices_nonzero(kinds.is_valid())
            lines = [lines[row] for row in rows.to_pylist()]
            cut, kinds = cut.take(rows, kinds.take(rows)), kinds.take(rows)
        made = fields_of(list(recipes.values()), kinds, cut.numbers, cut.texts)
        return None if made is None else EventColumns(list(lines), made)

    def _recipes(self, lines: Sequence[Line], cut: _Batch) -> dict[int, Recipe]:
        """Return the recipes of the kinds of a batch, by the number of the kind."""
        counts = Counter(cut.kinds.to_pylist())
        recipes: dict[int, Recipe] = {}
        for kind, (row, rest) in enumerate(cut.rests):
            if rest not in self._known:
                if counts[kind] < FEWEST_ALIKE:
                    continue
                if len(self._known) >= _MOST_KINDS:
                    self._known.clear()
                self._known[rest] = self._learnt(lines[row][1], rest, row, cut)
            recipe = self._known.get(rest)
            if recipe is not None:
                recipes[kind] = recipe
        return recipes

    def _learnt(self, line: bytes, rest: bytes, row: int, cut: _Batch) -> Recipe | None:
        probes = _Probes(rest)
        tried, first = self._event(probes.line), self._event(line)
        if tried is None or first is None or tried.keys() != first.keys():
            return None
        if tried != self._event(_Probes(rest, other=True).line):
            return None
        numbers = [slot[row].as_py() for slot in cut.numbers]
        texts = [slot[row].as_py() for slot in cut.texts]
        # Where a line holds what was made up, it does not show which is which.
        if any(numbers[slot] == one for slot, one in probes.numbers.items()):
            return None
        if any(texts[slot] == one for slot, one in probes.texts.items()):
            return None
        return recipe_of(tried, first, probes.numbers, _PROBE, (numbers, texts))

    def _event(self, line: bytes) -> Mapping[str, Any] | None:
        rows = self.parse([(0, line)], self.layout, self.zone)
        if len(rows.events) != 1 or rows.rejects or rows.skipped:
            return None
        event: Mapping[str, Any] = rows.events[0][1]
        # Who held an address is taken line by line, and so is what is looked at once more.
        if event.get("event.dataset") == UNKNOWN or "host.ip" in event:
            return None
        return event


@lru_cache(maxsize=8)
def alike_lines(parse: Parse, names: Keys, layout: LogLayout, zone: Zone) -> AlikeLines:
    """Return what reads the lines of this layout by kinds, with what it has learnt so far."""
    return AlikeLines(parse, names, layout, zone)


class _Probes:
    """A line of a kind with values that were made up, and these, by slot.

    With `other` those that have no slot are others.
    """

    def __init__(self, rest: bytes, *, other: bool = False) -> None:
        self._filler = int(other)
        self.numbers: dict[int, int] = {}
        self.texts: dict[int, str] = {}
        pieces: list[bytes] = []
        begin = 0
        for sign in _SIGN.finditer(rest):
            pieces += [rest[begin : sign.start()], self._written(sign, rest)]
            begin = sign.end()
        self.line = b"".join((*pieces, rest[begin:]))

    def _written(self, sign: re.Match[bytes], rest: bytes) -> bytes:
        letter, slot = sign[1][0], sign[2][0] - _FIRST_SLOT
        if letter in _FILLERS:
            return _FILLERS[letter][self._filler]
        if letter in _TEXT_PROBES:
            text = self.texts[slot] = _TEXT_PROBES[letter](slot)
            return text.encode()
        if letter in _TIMES:
            # No two of them are as far apart as two others.
            us = (1_900_000_007 + (54_321 << slot)) * MICROSECONDS + 120_003 + slot
            us -= us % _COARSER.get(letter, 1)
            self.numbers[slot] = us
            return _as_time(letter, us, _ZONE.match(rest, sign.end()))
        if letter == ord("p"):
            self.numbers[slot] = 64_301 + slot
            return b"%d" % self.numbers[slot]
        if letter == ord("c"):
            self.numbers[slot] = 70_000_000_301 + slot
            return b"%d" % self.numbers[slot]
        # A length: whole seconds, or seconds with a part.
        seconds = 61_234_501 + slot
        self.numbers[slot] = seconds * 1_000_000_000 + (0 if letter == ord("s") else 125_000_000)
        return b"%d" % seconds + (b"" if letter == ord("s") else b".125")


def _as_time(letter: int, us: int, zone: re.Match[bytes] | None) -> bytes:
    if letter == ord("t"):
        local = _ORIGIN + timedelta(microseconds=us)
        offset = zone_from_offset(zone[0].decode()) if zone is not None else None
        return f"{local.astimezone(offset or UTC):%Y-%m-%dT%H:%M:%S.%f}".encode()
    seconds, part = divmod(us, MICROSECONDS)
    if letter == ord("f"):
        return b"%d.%06d" % (seconds, part)
    digits = {ord("e"): 10, ord("g"): 13, ord("h"): 16, ord("k"): 19}[letter]
    return (b"%d" % (us * 1000))[:digits]
