"""Palo Alto firewalls: lines of comma-separated values, behind syslog or plain.

Columns are added at the end with each version, so they are known by their place. Traffic, threats,
decryption, SCTP and GTP begin alike; the other kinds are in `paloalto_kinds`.
Source: the PAN-OS Administrator's Guide, "Traffic Log Fields", "Threat Log Fields", "Decryption Log
Fields" and "SCTP Log Fields".
"""

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Any

from quetsach.clocks import MICROSECONDS, Zone, us_from_iso, zone_from_offset
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.paloalto_kinds import read_kind
from quetsach.formats.shared import text_lines, values
from quetsach.formats.shared.line_fronts import is_in_anothers
from quetsach.formats.shared.syslog import head_of
from quetsach.formats.shared.text_lines import first_of, mostly
from quetsach.formats.shared.times import read_time
from quetsach.formats.shared.values import forwarded_ip, page, set_end, set_translation
from quetsach.sieve.contract import LineClock

_OURS = re.compile(
    # Not in JSON, where quotes are escaped: the message is peeled out of it first.
    rb"(?:^|<\d{1,3}>|[^{]{1,300}? )\"?\d?,"
    rb"(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d|[\d/]{6,10} \d{1,2}:\d\d),"
    rb"[\w\-]{0,24},(TRAFFIC|THREAT|SYSTEM|CONFIG|GLOBALPROTECT|USERID|DECRYPTION|HIPMATCH"
    rb"|CORRELATION|AUTHENTICATION|IPTAG|SCTP|GTP|TUNNEL|AUDIT|OTHERS)\b"
)
_SESSIONS = frozenset({b"TRAFFIC", b"THREAT", b"DECRYPTION", b"SCTP", b"GTP", b"TUNNEL"})
_PRECISE = re.compile(r",(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})([+-]\d\d:\d\d|Z)\"?\s*(?:,|\Z)")
_TIME = re.compile(r"(\d{4})/(\d\d)/(\d\d) (\d\d:\d\d:\d\d)")
_DENIED = frozenset(
    {"deny", "drop", "block", "block-url", "block-ip", "drop-icmp", "sinkhole", "random-drop",
     "drop-all-packets", "reset-client", "reset-server", "reset-both", "block-override"}
)  # fmt: skip
_LONGEST = 64 * 1024
_KIND, _SUBTYPE, _MADE, _ENDS, _NAT, _APP, _PORTS, _PROTO, _ACTION = 3, 4, 6, 7, 9, 14, 24, 29, 30
_SENT, _RECEIVED, _START, _ELAPSED, _DEVICE = 32, 33, 35, 36, 52
_MISC, _THREAT, _DIGEST, _AGENT, _FORWARDED, _THREAT_DEVICE = 31, 32, 43, 46, 48, 59
_SNI_LENGTH, _SNI = 58, 63
# generic:bad.example(109010001), Suspicious DNS Query (generic:bad.example)(4057218)
_ASKED = re.compile(
    r"(?:^|[( ])[\w\-]{1,40}:([\w\-]{1,63}(?:\.[\w\-]{1,63}){1,20})\)?\(\d{1,12}\)$"
)
_HASHES = {32: "file.hash.md5", 40: "file.hash.sha1", 64: "file.hash.sha256"}


class PaloAlto:
    """Sessions and threats that a Palo Alto firewall saw, with translated addresses and ports."""

    name = "paloalto"
    title = N_("Palo Alto firewall log (CSV)")
    reads = N_(
        "traffic, threats and decryption with translated addresses and ports; GlobalProtect, logins"
    )

    def recognise(self, head: bytes) -> bool:
        """Return whether most of the first lines are Palo Alto's."""
        return mostly(head, _OURS.match)

    def layout(self, head: bytes) -> LogLayout:
        """Return where the hour is: behind the first comma, where the head has none."""
        line = first_of(head, _OURS.match)
        found = _OURS.match(line)
        # The sieve takes the first `1,` of a line; a comma in a head would lead it astray.
        plain = found is not None and line.find(b"1,") == found.start(1) - 2
        clock = LineClock(needle=b"1,", length=len("2026/09/01 08")) if plain else None
        return LogLayout("paloalto.log", clock=clock, translates=True)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a line; lines of other kinds, and CEF, as `text`."""
        rows = ParsedLines()
        for offset, line in rows.filled(lines):
            record = None
            found = _OURS.match(line[:_LONGEST])
            before = "" if found is None else values.as_text(line[: found.start(1)])
            if found is not None and not is_in_anothers(before, len(before)):
                record = _record(line[:_LONGEST], found, layout, zone)
            record = text_lines.read(line, zone) if record is None else record
            rows.add(offset, record)
        return rows


def _columns(text: str) -> Sequence[str]:
    if '"' not in text:
        return text.split(",")
    try:
        return next(csv.reader([text]), [])
    except csv.Error:
        return []


def _record(
    line: bytes, matched: re.Match[bytes], layout: LogLayout, zone: Zone
) -> dict[str, Any] | None:
    begin = line.rindex(b",", 0, matched.start(1))
    columns = _columns(values.as_text(line[begin:].rstrip()))
    head = head_of(values.as_text(line[:begin]), layout, zone)
    kind = matched[2].decode()
    record = _session(kind, columns) if matched[2] in _SESSIONS else read_kind(kind, columns)
    if record is None:
        # A line about no machine is still of its time.
        record = text_lines.read(line, zone)
    own = _set_time(record, columns, line, zone)
    if "@timestamp" not in record and head.when_us is not None:
        record["@timestamp"] = head.when_us
        if head.applied:
            record["event.timezone"] = str(zone)
    if kind == "TRAFFIC" and "source.ip" in record:
        _set_session(record, columns, own)
    if "source.ip" in record and head.host:
        record.setdefault("observer.name", head.host)
    if matched[2] in _SESSIONS and "source.ip" in record:
        _set_verdict(record, columns)
    return {field: value for field, value in record.items() if value is not None}


def _session(kind: str, columns: Sequence[str]) -> dict[str, Any] | None:
    if len(columns) <= _ACTION:
        return None
    record: dict[str, Any] = {
        "event.dataset": f"paloalto.{kind.lower()}",
        "event.type": "connection",
    }
    for number, side in enumerate(("source", "destination")):
        set_end(record, side, columns[_ENDS + number], columns[_PORTS + number])
        if kind != "SCTP":
            set_translation(record, side, columns[_NAT + number], columns[_PORTS + 2 + number])
    if "source.ip" not in record:
        return None
    record["network.transport"] = values.transport(columns[_PROTO])
    record["event.action"] = values.text(columns[_ACTION])
    if kind != "SCTP":
        record["network.application"] = values.text(columns[_APP])
    if kind == "THREAT":
        _set_threat(record, columns)
    if kind == "DECRYPTION" and len(columns) > _SNI:
        name = columns[_SNI]
        # The column before tells how long it is: so the place is known in any version.
        if columns[_SNI_LENGTH] == str(len(name)):
            record["tls.client.server_name"] = values.text(name)
    return {field: value for field, value in record.items() if value is not None}


def _set_time(record: dict[str, Any], columns: Sequence[str], line: bytes, zone: Zone) -> Zone:
    """Put the time of the line into `record`; return the zone that its times are written in."""
    precise = _PRECISE.search(values.as_text(line))
    own_zone = None if precise is None else zone_from_offset(precise[2])
    used = zone if own_zone is None else own_zone
    written = (columns[place] for place in (_MADE, 1) if place < len(columns))
    when = next((us for one in written if (us := _moment(one, used)) is not None), None)
    if when is not None:
        record["@timestamp"] = when
        if own_zone is None:
            record["event.timezone"] = str(zone)
    return used


def _moment(text: str, zone: Zone) -> int | None:
    parts = _TIME.fullmatch(text)
    if parts is None:
        # A spreadsheet that the log went through wrote 9/16/26 10:00.
        return read_time(text, zone).when_us if "/" in text else None
    year, month, day, clock = parts.groups()
    return us_from_iso(f"{year}-{month}-{day}T{clock}", zone)


def _set_session(record: dict[str, Any], columns: Sequence[str], zone: Zone) -> None:
    if len(columns) <= _ELAPSED:
        return
    record["source.bytes"] = values.count(columns[_SENT])
    record["destination.bytes"] = values.count(columns[_RECEIVED])
    start, elapsed = _moment(columns[_START], zone), values.count(columns[_ELAPSED])
    record["event.start"] = start
    if columns[_SUBTYPE] != "start" and elapsed is not None and elapsed < 10**9:
        record["event.duration"] = elapsed * 10**9
        if start is not None:
            record["event.end"] = start + elapsed * MICROSECONDS
    if len(columns) > _DEVICE and columns[_DEVICE]:
        record["observer.name"] = columns[_DEVICE]


def _set_threat(record: dict[str, Any], columns: Sequence[str]) -> None:
    if len(columns) <= _THREAT:
        return
    misc = columns[_MISC]
    if columns[_SUBTYPE] == "url" and misc:
        secure = record.get("destination.port") == 443
        host, _, path = misc.partition("/")
        full, domain = page(host, f"/{path}", "https" if secure else "http")
        record["url.full"], record["url.domain"] = full, domain
        record["event.type"] = "protocol"
    else:
        record["file.name"] = values.text(misc)
        record["rule.name"] = values.text(columns[_THREAT])
        asked = _ASKED.search(columns[_THREAT]) if columns[_APP].startswith("dns") else None
        if asked is not None:
            record["dns.question.name"] = asked[1]
            record["event.type"], record["file.name"] = "protocol", None
        digest = columns[_DIGEST].lower() if len(columns) > _DIGEST else ""
        if len(digest) in _HASHES and not digest.strip("0123456789abcdef"):
            record[_HASHES[len(digest)]] = digest
    if len(columns) > _THREAT_DEVICE:
        record["user_agent.original"] = values.text(columns[_AGENT])
        record["network.forwarded_ip"] = forwarded_ip(columns[_FORWARDED])
        record["observer.name"] = columns[_THREAT_DEVICE] or None


def _set_verdict(record: dict[str, Any], columns: Sequence[str]) -> None:
    if columns[_ACTION] in _DENIED or columns[_SUBTYPE] in {"deny", "drop"}:
        record["event.type"], record["event.outcome"] = "denied", "failure"
    elif columns[_SUBTYPE] == "end" and record.get("destination.bytes") is not None:
        record["event.outcome"] = "success" if record["destination.bytes"] else "failure"
