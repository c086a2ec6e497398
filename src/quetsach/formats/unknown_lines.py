"""What a line of unknown form still shows: a time, if written without doubt."""

import re
from typing import Any

from quetsach.clocks import ZONE, Zone, us_from_epoch
from quetsach.formats import values

UNKNOWN = "text"
"""The data set of a line of unknown form, whatever log it stands in."""

# How much of a line is looked at for a time, in bytes.
_LOOK_AT = 16 * 1024
_ISO = re.compile(
    rf"(?<![\d])\d{{4}}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{{1,9}})?(?: ?{ZONE})?(?!\d)"
)
_SLASHED = re.compile(rf"(?<![\d/])(\d{{4}})/(\d\d)/(\d\d) (\d\d:\d\d:\d\d)(?: ?({ZONE}))?(?!\d)")
# Apache and nginx, [01/Sep/2026:08:15:22 +0700], and BIND, 01-Sep-2026 08:15:22.123
_MONTH_BY_NAME = re.compile(
    r"(?<!\d)(\d\d)([/-])([A-Z][a-z]{2})\2(\d{4})[: ](\d\d:\d\d:\d\d(?:\.\d{1,9})?)"
    rf"(?: ?({ZONE}))?(?!\d)"
)
# Digits are a time only at the head of a line or behind a key that says so: a rule number, a
# session or a telephone number has as many.
_TIME_KEY = (
    r"ts|t|rt|epoch|datetime|\w{0,32}(?:event_?time|timestamp)"
    r"|(?:(?:event|log|start|unix|epoch|receive|device|dev)[_\-. ]?)?time"
)
_EPOCH = re.compile(
    r"(?:\A(?:<\d{1,3}>)?[\s\[(\"']*"
    rf"|(?<![\w.\-])@?(?:{_TIME_KEY})"
    r"(?:[\"'\])]?\s{0,4}[=:>]\s{0,4}[\"'\[(]?|(?<=epoch)\s{1,4}))"
    r"(1\d{9}(?:\.\d{1,9})?|1\d{12})(?![\w:/\-]|\.\d)",
    re.IGNORECASE,
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def read(raw: bytes, zone: Zone) -> dict[str, Any]:
    """Return the fields of the event that a line of unknown form gives: its time, no more.

    Which of its addresses reached out, which was reached and which wrote the line nobody can say,
    so that it names none; what stands in it is met in the raw line alone.
    """
    line = values.as_text(raw[:_LOOK_AT])
    record: dict[str, Any] = {"event.dataset": UNKNOWN, "event.type": "info"}
    when, applied = _time(line, zone)
    if when is not None:
        record["@timestamp"] = when
        if applied:
            record["event.timezone"] = str(zone)
    return record


def _time(line: str, zone: Zone) -> tuple[int | None, bool]:
    """Return the first time written without doubt, and whether `zone` was applied to it.

    A date without a year (RFC 3164) and one with day and month in doubt (01/09/2026) give none.
    """
    iso = _ISO.search(line)
    if iso is not None:
        return values.moment(iso[0], zone)
    named = _MONTH_BY_NAME.search(line)
    if named is not None and named[3] in _MONTHS:
        day, _, month, year, clock, offset = named.groups(default="")
        number = _MONTHS.index(month) + 1
        return values.moment(f"{year}-{number:02}-{day}T{clock}{offset}", zone)
    slashed = _SLASHED.search(line)
    if slashed is not None:
        year, month, day, clock, offset = slashed.groups(default="")
        return values.moment(f"{year}-{month}-{day}T{clock}{offset}", zone)
    epoch = _EPOCH.search(line)
    return (us_from_epoch(epoch[1]) if epoch is not None else None), False
