"""The indicators of a set by kind and key; those of great lists are made when somebody asks."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.indicators.bulk import Bulk
from quetsach.indicators.model import Indicator, IndicatorSet, Kind, digest_row
from quetsach.indicators.simple_values import KINDS

Entry = Indicator | int
"""An indicator, or the place of its row in the great lists, counted through all of them."""


class Listed:
    """Indicators with unique keys. It reads as their tuple, sorted by key and kind."""

    def __init__(self, indicators: Iterable[Indicator] = ()) -> None:
        self._by_kind: dict[Kind, dict[str, Entry]] = {kind: {} for kind in Kind}
        self._bulks: list[Bulk] = []
        self._starts: list[int] = []
        for one in indicators:
            self.put(one)

    def of(self, kind: Kind) -> dict[str, Entry]:
        """Return the entries of one kind by key; `at` tells the indicator of an entry."""
        return self._by_kind[kind]

    def at(self, entry: Entry) -> Indicator:
        """Return the indicator of an entry."""
        if not isinstance(entry, int):
            return entry
        number = bisect_right(self._starts, entry) - 1
        return self._bulks[number].indicator(entry - self._starts[number])

    def get(self, kind: Kind, key: str) -> Indicator | None:
        """Return the indicator of this kind and key, or None."""
        entry = self._by_kind[kind].get(key)
        return None if entry is None else self.at(entry)

    def put(self, indicator: Indicator) -> None:
        """Hold `indicator`, in place of the one of its kind and key."""
        self._by_kind[indicator.kind][indicator.key] = indicator

    def add_bulk(self, bulk: Bulk) -> Iterator[Indicator]:
        """Hold the rows of a great list; yield those whose key is already here, not held."""
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
        return self._all == (other._all if isinstance(other, Listed) else other)

    __hash__ = None  # type: ignore[assignment]  # it can still grow

    @cached_property
    def _all(self) -> tuple[Indicator, ...]:
        found = [*self._made()]
        for bulk, kept in zip(self._bulks, self._kept(), strict=True):
            found.extend(bulk.every(kept))
        return tuple(sorted(found, key=lambda one: (one.key, one.kind)))

    def digest(self) -> str:
        """Return the SHA-256 of what the indicators say, without making those of great lists."""
        rows = [pa.array([digest_row(one) for one in self._made()], pa.large_string())]
        rows += [
            bulk.digest_rows(kept) for bulk, kept in zip(self._bulks, self._kept(), strict=True)
        ]
        joined = pa.concat_arrays(rows)
        ordered = joined.take(pc.sort_indices(joined))
        digest = hashlib.sha256()
        for start in range(0, len(ordered), _DIGESTED):
            digest.update("".join(ordered.slice(start, _DIGESTED).to_pylist()).encode())
        return digest.hexdigest()

    def _made(self) -> Iterator[Indicator]:
        for of_kind in self._by_kind.values():
            yield from (one for one in of_kind.values() if not isinstance(one, int))

    def _kept(self) -> list[Any]:
        """Return for each great list the places of its rows that are indicators by themselves."""
        places = sorted(
            one for kind in KINDS for one in self._by_kind[kind].values() if isinstance(one, int)
        )
        kept, begin = [], 0
        for number, start in enumerate(self._starts):
            end = bisect_right(places, start + len(self._bulks[number]) - 1)
            kept.append(pc.subtract(pa.array(places[begin:end], pa.int64()), start))
            begin = end
        return kept


_DIGESTED = 65_536
"""How many rows are joined at a time for the digest."""


def listed(indicator_set: IndicatorSet) -> Listed:
    """Return the indicators of the set by kind and key."""
    indicators = indicator_set.indicators
    return indicators if isinstance(indicators, Listed) else Listed(indicators)
