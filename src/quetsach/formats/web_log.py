"""Access logs of Apache, nginx and proxies in the common and combined forms, X-Forwarded-For too.

Before the date stand, by custom, the peer, the identity and the user; sites put the virtual host
or the header X-Forwarded-For in front, and behind the user agent whatever they like.
Source: Apache mod_log_config, "Common Log Format"; nginx ngx_http_log_module.
"""

import re
from collections.abc import Iterable
from datetime import UTC
from typing import Any

from quetsach.clocks import ZONE, Zone, us_from_iso
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import text_lines, values
from quetsach.formats.shared.syslog import MONTHS, split_head
from quetsach.formats.shared.text_lines import first_of, mostly
from quetsach.formats.shared.values import forwarded_ip, page
from quetsach.sieve.contract import LineClock

_DATE = r"\[(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d:\d\d:\d\d)(?:\.\d{1,9})?" + rf"(?: ({ZONE}))?\]"
_QUOTED = r'"([^"\\]*(?:\\.[^"\\]*)*)"'
_OURS = re.compile(f'[^\\[]{{3,1024}} {_DATE} "'.encode())
_LINE = re.compile(
    rf"([^\[]{{3,1024}}) {_DATE} {_QUOTED} (\d{{3}}|-) (\d+|-)(?: {_QUOTED} {_QUOTED}(.*))?",
    re.DOTALL,
)
_REQUEST = re.compile(r"([A-Za-z][A-Za-z_\-]{1,30}) (.*?)(?: HTTP/\d(?:\.\d)?)?", re.DOTALL)
_PRIORITY = re.compile(r"\A<\d{1,3}>(?=\S)")
_TAIL = re.compile(r'"([^"]{2,2048})"')
_ADDRESSES_ONLY = re.compile(r"[\dA-Fa-f.:,\s\[\]]{2,2048}")
_HOUR = len("01/Sep/2026:08")
_LONGEST = 64 * 1024
_MOST_FIELDS = 40


class WebLog:
    """Requests to a web server, or to a proxy that logs as one."""

    name = "web-log"
    title = N_("Web server access log (Apache, nginx)")
    reads = N_("requests with the client, the client behind a proxy, and what was requested")

    def recognise(self, head: bytes) -> bool:
        """Return whether most of the first lines have peer, date and request in their places."""
        return mostly(head, _OURS.match)

    def layout(self, head: bytes) -> LogLayout:
        """Return where the hour is: behind the first bracket."""
        line = first_of(head, _OURS.match)
        # An IPv6 address in brackets would come before the date.
        known = re.match(rb"\[\d\d/", line[line.find(b"[") :]) is not None
        clock = LineClock(needle=b"[", length=_HOUR) if known else None
        return LogLayout("web.access", clock=clock)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:  # noqa: ARG002
        """Return one event a request; lines of another form, such as errors, as `text`."""
        rows = ParsedLines()
        for offset, line in rows.filled(lines):
            found = _LINE.match(values.as_text(line[:_LONGEST].rstrip(b"\r")))
            record = text_lines.read(line, zone) if found is None else _record(found, zone)
            rows.add(offset, record)
        return rows


def _record(found: re.Match[str], zone: Zone) -> dict[str, Any]:
    before, day, month, year, clock, offset, request, status, size, _ref, agent, tail = (
        found.groups()
    )
    record: dict[str, Any] = {"event.dataset": "web.access", "event.type": "protocol"}
    if month in MONTHS:
        number = MONTHS.index(month) + 1
        when = us_from_iso(f"{year}-{number:02}-{day}T{clock}{offset or ''}", zone)
        if when is not None:
            record["@timestamp"] = when
            if offset is None:
                record["event.timezone"] = str(zone)
    host = _set_clients(record, _without_head(before), tail)
    _set_request(record, request, host)
    if status != "-":
        record["http.response.status_code"] = int(status)
        record["event.outcome"] = "success"
    sent = values.count(size)
    if sent is not None:
        record["destination.bytes"] = sent
    if agent not in {None, "", "-"}:
        record["user_agent.original"] = agent
    return record


def _without_head(before: str) -> str:
    """Return what stands before the date without a head of syslog, where a client is left."""
    bare = _PRIORITY.sub("", before)
    head = split_head(f"{bare} ", UTC, None)
    if head is None:
        return bare
    rest = head.rest.strip()
    named = any(values.address(one.strip('",')) for one in rest.split()[:_MOST_FIELDS])
    return rest if named else f"{head.host} {rest}"


def _set_clients(record: dict[str, Any], before: str, tail: str | None) -> str | None:
    """Put peer and forwarded client into `record`; return the virtual host, if one is named.

    The last address is the peer, those before it came with the request.
    """
    fields = before.split()[:_MOST_FIELDS]
    addresses = [
        (place, ip)
        for place, one in enumerate(fields)
        if (ip := values.address(one.strip('",'))) is not None
    ]
    if addresses:
        record["source.ip"] = addresses[-1][1]
    told = [ip for _, ip in addresses[:-1]]
    quoted = _TAIL.findall(tail[:_LONGEST]) if tail else []
    told += [one for one in quoted[:_MOST_FIELDS] if _ADDRESSES_ONLY.fullmatch(one)]
    forwarded = forwarded_ip(told)
    if forwarded is not None:
        record["network.forwarded_ip"] = forwarded
    if not addresses or addresses[0][0] == 0:
        return None
    # A tag of syslog, `nginx:`, has neither a dot nor a port.
    first = fields[addresses[0][0] - 1]
    name, _, port = first.rpartition(":")
    if not ("." in first or (name and port.isdigit())):
        return None
    number = values.parse_port(port) if name else None
    if number is not None:
        record["destination.port"] = number
    return first


def _set_request(record: dict[str, Any], request: str, host: str | None) -> None:
    match = _REQUEST.fullmatch(request)
    if match is None:
        return
    record["http.request.method"] = match[1]
    target = match[2].replace('\\"', '"')
    port = (host or "").rpartition(":")[2]
    full, domain = page(host, target, "https" if port == "443" else "http")
    if full is not None:
        record["url.full"] = full
    if domain is not None:
        record["url.domain"] = domain
