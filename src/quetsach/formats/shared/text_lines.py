"""Lines of text: the time in a line of unknown format, the first lines of a file, JSON lines."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from quetsach.clocks import ZONE, Zone, us_from_epoch
from quetsach.formats.shared import values

UNKNOWN = "text"
"""The data set of a line of unknown format, whatever log it is in."""

# How much of a line is looked at for a time, in bytes.
_LOOK_AT = 16 * 1024
# A comma may as well begin the next column.
_PART = r"(?:\.\d{1,9}|,\d{3,9}(?![\d.]))?"
_ISO = re.compile(rf"(?<![\d])\d{{4}}-\d\d-\d\d[T ]\d\d:\d\d:\d\d{_PART}(?: ?{ZONE})?(?!\d)")
_SLASHED = re.compile(rf"(?<![\d/])(\d{{4}})/(\d\d)/(\d\d) (\d\d:\d\d:\d\d)(?: ?({ZONE}))?(?!\d)")
# Apache and nginx, [01/Sep/2026:08:15:22 +0700], and BIND, 01-Sep-2026 08:15:22.123
_MONTH_BY_NAME = re.compile(
    r"(?<!\d)(\d\d)([/-])([A-Z][a-z]{2})\2(\d{4})[: ](\d\d:\d\d:\d\d(?:\.\d{1,9})?)"
    rf"(?: ?({ZONE}))?(?!\d)"
)
# A date is the line's own where the line begins with it, behind a sign or two such as a host, in
# brackets, or behind a key that says so. Behind a word it may be a licence's end or a file's name.
_BEFORE = re.compile(r"(?:([A-Za-z][\w.\-]*)[\"'\])]*\s{0,4}([=:])|([^\s=\"']+))?[\s\"'(]*(\[?)\Z")
_MOST_BEFORE = 64
# Digits are a time only at the head of a line or behind a key that says so: a rule number, a
# session or a telephone number has as many.
_TIME_KEY = (
    r"ts|t|rt|epoch|datetime|\w{0,32}(?:event_?time|timestamp)"
    r"|(?:(?:event|log|start|unix|epoch|receive|device|dev)[_\-. ]?)?time"
)
_EPOCH = re.compile(
    r"(?:\A(?:<\d{1,3}>)?[\s\[(\"']*"
    rf"|(?<![\w.\-?&;%/])@?(?:{_TIME_KEY})"
    r"(?:[\"'\])]?\s{0,4}[=:>]\s{0,4}[\"'\[(]?|(?<=epoch)\s{1,4}))"
    r"(1\d{9}(?:\.\d{1,9})?|1\d{12})(?![\w:/\-]|\.\w)",
    re.IGNORECASE,
)
_KEY = re.compile(_TIME_KEY, re.IGNORECASE)
_GLUE = frozenset("-./\\_?&%")
"""Before a date, these make it a part of a name or an address."""
_OTHER_DATES = frozenset(
    [
        "after",
        "before",
        "born",
        "created",
        "deadline",
        "due",
        "expire",
        "expired",
        "expires",
        "from",
        "issued",
        "modified",
        "released",
        "since",
        "starts",
        "till",
        "to",
        "until",
        "updated",
        "valid",
        "version",
    ]
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def read(raw: bytes, zone: Zone) -> dict[str, Any]:
    """Return the fields of the event that a line of unknown format gives: its time, no more.

    Which of its addresses reached out, which was reached and which wrote the line cannot be known,
    so that it names none; what is in it is met in the raw line alone.
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
    iso = _own(_ISO, line)
    if iso is not None:
        return values.moment(iso[0], zone)
    named = _own(_MONTH_BY_NAME, line)
    if named is not None and named[3] in _MONTHS:
        day, _, month, year, clock, offset = named.groups(default="")
        number = _MONTHS.index(month) + 1
        return values.moment(f"{year}-{number:02}-{day}T{clock}{offset}", zone)
    slashed = _own(_SLASHED, line)
    if slashed is not None:
        year, month, day, clock, offset = slashed.groups(default="")
        return values.moment(f"{year}-{month}-{day}T{clock}{offset}", zone)
    epoch = _EPOCH.search(line)
    return (us_from_epoch(epoch[1]) if epoch is not None else None), False


def _own(form: re.Pattern[str], line: str) -> re.Match[str] | None:
    """Return the first match of `form` that is the time of the line itself."""
    return next((match for match in form.finditer(line) if _is_own(line, match.start())), None)


def _is_own(line: str, start: int) -> bool:
    if start and line[start - 1] in _GLUE:
        return False
    before = _BEFORE.search(line, max(0, start - _MOST_BEFORE), start)
    if before is None:
        return False
    key, sign, word, bracket = before.groups()
    if sign:
        return _KEY.fullmatch(key.split(".")[-1]) is not None
    if bracket or not word or not word.isalpha():
        return True
    # The first word may be a host; any other, or one of these, tells what the date is of.
    return line[: before.start(3)].strip() == "" and word.casefold() not in _OTHER_DATES


FIRST_LINES_LOOK_AT = 50


def first_lines(head: bytes) -> Iterator[bytes]:
    """Yield the first lines of `head` that are not blank, without their line ends."""
    for line in head.split(b"\n", FIRST_LINES_LOOK_AT)[:FIRST_LINES_LOOK_AT]:
        if line.strip():
            yield line.rstrip(b"\r")


def mostly(head: bytes, is_ours: Callable[[bytes], object]) -> bool:
    """Return whether `is_ours` takes more than half of the first lines of `head`."""
    lines = list(first_lines(head))
    return 2 * sum(bool(is_ours(line)) for line in lines) > len(lines)


def first_of(head: bytes, is_ours: Callable[[bytes], object]) -> bytes:
    """Return the first line of `head` that `is_ours` takes, b"" where there is none."""
    return next((line for line in first_lines(head) if is_ours(line)), b"")


_decoder = msgspec.json.Decoder()
_JSON_LINES_LOOK_AT = 20
_LONGEST_PREFIX = 512


def object_of(line: bytes) -> dict[str, Any] | None:
    """Return the JSON object of `line`, or None; a syslog header may come before it."""
    start = line.find(b"{", 0, _LONGEST_PREFIX)
    if start < 0:
        return None
    decoded = _decoded(line[start:] if start else line)
    if decoded is None:
        # A sensor that copies bytes from the wire may break UTF-8; the line still counts.
        decoded = _decoded(line[start:].decode("utf-8", "replace").encode().rstrip(b", \r\n"))
    return decoded if isinstance(decoded, dict) else None


def _decoded(text: bytes) -> Any:
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def first_objects(head: bytes) -> Iterable[dict[str, Any]]:
    """Return the objects among the first lines of `head`; a last line cut off is left out."""
    lines = (
        head.removeprefix(b"\xef\xbb\xbf")
        .lstrip()
        .split(b"\n", _JSON_LINES_LOOK_AT)[:_JSON_LINES_LOOK_AT]
    )
    return [found for line in lines if (found := object_of(line)) is not None]
