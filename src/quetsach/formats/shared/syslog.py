"""The head of a syslog line, RFC 3164, RFC 5424 or plain ISO: its time, its host, and its hour.

Source: RFC 3164, 4.1; RFC 5424, 6. A line of RFC 3164 carries neither year nor zone.
"""

import re
from typing import Any, NamedTuple

from quetsach.clocks import ZONE, Zone, last_year_of, us_from_iso
from quetsach.formats.contract import LogLayout
from quetsach.sieve.contract import LineClock

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_PRIORITY = r"(?:<\d{1,3}>)?"
_OLD = re.compile(
    _PRIORITY + r"([A-Z][a-z]{2}) ([ \d]\d)(?: (\d{4}))? (\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?"
    rf"(?: ({ZONE}))?(?: (?P<late>20\d\d)(?= ))?:? (?:(?P<host>\S+) )?"
)
_NEW = re.compile(_PRIORITY + r"1 (\S+) (\S+) \S+ \S+ \S+ (?:-|(?:\[(?:[^\]\\]|\\.)*\])+) ?")
# OpenWrt's `logread`: Tue Sep  1 08:15:22 2026 kern.warn kernel: ...
_LOGREAD = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d\d:\d\d:\d\d) (\d{4}) [a-z0-9]{1,10}\.[a-z]{1,10} "
)
_ISO = re.compile(
    _PRIORITY + rf"(\d{{4}}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{{1,9}})?(?: ?{ZONE})?) (\S+) "
)


class SyslogHeader(NamedTuple):
    """What comes before the message.

    Shapes: `host` is "" where there is none; `rest` is what follows the host, the tag included.
    Units: `when_us` in us since 1970 UTC, None where it is unknown; `applied` says that the
    zone of the source had to be applied to it.
    """

    when_us: int | None
    applied: bool
    host: str
    rest: str


def split_head(line: str, zone: Zone, taken_us: int | None) -> SyslogHeader | None:
    """Return the head of `line`, or None where there is none.

    A date without a year is the last such date not after `taken_us`; without one it gives no time.
    """
    begins_with_day = line[:1].isdecimal()
    old = None if begins_with_day else _OLD.match(line)
    if old is not None:
        return _old_head(line, old, zone, taken_us)
    match = _NEW.match(line) or _ISO.match(line)
    if match is None:
        return _logread_head(line, zone)
    written = match[1].replace(",", ".")
    when = us_from_iso(written, None)
    applied = when is None
    when = us_from_iso(written, zone) if applied else when
    host = match[2] if match[2] != "-" else ""
    return SyslogHeader(when, applied, host, line[match.end() :].lstrip("\ufeff"))


def _logread_head(line: str, zone: Zone) -> SyslogHeader | None:
    logread = _LOGREAD.match(line)
    if logread is None or logread[1] not in MONTHS:
        return None
    month, day, clock, year = logread.groups()
    text = f"{year}-{MONTHS.index(month) + 1:02}-{int(day):02}T{clock}"
    return SyslogHeader(us_from_iso(text, zone), True, "", line[logread.end() :])


def _old_head(
    line: str, old: re.Match[str], zone: Zone, taken_us: int | None
) -> SyslogHeader | None:
    month, day, year, clock, fraction, offset, late, host = old.groups()
    # Aruba and Hillstone write the year behind the clock.
    year = year or late
    if month not in MONTHS:
        return None
    number, in_month = MONTHS.index(month) + 1, int(day)
    year_number = int(year) if year else last_year_of(number, in_month, taken_us, zone)
    host, end = host or "", old.end()
    if host.endswith(":") or "[" in host:
        # Some devices leave their own name out: this is the tag of the message.
        host, end = "", old.start("host")
    if year_number is None:
        return SyslogHeader(None, False, host, line[end:])
    text = f"{year_number:04}-{number:02}-{in_month:02}T{clock}.{fraction or '0'}{offset or ''}"
    return SyslogHeader(us_from_iso(text, zone), not offset, host, line[end:])


_HEADED_OLD = re.compile(rb"((?:<\d{1,3}>)?:?)[A-Z][a-z]{2} [ \d]\d(?: (\d{4}))? \d\d:\d\d:\d\d")
_HEADED_ISO = re.compile(rb"(<\d{1,3}>)?(1 )?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")
_LINE = 1024
_HOUR_OLD = len("Sep  1 08")
_HOUR_OLD_YEAR = len("Sep 01 2026 08")
_HOUR_ISO = len("2026-09-01T08")


def head_of(line: str, layout: LogLayout, zone: Zone) -> SyslogHeader:
    """Return the head of `line`; one without any is all rest and has no time."""
    # A head is short: what follows in a long line need not be copied to find it.
    head = split_head(line[:_LINE], zone, layout.taken_us) if len(line) > _LINE else None
    if head is not None:
        return SyslogHeader(head.when_us, head.applied, head.host, head.rest + line[_LINE:])
    head = split_head(line, zone, layout.taken_us) if len(line) <= _LINE else None
    return SyslogHeader(None, False, "", line) if head is None else head


def set_head(record: dict[str, Any], head: SyslogHeader, zone: Zone) -> None:
    """Put the time and the host of `head` into `record`, and the zone where one was applied."""
    if head.when_us is not None:
        record["@timestamp"] = head.when_us
        if head.applied:
            record["event.timezone"] = str(zone)
    if head.host:
        record["observer.name"] = head.host


def clock_of(line: bytes) -> LineClock | None:
    """Return where lines that begin as `line` does carry their hour, or None."""
    old = _HEADED_OLD.match(line)
    if old is not None:
        length = _HOUR_OLD if old[2] is None else _HOUR_OLD_YEAR
        return LineClock(needle=old[1][-2:] if old[1][-2:] == b">:" else old[1][-1:], length=length)
    iso = _HEADED_ISO.match(line)
    if iso is None:
        return None
    # `<134>1 2026-09-01T08`: the version of RFC 5424 comes between.
    needle = (b"" if iso[1] is None else b">") + (iso[2] or b"")
    return LineClock(needle=needle, length=_HOUR_ISO)


def lacks_year(line: bytes) -> bool:
    """Return whether `line` has a head that leaves out the year, as RFC 3164 does."""
    old = _HEADED_OLD.match(line)
    return old is not None and old[2] is None
