"""Times as authorities write them in notices, with their precision and whether a zone is given."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from quetsach.clocks import MICROSECONDS, Zone, us_from_epoch, within, zone_from_offset
from quetsach.notices.model import Notice

LONGEST = 100
"""No written time or period is longer, in characters."""

_DAY = re.compile(
    r"(?<!\d)(?:(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})"
    r"|(?P<d2>\d{1,2})(?P<t>[-/.])(?P<m2>\d{1,2})(?P=t)(?P<y2>\d{4}))(?!\d)",
    re.ASCII,
)
# 08:15:22, 08:15, and as letters write it 8h15, 08h15', 8 giờ 15 phút.
_CLOCK = re.compile(
    r"(?<![\d.])(?P<h>\d{1,2})\s?(?::|h|giờ)\s?(?P<m>\d{2})(?!\d)(?:'|\s?phút)?"
    r"(?:\s?:\s?(?P<s>\d{2})(?!\d)(?:[.,](?P<f>\d{1,9}))?)?\s?(?P<ap>[AaPp][Mm])?",
    re.ASCII,
)
_ZONE = re.compile(
    r"(?P<utc>Z|UTC|GMT)?\s*(?P<o>[+-]\d{1,2}(?::?\d{2})?)?\)?\s*(?=$|[;,)])", re.ASCII
)


@dataclass(frozen=True)
class WrittenTime:
    """A time as it was written. Units: us since 1970, UTC.

    Shapes: `digits` is "day", "minute" or "second"; `zone` is "" where an offset stood in the text,
    else the zone that was assumed.
    """

    us: int
    digits: str
    zone: str


def moment_of(text: str, assumed: Zone) -> WrittenTime | None:
    """Return the moment that `text` writes, or None; `assumed` applies where no offset is given."""
    found = moments_in(text, assumed)
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=4096)
def moments_in(text: str, assumed: Zone) -> tuple[WrittenTime, ...]:
    """Return the one moment that `text` writes, or the two ends of a period; else nothing."""
    if len(text) > LONGEST:
        return ()
    written = text.strip()
    from_epoch = us_from_epoch(written)
    if from_epoch is not None:
        return (WrittenTime(from_epoch, "second", ""),)
    days = list(_DAY.finditer(written))
    if not 1 <= len(days) <= 2:
        return ()
    parts = [written] if len(days) == 1 else _halves(written, days)
    found = [_moment(part, assumed) for part in parts]
    return tuple(one for one in found if one is not None) if None not in found else ()


def _halves(text: str, days: "list[re.Match[str]]") -> list[str]:
    """Return the text of each end of a period: a clock precedes both days or follows both."""
    clock = _CLOCK.search(text)
    if clock is not None and clock.start() < days[0].start():
        return [text[: days[0].end()], text[days[0].end() :]]
    return [text[: days[1].start()], text[days[1].start() :]]


def _moment(text: str, assumed: Zone) -> WrittenTime | None:
    day = _DAY.search(text)
    if day is None:
        return None
    rest = text[: day.start()] + " " + text[day.end() :].replace("T", " ", 1)
    clock = _CLOCK.search(rest)
    if clock is None and re.search(r"\d\s?:|\d\s?h", rest):
        return None
    hour, minute, second, fraction = (0, 0, 0, 0) if clock is None else _clock(clock)
    zone = _zone(rest if clock is None else rest[clock.end() :])
    year, month, number = (
        int(day[one] or day[other]) for one, other in (("y", "y2"), ("m", "m2"), ("d", "d2"))
    )
    try:
        when = datetime(year, month, number, hour, minute, second, tzinfo=zone or assumed)
        since = when - datetime(1970, 1, 1, tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    us = within((since.days * 86_400 + since.seconds) * MICROSECONDS + fraction)
    if us is None:
        return None
    digits = "day" if clock is None else "second" if clock["s"] else "minute"
    return WrittenTime(us, digits, "" if zone is not None else zone_name(assumed))


def _clock(match: "re.Match[str]") -> tuple[int, int, int, int]:
    hour = int(match["h"])
    half = (match["ap"] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    fraction = (match["f"] or "")[:6].ljust(6, "0")
    return hour, int(match["m"]), int(match["s"] or 0), int(fraction)


def _zone(rest: str) -> Zone | None:
    """Return the zone at the end of `rest`, or None."""
    found = _ZONE.search(rest.strip(" ("))
    if found is None or not (found["utc"] or found["o"]):
        return None
    return zone_from_offset(found["o"] or found["utc"])


def zone_name(zone: Zone) -> str:
    """Return the name of a zone as a notice keeps it: "UTC", or the name of a region."""
    return zone.key if isinstance(zone, ZoneInfo) else "UTC" if zone is UTC else str(zone)


SLACK_US = 300 * MICROSECONDS
"""How far the clocks of a sinkhole and of an office router may be apart and still be believed."""

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_LENGTHS_US = {"day": 86_400 * MICROSECONDS, "minute": 60 * MICROSECONDS, "second": MICROSECONDS}


@dataclass(frozen=True)
class TimeWindow:
    """A span of time, both ends included; None on both sides is all time.

    Units: us since 1970, UTC. `zone` is set where the span stands for the notice's time read in
    another zone than the one it was first read in.
    """

    from_us: int | None
    until_us: int | None
    zone: str = ""

    @property
    def is_wide(self) -> bool:
        """Whether it is longer than a minute, so that a port may have had several users in it."""
        if self.from_us is None or self.until_us is None:
            return True
        return self.until_us - self.from_us >= _LENGTHS_US["minute"]

    def loosened(self, slack_us: int = SLACK_US) -> "TimeWindow":
        """Return the span, longer by `slack_us` at each end."""
        if self.from_us is None or self.until_us is None:
            return self
        return TimeWindow(self.from_us - slack_us, self.until_us + slack_us, self.zone)

    def distance_us(self, start_us: int | None, end_us: int | None) -> int:
        """Return how far the span from `start_us` to `end_us` is from this one, 0 where they meet.

        An open end reaches everywhere; so does a span without times.
        """
        if self.from_us is None or self.until_us is None:
            return 0
        if start_us is not None and start_us > self.until_us:
            return start_us - self.until_us
        if end_us is not None and end_us < self.from_us:
            return self.from_us - end_us
        return 0


def window_of(notice: Notice) -> TimeWindow:
    """Return the span that the notice's time means: a second, a minute, a day, or a period."""
    if notice.when_us is None:
        return TimeWindow(None, None)
    last = notice.when_us if notice.end_us is None else max(notice.end_us, notice.when_us)
    return TimeWindow(notice.when_us, last + _LENGTHS_US.get(notice.time_digits, MICROSECONDS) - 1)


def window_elsewhere(notice: Notice, local: Zone = VIETNAM) -> TimeWindow | None:
    """Return the span if the time was meant in the other zone; None where a zone was written.

    A time that we took for UTC may be local time, and one that we took for local time may have
    been copied from a report in UTC.
    """
    if notice.when_us is None or not notice.zone_assumed:
        return None
    is_utc = notice.zone in ("", "UTC")
    shift = _offset_us(notice.when_us, local if is_utc else _window_zone(notice.zone, local))
    if not shift:
        return None
    first = window_of(notice)
    assert first.from_us is not None
    assert first.until_us is not None
    by = -shift if is_utc else shift
    name = str(local) if is_utc else "UTC"
    return TimeWindow(first.from_us + by, first.until_us + by, name)


def _window_zone(name: str, otherwise: Zone) -> Zone:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return otherwise


def _offset_us(when_us: int, zone: Zone) -> int:
    offset = datetime.fromtimestamp(when_us // MICROSECONDS, tz=UTC).astimezone(zone).utcoffset()
    return 0 if offset is None else round(offset.total_seconds()) * MICROSECONDS
