"""Times as devices write them, told apart by their own form; what could be read two ways is not.

Shapes: a time is microseconds since 1970 UTC, or None. A form with day and month in figures and
no year in front is read only in the order that is given.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from quetsach.clocks import (
    HALF,
    MICROSECONDS,
    ZONE,
    Zone,
    last_year_of,
    us_from_epoch,
    us_from_number,
    within,
    zone_from_offset,
)
from quetsach.formats.shared.syslog import MONTHS

Order = Literal["mdy", "dmy"]
"""Which figure comes first in 09/01/2026; a format says so, a line cannot."""


class TimeRead(NamedTuple):
    """A time, and whether the zone of the source had to be applied to it."""

    when_us: int | None
    applied: bool


NO_TIME = TimeRead(None, applied=False)

_LONGEST = 64
_CLOCK = rf"(?P<clock>\d{{1,2}}:\d\d(?::\d\d)?(?:[.,]\d{{1,9}})?)(?: ?(?P<half>{HALF}))?"
_ZONE = rf"(?:\s?\(?(?P<zone>{ZONE}|[A-Z]{{2,5}}))?\)?"
_ISO = re.compile(
    rf"(?P<year>\d{{4}})[-/.:](?P<month>\d\d)[-/.:](?P<day>\d\d)[T ,_-]+{_CLOCK}{_ZONE}"
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)T?(\d\d)(\d\d)(\d\d)(?:\.\d{1,9})?(Z|[+-]\d{4})?")
_NAMED = re.compile(
    r"(?:[A-Z][a-z]{2,8},? +)?"
    r"(?P<day>\d{1,2})[-/ ]?(?P<name>[A-Z][a-z]{2})[a-z]{0,6}[-/ ]?"
    rf"(?P<year>\d{{4}}|\d\d)[: T]+{_CLOCK}{_ZONE}"
)
_MONTH_FIRST = re.compile(
    rf"(?:[A-Z][a-z]{{2}},? +)?(?P<name>[A-Z][a-z]{{2}})[a-z]{{0,6}} +(?P<day>\d{{1,2}}),?"
    rf"(?: +(?P<year>\d{{4}})(?=[ ,]))?,? +{_CLOCK}{_ZONE}(?: (?P<last_year>\d{{4}}))?"
)
_FIGURES = re.compile(
    r"(?P<first>\d{1,2})(?P<sign>[/.-])(?P<second>\d{1,2})(?:(?P=sign)(?P<year>\d{4}|\d\d))?[ ,T]+"
    rf"{_CLOCK}{_ZONE}"
)


def read_time(
    written: object, zone: Zone, taken_us: int | None = None, order: Order | None = None
) -> TimeRead:
    """Return the time that `written` writes; `zone` applies where it has none of its own.

    A date without a year is the last such date not after `taken_us`; without one it is no time.
    """
    if isinstance(written, (int, float)) and not isinstance(written, bool):
        return TimeRead(us_from_number(written), applied=False)
    if not isinstance(written, str) or not 9 <= len(written) <= _LONGEST:
        return NO_TIME
    text = written.strip(" \t\"'[]()<>;,")
    if text[:8].isdigit():
        return _from_digits(text)
    for pattern, read in _FORMS:
        match = pattern.fullmatch(text)
        if match is not None:
            return _in_zone(match, read(match, order), zone, taken_us)
    return NO_TIME


def _from_digits(text: str) -> TimeRead:
    when = us_from_epoch(text)
    if when is not None:
        return TimeRead(when, applied=False)
    compact = _COMPACT.fullmatch(text)
    if compact is None or compact[7] is None:
        return NO_TIME
    offset = zone_from_offset(compact[7])
    year, month, day, hour, minute, second = (int(compact[place]) for place in range(1, 7))
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=offset or UTC)
    except ValueError:
        return NO_TIME
    return TimeRead(_us(moment), applied=False)


def _iso(match: re.Match[str], _order: Order | None) -> tuple[int | None, int, int]:
    return int(match["year"]), int(match["month"]), int(match["day"])


def _named(match: re.Match[str], _order: Order | None) -> tuple[int | None, int, int] | None:
    if match["name"] not in MONTHS:
        return None
    groups = match.groupdict()
    year = groups["year"] or groups.get("last_year")
    return _full_year(year), MONTHS.index(match["name"]) + 1, int(match["day"])


def _figures(match: re.Match[str], order: Order | None) -> tuple[int | None, int, int] | None:
    first, second = int(match["first"]), int(match["second"])
    # With a figure above 12 there is but one way to read it.
    if order is None and ((first > 12) == (second > 12) or match["year"] is None):
        return None
    month_first = order == "mdy" if order is not None else second > 12
    month, day = (first, second) if month_first else (second, first)
    return _full_year(match["year"]), month, day


def _full_year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) + 2000 if len(text) == 2 else int(text)


_FORMS: tuple[
    tuple[
        re.Pattern[str],
        Callable[[re.Match[str], Order | None], tuple[int | None, int, int] | None],
    ],
    ...,
] = (
    (_ISO, _iso),
    (_NAMED, _named),
    (_MONTH_FIRST, _named),
    (_FIGURES, _figures),
)


def _in_zone(
    match: re.Match[str], date: tuple[int | None, int, int] | None, zone: Zone, taken_us: int | None
) -> TimeRead:
    if date is None:
        return NO_TIME
    written = match["zone"]
    own = None if written is None else _zone_of(written)
    if own is None and written is not None:
        # CST and IST are words of several zones.
        return NO_TIME
    year, month, day = date
    used = zone if own is None else own
    if year is None:
        year = last_year_of(month, day, taken_us, used)
    if year is None:
        return NO_TIME
    hour, minute, second, micro = _clock(match)
    if match["half"] is not None:
        if not 1 <= hour <= 12:
            return NO_TIME
        hour = hour % 12 + (12 if match["half"][0] in "PpC" else 0)
    try:
        moment = datetime(year, month, day, hour, minute, second, micro, tzinfo=used)
    except (ValueError, OverflowError):
        return NO_TIME
    return TimeRead(_us(moment), applied=own is None)


_HOURS_OF = {
    "ICT": 7,
    "WIB": 7,
    "SGT": 8,
    "HKT": 8,
    "JST": 9,
    "KST": 9,
    "MSK": 3,
    "EET": 2,
    "EEST": 3,
    "CET": 1,
    "CEST": 2,
    "WET": 0,
    "WEST": 1,
    "EST": -5,
    "EDT": -4,
    "CDT": -5,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
    "MYT": 8,
    "PHT": 8,
    "WITA": 8,
    "WIT": 9,
    "BRT": -3,
    "ART": -3,
    "COT": -5,
    "PET": -5,
    "AKST": -9,
    "AKDT": -8,
    "HST": -10,
    "SAST": 2,
    "EAT": 3,
    "TRT": 3,
    "PKT": 5,
}
"""Hours from UTC of the abbreviations that name one offset alone (source: the IANA data base)."""


def _zone_of(word: str) -> Zone | None:
    hours = _HOURS_OF.get(word)
    return zone_from_offset(word) if hours is None else zone_from_offset(f"{hours:+d}")


def _clock(match: re.Match[str]) -> tuple[int, int, int, int]:
    text, _, fraction = match["clock"].replace(",", ".").partition(".")
    parts = [int(part) for part in text.split(":")]
    return parts[0], parts[1], parts[2] if len(parts) > 2 else 0, int(fraction[:6].ljust(6, "0"))


def _us(moment: datetime) -> int | None:
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return within((since.days * 86_400 + since.seconds) * MICROSECONDS + since.microseconds)
