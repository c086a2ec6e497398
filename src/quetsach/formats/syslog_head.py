"""The head of a syslog line, RFC 3164, RFC 5424 or plain ISO: its time, its host, and the rest.

Source: RFC 3164, 4.1; RFC 5424, 6. A line of RFC 3164 carries neither year nor zone.
"""

import re
from dataclasses import dataclass

from quetsach.clocks import ZONE, Zone, last_year_of, us_from_iso

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_PRIORITY = r"(?:<\d{1,3}>)?"
_OLD = re.compile(
    _PRIORITY + r"([A-Z][a-z]{2}) ([ \d]\d)(?: (\d{4}))? (\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?"
    rf"(?: ({ZONE}))?:? (?:(\S+) )?"
)
_NEW = re.compile(_PRIORITY + r"1 (\S+) (\S+) \S+ \S+ \S+ (?:-|(?:\[(?:[^\]\\]|\\.)*\])+) ?")
_ISO = re.compile(
    _PRIORITY + rf"(\d{{4}}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{{1,9}})?(?: ?{ZONE})?) (\S+) "
)


@dataclass(frozen=True)
class Head:
    """What stands before the message.

    Shapes: `host` is "" where none stands; `rest` is what follows the host, the tag included.
    Units: `when_us` in us since 1970 UTC, None where it cannot be told; `applied` says that the
    zone of the source had to be applied to it.
    """

    when_us: int | None
    applied: bool
    host: str
    rest: str


def split_head(line: str, zone: Zone, taken_us: int | None) -> Head | None:
    """Return the head of `line`, or None where there is none.

    A date without a year is the last such date not after `taken_us`; without one it gives no time.
    """
    old = _OLD.match(line)
    if old is not None:
        return _old_head(line, old, zone, taken_us)
    found = _NEW.match(line) or _ISO.match(line)
    if found is None:
        return None
    written = found[1].replace(",", ".")
    when = us_from_iso(written, None)
    applied = when is None
    when = us_from_iso(written, zone) if applied else when
    host = found[2] if found[2] != "-" else ""
    return Head(when, applied, host, line[found.end() :].lstrip("\ufeff"))


def _old_head(line: str, old: re.Match[str], zone: Zone, taken_us: int | None) -> Head | None:
    month, day, year, clock, fraction, offset, host = old.groups()
    if month not in MONTHS:
        return None
    number, in_month = MONTHS.index(month) + 1, int(day)
    told = int(year) if year else last_year_of(number, in_month, taken_us, zone)
    host, end = host or "", old.end()
    if host.endswith(":") or "[" in host:
        # Some devices leave their own name out: this is the tag of the message.
        host, end = "", old.start(7)
    if told is None:
        return Head(None, False, host, line[end:])
    text = f"{told:04}-{number:02}-{in_month:02}T{clock}.{fraction or '0'}{offset or ''}"
    return Head(us_from_iso(text, zone), not offset, host, line[end:])
