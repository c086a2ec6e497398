"""The outside tokens of a split by the days on which its lines were written.

A part of a split that lies within one day goes to the others of that day at no cost; the lines of
one in which a day ends are looked through once more, day by day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from quetsach.clocks import MICROSECONDS, Zone
from quetsach.scanning.activity import HOUR_US
from quetsach.scanning.split_reader import TokenReader
from quetsach.sieve.contract import OutsideTokens, TokenWants
from quetsach.sieve.outside_tokens import joined

DaySpan = tuple[date, date]
"""The first and the last day, both included."""

_MOST_APART = 16
"""The tokens of so many pieces of a day are joined, as each has its own."""


@dataclass(frozen=True)
class SpanTokens:
    """The tokens and lines of some days; `span` is None for lines that do not tell their hour."""

    span: DaySpan | None
    lines: int
    tokens: OutsideTokens


class DayTokens:
    """Keeps the tokens of one split by day, as its parts are read."""

    def __init__(self, reader: TokenReader, zone: Zone, wants: TokenWants | None = None) -> None:
        self._reader, self._zone = reader, zone
        self._wants = wants or TokenWants()
        self._kept: dict[DaySpan | None, list[OutsideTokens]] = {}
        self._lines: dict[DaySpan | None, int] = {}
        self._spans: dict[int, DaySpan] = {}
        self._span: DaySpan | None = None
        self._has_some = False

    def add_part(self, hour_of: Callable[[bytes, bytes], int | None], clock_us: int) -> None:
        """Take in the part that was read last.

        `hour_of` gives the UTC hour of a key and its first line, in us; `clock_us` is added to it.
        """
        groups: dict[DaySpan | None, list[bytes]] = {}
        for key, lines, first in self._reader.part_hours():
            hour = hour_of(key, first)
            span = None if hour is None else self._span_of(hour + clock_us)
            groups.setdefault(span, []).append(key)
            self._lines[span] = self._lines.get(span, 0) + lines
        if not groups:
            return
        if len(groups) == 1:
            (span,) = groups
            if self._has_some and span != self._span:
                self._keep(self._span, self._reader.take_tokens(without_part=True))
            self._span, self._has_some = span, True
            return
        if self._has_some:
            self._keep(self._span, self._reader.take_tokens(without_part=True))
            self._has_some = False
        each = self._reader.part_tokens(list(groups.values()))
        for span, tokens in zip(groups, each, strict=True):
            self._keep(span, tokens)

    def finish(self) -> tuple[SpanTokens, ...]:
        """Return the tokens of each day; those of lines without an hour come last."""
        if self._has_some:
            self._keep(self._span, self._reader.take_tokens())
            self._has_some = False
        order = sorted(self._kept, key=lambda span: (span is None, span or ()))
        joint = {span: self._joined(self._kept[span]) for span in order}
        return tuple(
            SpanTokens(span, self._lines[span], tokens)
            for span, tokens in joint.items()
            if tokens != OutsideTokens()
        )

    def _keep(self, span: DaySpan | None, tokens: OutsideTokens) -> None:
        apart = self._kept.setdefault(span, [])
        apart.append(tokens)
        if len(apart) >= _MOST_APART:
            self._kept[span] = [self._joined(apart)]

    def _joined(self, apart: list[OutsideTokens]) -> OutsideTokens:
        return apart[0] if len(apart) == 1 else joined(apart, self._wants)

    def _span_of(self, hour_us: int) -> DaySpan:
        """Return the days of an hour; where midnight lies within it there are two."""
        if hour_us not in self._spans:
            ends = (hour_us, hour_us + HOUR_US - 1)
            first, last = (_day(end, self._zone) for end in ends)
            self._spans[hour_us] = first, last
        return self._spans[hour_us]


def _day(when_us: int, zone: Zone) -> date:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=when_us // MICROSECONDS)
    return moment.astimezone(zone).date()
