"""When a lease ends, as network devices write it: a date, or how long it still lasts."""

import re
from collections.abc import Callable

from quetsach.clocks import ZONE, Zone, us_from_local, zone_from_offset
from quetsach.formats.syslog_head import MONTHS

_MONTH = "(" + "|".join(MONTHS) + ")"
_CLOCK = r"(\d{1,2}:\d\d(?::\d\d)?)"
# Sat Aug 10 04:55:47 2019: FortiOS, as ctime(3) has it.
_CTIME = re.compile(rf"[A-Z][a-z]{{2}} {_MONTH} +(\d{{1,2}}) {_CLOCK} (\d{{4}})\b")
# Mar 02 2026 10:15 AM: IOS; May 1 2009 14:02:49: Comware.
_NAMED = re.compile(rf"{_MONTH} +(\d{{1,2}}) (\d{{4}}) {_CLOCK}(?: ([AP]M))?")
# 2026/09/02 08:15:22: EdgeOS; 2026-09-02 08:15:22: VRP.
_NUMBERS = re.compile(rf"(\d{{4}})[-/](\d\d)[-/](\d\d) {_CLOCK}")
_ZONE = re.compile(rf" ?({ZONE})")
_UNITS = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}
_LENGTH = re.compile(r"(?:(\d{1,4})w)?(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,4})m)?(?:(\d{1,4})s)?")


def end_in(text: str, zone: Zone) -> tuple[int | None, int, int] | None:
    """Return the date in `text` and where it stands, or None where there is none.

    Units: us since 1970 UTC, None for a date that no calendar has; places in characters.
    """
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, str]]], ...] = (
        (_CTIME, _from_ctime),
        (_NAMED, _from_named),
        (_NUMBERS, lambda found: (f"{found[1]}-{found[2]}-{found[3]}", _clock(found[4]))),
    )
    for pattern, reader in readers:
        found = pattern.search(text)
        if found is not None:
            behind = _ZONE.match(text, found.end())
            if behind is None:
                return us_from_local(*reader(found), zone), found.start(), found.end()
            told = zone_from_offset(behind[1])
            when = None if told is None else us_from_local(*reader(found), told)
            return when, found.start(), behind.end()
    return None


def seconds_of(text: str) -> int | None:
    """Return the length that RouterOS writes as 35w13h13m15s, in seconds; None for another word."""
    found = _LENGTH.fullmatch(text) if 2 <= len(text) <= 30 else None
    if found is None:
        return None
    counts = zip(found.groups(default="0"), _UNITS.values(), strict=True)
    return sum(int(count) * unit for count, unit in counts)


def _from_ctime(found: re.Match[str]) -> tuple[str, str]:
    month, day, clock, year = found.groups()
    return f"{year}-{MONTHS.index(month) + 1:02}-{int(day):02}", _clock(clock)


def _from_named(found: re.Match[str]) -> tuple[str, str]:
    month, day, year, clock, half = found.groups()
    return f"{year}-{MONTHS.index(month) + 1:02}-{int(day):02}", _clock(clock, half)


def _clock(text: str, half: str | None = None) -> str:
    """Return a time of the day in 24 hours, with its seconds."""
    hour, _, rest = text.partition(":")
    number = int(hour)
    if half is not None:
        number = number % 12 + (12 if half == "PM" else 0)
    return f"{number:02}:{rest if ':' in rest else f'{rest}:00'}"
