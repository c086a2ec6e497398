"""Which indicators are doubtful: on MISP's warning lists in a way for which `check` asks a person.

A contact with one accuses no device until a person decided so. The lists hold 2.4 million entries,
and a sweep meets few indicators, so they are compiled once into a file of sorted numbers, which is
mapped: beside this program, as Python's own compiled files are, else in the cache of the user.
"""

import os
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path

import msgspec

from quetsach.atomic_files import write_whole
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.allow.classes import (
    AllowMatch,
    AllowMatchKind,
    SpanTable,
    proposal,
)
from quetsach.indicators.allow.lists import (
    AllowLists,
    Place,
    allow_lists,
    find_allow_matches,
    parents_of,
    read_allow,
    relation,
    span_of_indicator,
    text_of,
)
from quetsach.indicators.allow.warning_lists import misp_lists
from quetsach.indicators.compiled.cache import list_cache_folder
from quetsach.indicators.model import (
    AllowDecision,
    Indicator,
    IndicatorKind,
    IndicatorSet,
    MatchRule,
)
from quetsach.indicators.read import files_of

_FORM = 1
_CLASS_BITS = 8
_ALWAYS_KEPT = frozenset({"sinkhole"})
_ITSELF_ONLY = frozenset({"top-million"})
"""Classes for which only the very name is doubtful, so that their parents need no place here."""


class _Head(msgspec.Struct):
    """What a compiled file begins with: its source, the classes, and how long each part is."""

    form: int
    source: str
    classes: list[str]
    lengths: list[int]


@dataclass(frozen=True)
class DoubtfulIndex:
    """The warning lists as sorted numbers.

    Shapes: a number of `itself`, `below` and `above` is 56 bits of a text's digest and 8 of its
    class; `starts` has per IP version the sorted first addresses of segments, 16 bytes each, and
    `holding` for each segment the bits of the classes that cover it.
    """

    classes: Sequence[str]
    itself: Sequence[int]
    below: Sequence[int]
    above: Sequence[int]
    starts: dict[int, memoryview]
    holding: dict[int, Sequence[int]]

    def matches(self, indicator: Indicator) -> Iterator[AllowMatch]:
        """Return how the indicator stands on the lists, without their names."""
        text = text_of(indicator)
        if text:
            yield from self._of_text(text, indicator)
        span = span_of_indicator(indicator)
        if span is not None:
            is_network = indicator.kind is IndicatorKind.NETWORK
            touch = AllowMatchKind.ABOVE if is_network else AllowMatchKind.ITSELF
            for number in self._touching(*span):
                yield AllowMatch(self.classes[number], "", touch)

    def _of_text(self, text: str, indicator: Indicator) -> Iterator[AllowMatch]:
        for of_class in self._listed(self.itself, text):
            yield AllowMatch(of_class, "", AllowMatchKind.ITSELF)
        for listed in (text, *parents_of(text)):
            for of_class in self._listed(self.below, listed):
                yield AllowMatch(of_class, "", relation(text, listed, of_class))
        if indicator.kind is IndicatorKind.NAME and indicator.rule is MatchRule.BELOW:
            for of_class in self._listed(self.above, text):
                yield AllowMatch(of_class, "", AllowMatchKind.ABOVE)

    def _listed(self, numbers: Sequence[int], text: str) -> Iterator[str]:
        digest = _digest(text)
        place = bisect_left(numbers, digest)
        while place < len(numbers) and numbers[place] >> _CLASS_BITS == digest >> _CLASS_BITS:
            yield self.classes[numbers[place] & (1 << _CLASS_BITS) - 1]
            place += 1

    def _touching(self, version: int, first: int, last: int) -> Iterator[int]:
        starts, holding = _Starts(self.starts[version]), self.holding[version]
        place = max(bisect_right(starts, first.to_bytes(16)) - 1, 0)
        bits = 0
        while place < len(starts) and starts[place] <= last.to_bytes(16):
            if place + 1 == len(starts) or starts[place + 1] > first.to_bytes(16):
                bits |= holding[place]
            place += 1
        yield from (number for number in range(len(self.classes)) if bits >> number & 1)


class _Starts:
    """The first addresses of segments, as a sorted sequence."""

    def __init__(self, raw: memoryview) -> None:
        self._raw = raw

    def __len__(self) -> int:
        return len(self._raw) // 16

    def __getitem__(self, place: int) -> bytes:
        return bytes(self._raw[16 * place : 16 * place + 16])


def doubtful_classes(indicator: Indicator) -> tuple[str, ...]:
    """Return the classes for which `indicator` is doubtful; none where a person decided on it.

    Cost: a few binary searches; the first in a process opens or makes the compiled lists.
    """
    if indicator.decided:
        return ()
    return tuple(
        sorted(
            {
                one.of_class
                for one in warning_index().matches(indicator)
                if proposal(indicator, (one,)) is not AllowDecision.KEEP
            }
        )
    )


_FEW = 100_000
"""Indicators that are looked up one by one in less time than all lists are read."""


def usual_matches(indicators: IndicatorSet) -> dict[Place, tuple[AllowMatch, ...]]:
    """Return how the indicators stand on MISP's warning lists, for `proposal`.

    Of few indicators the matches name no list, and leave out what never changes a proposal.
    Cost: 25 µs for each indicator; of many, the seconds in which all lists are read.
    """
    if len(indicators.indicators) > _FEW:
        return find_allow_matches(indicators, allow_lists((), usual=True))
    index = warning_index()
    return {
        (indicator.key, indicator.kind): matches
        for indicator in indicators.indicators
        if (matches := tuple(index.matches(indicator)))
    }


@lru_cache(maxsize=1)
def warning_index() -> DoubtfulIndex:
    """Return the compiled warning lists, made where there are none for the lists as they are."""
    folder = misp_lists()
    source = _source(folder)
    places = list(_places(source))
    for place in places:
        with suppress(OSError, ValueError, msgspec.MsgspecError):
            index = _opened(place, source)
            if index is not None:
                return index
    raw = compiled_index(read_allow([folder]), source)
    for place in places:
        with suppress(OSError, QuetsachError):
            place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(place, raw)
            break
    index = _read(raw, source)
    assert index is not None, "it was compiled for this source"
    return index


def _places(source: str) -> Iterator[Path]:
    name = f"warning-lists-{source[:16]}.index"
    yield Path(__file__).parent / "__pycache__" / name
    cache = list_cache_folder(os.environ)
    if cache is not None:
        yield cache.parent / name


def _source(folder: Path) -> str:
    """Return what tells these lists from others: names, sizes and times of their files."""
    digest = blake2b(str(_FORM).encode(), digest_size=16)
    for file in files_of(folder) if folder.is_dir() else [folder]:
        about = file.stat()
        digest.update(f"{file.relative_to(folder)} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def compiled_index(allow: AllowLists, source: str) -> bytes:
    """Return the lists as one compiled file. Cost: some seconds for those of MISP."""
    lists = [one for one in allow.lists if one.of_class not in _ALWAYS_KEPT]
    classes = sorted({one.of_class for one in lists})
    numbers = {of_class: number for number, of_class in enumerate(classes)}

    def column(entries: Iterable[tuple[str, int]]) -> bytes:
        pairs = (_digest(text) | number for text, number in entries)
        return _little(sorted(set(pairs)))

    wide = [one for one in lists if one.of_class not in _ITSELF_ONLY]
    itself = ((text, numbers[one.of_class]) for one in lists for text in one.exact)
    below = ((text, numbers[one.of_class]) for one in lists for text in one.below)
    above = (
        (parent, numbers[one.of_class])
        for one in wide
        for parent in {up for text in (*one.exact, *one.below) for up in parents_of(text)}
    )
    parts = [column(itself), column(below), column(above)]
    spans = {
        of_class: [span for one in lists if one.of_class == of_class for span in one.spans]
        for of_class in classes
    }
    table = SpanTable(list(spans.values()))
    for version in (4, 6):
        starts, holding = table.segments(version)
        bits = _little([sum(1 << one for one in set(some)) for some in holding])
        parts += [b"".join(one.to_bytes(16) for one in starts), bits]
    head = msgspec.json.encode(_Head(_FORM, source, classes, [len(part) for part in parts]))
    return head + b" " * (-(len(head) + 1) % 8) + b"\n" + b"".join(parts)


def _little(numbers: Sequence[int]) -> bytes:
    row = array("Q", numbers)
    if sys.byteorder == "big":
        row.byteswap()
    return row.tobytes()


def _opened(place: Path, source: str) -> DoubtfulIndex | None:
    with place.open("rb") as file:
        return _read(mmap(file.fileno(), 0, access=ACCESS_READ), source)


def _read(raw: bytes | mmap, source: str) -> DoubtfulIndex | None:
    line = raw.find(b"\n") + 1
    head = msgspec.json.decode(raw[:line], type=_Head)
    ends = [line]
    for length in head.lengths:
        ends.append(ends[-1] + length)
    if (head.form, head.source, len(head.lengths), ends[-1]) != (_FORM, source, 7, len(raw)):
        return None
    view = memoryview(raw)
    parts = [view[begin:end] for begin, end in pairwise(ends)]
    itself, below, above, *_rest = [part.cast("Q") for part in parts[:3]]
    return DoubtfulIndex(
        classes=head.classes,
        itself=itself,
        below=below,
        above=above,
        starts={4: parts[3], 6: parts[5]},
        holding={4: parts[4].cast("Q"), 6: parts[6].cast("Q")},
    )


def _digest(text: str) -> int:
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) >> _CLASS_BITS << _CLASS_BITS
