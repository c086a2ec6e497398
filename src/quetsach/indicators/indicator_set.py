"""The indicators of a set by kind and key; those of large lists are created on access."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.indicators.model import (
    Claim,
    Indicator,
    IndicatorKind,
    IndicatorSet,
    MatchRule,
    Origin,
    digest_row,
)
from quetsach.indicators.values import KINDS

_RULES = {
    IndicatorKind.NAME: MatchRule.BELOW,
    IndicatorKind.ADDRESS: MatchRule.EXACT,
    IndicatorKind.HASH: MatchRule.HASH,
}
KEPT_TEXT = 200
"""How much of a row is kept with its indicator or refusal, in characters."""


@dataclass(frozen=True)
class BulkRows:
    """Rows that each contain one simple value, as columns.

    Shapes: the Arrow arrays `keys` (text), `kinds` (places in KINDS), `rows` (line numbers from
    1) and `claim_numbers` (places in `claims`) are of one length; `lines` are all lines of the
    file.
    """

    list_name: str
    list_sha256: str
    keys: Any
    kinds: Any
    rows: Any
    claim_numbers: Any
    claims: tuple[Claim, ...]
    lines: Any

    def __len__(self) -> int:
        return len(self.keys)

    def indicator(self, place: int) -> Indicator:
        """Return the indicator of one row, with its origin."""
        columns = (self.keys, self.kinds, self.rows, self.claim_numbers)
        key, kind, row, claim_number = (column[place].as_py() for column in columns)
        return self._with_text(key, kind, row, claim_number, self.lines[row - 1].as_py())

    def every(self, places: Any) -> list[Indicator]:
        """Return the indicators at `places`, an Arrow array; faster than one at a time."""
        columns = [
            column.take(places) for column in (self.keys, self.kinds, self.rows, self.claim_numbers)
        ]
        texts = self.lines.take(pc.subtract(columns[2], 1)).to_pylist()
        rows = zip(*(column.to_pylist() for column in columns), texts, strict=True)
        return [self._with_text(*row) for row in rows]

    def digest_rows(self, places: Any) -> Any:
        """Return the texts of `digest_row` for the indicators at `places`."""
        kinds = pc.cast(self.kinds, pa.int64()).take(places)
        claim_numbers = pc.cast(self.claim_numbers, pa.int64()).take(places)
        ends = pa.array(
            [
                digest_row(Indicator("", "", kind, _RULES[kind], claim=claim))
                for claim in self.claims
                for kind in KINDS
            ],
            pa.large_string(),
        )
        end = ends.take(pc.add(pc.multiply(claim_numbers, len(KINDS)), kinds))
        keys = pc.cast(self.keys.take(places), pa.large_string())
        return pc.binary_join_element_wise(keys, end, pa.scalar("", pa.large_string()))

    def _with_text(
        self, key: str, kind_place: int, row: int, claim_number: int, text: str
    ) -> Indicator:
        kind, claim = KINDS[kind_place], self.claims[claim_number]
        shown = text.strip()[:KEPT_TEXT]
        origin = Origin(self.list_name, self.list_sha256, row, shown, claim=claim)
        return Indicator(key, key, kind, _RULES[kind], claim=claim, origins=(origin,))


Entry = Indicator | int
"""An indicator, or the index of its row in the large lists, counted across all of them."""


class IndicatorTable:
    """Indicators with unique keys. It reads as their tuple, sorted by key and kind."""

    def __init__(self, indicators: Iterable[Indicator] = ()) -> None:
        self._by_kind: dict[IndicatorKind, dict[str, Entry]] = {kind: {} for kind in IndicatorKind}
        self._bulks: list[BulkRows] = []
        self._starts: list[int] = []
        for indicator in indicators:
            self.put(indicator)

    def of(self, kind: IndicatorKind) -> dict[str, Entry]:
        """Return the entries of one kind by key; `at` returns the indicator of an entry."""
        return self._by_kind[kind]

    def at(self, stored: Entry) -> Indicator:
        """Return the indicator of an entry."""
        if not isinstance(stored, int):
            return stored
        number = bisect_right(self._starts, stored) - 1
        return self._bulks[number].indicator(stored - self._starts[number])

    def get(self, kind: IndicatorKind, key: str) -> Indicator | None:
        """Return the indicator of this kind and key, or None."""
        stored = self._by_kind[kind].get(key)
        return None if stored is None else self.at(stored)

    def put(self, indicator: Indicator) -> None:
        """Store `indicator`, in place of the one with its kind and key."""
        self._by_kind[indicator.kind][indicator.key] = indicator

    def add_bulk(self, bulk: BulkRows) -> Iterator[Indicator]:
        """Store the rows of a large list; yield those whose key is already present."""
        start = sum(map(len, self._bulks))
        self._bulks.append(bulk)
        self._starts.append(start)
        for number, kind in enumerate(KINDS):
            of_kind = self._by_kind[kind]
            is_kind = pc.equal(bulk.kinds, number)
            places = pc.add(pc.indices_nonzero(is_kind), start).to_pylist()
            keys = bulk.keys.filter(is_kind).to_pylist()
            for key, place in zip(keys, places, strict=True):
                if of_kind.setdefault(key, place) is not place:
                    yield self.at(place)

    def __len__(self) -> int:
        return sum(map(len, self._by_kind.values()))

    def __iter__(self) -> Iterator[Indicator]:
        return iter(self._all)

    def __getitem__(self, place: Any) -> Any:
        return self._all[place]

    def __eq__(self, other: object) -> bool:
        return self._all == (other._all if isinstance(other, IndicatorTable) else other)

    __hash__ = None  # type: ignore[assignment]  # it can still grow

    @cached_property
    def _all(self) -> tuple[Indicator, ...]:
        indicators = [*self._single()]
        for bulk, kept in zip(self._bulks, self._kept(), strict=True):
            indicators.extend(bulk.every(kept))
        return tuple(sorted(indicators, key=lambda indicator: (indicator.key, indicator.kind)))

    def digest(self) -> str:
        """Return the SHA-256 of the indicators, without creating those of large lists."""
        rows = [
            pa.array([digest_row(indicator) for indicator in self._single()], pa.large_string())
        ]
        rows += [
            bulk.digest_rows(kept) for bulk, kept in zip(self._bulks, self._kept(), strict=True)
        ]
        joined = pa.concat_arrays(rows)
        ordered = joined.take(pc.sort_indices(joined))
        digest = hashlib.sha256()
        for start in range(0, len(ordered), _DIGESTED):
            digest.update("".join(ordered.slice(start, _DIGESTED).to_pylist()).encode())
        return digest.hexdigest()

    def _single(self) -> Iterator[Indicator]:
        for of_kind in self._by_kind.values():
            yield from (stored for stored in of_kind.values() if not isinstance(stored, int))

    def _kept(self) -> list[Any]:
        """Return for each large list the places of its rows that are stored as indicators."""
        places = sorted(
            stored
            for kind in KINDS
            for stored in self._by_kind[kind].values()
            if isinstance(stored, int)
        )
        kept, begin = [], 0
        for number, start in enumerate(self._starts):
            end = bisect_right(places, start + len(self._bulks[number]) - 1)
            kept.append(pc.subtract(pa.array(places[begin:end], pa.int64()), start))
            begin = end
        return kept


_DIGESTED = 65_536
"""How many rows are joined at a time for the digest."""


def indicator_table(indicator_set: IndicatorSet) -> IndicatorTable:
    """Return the indicators of the set by kind and key."""
    indicators = indicator_set.indicators
    return indicators if isinstance(indicators, IndicatorTable) else IndicatorTable(indicators)
