"""Indicators as columns: keys in order, claims and rows by number; each is created on access."""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec

from quetsach.indicators.model import (
    NO_CLAIM,
    Claim,
    Indicator,
    IndicatorKind,
    MatchRule,
    Origin,
)

SIMPLE_KINDS = (IndicatorKind.NAME, IndicatorKind.ADDRESS, IndicatorKind.HASH)
"""The kinds of simple values, which are stored without details."""

USUAL_RULES = {
    IndicatorKind.NAME: MatchRule.BELOW,
    IndicatorKind.ADDRESS: MatchRule.EXACT,
    IndicatorKind.HASH: MatchRule.HASH,
}
"""The rule of a simple value of each kind."""

KEPT_TEXT = 200
"""How much of a row is kept with its indicator or refusal, in characters."""

AS_ITS_KEY = 0xFFFF_FFFF
"""The place of a row whose text is the key itself, so that no text is stored for it."""

_LINE = 4096
"""How much of a row is looked at first to find its end, in bytes."""


class SourceList(NamedTuple):
    """A list by name and digest, and the text in which its rows stand, as UTF-8."""

    name: str
    sha256: str
    text: memoryview


class DetailRow(msgspec.Struct, frozen=True, array_like=True):
    """One origin of such an indicator, list and claim by their numbers; else as in Origin."""

    source: int
    row: int
    text: str
    place: str
    letter: str
    claim: int
    rule: MatchRule | None


class Details(msgspec.Struct, frozen=True, array_like=True):
    """What an indicator that is no simple value has beside key and kind, as in Indicator.

    Shapes: `shown` is "" where it is the key; `claim` is the number of the claim.
    """

    shown: str
    rule: MatchRule
    port: int | None
    claim: int
    rows: tuple[DetailRow, ...]
    allow_classes: tuple[str, ...]
    decided: str


_CLAIMS = msgspec.msgpack.Decoder(Claim)
_DETAILS = msgspec.msgpack.Decoder(Details)


@dataclass(frozen=True)
class ColumnArrays:
    """The columns themselves, in memory or in a mapped file.

    Shapes: entries are sorted by kind, then by key; entry `n` has the key that stands in `keys`
    from `key_starts[n]` up to a newline before `key_starts[n + 1]`, and the rows
    `row_starts[n]` up to `row_starts[n + 1]`. One without rows has its details instead, in
    `details` by the number in `claims`; for the others that is the number of the claim in
    `claim_texts`. Of each row there are the number of its list, its own number, the number of its
    claim and its place in the text of the list. `numbers` are the IPv4 addresses among the simple
    entries. All but the texts are unsigned numbers of 32 bits.
    """

    keys: memoryview
    key_starts: memoryview
    claims: memoryview
    row_starts: memoryview
    row_lists: memoryview
    rows: memoryview
    row_claims: memoryview
    row_places: memoryview
    numbers: memoryview
    claim_texts: memoryview
    claim_starts: memoryview
    details: memoryview
    detail_starts: memoryview


TEXTS = ("keys", "claim_texts", "details")
"""Which of the columns are text; the others are numbers."""


class IndicatorColumns:
    """Simple indicators, and others with their details, each created when it is asked for."""

    def __init__(
        self,
        arrays: ColumnArrays,
        spans: Mapping[IndicatorKind, range],
        lists: Sequence[SourceList],
        *,
        digest: str = "",
        identity: str = "",
    ) -> None:
        """Take the columns; `spans` says which entries are of which kind.

        Of those of a file, `digest` is that of the set and `identity` that of the content.
        """
        self.digest = digest
        self.identity = identity
        self.arrays = arrays
        self.spans = spans
        self.lists = tuple(lists)
        self._claims: dict[int, Claim] = {0: NO_CLAIM}

    def __len__(self) -> int:
        return len(self.arrays.claims)

    def __reduce__(self) -> tuple[Any, ...]:
        arrays = {one.name: bytes(getattr(self.arrays, one.name)) for one in fields(ColumnArrays)}
        lists = [(source.name, source.sha256, bytes(source.text)) for source in self.lists]
        return columns_from_bytes, (arrays, dict(self.spans), lists)

    def of(self, kind: IndicatorKind) -> range:
        """Return the places of the entries of one kind."""
        return self.spans.get(kind, range(0))

    def key(self, place: int) -> str:
        """Return the key of an entry."""
        return str(self._key(place), "utf-8")

    def keys_of(self, kind: IndicatorKind) -> list[str]:
        """Return the keys of all entries of one kind, in order. Cost: 0.1 us each."""
        span, starts = self.of(kind), self.arrays.key_starts
        if not span:
            return []
        whole = self.arrays.keys[starts[span.start] : starts[span.stop] - 1]
        return str(whole, "utf-8").split("\n")

    def places_of_several_rows(self, kind: IndicatorKind) -> list[int]:
        """Return the places of the simple entries of one kind that have more than one row."""
        span, starts = self.of(kind), self.arrays.row_starts
        edges = starts[span.start : span.stop + 1].tolist()
        return [
            place for place, (at, end) in zip(span, pairwise(edges), strict=True) if end - at > 1
        ]

    def claim_counts(
        self, kind: IndicatorKind, hidden: frozenset[int]
    ) -> Iterator[tuple[Claim, int]]:
        """Yield the claims of the simple entries of one kind with how many make each."""
        span = self.of(kind)
        counts = Counter(self.arrays.claims[span.start : span.stop].tolist())
        without = hidden.intersection(span).union(self.detailed_places(kind))
        counts.subtract(self.arrays.claims[place] for place in without)
        yield from ((self.claim(number), count) for number, count in counts.items() if count > 0)

    def find(self, kind: IndicatorKind, key: str) -> int | None:
        """Return the place of the entry, or None. Cost: one binary search."""
        span, text = self.of(kind), key.encode()
        place = bisect_left(span, text, key=self._key)
        return span[place] if place < len(span) and self._key(span[place]) == text else None

    def beginning_with(self, kind: IndicatorKind, prefix: str) -> Iterator[int]:
        """Yield the places of the entries whose keys begin with `prefix`, in order."""
        span, text = self.of(kind), prefix.encode()
        for place in span[bisect_left(span, text, key=self._key) :]:
            if not self._key(place).startswith(text):
                return
            yield place

    def prefixes_of(self, kind: IndicatorKind, key: str, shortest: int) -> Iterator[int]:
        """Yield the entries whose keys are `key` or its beginning, the longest first.

        Shapes: no key of less than `shortest` bytes is looked for.
        Cost: a binary search for each, and for each shorter beginning that others share.
        """
        span, text = self.of(kind), key.encode()
        while len(text) >= shortest:
            before = bisect_right(span, text, key=self._key) - 1
            if before < 0:
                return
            listed = self._key(span[before])
            if text.startswith(listed):
                if len(listed) < shortest:
                    return
                yield span[before]
                text = listed[:-1]
            else:
                text = text[: _shared(text, listed)]

    def indicator(self, place: int) -> Indicator:
        """Return the indicator of one entry, with its origins."""
        kind = next(kind for kind, span in self.spans.items() if place in span)
        return self._indicator(kind, place)

    def every(self) -> Iterator[Indicator]:
        """Yield all of them, by kind and key."""
        for kind, span in self.spans.items():
            for place in span:
                yield self._indicator(kind, place)

    def detailed(self) -> Iterator[Indicator]:
        """Yield those that are no simple values."""
        yield from (self.indicator(n) for n in range(len(self)) if self.has_details(n))

    def detailed_places(self, kind: IndicatorKind) -> list[int]:
        """Return the places of those of one kind that are no simple values."""
        span, starts = self.of(kind), self.arrays.row_starts
        is_all_simple = kind is IndicatorKind.ADDRESS and len(self.arrays.numbers) == len(span)
        if is_all_simple or (kind in USUAL_RULES and not len(self.arrays.detail_starts) - 1):
            return []
        return [place for place in span if starts[place] == starts[place + 1]]

    def separate(self, place: int) -> list[Indicator]:
        """Return an indicator for each row of the entry, as they were before they were merged."""
        merged = self.indicator(place)
        if self.has_details(place):
            return [merged]
        return [
            msgspec.structs.replace(merged, claim=origin.claim, origins=(origin,))
            for origin in merged.origins
        ]

    def has_details(self, place: int) -> bool:
        """Whether the entry is no simple value."""
        starts = self.arrays.row_starts
        return bool(starts[place] == starts[place + 1])

    def claim(self, number: int) -> Claim:
        """Return a claim by its number."""
        claim = self._claims.get(number)
        if claim is None:
            starts = self.arrays.claim_starts
            claim = _CLAIMS.decode(self.arrays.claim_texts[starts[number] : starts[number + 1]])
            self._claims[number] = claim
        return claim

    def simple_with(self, holds: Callable[[Claim], bool]) -> list[int]:
        """Return the places of the simple entries whose claims are such."""
        numbers = range(len(self.arrays.claim_starts) - 1)
        such = {number for number in numbers if holds(self.claim(number))}
        if not such:
            return []
        claims = self.arrays.claims
        spans = (self.of(kind) for kind in SIMPLE_KINDS)
        places = (place for span in spans for place in span if claims[place] in such)
        # Where there are no rows, the number is that of the details.
        return [place for place in places if not self.has_details(place)]

    def _key(self, place: int) -> bytes:
        starts = self.arrays.key_starts
        return bytes(self.arrays.keys[starts[place] : starts[place + 1] - 1])

    def _indicator(self, kind: IndicatorKind, place: int) -> Indicator:
        arrays, key = self.arrays, self.key(place)
        first, behind = arrays.row_starts[place], arrays.row_starts[place + 1]
        number = arrays.claims[place]
        if first == behind:
            return self._detailed(kind, key, number)
        origins = tuple(self._origin(row, key) for row in range(first, behind))
        claim = self.claim(number)
        return Indicator(key, key, kind, USUAL_RULES[kind], claim=claim, origins=origins)

    def _detailed(self, kind: IndicatorKind, key: str, number: int) -> Indicator:
        starts = self.arrays.detail_starts
        rest = _DETAILS.decode(self.arrays.details[starts[number] : starts[number + 1]])
        origins = tuple(
            Origin(
                list_name=self.lists[row.source].name,
                list_sha256=self.lists[row.source].sha256,
                row=row.row,
                text=row.text,
                place=row.place,
                letter=row.letter,
                claim=self.claim(row.claim),
                rule=row.rule,
            )
            for row in rest.rows
        )
        return Indicator(
            key=key,
            shown=rest.shown or key,
            kind=kind,
            rule=rest.rule,
            port=rest.port,
            claim=self.claim(rest.claim),
            origins=origins,
            allow_classes=rest.allow_classes,
            decided=rest.decided,
        )

    def _origin(self, row: int, key: str) -> Origin:
        arrays = self.arrays
        source, place = self.lists[arrays.row_lists[row]], arrays.row_places[row]
        text = key if place == AS_ITS_KEY else _line_at(source.text, place)
        claim = self.claim(arrays.row_claims[row])
        return Origin(source.name, source.sha256, arrays.rows[row], text, claim=claim)


def columns_from_bytes(
    arrays: Mapping[str, bytes],
    spans: Mapping[IndicatorKind, range],
    lists: Sequence[tuple[str, str, bytes]],
) -> IndicatorColumns:
    """Return the columns that these bytes hold, as they are sent to other processes."""
    views = {name: as_column(name, memoryview(content)) for name, content in arrays.items()}
    sources = [SourceList(name, sha256, memoryview(text)) for name, sha256, text in lists]
    return IndicatorColumns(ColumnArrays(**views), spans, sources)


def as_column(name: str, content: memoryview) -> memoryview:
    """Return the bytes of the column `name` as what they are."""
    return content if name in TEXTS else content.cast("I")


def packed(texts: Sequence[bytes]) -> tuple[memoryview, memoryview]:
    """Return `texts` one behind the other, and where each begins."""
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + len(text))
    return memoryview(b"".join(texts)), numbers_of(starts)


def numbers_of(values: Sequence[int]) -> memoryview:
    """Return a column of these numbers."""
    return memoryview(array("I", values))


def packed_claims(claims: Sequence[Claim]) -> tuple[memoryview, memoryview]:
    """Return claims as they are stored."""
    return packed([msgspec.msgpack.encode(claim) for claim in claims])


def _line_at(text: memoryview, start: int) -> str:
    length = _LINE
    while True:
        line, newline, _rest = bytes(text[start : start + length]).partition(b"\n")
        if newline or start + length >= len(text):
            return line.decode(errors="replace").strip()[:KEPT_TEXT]
        length *= 4


def _shared(first: bytes, second: bytes) -> int:
    """Return how many bytes both begin with."""
    for place, (one_byte, other_byte) in enumerate(zip(first, second, strict=False)):
        if one_byte != other_byte:
            return place
    return min(len(first), len(second))
