"""What a line of unknown form still shows: a time, if written without doubt, and addresses."""

import re
from typing import Any

from quetsach.clocks import ZONE, Zone, us_from_epoch
from quetsach.formats import values

# How much of a line is looked at for a time and for addresses, in bytes.
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
_V4 = r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)"
_V6 = r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{0,4})(?![\w:])"
_ADDRESS = re.compile(f"{_V4}|{_V6}")
_MOST_ADDRESSES = 64
_SHORTEST_V6 = 6
_INSIDE = re.compile(
    r"10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd]"
)


def read(raw: bytes, zone: Zone) -> dict[str, Any]:
    """Return the fields of the event that a line of unknown form gives.

    The source is the first address of a private range, the destination the first other one.
    """
    line = values.as_text(raw[:_LOOK_AT])
    record: dict[str, Any] = {"event.dataset": "text", "event.type": "info"}
    when, applied = _time(line, zone)
    if when is not None:
        record["@timestamp"] = when
        if applied:
            record["event.timezone"] = str(zone)
    found = _addresses(line)
    inside = next((one for one in found if _INSIDE.match(one)), None)
    if inside is not None:
        record["source.ip"] = inside
    other = next((one for one in found if one != inside), None)
    if other is not None:
        record["destination.ip"] = other
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


def _addresses(line: str) -> list[str]:
    """Return the addresses in `line`, in order, each once."""
    found: dict[str, None] = {}
    for token in _ADDRESS.findall(line)[:_MOST_ADDRESSES]:
        # `::` and `8::` and clock times such as 08:15:22 are not worth the name.
        if "." in token or (
            len(token) >= _SHORTEST_V6 and ("::" in token or token.count(":") == 7)
        ):
            one = values.address(token)
            if one is not None:
                found[one] = None
    return list(found)
