"""Which inside address used a public address and port at a time, by the records.

- certain: exactly one inside address has a record that covers that time, the port, and the other
  side as far as both are known.
- likely: one only is to be thought of, but the time, the port or the record leaves a doubt.
- ambiguous: several; all are listed, the nearest first.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.attribution.columns import array_of, numbers
from quetsach.attribution.model import (
    Certainty,
    InsideEndpoint,
    OutsideEndpoint,
    RecordPlace,
    StepKind,
)
from quetsach.attribution.record_notes import RecordNote, placed
from quetsach.attribution.translation_rows import ANY, TranslationRows, key_of, translations_of
from quetsach.clocks import LATEST_US, MICROSECONDS
from quetsach.errors.catalogue import N_

SLACK_US = MICROSECONDS
"""The assumed clock error where none was measured: logs write whole seconds."""

BY_RULE = N_("by the rule of the port blocks; no record shows it at that time")
NO_PORT = N_("the notice names no port")
UNTIMED = N_("the time is not known")
NOT_COVERED = N_("the record does not say that it stood so long")
ROUGH = N_("the time of the record is only that of its file")
SEVERAL = N_("several machines used that address and port at that time")
CLOCKS = N_("the clocks leave a doubt")

_NO_OFFSETS: Mapping[int, int] = MappingProxyType({})

_LOOKED_AT = 65_536
"""How many records of one port around a time are looked at, and no more."""

_LISTED = 64
"""How many inside addresses are listed for one question."""


class TranslationRule(Protocol):
    """Anything that maps a public address and port to an inside address by a fixed rule."""

    def inside_of(self, public_address: str, port: int) -> str | None:
        """Return the inside address, or None where the rule does not speak of it."""


@dataclass(frozen=True)
class _Window:
    """The requested times: surely from `first` to `last`, by the clocks from `low` on."""

    first: int
    last: int
    low: int
    high: int


class TranslationHistory:
    """Translations by public address and port, from records in any order.

    Shapes: `translations` follows TRANSLATION; `sources[file]` is the path that is shown; `rules`
    are asked where no record answers; `offsets` (us to add to the times) by file.
    Cost: two sorts, then columns of numbers; a question with a port is a few binary searches.
    """

    def __init__(
        self,
        translations: pa.Table,
        sources: Sequence[str],
        *,
        rules: Sequence[TranslationRule] = (),
        offsets: Mapping[int, int] = _NO_OFFSETS,
    ) -> None:
        self._rows, self._odd = translations_of(translations, sources, offsets)
        self._sources = sources
        self._rules = rules
        self._every = _index(self._rows, None)
        self._blocks, self._widest = _blocks(self._rows)
        self._spans = _spans(self._rows)

    def inside(
        self, endpoint: OutsideEndpoint, *, slack_us: int = SLACK_US
    ) -> list[InsideEndpoint]:
        """Return the inside addresses that may have been meant, the best first; none if unknown."""
        window = _window(endpoint, slack_us)
        public = self._rows.publics.find(endpoint.address)
        rows: list[int] = []
        if public is not None:
            if endpoint.port is None:
                rows = self._of_any_port(public, window)
            else:
                rows = self._of_port(public, endpoint.port, window)
        remote = self._rows.remotes.find(endpoint.remote) if endpoint.remote else None
        matching = [one for one in rows if self._fits(one, endpoint, remote)]
        found = self._judged(matching, endpoint, window)
        return _with_rules(found, self._by_rules(endpoint))

    def publics(self) -> frozenset[str]:
        """Return the public addresses that records speak of."""
        publics = self._rows.publics
        return frozenset(publics.text(code) for code in range(len(publics)))

    def knows(self, address: str) -> bool:
        """Return whether a record speaks of `address` as a public side."""
        return self._rows.publics.find(address) is not None

    def covers(self, when_us: int) -> bool:
        """Return whether a file of records reaches over that time."""
        return any(first <= when_us <= last for first, last in self._spans)

    def span(self) -> tuple[int, int] | None:
        """Return the first and the last time of all records, or None if they tell none."""
        if not self._spans:
            return None
        return min(one for one, _ in self._spans), max(one for _, one in self._spans)

    def notes(self) -> tuple[RecordNote, ...]:
        """Return the broken records that were found, counted by kind."""
        return tuple(placed(self._odd, self._sources))

    def _of_port(self, public: int, port: int, window: _Window) -> list[int]:
        """Return the records of a port: its own, those of any port, and of blocks around it."""
        rows = self._rows
        matching: list[int] = []
        for written_port in (port, ANY):
            key = key_of(public, written_port)
            matching += _around(rows, self._every, (key, key), window)
        if self._widest:
            first = key_of(public, max(0, port - self._widest))
            blocks = _around(rows, self._blocks, (first, key_of(public, port) - 1), window)
            matching += [number for number in blocks if rows.last_port[number] >= port]
        return matching

    def _of_any_port(self, public: int, window: _Window) -> list[int]:
        """Return the records of a public address that may have been valid at that time."""
        rows = self._rows
        low = bisect_left(rows.key, key_of(public, ANY))
        high = bisect_left(rows.key, key_of(public + 1, ANY))
        began = pc.less_equal(array_of(rows.may_from[low:high]), window.high)
        going = pc.greater_equal(array_of(rows.may_to[low:high]), window.low)
        places: list[int] = pc.indices_nonzero(pc.and_(began, going))[:100_000].to_pylist()
        return [low + one for one in places]

    def _fits(self, number: int, endpoint: OutsideEndpoint, remote: int | None) -> bool:
        """Return whether the other side and the protocol of a record do not speak against it."""
        rows = self._rows
        if endpoint.remote and rows.remote[number] not in (ANY, remote):
            return False
        if endpoint.remote_port is not None and rows.remote_port[number] not in (
            ANY,
            endpoint.remote_port,
        ):
            return False
        transport = rows.transport[number]
        return (
            not endpoint.transport
            or transport == ANY
            or rows.transports.text(transport) == endpoint.transport
        )

    def _judged(
        self, matching: list[int], endpoint: OutsideEndpoint, window: _Window
    ) -> list[InsideEndpoint]:
        """Return one answer an inside address and port, with how sure it is."""
        rows = self._rows
        # A time written to the second means some moment of it: to have existed then is enough.
        exact = window.last - window.first <= MICROSECONDS
        first, last = (window.last, window.first) if exact else (window.first, window.last)
        now = [
            one for one in matching if rows.sure_from[one] <= first and last <= rows.sure_to[one]
        ]
        about = [
            one
            for one in matching
            if rows.sure_from[one] <= window.high and window.low <= rows.sure_to[one]
        ]
        best = now if now and endpoint.when_us is not None else about or matching
        chosen = self._nearest({*best, *about}, set(best), window)
        several = len(chosen) > 1
        return [
            self._inner(one, *self._grade(one, endpoint, several, one in now)) for one in chosen
        ]

    def _nearest(self, numbers: set[int], best: set[int], window: _Window) -> list[int]:
        """Return the best record of each inside address and port, the best first."""
        rows = self._rows

        def rank(number: int) -> tuple[bool, bool, bool, int, int, int]:
            return (
                number not in best,
                bool(rows.rough[number]),
                rows.remote[number] == ANY,
                abs(rows.may_from[number] - window.first),
                rows.inside[number],
                number,
            )

        chosen: dict[int, int] = {}
        for one in sorted(numbers, key=rank):
            chosen.setdefault(rows.inside[one], one)
            if len(chosen) == _LISTED:
                break
        return list(chosen.values())

    def _grade(
        self, number: int, endpoint: OutsideEndpoint, several: bool, covers: bool
    ) -> tuple[Certainty, str]:
        if several:
            return Certainty.AMBIGUOUS, SEVERAL
        if endpoint.when_us is None:
            return Certainty.LIKELY, UNTIMED
        if endpoint.port is None:
            return Certainty.LIKELY, NO_PORT
        if self._rows.rough[number]:
            return Certainty.LIKELY, ROUGH
        return (Certainty.CERTAIN, "") if covers else (Certainty.LIKELY, NOT_COVERED)

    def _inner(self, number: int, grade: Certainty, reason: str) -> InsideEndpoint:
        rows = self._rows
        port, row = rows.inside_port[number], rows.row[number]
        file = rows.file[row]
        path = self._sources[file] if 0 <= file < len(self._sources) else ""
        timed = rows.sure_from[number] <= rows.sure_to[number]
        return InsideEndpoint(
            rows.insides.text(rows.inside[number]),
            None if port == ANY else port,
            grade,
            RecordPlace(path, rows.offset[row]),
            rows.sure_from[number] if timed else None,
            rows.sure_to[number] if timed else None,
            StepKind.PORT_BLOCK if _is_block(rows, number) else StepKind.TRANSLATION,
            reason,
        )

    def _by_rules(self, endpoint: OutsideEndpoint) -> list[InsideEndpoint]:
        if endpoint.port is None:
            return []
        by_address: dict[str, InsideEndpoint] = {}
        for rule in self._rules:
            address = rule.inside_of(endpoint.address, endpoint.port)
            if address is not None:
                by_address[address] = InsideEndpoint(
                    address, None, Certainty.LIKELY, kind=StepKind.PORT_BLOCK, reason=BY_RULE
                )
        return list(by_address.values())


def _with_rules(
    endpoints: list[InsideEndpoint], by_rules: Iterable[InsideEndpoint]
) -> list[InsideEndpoint]:
    """Return what records and rules say together: where they differ, neither is sure."""
    known = {one.address for one in endpoints}
    every = endpoints + [one for one in by_rules if one.address not in known]
    if len(every) > 1:
        return [replace(one, grade=Certainty.AMBIGUOUS, reason=SEVERAL) for one in every]
    return every


def _window(endpoint: OutsideEndpoint, slack_us: int) -> _Window:
    if endpoint.when_us is None:
        return _Window(0, LATEST_US, 0, LATEST_US)
    last = max(
        endpoint.when_us, endpoint.when_us if endpoint.until_us is None else endpoint.until_us
    )
    return _Window(endpoint.when_us, last, endpoint.when_us - slack_us, last + slack_us)


def _is_block(rows: TranslationRows, one: int) -> bool:
    first = rows.key[one] % key_of(1, ANY) - 1
    return rows.last_port[one] > first != ANY


@dataclass(frozen=True)
class _Index:
    """Some translations by key and earliest time; `longest` is the longest possible of them."""

    key: memoryview
    may_from: memoryview
    row: Sequence[int]
    longest: int


def _index(rows: TranslationRows, chosen: pa.Array | None) -> _Index:
    """Return the index of the chosen rows, or of all."""
    columns = [array_of(one) for one in (rows.key, rows.may_from, rows.may_to)]
    if chosen is not None:
        columns = [one.take(chosen) for one in columns]
    key, may_from, may_to = columns
    longest = pc.max(pc.subtract(may_to, may_from)).as_py() if len(key) else 0
    row: Sequence[int] = range(len(key)) if chosen is None else numbers(chosen)
    return _Index(numbers(key), numbers(may_from), row, longest)


def _blocks(rows: TranslationRows) -> tuple[_Index, int]:
    """Return the index of the blocks of ports alone, and how wide the widest of them is."""
    # The first port is in the key: what is left of it after the code of the address.
    key = array_of(rows.key)
    whole = key_of(1, ANY)
    first = pc.subtract(pc.subtract(key, pc.multiply(pc.divide(key, whole), whole)), 1)
    width = pc.subtract(array_of(rows.last_port).cast(pa.int64()), first)
    width = pc.if_else(pc.equal(first, ANY), 0, width)
    chosen = pc.indices_nonzero(pc.greater(width, 0)).cast(pa.int64())
    return _index(rows, chosen), pc.max(width).as_py() if len(chosen) else 0


def _around(
    rows: TranslationRows, index: _Index, keys: tuple[int, int], window: _Window
) -> list[int]:
    """Return the translations of a range of keys that may have been valid at that time."""
    numbers = []
    low = bisect_left(index.key, keys[0])
    stop = bisect_right(index.key, keys[1], low)
    looked_at = 0
    while low < stop and looked_at < _LOOKED_AT:
        high = bisect_right(index.key, index.key[low], low, stop)
        last = bisect_right(index.may_from, window.high, low, high)
        for place in range(last - 1, low - 1, -1):
            looked_at += 1
            if index.may_from[place] < window.low - index.longest or looked_at > _LOOKED_AT:
                break
            if rows.may_to[index.row[place]] >= window.low:
                numbers.append(index.row[place])
        low = high
    return numbers


def _spans(rows: TranslationRows) -> list[tuple[int, int]]:
    """Return from when until when the records of each file reach."""
    timed = pa.table(
        {
            "file": array_of(rows.file).take(array_of(rows.row)),
            "first": array_of(rows.sure_from),
            "last": array_of(rows.sure_to),
        }
    )
    timed = timed.filter(pc.less_equal(timed["first"], timed["last"]))
    spans = timed.group_by("file").aggregate([("first", "min"), ("last", "max")])
    return sorted(zip(spans["first_min"].to_pylist(), spans["last_max"].to_pylist(), strict=True))
