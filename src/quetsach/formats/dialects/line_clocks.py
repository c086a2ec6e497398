"""Where the lines of a dialect carry their hour and their client, for the tally of every line.

Both are looked for in the first lines of a file, by what stands before them, and taken only where
none of these lines would be read wrong: lines without that sign count for no hour and for nobody.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from quetsach.clocks import HALF, ZONE, Zone, zone_from_offset
from quetsach.formats.dialects.dialect import Dialect
from quetsach.formats.dialects.reading import (
    read_layer,
    time_tokens,
    tokens_of,
)
from quetsach.formats.shared.peeling import LineLayer
from quetsach.formats.shared.syslog import clock_of
from quetsach.formats.shared.text_lines import UNKNOWN
from quetsach.sieve.contract import LineClock

NOBODY = b"\0"
"""A sign that no line holds: where the client has no place of its own, nobody is tallied."""

LOOK_AT = 6
"""How many lines of a dialect are looked at."""

_SHARE = 3
"""A sign stands before the time or the client of at least one line in so many."""

_LONGEST = 40
_HOUR_WITHIN = 512
_CLIENT_WITHIN = 2048
_EPOCH = re.compile(rb"(?:\d{10}|\d{13}|\d{16}|\d{19})(?!\d)")
# The forms of a date that `scanning.activity` knows; month and day in figures only by an order.
_HOUR = re.compile(
    rb"(?:\d{4}[-/:]\d\d[-/:]\d\d\D{1,12}|[ \d]\d[-/][A-Z][a-z]{2}[-/]\d{4}[: ]"
    rb"|(?:[A-Z][a-z]{2},? )?[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?)\d\d(?=:)"
)
_FIGURES = re.compile(rb"\d\d([/.-])\d\d\1(?:\d{4}|\d\d)\D{1,12}\d\d(?=:)")
_OF_TWELVE = re.compile(rf":\d\d(?::\d\d(?:[.,]\d{{1,9}})?)? ?{HALF}".encode())
_ANY_HOUR = re.compile(rb"%b|%b" % (_HOUR.pattern, _FIGURES.pattern))
_OFFSET = re.compile(rb"\b(?:d?tz|timezone|devTimeZone)=\"?[+-]\d\d")
# As in `10.20.3.41` and, with its port, `10.20.3.41.51544`.
_ADDRESS = re.compile(rb"(?<![\w.-])((?:\d{1,3}\.){3}\d{1,3})(?:\.\d{1,5})?(?![\w-]|\.\w)")
_WORD = re.compile(rb"[A-Za-z0-9_.-]|[\x80-\xff]")
# More words than one would be what these lines say, not how the form is written.
_ONE_WORD = re.compile(rb"[^\w\x80-\xff]{0,4}(?:[A-Za-z_][\w.-]{0,38}[^\w\x80-\xff]{1,5})?")
_DAY_SECONDS = 86_400
_LETTER = re.compile(rb"[A-Za-z]")


@dataclass(frozen=True)
class ReadLine:
    """A line of the dialect, its layer, and what it tells."""

    text: bytes
    layer: LineLayer
    record: dict[str, Any]

    @cached_property
    def addresses(self) -> list[tuple[int, str]]:
        """Return where addresses of IPv4 begin, and each as it is written."""
        found = _ADDRESS.finditer(self.text, 0, _CLIENT_WITHIN + _LONGEST)
        return [(match.start(), match[1].decode()) for match in found]

    @property
    def is_named(self) -> bool:
        """Return whether the line names anything; one that was cut off, for instance, does not."""
        return bool(self.record.get("event.dataset", UNKNOWN) != UNKNOWN)

    @property
    def client(self) -> str:
        """Return the address of the client or of the machine that holds a lease; "" for none."""
        return str(self.record.get("source.ip") or self.record.get("host.ip") or "")


@dataclass(frozen=True)
class TimePlace:
    """Where in a line the hour is, and how it is written: seconds, or `length` bytes to it."""

    line: bytes
    place: int
    epoch: bool = False
    length: int = 0
    day_first: bool = False


def line_clock(
    dialect: Dialect, lines: Sequence[tuple[bytes, LineLayer]], zone: Zone
) -> LineClock | None:
    """Return where `lines`, the first of a file that are of `dialect`, carry hour and client.

    Where no place is right for the hour, None. What the file of the dialect says itself counts.
    """
    read = [
        ReadLine(line, layer, read_layer(dialect, layer, zone, None) or {})
        for line, layer in lines[:LOOK_AT]
    ]
    hour = dialect.clock or _hour(dialect, read)
    if hour is None and lines and not _is_utc(dialect):
        hour = clock_of(lines[0][0])
    client = _client(read)
    if hour is None:
        # Without an hour, too, whoever is no client is not to be tallied as one.
        return LineClock(NOBODY, epoch=True, client=client) if read and client else None
    return hour if hour.client else replace(hour, client=client)


_ROW_HOUR = re.compile(rb"(\d{4})([-/])(\d\d)\2(\d\d)[ T](\d\d)(?=:(\d\d):(\d\d))")
_ROW_OFFSET = re.compile(rf":\d\d:\d\d(?:[.,]\d{{1,9}})? ?({ZONE})".encode())


def row_clock(read: Sequence[ReadLine]) -> LineClock | None:
    """Return the clock of a table whose first column is the time; None where it is not.

    It is right for every row of `read` that tells a time; the rows were read in UTC.
    """
    timed = [row for row in read if row.record.get("@timestamp") is not None]
    for needle in (b"", b'"'):
        clocks = {_of_first_column(needle, row) for row in timed}
        if len(clocks) == 1 and (clock := clocks.pop()) is not None:
            # Another sign than a place in the row would be a word that some rows hold.
            return replace(clock, client=b"" if _clients_behind(b"", read) else NOBODY)
    return None


def _of_first_column(needle: bytes, sampled: ReadLine) -> LineClock | None:
    """Return the clock that reads the time of the row right, at its start behind `needle`."""
    place, second = len(needle), sampled.record["@timestamp"] // 1_000_000
    if not sampled.text.startswith(needle):
        return None
    if epoch := _EPOCH.match(sampled.text, place):
        return LineClock(needle, epoch=True) if int(epoch[0][:10]) == second else None
    hour = _ROW_HOUR.match(sampled.text, place)
    if hour is None or _OF_TWELVE.match(sampled.text, hour.end()):
        return None
    has_offset = _ROW_OFFSET.match(sampled.text, hour.end()) is not None
    # A time in the zone of the source is marked so; one without either is in UTC by definition,
    # which who tallies the hours does not know.
    if has_offset is ("event.timezone" in sampled.record):
        return None
    year, _, month, day, *clock = hour.groups()
    written = datetime(*map(int, (year, month, day, *clock)), tzinfo=UTC).timestamp()  # type: ignore[misc,arg-type]
    apart = abs(second - int(written))
    right = apart < _DAY_SECONDS and apart % 900 == 0 if has_offset else apart == 0
    return LineClock(needle, length=len(hour[0])) if right else None


def _hour(dialect: Dialect, read: Sequence[ReadLine]) -> LineClock | None:
    """Return the clock that is right for most lines, by the token that holds the time."""
    places = [place for one in read if (place := _time_in(dialect, one)) is not None]
    clocks = {
        LineClock(sign, place.epoch, place.length, day_first=place.day_first)
        for place in places
        for sign in _signs(place.line, place.place)
    }
    outcomes = {one: [_reads(one, place) for place in places] for one in clocks}
    good = {one: each.count(True) for one, each in outcomes.items() if False not in each}
    ranked = sorted(
        good, key=lambda one: (_rank(one.needle, good[one], len(places)), one.epoch, one.length)
    )
    return next((one for one in ranked if good[one] * _SHARE >= len(places)), None)


def _time_in(dialect: Dialect, sampled: ReadLine) -> TimePlace | None:
    written = time_tokens(dialect, sampled.layer)
    if written is None:
        return None if _is_utc(dialect) else _time_of_head(sampled.text)
    is_epoch = len(written) == 1 and _EPOCH.fullmatch(written[0].encode())
    if not is_epoch and _has_unread_zone(dialect, sampled):
        return None
    place = sampled.text.find(written[0].encode())
    if place < 0 or place >= _HOUR_WITHIN:
        return None
    if len(written) == 1 and _EPOCH.match(sampled.text, place):
        return TimePlace(sampled.text, place, epoch=True)
    hour = _HOUR.match(sampled.text, place)
    day_first = False
    if hour is None and dialect.time.order is not None:
        hour = _FIGURES.match(sampled.text, place)
        day_first = dialect.time.order == "dmy"
    if hour is None or _OF_TWELVE.match(sampled.text, hour.end()):
        return None
    return TimePlace(sampled.text, place, length=hour.end() - place, day_first=day_first)


def _is_utc(dialect: Dialect) -> bool:
    """Return whether the form is in UTC by definition, which the head of a relay need not be."""
    return dialect.time.zone == "utc"


def _time_of_head(line: bytes) -> TimePlace | None:
    head = clock_of(line)
    if head is None:
        return None
    return TimePlace(line, line.find(head.needle) + len(head.needle), length=head.length)


def _has_unread_zone(dialect: Dialect, sampled: ReadLine) -> bool:
    """Return whether the line names a zone in a token that who tallies the hours does not read."""
    token = dialect.time.zone_token
    told = tokens_of(dialect, sampled.layer).get(token) if token else None
    zone = zone_from_offset(told.strip("\"' ()")) if isinstance(told, str) else None
    return zone is not None and not _OFFSET.search(sampled.text)


def _reads(clock: LineClock, place: TimePlace) -> bool | None:
    """Return whether `clock` reads the hour of the line right; None where it reads none."""
    start = place.line.find(clock.needle, 0, _HOUR_WITHIN)
    start = -1 if start < 0 else start + len(clock.needle)
    if start == place.place and (clock.epoch, clock.length) == (place.epoch, place.length):
        return True
    told = _EPOCH if clock.epoch else _ANY_HOUR
    return None if start < 0 or told.match(place.line, start) is None else False


def _signs(line: bytes, place: int) -> Iterator[bytes]:
    """Yield what stands before `place`, one word without figures at most; b"" at the start."""
    if place == 0:
        yield b""
    for start in range(place - 1, max(-1, place - _LONGEST), -1):
        sign = line[start : start + 1]
        if sign.isdigit():
            return
        if not _WORD.match(sign) or start == 0 or not _WORD.match(line[start - 1 : start]):
            if not _ONE_WORD.fullmatch(line, start, place):
                return
            yield line[start:place]


def _rank(sign: bytes, lines: int, of: int) -> tuple[float, bool, int, bytes]:
    """Return what sorts signs: those of most lines, with letters, from a sign on, short ones."""
    named = of / 2 if _LETTER.search(sign) else 0
    return -lines - named, bool(_WORD.match(sign[:1])), len(sign), sign


def _client(read: Sequence[ReadLine]) -> bytes:
    """Return what stands before the client; b"" where it is the first address of a line."""
    signs, clients = {b""}, 0
    for sampled in read:
        place = sampled.text.find(sampled.client.encode()) if "." in sampled.client else -1
        if place >= 0:
            clients += 1
            # What ends within a word could be the end of another sampled.
            signs |= {sign for sign in _signs(sampled.text, place) if not _WORD.match(sign[-1:])}
    good = {sign: right for sign in signs if (right := _clients_behind(sign, read))}
    ranked = sorted(good, key=lambda sign: _rank(sign, good[sign], clients))
    return next((sign for sign in ranked if good[sign] * _SHARE >= clients), NOBODY)


def _clients_behind(sign: bytes, read: Sequence[ReadLine]) -> int:
    """Return in how many lines the first address behind `sign` is the client; 0 if not in all."""
    right = 0
    for sampled in read:
        start = sampled.text.find(sign, 0, _CLIENT_WITHIN)
        behind = sampled.addresses[bisect_left(sampled.addresses, (start + len(sign), "")) :]
        if start < 0 or not behind:
            continue
        if behind[0][1] == sampled.client:
            right += 1
        elif sampled.is_named or not sign:
            return 0
    return right
