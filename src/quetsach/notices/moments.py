"""Times as authorities write them in notices, with how fine they are and whether a zone stands."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from quetsach.clocks import MICROSECONDS, Zone, us_from_epoch, within, zone_from_offset

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
class Moment:
    """A time as it was written. Units: us since 1970, UTC.

    Shapes: `digits` is "day", "minute" or "second"; `zone` is "" where an offset stood in the text,
    else the zone that was assumed.
    """

    us: int
    digits: str
    zone: str


def moment_of(text: str, assumed: Zone) -> Moment | None:
    """Return the moment that `text` writes, or None; `assumed` applies where no offset stands."""
    found = moments_in(text, assumed)
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=4096)
def moments_in(text: str, assumed: Zone) -> tuple[Moment, ...]:
    """Return the one moment that `text` writes, or the two ends of a period; else nothing."""
    if len(text) > LONGEST:
        return ()
    written = text.strip()
    from_epoch = us_from_epoch(written)
    if from_epoch is not None:
        return (Moment(from_epoch, "second", ""),)
    days = list(_DAY.finditer(written))
    if not 1 <= len(days) <= 2:
        return ()
    parts = [written] if len(days) == 1 else _halves(written, days)
    found = [_moment(part, assumed) for part in parts]
    return tuple(one for one in found if one is not None) if None not in found else ()


def _halves(text: str, days: "list[re.Match[str]]") -> list[str]:
    """Return the text of each end of a period: a clock stands before both days or behind both."""
    clock = _CLOCK.search(text)
    if clock is not None and clock.start() < days[0].start():
        return [text[: days[0].end()], text[days[0].end() :]]
    return [text[: days[1].start()], text[days[1].start() :]]


def _moment(text: str, assumed: Zone) -> Moment | None:
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
    return Moment(us, digits, "" if zone is not None else zone_name(assumed))


def _clock(found: "re.Match[str]") -> tuple[int, int, int, int]:
    hour = int(found["h"])
    half = (found["ap"] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    fraction = (found["f"] or "")[:6].ljust(6, "0")
    return hour, int(found["m"]), int(found["s"] or 0), int(fraction)


def _zone(rest: str) -> Zone | None:
    """Return the zone that stands at the end of `rest`, or None."""
    found = _ZONE.search(rest.strip(" ("))
    if found is None or not (found["utc"] or found["o"]):
        return None
    return zone_from_offset(found["o"] or found["utc"])


def zone_name(zone: Zone) -> str:
    """Return the name of a zone as a notice keeps it: "UTC", or the name of a region."""
    return zone.key if isinstance(zone, ZoneInfo) else "UTC" if zone is UTC else str(zone)
