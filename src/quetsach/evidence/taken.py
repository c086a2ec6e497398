"""When a file was taken, where its lines do not say: by a date in its name, else by its age."""

import re
from datetime import datetime

from quetsach.clocks import MICROSECONDS, Zone, within

_DATE = re.compile(
    r"(?<!\d)(20\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])"
    r"(?:[-_T ]?([01]\d|2[0-3])[-_.:h]?([0-5]\d)(?:[-_.:]?([0-5]\d))?)?(?!\d)"
)


def taken(shown: str, modified_s: float, zone: Zone) -> tuple[int | None, bool]:
    """Return when the file was taken, in us since 1970 UTC, and whether its name says so.

    The last date in the file's own name counts (`arp-2026-09-01T0815.txt`), else one in the
    folder's. A name with a date alone means the end of that day; `modified_s` is the time of last
    change that the file system keeps, in s.
    """
    folder, _, name = shown.replace("\\", "/").rpartition("/")
    for text in (name, folder.rpartition("/")[2]):
        for found in reversed(list(_DATE.finditer(text))):
            when = _moment(found, zone)
            if when is not None:
                return when, True
    return within(round(modified_s * MICROSECONDS)), False


def _moment(found: re.Match[str], zone: Zone) -> int | None:
    year, _, month, day, hour, minute, second = found.groups()
    clock = (int(hour), int(minute), int(second or 0)) if hour else (23, 59, 59)
    try:
        when = datetime(int(year), int(month), int(day), *clock, tzinfo=zone)
    except ValueError:
        return None
    return within(round(when.timestamp() * MICROSECONDS))
