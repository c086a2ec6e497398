"""Clocks: from what a log writes to microseconds since 1970, UTC, and back to ISO 8601.

Every reading is bounded: a time before 1990 or from 2100 on is no time but a broken clock, and is
None. What is finer than a microsecond is cut off, never rounded.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import TypeAlias

Zone: TypeAlias = tzinfo
"""A time zone; the one of a source whose lines carry none."""

HERE = "Asia/Ho_Chi_Minh"
"""The zone in which a moment is written where nobody names another; a PC's own may be wrong."""

MICROSECONDS = 1_000_000

EARLIEST_US = 631_152_000 * MICROSECONDS
"""1990-01-01 UTC: older than any log we may meet."""

LATEST_US = 4_102_444_800 * MICROSECONDS
"""2100-01-01 UTC."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Digits before the fraction give the unit from 2001 to 2286: how many zeros are missing to a us.
_ZEROS_TO_US = {9: 6, 10: 6, 13: 3, 16: 0, 19: -3}
# Clocks differ a little: a line may be stamped somewhat after the file was last written.
_A_DAY_AHEAD = timedelta(days=1)

ZONE = r"(?:(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d\d)?)?|Z|[+-]\d\d:?\d\d)(?![A-Za-z\d])"
"""A zone as it stands behind a time, for regular expressions; `zone_from_offset` reads it."""

HALF = r"(?:[AaPp]\.?[Mm]\.?|SA|CH)(?![A-Za-z\d])"
"""Which half of the day a time of twelve hours is in, in English or Vietnamese (sáng, chiều)."""

_TIME_AND_ZONE = re.compile(rf"(\S{{10}}[T ][\d:.,]+) ?\(?({ZONE})\)?")
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2}):?(\d{2})?")


def iso_from_us(when_us: int, zone: Zone = UTC) -> str:
    """Return `when_us` as ISO 8601 with offset, in `zone`, to the second."""
    if EARLIEST_US <= when_us < LATEST_US:
        quarter, second = divmod(when_us // MICROSECONDS, _QUARTER)
        written = _quarter_text(quarter, zone)
        if written is not None:
            before, minute, offset = written
            return f"{before}{minute + second // 60:02}:{second % 60:02}{offset}"
    return datetime.fromtimestamp(when_us / MICROSECONDS, tz=zone).isoformat(timespec="seconds")


_QUARTER = 900


@lru_cache(maxsize=65_536)
def _quarter_text(quarter: int, zone: Zone) -> tuple[str, int, str] | None:
    """Return what stands before the minute, the first minute, and the offset of a quarter of an
    hour since 1970; None where its minutes do not follow each other on the clock of `zone`."""
    first, last = (
        datetime.fromtimestamp(quarter * _QUARTER + second, tz=zone) for second in (0, _QUARTER - 1)
    )
    if first.second or first.minute % 15 or first.utcoffset() != last.utcoffset():
        return None
    text = first.isoformat(timespec="seconds")
    return text[:14], first.minute, text[19:]


def us_from_epoch(text: str) -> int | None:
    """Return the time that `text` writes as digits since 1970, with or without a fraction.

    Units: 9 or 10 digits before the fraction are seconds, 13, 16 and 19 are milli-, micro- and
    nanoseconds.
    """
    whole, _, fraction = text.partition(".")
    if not (whole.isascii() and whole.isdigit()):
        return None
    zeros = _ZEROS_TO_US.get(len(whole))
    if zeros is None or (fraction and not (fraction.isascii() and fraction.isdigit())):
        return None
    if zeros < 0:
        return within(int(whole[:zeros]))
    return within(int(whole + fraction[:zeros].ljust(zeros, "0")))


def us_from_number(number: float) -> int | None:
    """Return the time that a number of a JSON log writes; units as in `us_from_epoch`.

    A float of seconds resolves present times to a quarter of a microsecond, so that
    rounding gives back the microsecond that was written.
    """
    if isinstance(number, int):
        return us_from_epoch(str(number)) if 0 <= number < LATEST_US * 1000 else None
    if not 0 <= number < LATEST_US * 1000:
        return None
    zeros = _ZEROS_TO_US.get(len(str(int(number))))
    return None if zeros is None else within(round(number * 10**zeros))


def us_from_iso(text: str, zone: Zone | None) -> int | None:
    """Return the time that `text` writes as ISO 8601; None where it is not, or is not bounded.

    `UTC` or `GMT` behind the time, and a blank before its offset, are read as well. `zone` applies
    where the text has no offset; with no zone such a text gives None.
    """
    # Shorter texts that `fromisoformat` takes too, such as 20260901, are more likely numbers.
    if not 15 <= len(text) <= 40:
        return None
    try:
        moment = _moment(text)
        if moment.tzinfo is None:
            if zone is None:
                return None
            moment = moment.replace(tzinfo=zone)
        since = moment - _EPOCH
    except (ValueError, OverflowError):
        return None
    return within((since.days * 86_400 + since.seconds) * MICROSECONDS + since.microseconds)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        apart = _TIME_AND_ZONE.fullmatch(text)
        zone = None if apart is None else zone_from_offset(apart[2])
        if apart is None or zone is None:
            raise
    return datetime.fromisoformat(apart[1]).replace(tzinfo=zone)


def us_from_local(date: str, time: str, zone: Zone) -> int | None:
    """Return the time that a `date` (2026-09-01) and a `time` (08:15:22) write in `zone`."""
    return us_from_iso(f"{date}T{time}", zone) if len(date) == 10 else None


@lru_cache(maxsize=256)
def zone_from_offset(text: str) -> Zone | None:
    """Return the zone that an offset writes: `+0700`, `+7:00`, `-3`, `UTC+2`, `Z`; else None."""
    if text in {"Z", "UTC", "GMT"}:
        return UTC
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    sign, hours, minutes = found.groups(default="0")
    length = timedelta(hours=int(hours), minutes=int(minutes))
    if length > timedelta(hours=14) or int(minutes) > 59:
        return None
    return timezone(-length if sign == "-" else length)


@lru_cache(maxsize=1024)
def last_year_of(month: int, day: int, taken_us: int | None, zone: Zone) -> int | None:
    """Return the year in which the day last was, as seen from `taken_us`."""
    if taken_us is None:
        return None
    latest = datetime.fromtimestamp(taken_us / MICROSECONDS, tz=UTC).astimezone(zone) + _A_DAY_AHEAD
    # The 29th of February may be up to eight years back.
    for year in range(latest.year, latest.year - 9, -1):
        try:
            moment = datetime(year, month, day, tzinfo=zone)
        except ValueError:
            continue
        if moment <= latest:
            return year
    return None


def within(when_us: int) -> int | None:
    """Return `when_us` if it lies in 1990 to 2099, else None."""
    return when_us if EARLIEST_US <= when_us < LATEST_US else None
