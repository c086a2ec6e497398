"""Squid access logs in the native form: one line a request, stamped when it was over.

The time of an event is that stamp; when the request began is told in `event.start`.

Source: the Squid wiki, Features/LogFormat; squid.conf, logformat squid.
"""

import re
from collections.abc import Iterable
from typing import Any

from quetsach.clocks import Zone, us_from_epoch
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import values
from quetsach.formats.shared.syslog import clock_of
from quetsach.formats.shared.text_lines import first_of, mostly
from quetsach.formats.shared.values import page
from quetsach.sieve.contract import LineClock

# Proxies that write as Squid does put their own tag before it.
_HEAD = r"(?:.{0,200}?(?<!Info): {1,3})?"
_LINE = re.compile(
    rf"{_HEAD}(\d{{9,10}}\.\d{{1,6}})\s+(-?\d{{1,12}}) (\S+) ([A-Z][A-Z_]{{2,60}})/(\d{{3}}) (\d+)"
    r" (\S+) (\S+) (.{1,256}?) ([A-Z][A-Z_]{2,60})/(\S*)"
)
_OURS = re.compile(
    rb"(?:.{0,200}?(?<!Info): {1,3})?(\d{9,10}\.\d{1,6})\s+-?\d{1,12} \S+"
    rb" [A-Z][A-Z_]{2,60}/\d{3} \d"
)
_HOST_PORT = re.compile(r".*:(\d{1,5})")
# Hierarchy codes that say the origin server itself was asked.
_DIRECT = frozenset({"DIRECT", "HIER_DIRECT", "ORIGINAL_DST", "PINNED", "SOURCE_FASTEST"})
_LONGEST = 64 * 1024


class Squid:
    """Requests to a Squid proxy: the client, and the server that it connected to."""

    name = "squid"
    title = N_("Squid access log")
    reads = N_("requests and tunnels with the client, the requested address and the server reached")

    def recognise(self, head: bytes) -> bool:
        """Return whether most of the first lines are of the native form."""
        return mostly(head, _OURS.match)

    def layout(self, head: bytes) -> LogLayout:
        """Return where the hour is: first of all, or behind the head of a syslog line."""
        line = first_of(head, _OURS.match)
        found = _OURS.match(line)
        plain = found is not None and found.start(1) == 0
        clock = LineClock(needle=b"", epoch=True) if plain else clock_of(line)
        return LogLayout("squid.access", clock=clock)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:  # noqa: ARG002
        """Return one event a request; its time is that of its end."""
        rows = ParsedLines()
        for offset, line in rows.filled(lines):
            match = _LINE.match(values.as_text(line[:_LONGEST]))
            if match is not None:
                rows.add(offset, _record(match))
            else:
                rows.reject(offset, "not-a-request", line)
        return rows


def _record(found: re.Match[str]) -> dict[str, Any]:
    ended, elapsed, client, action, status, size, method, target, _user, how, peer = found.groups()
    record: dict[str, Any] = {
        "event.dataset": "squid.access",
        "event.type": "protocol",
        "event.action": action,
    }
    _set_times(record, us_from_epoch(ended), int(elapsed))
    ip = values.address(client)
    if ip is not None:
        record["source.ip"] = ip
    sent = values.count(size)
    # What the proxy answered by itself did not come from the other side.
    if sent is not None and not how.endswith("NONE"):
        record["destination.bytes"] = sent
    if status != "000":
        record["http.response.status_code"] = int(status)
    if method != "-":
        record["http.request.method"] = method
        _set_page(record, target, method)
    _set_peer(record, how, peer)
    _set_asked_address(record)
    if "DENIED" in action:
        record["event.type"], record["event.outcome"] = "denied", "failure"
    elif how in _DIRECT and peer not in {"", "-"}:
        record["event.outcome"] = "failure" if status in {"000", "502", "503", "504"} else "success"
    return record


def _set_times(record: dict[str, Any], end: int | None, elapsed_ms: int) -> None:
    if end is None:
        return
    start = end - max(elapsed_ms, 0) * 1000
    record["event.start"] = start
    record["@timestamp"] = record["event.end"] = end
    record["event.duration"] = (end - start) * 1000


def _set_page(record: dict[str, Any], target: str, method: str) -> None:
    if target.startswith("error:"):
        return
    full, domain = page(None, target)
    if method == "CONNECT":
        port = values.parse_port(found[1]) if (found := _HOST_PORT.fullmatch(target)) else None
        if port is not None:
            record["destination.port"] = port
    if full is not None:
        record["url.full"] = full
    if domain is not None:
        record["url.domain"] = domain


def _set_asked_address(record: dict[str, Any]) -> None:
    """Put the address that the request itself names into `record`, unless the line tells a peer."""
    if not {"destination.ip", "destination.domain"} & record.keys():
        ip = values.address(record.get("url.domain"))
        if ip is not None:
            record["destination.ip"] = ip


def _set_peer(record: dict[str, Any], how: str, peer: str) -> None:
    """Put the server that was reached into `record`; another proxy is not the requested server."""
    if how not in _DIRECT or peer in {"", "-"}:
        return
    ip = values.address(peer)
    if ip is not None:
        record["destination.ip"] = ip
    else:
        record["destination.domain"] = peer
