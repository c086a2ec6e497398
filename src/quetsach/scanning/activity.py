"""The activity in a split: lines and active inside addresses per hour, and who talks to whom."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pyroaring import BitMap

from quetsach.attribution.questions import PROXY_PORTS
from quetsach.clocks import HALF, MICROSECONDS, ZONE, Zone, last_year_of, within, zone_from_offset
from quetsach.formats.shared.ecs_fields import WHO_IT_WAS
from quetsach.scanning.grades import is_unknown
from quetsach.scanning.public_resolvers import encrypted_resolver
from quetsach.schema import Event
from quetsach.sieve.address_sets import bitmap
from quetsach.sieve.contract import LineClock, SplitHour

HOUR_US = 3600 * MICROSECONDS

MOST_ALIVE = 1 << 20
"""How many (hour, address) pairs one split keeps; a log that holds more is not an office's."""

MOST_HOURS = 100_000
"""How many different hours one split keeps."""

_KEY = re.compile(rb"(\d{4})[-/:](\d\d)[-/:](\d\d)\D{1,12}(\d\d)$")
_DAY_FIRST = re.compile(
    rb"(?P<day>[ \d]\d)[-/](?P<month>[A-Z][a-z]{2})[-/](?P<year>\d{4})[: ](?P<hour>\d\d)$"
)
_MONTH_FIRST = re.compile(
    rb"(?P<month>[A-Z][a-z]{2}) (?P<day>[ \d]\d)(?: (?P<year>\d{4}))? (?P<hour>\d\d)$"
)
_FIGURES = re.compile(
    rb"(?P<first>\d\d)(?P<sign>[/.-])(?P<second>\d\d)(?P=sign)(?P<year>\d{4}|\d\d)\D{1,12}(?P<hour>\d\d)$"
)
_MONTHS = b"JanFebMarAprMayJunJulAugSepOctNovDec"
_OFFSET = re.compile(rf"[:\d.,]{{0,20}} ?\(?({ZONE})".encode())
# Tue Sep  1 08:15:22 2026, as ctime(3) writes it.
_YEAR_BEHIND = re.compile(rb":\d\d:\d\d(?:\.\d{1,9})? (\d{4})(?!\d)")
# 03:15:22 PM, 03:15:22 CH (afternoon): the bytes of the hour are the same in the morning.
_HALF = re.compile(rf":\d\d(?::\d\d(?:[.,]\d{{1,9}})?)? ?{HALF}".encode())
_FIELD = re.compile(rb"\b(?:d?tz|timezone|devTimeZone)=\"?([+-]\d\d?:?\d\d)")


@dataclass
class HourlyActivity:
    """Lines and inside speakers per hour.

    Units: hours as microseconds since 1970, UTC, at their start; None where no hour was read.
    """

    lines: dict[int | None, int] = field(default_factory=dict)
    alive: dict[int | None, BitMap] = field(default_factory=dict)
    alive_cut: bool = False
    first_line: tuple[int, bytes] | None = None
    last_line: tuple[int, bytes] | None = None
    most_hours: int = MOST_HOURS
    _kept: int = 0
    _known: dict[bytes, int] = field(default_factory=dict)

    def add(
        self,
        tallies: Sequence[SplitHour],
        clock: LineClock | None,
        zone: Zone,
        taken_us: int | None = None,
    ) -> None:
        """Add what was counted in a split; `taken_us` gives a year that is left out."""
        for tally in tallies:
            hour = self.hour(tally.key, tally.first[1], clock, zone, taken_us)
            if len(self.lines) >= self.most_hours and hour not in self.lines:
                # Ten years have fewer hours: these are no times, whatever they look like.
                hour = None
            self.lines[hour] = self.lines.get(hour, 0) + tally.lines
            self._add_alive(hour, tally.alive)
            if hour is not None:
                self._keep_ends(hour, tally)

    def _keep_ends(self, hour: int, tally: SplitHour) -> None:
        """Keep the lines that tell when the log begins and ends."""
        if self.first_line is None or hour < self.first_line[0]:
            self.first_line = hour, tally.first[1]
        if self.last_line is None or hour >= self.last_line[0]:
            self.last_line = hour, tally.last[1]

    def _add_alive(self, hour: int | None, packed: bytes) -> None:
        speakers = self.alive.setdefault(hour, BitMap())
        if not packed:
            return
        before, alive = len(speakers), bitmap(packed)
        if self._kept < MOST_ALIVE:
            speakers |= alive
            self._kept += len(speakers) - before
        elif not alive <= speakers:
            self.alive_cut = True

    def hour(
        self,
        key: bytes,
        line: bytes,
        clock: LineClock | None,
        zone: Zone,
        taken_us: int | None,
    ) -> int | None:
        """Return the UTC hour of a tally's key, whose first line is `line`, in us, or None."""
        if clock is None or not key:
            return None
        if clock.epoch:
            return within(int(key) * HOUR_US)
        if key not in self._known:
            hour = hour_of(key, line, zone, taken_us, day_first=clock.day_first)
            if hour is None or len(self._known) >= self.most_hours:
                return hour
            self._known[key] = hour
        return self._known[key]


def hour_of(
    key: bytes, line: bytes, zone: Zone, taken_us: int | None = None, *, day_first: bool = False
) -> int | None:
    """Return the UTC hour that `key` names in `line`, in us, or None.

    The offset may follow the time or be in a field of its own; else the source's zone holds.
    A day without a year is the last such day not after `taken_us`. An hour of twelve is none.
    """
    found = _date_of(key, day_first=day_first)
    if found is None:
        return None
    year, month, day, hour = found
    behind = line[line.find(key) + len(key) :]
    if _HALF.match(behind):
        return None
    written = _OFFSET.match(behind) or _FIELD.search(behind)
    try:
        used = zone_from_offset(written.group(1).decode("ascii")) if written else zone
        late = _YEAR_BEHIND.match(behind) if year is None else None
        if late is not None:
            year = int(late[1])
        elif year is None:
            year = last_year_of(month, day, taken_us, zone)
        if year is None or used is None:
            return None
        when = datetime(year, month, day, hour, tzinfo=used)
        return within(int(when.timestamp()) // 3600 * HOUR_US)
    except (ValueError, OverflowError):
        return None


def _date_of(key: bytes, *, day_first: bool) -> tuple[int | None, int, int, int] | None:
    """Return year (None where it is left out), month, day and hour."""
    plain = _KEY.search(key)
    if plain is not None:
        return int(plain[1]), int(plain[2]), int(plain[3]), int(plain[4])
    figures = _FIGURES.search(key)
    # Dashes and points between figures may also be a year of two figures before its month.
    if figures is not None and (day_first or figures["sign"] == b"/"):
        month, day = int(figures["first"]), int(figures["second"])
        if day_first:
            month, day = day, month
        year = int(figures["year"])
        # Windows writes 26 for 2026.
        return year + 2000 if year < 100 else year, month, day, int(figures["hour"])
    match = _MONTH_FIRST.search(key) or _DAY_FIRST.search(key)
    if match is None or _MONTHS.find(match["month"]) % 3:
        return None
    written = None if match["year"] is None else int(match["year"])
    return written, _MONTHS.find(match["month"]) // 3 + 1, int(match["day"]), int(match["hour"])


MOST_FACTS = 200_000
"""How many pairs of client and server one split keeps."""


@dataclass
class RecordCounts:
    """How many contacts of one kind were parsed, and how many of them tell when, and who."""

    records: int = 0
    timed: int = 0
    with_client: int = 0

    def add(self, other: "RecordCounts") -> None:
        """Add the counts of other records."""
        self.records += other.records
        self.timed += other.timed
        self.with_client += other.with_client


@dataclass
class TrafficPairs:
    """The pairs (client, server) of DNS questions and of web proxies, the period of the lines.

    `zone` is the one applied to times written without any; None when each carried its own. `cut`
    says that there were more pairs than are kept. `zone_applied` says that a line of known form
    needed a zone. `encrypted` are clients with the public resolver
    that they could ask unseen, and when first. `records` tallies them by data set.
    """

    asks: set[tuple[str, str]] = field(default_factory=set)
    relays: set[tuple[str, str]] = field(default_factory=set)
    cut: bool = False
    zone: str | None = None
    zone_applied: bool = False
    first_us: int | None = None
    last_us: int | None = None
    most: int = MOST_FACTS
    records: dict[str, RecordCounts] = field(default_factory=dict)
    encrypted: dict[tuple[str, str], int | None] = field(default_factory=dict)

    def add(self, events: Iterable[tuple[int, Event]]) -> None:
        """Take the facts out of `events`, which come with the offsets of their lines."""
        for _offset, event in events:
            if not is_unknown(event):
                self._add_time(event.get("@timestamp"))
                self.zone_applied |= "event.timezone" in event
            self.tally(event)
            self.zone = event.get("event.timezone", self.zone)
            self.add_encrypted(event)
            self.add_ends(event)

    def add_times(self, events: Iterable[tuple[int, Event]]) -> None:
        """Take only the period out of `events`; lines of unknown form tell none."""
        for _offset, event in events:
            if not is_unknown(event):
                self._add_time(event.get("@timestamp"))

    def add_period(self, first_us: int | None, last_us: int | None) -> None:
        """Take the times of the first and the last of some lines of known form."""
        self._add_time(first_us)
        self._add_time(last_us)

    def has_room(self, count: int) -> bool:
        """Return whether `count` more pairs are kept, so that it does not matter which come."""
        return max(len(self.asks), len(self.relays)) + count < self.most

    def add_ends(self, event: Event) -> None:
        """Take client and server of `event`, where it is a question or goes to a web proxy."""
        if event.get("destination.port") in PROXY_PORTS:
            self._add_pair(self.relays, event)
        if "host.ip" not in event and event.get("event.dataset", "").endswith(".dns"):
            self._add_question(event)

    def tally(self, event: Event, count: int = 1) -> None:
        """Count `count` contacts that tell the same as `event` does."""
        if event.get("event.type") == "info":
            return
        dataset = event.get("event.dataset", "")
        tally = self.records.get(dataset)
        if tally is None:
            tally = self.records[dataset] = RecordCounts()
        tally.records += count
        tally.timed += count * ("@timestamp" in event)
        tally.with_client += count * any(name in event for name in WHO_IT_WAS)

    def _add_time(self, when: int | None) -> None:
        if when is not None:
            self.first_us = when if self.first_us is None else min(self.first_us, when)
            self.last_us = when if self.last_us is None else max(self.last_us, when)

    def add_encrypted(self, event: Event) -> None:
        """Take the client of `event` that may have asked a public resolver unseen."""
        client, resolver = event.get("source.ip"), encrypted_resolver(event)
        if client is None or resolver is None or len(self.encrypted) >= self.most:
            return
        when = event.get("@timestamp")
        known = self.encrypted.setdefault((client, resolver), when)
        if when is not None and (known is None or when < known):
            self.encrypted[client, resolver] = when

    def _add_question(self, event: Event) -> None:
        # LLMNR and NetBIOS are answered by anybody; only port 53 makes a name server.
        if event.get("destination.port", 53) == 53:
            self._add_pair(self.asks, event)

    def _add_pair(self, pairs: set[tuple[str, str]], event: Event) -> None:
        client, server = event.get("source.ip"), event.get("destination.ip")
        if client and server:
            if len(pairs) >= self.most:
                self.cut = True
            else:
                pairs.add((client, server))
