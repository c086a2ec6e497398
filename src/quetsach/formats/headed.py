"""Lines behind a syslog head: the hour in it for the sieve, and its time and host for an event."""

import re
from typing import Any

from quetsach.clocks import Zone
from quetsach.formats.contract import Layout
from quetsach.formats.syslog_head import Head, split_head
from quetsach.sieve.contract import LineClock

_OLD = re.compile(rb"((?:<\d{1,3}>)?:?)[A-Z][a-z]{2} [ \d]\d(?: (\d{4}))? \d\d:\d\d:\d\d")
_ISO = re.compile(rb"(<\d{1,3}>)?(1 )?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")
_LINE = 1024
_HOUR_OLD = len("Sep  1 08")
_HOUR_OLD_YEAR = len("Sep 01 2026 08")
_HOUR_ISO = len("2026-09-01T08")


def head_of(line: str, layout: Layout, zone: Zone) -> Head:
    """Return the head of `line`; one without any is all rest and has no time."""
    # A head is short: what follows in a long line need not be copied to find it.
    found = split_head(line[:_LINE], zone, layout.taken_us) if len(line) > _LINE else None
    if found is not None:
        return Head(found.when_us, found.applied, found.host, found.rest + line[_LINE:])
    found = split_head(line, zone, layout.taken_us) if len(line) <= _LINE else None
    return Head(None, False, "", line) if found is None else found


def set_head(record: dict[str, Any], head: Head, zone: Zone) -> None:
    """Put the time and the host of `head` into `record`, and the zone where one was applied."""
    if head.when_us is not None:
        record["@timestamp"] = head.when_us
        if head.applied:
            record["event.timezone"] = str(zone)
    if head.host:
        record["observer.name"] = head.host


def clock_of(line: bytes) -> LineClock | None:
    """Return where lines that begin as `line` does carry their hour, or None."""
    old = _OLD.match(line)
    if old is not None:
        length = _HOUR_OLD if old[2] is None else _HOUR_OLD_YEAR
        return LineClock(needle=old[1][-2:] if old[1][-2:] == b">:" else old[1][-1:], length=length)
    iso = _ISO.match(line)
    if iso is None:
        return None
    # `<134>1 2026-09-01T08`: the version of RFC 5424 stands between.
    needle = (b"" if iso[1] is None else b">") + (iso[2] or b"")
    return LineClock(needle=needle, length=_HOUR_ISO)


def lacks_year(line: bytes) -> bool:
    """Return whether `line` has a head that leaves out the year, as RFC 3164 does."""
    old = _OLD.match(line)
    return old is not None and old[2] is None
