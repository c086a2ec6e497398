"""Pairs of captures: a capture, and the sessions, questions or flows that others read in it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from tools.scoreboard.judge import normal_fields
from tools.scoreboard.pairs import Expectation, Pair

_FLOW = re.compile(
    r"^\s*\d+\t(?:TCP|UDP) (?P<source>\S+):(?P<sport>\d+) <?->>? (?P<peer>\S+):(?P<port>\d+) "
    r"(?P<rest>.*)$"
)
MOST_FLOWS = 25
"""How many flows of a capture are held against ours: a scan has thousands, all alike."""

_PROTOCOL = re.compile(r"\[proto: [\d.]+/([A-Za-z0-9_]+)")
_HOST = re.compile(r"\[Hostname/SNI: ([^\]]+)\]")
_NAMED_BY = {
    "DNS": "dns.question.name",
    "TLS": "tls.client.server_name",
    "QUIC": "tls.client.server_name",
    "HTTP": "url.domain",
}


def read_suricata(folder: Path) -> Iterator[Pair]:
    """Yield the checks of a sensor's own tests below `folder`: events that must be there."""
    for path in sorted((folder / "suricata-verify").glob("*.yaml")):
        checks = yaml.safe_load(path.read_text(encoding="utf-8")).get("checks") or []
        filters = [one["filter"] for one in checks if "filter" in one]
        expected = tuple(one for told in filters for one in _checked(told))
        found = (folder.parent / "evidence" / "pcap" / "suricata-verify").glob(
            f"{path.stem}--*.pcap"
        )
        yield from _pairs("suricata-verify", path, found, expected)


def _checked(told: Mapping[str, Any]) -> Iterator[Expectation]:
    match = told.get("match") or {}
    if not told.get("count") or match.get("event_type") not in {"dns", "flow", "tls", "http"}:
        return
    ends = [match.get(key) for key in ("src_ip", "src_port", "dest_ip", "dest_port")]
    if match.get("dns.type") in {"answer", "response"} and match.get("src_port") == 53:
        # The sensor tells who sent the packet; we tell who asked.
        ends = [*ends[2:], *ends[:2]]
    names = ("source.ip", "source.port", "destination.ip", "destination.port")
    fields: dict[str, Any] = dict(zip(names, ends, strict=True))
    fields["dns.question.name"] = match.get("dns.rrname") or match.get("dns.queries[0].rrname")
    fields["tls.client.server_name"] = match.get("tls.sni")
    fields["url.domain"] = match.get("http.hostname")
    normal = normal_fields(fields)
    if normal:
        yield Expectation(normal)


def read_arkime(folder: Path) -> Iterator[Pair]:
    """Yield the sessions that a full-packet recorder's own tests expect below `folder`."""
    for path in sorted((folder / "arkime").glob("*.test")):
        sessions = json.loads(path.read_text(encoding="utf-8")).get("sessions3") or []
        expected = tuple(_session(one["body"]) for one in sessions)
        found = (folder.parent / "evidence" / "pcap" / "arkime").glob(f"{path.stem}.pcap*")
        yield from _pairs("arkime", path, found, expected)


def _session(body: Mapping[str, Any]) -> Expectation:
    first = body.get("firstPacket")
    told: dict[str, Any] = {
        f"{end}.{key}": (body.get(end) or {}).get(key)
        for end in ("source", "destination")
        for key in ("ip", "port")
    }
    if isinstance(first, int):
        told["@timestamp"] = datetime.fromtimestamp(first / 1000, UTC)
    if body.get("ipProtocol") == 1:
        told["source.port"] = told["destination.port"] = None
    asked = {one.get("queryHost") for one in body.get("dns") or []} - {None}
    told["dns.question.name"] = asked.pop() if len(asked) == 1 else None
    hosts = (body.get("http") or {}).get("host") or []
    # The recorder calls the server name of TLS a host of HTTP, too.
    by_tls = body.get("tls") is not None and not (body.get("http") or {}).get("method")
    named = "tls.client.server_name" if by_tls else "url.domain"
    told[named] = hosts[0].partition(":")[0] if len(hosts) == 1 else None
    return Expectation(normal_fields(told))


def read_ndpi(folder: Path) -> Iterator[Pair]:
    """Yield the flows that a protocol library's own tests expect below `folder`."""
    for path in sorted((folder / "ndpi").glob("*.out")):
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        matches = [match for line in lines if (match := _FLOW.match(line))][:MOST_FLOWS]
        expected = tuple(_flow(match) for match in matches)
        found = (folder.parent / "evidence" / "pcap" / "ndpi").glob(path.stem)
        yield from _pairs("ndpi", path, found, expected)


def _flow(match: re.Match[str]) -> Expectation:
    told = {
        "source.ip": match["source"].strip("[]"),
        "source.port": match["sport"],
        "destination.ip": match["peer"].strip("[]"),
        "destination.port": match["port"],
    }
    protocol, host = _PROTOCOL.search(match["rest"]), _HOST.search(match["rest"])
    if protocol and host and (field := _NAMED_BY.get(protocol[1])):
        told[field] = host[1]
    return Expectation(normal_fields(told))


def _pairs(
    source: str, path: Path, found: Iterable[Path], expected: tuple[Expectation, ...]
) -> Iterator[Pair]:
    capture = next(iter(sorted(found)), None)
    whole = tuple(one for one in expected if one.fields)
    if capture is not None and whole:
        test = path.name.removesuffix(".out").removesuffix(path.suffix)
        yield Pair(source, "pcap", test, capture.read_bytes(), whole, path, alone=True)
