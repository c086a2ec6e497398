"""The indicators of a set by kind and key; those of large lists are created on access."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from quetsach.indicators.indicator_columns import SIMPLE_KINDS, IndicatorColumns
from quetsach.indicators.model import (
    Claim,
    Indicator,
    IndicatorKind,
    IndicatorSet,
    digest_row,
)

MOST_KEPT = 65_536
"""How many look-ups in large lists are kept, with what they found."""


class IndicatorTable:
    """Indicators with unique keys. It reads as their tuple, sorted by key and kind.

    Those of large lists stand in columns; what is put beside them counts in their place.
    """

    def __init__(
        self, indicators: Iterable[Indicator] = (), columns: IndicatorColumns | None = None
    ) -> None:
        self.columns = columns
        self._by_kind: dict[IndicatorKind, dict[str, Indicator]] = {
            kind: {} for kind in IndicatorKind
        }
        self._hidden: set[tuple[IndicatorKind, str]] = set()
        self._hidden_places: dict[IndicatorKind, frozenset[int]] = {}
        self._known: dict[tuple[IndicatorKind, str], Indicator | None] = {}
        self._all: tuple[Indicator, ...] | None = None
        self._digest: str | None = None
        # Where the compiled keys of these indicators may be kept, unchanged.
        self.keys_folder: Path | None = None
        for indicator in indicators:
            self.put(indicator)

    def get(self, kind: IndicatorKind, key: str) -> Indicator | None:
        """Return the indicator of this kind and key, or None."""
        beside = self._by_kind[kind].get(key)
        if beside is not None or self.columns is None:
            return beside
        if (kind, key) not in self._known:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            place = self._stored(kind, key)
            stored = None if place is None else self.columns.indicator(place)
            self._known[kind, key] = stored
        return self._known[kind, key]

    def of_key(self, key: str) -> list[Indicator]:
        """Return the indicators of this key, of any kind, in the order of the kinds' names."""
        found = (self.get(kind, key) for kind in sorted(IndicatorKind))
        return [indicator for indicator in found if indicator is not None]

    def with_claim(self, holds: Callable[[Claim], bool]) -> Iterator[Indicator]:
        """Yield the indicators whose claims are such."""
        yield from (one for one in self.of_several() if holds(one.claim))
        if self.columns is not None:
            hidden = frozenset().union(*map(self.hidden_places, IndicatorKind))
            places = self.columns.simple_with(holds)
            yield from (self.columns.indicator(n) for n in places if n not in hidden)

    def of_several(self) -> Iterator[Indicator]:
        """Yield those whose rows may have given other indicators too: all but simple values."""
        for kind in IndicatorKind:
            yield from self._by_kind[kind].values()
            if self.columns is not None:
                hidden = self.hidden_places(kind)
                places = self.columns.detailed_places(kind)
                yield from (self.columns.indicator(n) for n in places if n not in hidden)

    def simple_keys(self, kind: IndicatorKind) -> list[str]:
        """Return the keys of one kind that are simple values in columns, in order.

        They follow the usual rule of their kind, and have no port, class or decision.
        """
        if self.columns is None or kind not in SIMPLE_KINDS:
            return []
        hidden = self.hidden_places(kind)
        left_out = hidden.union(self.columns.detailed_places(kind))
        keys = self.columns.keys_of(kind)
        first = self.columns.of(kind).start
        return (
            [key for place, key in enumerate(keys, first) if place not in left_out]
            if left_out
            else keys
        )

    def of_several_rows(self) -> Iterator[Indicator]:
        """Yield those that more than one row gives."""
        yield from (one for one in self.of_several() if len(one.origins) > 1)
        if self.columns is not None:
            for kind in SIMPLE_KINDS:
                hidden = self.hidden_places(kind)
                places = self.columns.places_of_several_rows(kind)
                yield from (self.columns.indicator(n) for n in places if n not in hidden)

    def claim_counts(self) -> Iterator[tuple[Claim, int]]:
        """Yield claims with the number of indicators that make them; one may come repeatedly."""
        yield from ((one.claim, 1) for one in self.of_several())
        if self.columns is not None:
            for kind in SIMPLE_KINDS:
                yield from self.columns.claim_counts(kind, self.hidden_places(kind))

    def count(self, kind: IndicatorKind) -> int:
        """Return the number of indicators of one kind."""
        return len(self._by_kind[kind]) + self._count_stored(kind)

    def beside(self, kind: IndicatorKind) -> dict[str, Indicator]:
        """Return the indicators of one kind that stand in no column, by key."""
        return self._by_kind[kind]

    def has_any(self, kind: IndicatorKind) -> bool:
        """Return whether there is any indicator of one kind."""
        return bool(self._by_kind[kind]) or self._count_stored(kind) > 0

    def of(self, kind: IndicatorKind) -> Iterator[Indicator]:
        """Yield every indicator of one kind, each created where it stands in columns."""
        yield from self._by_kind[kind].values()
        yield from (
            (self.columns.indicator(place) for place in self.stored(kind))
            if (self.columns is not None)
            else ()
        )

    def stored(self, kind: IndicatorKind) -> Iterator[int]:
        """Yield the places of one kind in the columns, but for those that something else hides."""
        if self.columns is not None:
            hidden = self.hidden_places(kind)
            yield from (place for place in self.columns.of(kind) if place not in hidden)

    def hidden_places(self, kind: IndicatorKind) -> frozenset[int]:
        """Return the places of one kind in the columns that do not count."""
        if self.columns is None:
            return frozenset()
        if kind not in self._hidden_places:
            hidden = (key for of_kind, key in self._hidden if of_kind is kind)
            places = (self.columns.find(kind, key) for key in hidden)
            self._hidden_places[kind] = frozenset(place for place in places if place is not None)
        return self._hidden_places[kind]

    def put(self, indicator: Indicator) -> None:
        """Store `indicator`, in place of the one with its kind and key."""
        self._hide(indicator.kind, indicator.key)
        self._by_kind[indicator.kind][indicator.key] = indicator

    def drop(self, kind: IndicatorKind, key: str) -> None:
        """Remove the indicator of this kind and key, if there is one."""
        self._hide(kind, key)
        self._by_kind[kind].pop(key, None)

    def changed(
        self, others: Iterable[Indicator], dropped: Iterable[Indicator] = ()
    ) -> "IndicatorTable":
        """Return a table with `others` in place of those of their keys, and without `dropped`."""
        table = IndicatorTable(columns=self.columns)
        table._by_kind = {kind: dict(of_kind) for kind, of_kind in self._by_kind.items()}
        table._hidden = set(self._hidden)
        for other in others:
            table.put(other)
        for indicator in dropped:
            table.drop(indicator.kind, indicator.key)
        return table

    def __len__(self) -> int:
        beside = sum(map(len, self._by_kind.values()))
        return beside + sum(map(self._count_stored, IndicatorKind))

    def __iter__(self) -> Iterator[Indicator]:
        return iter(self._every())

    def __getitem__(self, place: Any) -> Any:
        return self._every()[place]

    def __eq__(self, other: object) -> bool:
        return self._every() == (other._every() if isinstance(other, IndicatorTable) else other)

    __hash__ = None  # type: ignore[assignment]  # it can still grow

    def _every(self) -> tuple[Indicator, ...]:
        if self._all is None:
            every = (indicator for kind in IndicatorKind for indicator in self.of(kind))
            self._all = tuple(in_order(every))
        return self._all

    def __getstate__(self) -> dict[str, Any]:
        # A folder of this machine is none of another's.
        return {**vars(self), "_known": {}, "_all": None, "keys_folder": None}

    def digest(self) -> str:
        """Return the SHA-256 of the indicators, without creating those of large lists."""
        if self._digest is None:
            beside = [
                digest_row(one) for kind in IndicatorKind for one in self.beside(kind).values()
            ]
            self._digest = self._digest_with(sorted(beside))
        return self._digest

    def _digest_with(self, beside: list[str]) -> str:
        if self.columns is not None and self.columns.digest and not beside and not self._hidden:
            return self.columns.digest
        if self.columns is None:
            return hashlib.sha256("".join(beside).encode()).hexdigest()
        from quetsach.indicators.column_digest import digest_of

        hidden = frozenset().union(*map(self.hidden_places, IndicatorKind))
        return digest_of(self.columns, hidden, beside)

    @property
    def identity(self) -> str:
        """The digest of the file that these indicators were opened from, unchanged; else ""."""
        is_changed = bool(self._hidden) or any(self._by_kind.values())
        return "" if self.columns is None or is_changed else self.columns.identity

    def _stored(self, kind: IndicatorKind, key: str) -> int | None:
        if self.columns is None or (kind, key) in self._hidden:
            return None
        return self.columns.find(kind, key)

    def _hide(self, kind: IndicatorKind, key: str) -> None:
        self._all = self._digest = None
        self._known.pop((kind, key), None)
        if self._stored(kind, key) is not None:
            self._hidden.add((kind, key))
            self._hidden_places.pop(kind, None)

    def _count_stored(self, kind: IndicatorKind) -> int:
        if self.columns is None:
            return 0
        return len(self.columns.of(kind)) - sum(of is kind for of, _key in self._hidden)


def indicator_table(indicator_set: IndicatorSet) -> IndicatorTable:
    """Return the indicators of the set by kind and key."""
    indicators = indicator_set.indicators
    return indicators if isinstance(indicators, IndicatorTable) else IndicatorTable(indicators)


def in_order(indicators: Iterable[Indicator]) -> list[Indicator]:
    """Return indicators by key and kind, as a set has them."""
    return sorted(indicators, key=lambda indicator: (indicator.key, indicator.kind))
