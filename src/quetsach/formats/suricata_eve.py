"""Suricata EVE: JSON lines with `event_type`; what each of its sections says of who met whom.

Source: the Suricata user guide, "EVE JSON Format", versions 4 to 8 (dns logging 1, 2 and 3).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import values
from quetsach.formats.shared.suricata_dns import Record, Section, dns_section, is_answer, questions
from quetsach.formats.shared.text_lines import first_objects, object_of
from quetsach.formats.shared.values import forwarded_ip, page
from quetsach.sieve.contract import LineClock

_DNS_PORT = 53
_DHCP_SERVER_PORT = 67
_SERVER_PORTS = 1024
_DENIED = frozenset({"blocked", "drop", "dropped", "reject", "rejected", "block"})
# A machine that asks for its first address speaks from nowhere and is answered everywhere.
_NOBODY = frozenset({"0.0.0.0", "255.255.255.255"})  # noqa: S104 - values, nothing is bound
_SYN, _RST = 0x02, 0x04


def ends(record: Record, section: Section, kind: str) -> None:
    """Put both ends of the connection into `record`, the client as the source.

    Suricata writes answers, files sent by a server and alerts on a reply with the server as
    `src_ip`. The source of an event is the side that opened the connection, so the ends of such
    lines are swapped.
    """
    source = (values.address(section.get("src_ip")), values.parse_port(section.get("src_port")))
    destination = (
        values.address(section.get("dest_ip")),
        values.parse_port(section.get("dest_port")),
    )
    if _from_server(section, kind, source[1], destination[1]):
        source, destination = destination, source
    if kind == "dhcp" and source[0] in _NOBODY:
        source = (None, source[1])
    _put(record, "source.ip", source[0])
    _put(record, "source.port", source[1])
    _put(record, "destination.ip", destination[0])
    _put(record, "destination.port", destination[1])
    _put(record, "network.transport", values.transport(section.get("proto")))
    _put(record, "network.forwarded_ip", forwarded_ip(section.get("xff")))
    application = values.text(section.get("app_proto"))
    if application not in {None, "failed", "unknown"}:
        record["network.application"] = application
    # What GateWatcher found to be a made-up name.
    for field in ("destination.domain", "url.domain"):
        _put(record, field, values.text(section.get("domain_name")))
    ether = section.get("ether")
    if isinstance(ether, dict):
        turned = source[0] is not None and source[0] == values.address(section.get("dest_ip"))
        _put(record, "source.mac", values.mac(ether.get("dest_mac" if turned else "src_mac")))


def _from_server(section: Section, kind: str, source: int | None, destination: int | None) -> bool:
    """Return whether `src_ip` is the server, by its port first and by `direction` else."""
    if kind == "dns" and is_answer(section.get("dns")) and _DNS_PORT in (source, destination):
        # Some versions write an answer in the direction of its question already.
        return source == _DNS_PORT and destination != _DNS_PORT
    if kind == "dhcp":
        return source == _DHCP_SERVER_PORT and destination != _DHCP_SERVER_PORT
    flow = section.get("flow")
    if isinstance(flow, dict) and flow.get("src_ip") is not None:
        opener = (values.address(flow["src_ip"]), values.parse_port(flow.get("src_port")))
        return bool(opener == (values.address(section.get("dest_ip")), destination))
    direction = section.get("direction")
    if direction in ("to_client", "to_server"):
        return bool(direction == "to_client")
    if kind != "fileinfo" or source is None or destination is None:
        return False
    http = section.get("http")
    served = values.parse_port(http.get("http_port")) if isinstance(http, dict) else None
    return source == served or source < _SERVER_PORTS <= destination


def _http(record: Record, section: Section, _kind: str) -> None:
    host = values.text(section.get("hostname"))
    port = values.parse_port(section.get("http_port"))
    if host is not None and port not in (None, 80) and ":" not in host:
        host = f"{host}:{port}"
    target = values.text(section.get("url"))
    full, domain = page(host, target)
    if full is None and target is not None and "destination.ip" in record:
        # A client that sends no Host still asked that server for a page.
        ip = record["destination.ip"]
        full = page(f"[{ip}]" if ":" in ip else ip, target)[0]
    _put(record, "url.full", full)
    _put(record, "url.domain", domain)
    _put(record, "http.request.method", values.text(section.get("http_method")))
    _put(record, "user_agent.original", values.text(section.get("http_user_agent")))
    _put(record, "network.forwarded_ip", forwarded_ip(section.get("xff")))
    status = values.count(section.get("status"))
    if status is not None:
        record["http.response.status_code"] = status
        record["event.outcome"] = "success"


def _prints(record: Record, section: Section) -> None:
    """Take the fingerprints of a `tls` or `quic` section; that of a certificate is its SHA-1."""
    for name, field in (("ja3", "tls.client.ja3"), ("ja3s", "tls.server.ja3s")):
        part = section.get(name)
        _put(record, field, values.text(part.get("hash")) if isinstance(part, dict) else None)
    _put(record, "tls.client.ja4", values.text(section.get("ja4")))
    digest = (values.text(section.get("fingerprint")) or "").replace(":", "").lower()
    _put(record, "tls.server.hash.sha1", digest if len(digest) == 40 else None)


def _tls(record: Record, section: Section, kind: str) -> None:
    _put(record, "tls.client.server_name", values.text(section.get("sni")))
    _prints(record, section)
    version = values.text(section.get("version"))
    if kind == "tls" and version not in {None, "UNDETERMINED"}:
        record["event.outcome"] = "success"


def _quic(record: Record, section: Section, _kind: str) -> None:
    _put(record, "tls.client.server_name", values.text(section.get("sni")))
    _prints(record, section)
    _put(record, "user_agent.original", values.text(section.get("ua")))


def _alert(record: Record, section: Section, kind: str) -> None:
    _put(record, "rule.name", values.text(section.get("signature")))
    _action(record, section, kind)
    metadata = section.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    for key in sorted(_NAMED_BY_OUR_RULES.keys() & metadata.keys()):
        field, name = _NAMED_BY_OUR_RULES[key], next(iter(values.texts(metadata[key]) or ()), None)
        if name is not None and not {*_NAMED_BY_OUR_RULES.values()} & record.keys():
            record[field] = name


_NAMED_BY_OUR_RULES = {
    "quetsach_dns": "dns.question.name",
    "quetsach_tls": "tls.client.server_name",
    "quetsach_http": "url.domain",
}
"""What our rules say in their metadata, for alerts without the section that shows the name met.

The name is that of the list: it, or one below it, was met. See blocklists/outputs/suricata_rules.
"""


def _action(record: Record, section: Section, _kind: str) -> None:
    action = values.text(section.get("action"))
    if action is not None:
        record["event.action"] = action
        if action.lower() in _DENIED:
            record["event.type"] = "denied"


def _flow(record: Record, section: Section, kind: str) -> None:
    _put(record, "source.bytes", values.count(section.get("bytes_toserver")))
    _put(record, "destination.bytes", values.count(section.get("bytes_toclient")))
    if kind == "flow":
        _put(record, "event.action", values.text(section.get("state")))
        if values.text(section.get("action")) in _DENIED:
            record["event.type"] = "denied"
    back = values.count(section.get("pkts_toclient"))
    if back:
        record.setdefault("event.outcome", "success")
    elif back == 0 and kind == "flow":
        # Elsewhere the counters are those at the moment of an alert: an answer may still come.
        record["event.outcome"] = "failure"


def _tcp(record: Record, section: Section, kind: str) -> None:
    """Take a port that only ever answered with a reset as one that did not answer."""
    flags = values.text(section.get("tcp_flags_tc"))
    if kind == "flow" and flags and len(flags) <= 4 and not flags.strip("0123456789abcdefABCDEF"):
        bits = int(flags, 16)
        if bits & _RST and not bits & _SYN:
            record["event.outcome"] = "failure"


def span(record: Record, found: Section, zone: Zone) -> None:
    """Put a flow's start and length into `record`."""
    section = found.get("flow", found.get("netflow"))
    if not isinstance(section, dict):
        return
    values.set_time(record, section.get("start"), zone)
    start = record.get("@timestamp")
    end, _ = values.moment(section.get("end"), zone)
    if start is not None and end is not None and end >= start:
        record["event.duration"] = (end - start) * 1000


def _file(record: Record, section: Section, _kind: str) -> None:
    _put(record, "file.name", values.text(section.get("filename")))
    for name in ("md5", "sha1", "sha256"):
        found = values.text(section.get(name))
        if found is not None:
            record[f"file.hash.{name}"] = found.lower()


def _dhcp(record: Record, section: Section, _kind: str) -> None:
    """Put who holds which address into `record`; an offer or a refusal assigns no address."""
    message = values.text(section.get("dhcp_type"))
    word = (message or "").lower()
    _put(record, "event.action", message or values.text(section.get("type")))
    _put(record, "host.mac", values.mac(section.get("client_mac")))
    _put(record, "host.name", values.text(section.get("hostname")))
    _put(record, "quetsach.lease.seconds", values.count(section.get("lease_time")))
    if word == "release":
        record["quetsach.lease.act"] = "released"
    if word not in {"offer", "nak", "decline", "discover"}:
        held = values.assignable_address(section.get("assigned_ip"))
        held = held if held is not None else values.assignable_address(section.get("client_ip"))
        _put(record, "host.ip", held)
    record["event.type"] = "info"


def _put(record: Record, field: str, value: Any) -> None:
    if value is not None:
        record[field] = value


_SECTIONS: Mapping[str, Callable[[Record, Section, str], None]] = {
    "dns": dns_section,
    "http": _http,
    "tls": _tls,
    "quic": _quic,
    "alert": _alert,
    "verdict": _action,
    "flow": _flow,
    "netflow": _flow,
    "tcp": _tcp,
    "fileinfo": _file,
    "dhcp": _dhcp,
}
"""The sections that fill fields, by their name in the line; later ones know the earlier."""

_ORDER = {name: number for number, name in enumerate(_SECTIONS)}


def fill(record: Record, eve: Section, kind: str) -> None:
    """Put what each known section of the line says into `record`."""
    names = eve.keys() & _ORDER.keys()
    for name in sorted(names, key=_ORDER.__getitem__) if len(names) > 1 else names:
        section = eve[name]
        if isinstance(section, dict):
            _SECTIONS[name](record, section, kind)


_TIME_KEYS = ("timestamp", "timestamp_detected", "@timestamp")
_LONGEST_TYPE = 64
_FLOWS = frozenset({"flow", "netflow"})
_TIMESTAMP = re.compile(rb'"timestamp": ?"')


class SuricataEve:
    """EVE lines of Suricata and of the sensors built on it."""

    name = "suricata-eve"
    title = N_("Suricata EVE JSON")
    reads = N_("dns, http, tls, quic, flow, alert, fileinfo, dhcp and every other event type")

    def recognise(self, head: bytes) -> bool:
        """Return whether one of the first lines is an object with `event_type` and a time."""
        return any(_is_eve(_unwrapped(one)) for one in first_objects(head))

    def layout(self, head: bytes) -> LogLayout:
        """Return where the time is; every line names its own kind."""
        found = _TIMESTAMP.search(head)
        clock = LineClock(needle=found[0], length=len("2026-09-01T08")) if found else None
        # Both `"event_type":"dhcp"` and `"event_type": "dhcp"` hold this.
        return LogLayout(dataset="suricata.eve", clock=clock, marker=b'"dhcp"')

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:  # noqa: ARG002
        """Return the events of `lines`: one a line, or one a question where dns has several."""
        rows = ParsedLines()
        for offset, line in rows.filled(lines):
            eve = object_of(line)
            if eve is None:
                rows.reject(offset, "not-json", line)
                continue
            eve = _unwrapped(eve)
            kind = values.text(eve.get("event_type"))
            if kind is None:
                rows.reject(offset, "no-event-type", line)
                continue
            record = _record(eve, kind[:_LONGEST_TYPE], zone)
            for one in questions(record, eve):
                rows.add(offset, one)
        return rows


def _record(eve: Mapping[str, Any], kind: str, zone: Zone) -> dict[str, Any]:
    record: dict[str, Any] = {"event.dataset": f"suricata.{kind}"}
    ends(record, eve, kind)
    flow = kind in _FLOWS
    if "source.ip" in record:
        record["event.type"] = "connection" if flow else "protocol"
    else:
        record["event.type"] = "info"
    fill(record, eve, kind)
    if flow:
        # A flow's line is stamped at its end; what counts is when it began.
        span(record, eve, zone)
    for key in _TIME_KEYS:
        if "@timestamp" not in record and key in eve:
            values.set_time(record, eve[key], zone)
    if kind == "drop":
        record["event.type"] = "denied"
    observer = values.text(eve.get("host", eve.get("gcap")))
    if observer is not None:
        record["observer.name"] = observer
    return record


def _unwrapped(shipped: dict[str, Any]) -> dict[str, Any]:
    """Return the EVE object inside what a log shipper put around it, else `shipped` itself."""
    if "event_type" in shipped:
        return shipped
    inner = shipped.get("suricata")
    if isinstance(inner, dict) and isinstance(inner.get("eve"), dict):
        return cast("dict[str, Any]", inner["eve"])
    for key in ("message", "_source", "event", "eve"):
        inner = shipped.get(key)
        if isinstance(inner, str) and inner.startswith("{"):
            inner = object_of(inner.encode("utf-8", "replace"))
        if isinstance(inner, dict) and "event_type" in inner:
            return cast("dict[str, Any]", inner)
    return shipped


def _is_eve(found: Mapping[str, Any]) -> bool:
    return isinstance(found.get("event_type"), str) and any(key in found for key in _TIME_KEYS)
