"""Sightings as Detection Findings of the Open Cybersecurity Schema Framework, JSON lines.

A sighting is a finding (class 2004), no raw network activity: an indicator was met, with its
grade, and the record that shows it is the evidence. Without machines it has no endpoint, which
Network Activity and DNS Activity ask for. Source: OCSF 1.5.0, profiles osint, security_control.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from quetsach.addresses import parse_address
from quetsach.errors.catalogue import N_
from quetsach.exports.contract import (
    SEVERITY,
    Export,
    ExportFacts,
    Sighting,
    bare_address,
    confidence_word,
    iso_us,
    json_lines,
    plain_record,
    tlp_of,
)
from quetsach.indicators.model import IndicatorKind, Tlp
from quetsach.scanning.grades import SightingGrade

OCSF_VERSION = "1.5.0"

_CREATE, _NEW = 1, 1
_FINDINGS, _DETECTION_FINDING = 2, 2004
_BY_RULE = 1
_DENIED, _BLOCKED = 2, 2
_CONFIDENCE = {"None": 1, "Low": 1, "Medium": 2, "High": 3}
_DIRECTION = {"inbound": 1, "outbound": 2}

# type_id of the object osint and of the object observable.
_TYPES: Mapping[IndicatorKind, tuple[int, int]] = {
    IndicatorKind.NAME: (2, 1),
    IndicatorKind.ADDRESS: (1, 2),
    IndicatorKind.NETWORK: (1, 12),
    IndicatorKind.URL: (5, 6),
    IndicatorKind.HASH: (4, 8),
    IndicatorKind.FINGERPRINT: (99, 30),
}
_TLP = {Tlp.AMBER_STRICT: "AMBER STRICT"}
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}")

_PLACED = frozenset(
    (
        "quetsach.sighting.id", "@timestamp", "event.dataset", "event.original",
        "threat.indicator.name", "threat.indicator.type", "threat.indicator.marking.tlp",
        "threat.software.name",
        "network.direction", "network.transport", "source.ip", "source.port", "source.mac",
        "destination.ip", "destination.port", "destination.domain", "dns.question.name",
        "dns.question.type", "url.full", "process.pid", "process.name", "process.executable",
    )
)  # fmt: skip
"""The columns that have a place in the schema; the others are written under `unmapped`."""


def _ocsf(sightings: Iterable[Sighting], head: ExportFacts) -> Iterator[bytes]:
    return json_lines(detection_finding(sighting, head) for sighting in sightings)


def detection_finding(sighting: Sighting, head: ExportFacts) -> dict[str, Any]:
    """Return a sighting that has a time as a Detection Finding."""
    indicator, grade = sighting["threat.indicator.name"], sighting["quetsach.grade"]
    when_ms = sighting["@timestamp"] // 1000
    blocked = grade == SightingGrade.BLOCKED
    number = sighting["quetsach.sighting.id"]
    finding: dict[str, Any] = {
        "class_uid": _DETECTION_FINDING,
        "class_name": "Detection Finding",
        "category_uid": _FINDINGS,
        "category_name": "Findings",
        "activity_id": _CREATE,
        "activity_name": "Create",
        "type_uid": _DETECTION_FINDING * 100 + _CREATE,
        "severity_id": _severity(grade),
        "status_id": _NEW,
        "time": when_ms,
        "message": f"Contact with an indicator: {indicator} ({grade})",
        "metadata": _metadata(sighting, head, blocked=blocked),
        "finding_info": {
            "uid": number,
            "title": "Contact with an indicator",
            "types": [grade],
            "first_seen_time": when_ms,
            "last_seen_time": when_ms,
            "analytic": {
                "type_id": _BY_RULE,
                "name": f"quetsach {sighting['quetsach.match.rule']}",
                "version": head.version,
            },
            "data_sources": [sighting.get("event.dataset", "log")],
        },
        "evidences": [_evidence(sighting)],
        "osint": [_osint(sighting, head)],
        "observables": [_observable(sighting)],
    }
    if blocked:
        finding |= {"action_id": _DENIED, "disposition_id": _BLOCKED}
    if "quetsach.device" in sighting:
        finding["resources"] = [{"type": "device", "name": sighting["quetsach.device"]}]
    if "event.original" in sighting:
        finding["raw_data"] = sighting["event.original"]
    rest = {name: value for name, value in plain_record(sighting).items() if name not in _PLACED}
    return finding | {"unmapped": rest}


def _severity(grade: str) -> int:
    severity = SEVERITY[SightingGrade(grade)]
    return 1 if severity < 4 else 3 if severity < 7 else 4 if severity < 9 else 5


def _metadata(sighting: Sighting, head: ExportFacts, *, blocked: bool) -> dict[str, Any]:
    return {
        "version": OCSF_VERSION,
        "uid": sighting["quetsach.sighting.id"],
        "product": {"name": "quetsach", "vendor_name": "quetsach", "version": head.version},
        "profiles": ["osint", *(["security_control"] if blocked else [])],
        "log_name": sighting.get("event.dataset", "log"),
        "original_time": iso_us(sighting["@timestamp"]),
        "tenant_uid": head.source,
    }


def _osint(sighting: Sighting, head: ExportFacts) -> dict[str, Any]:
    kind = IndicatorKind(sighting["threat.indicator.type"])
    osint: dict[str, Any] = {
        "value": sighting["threat.indicator.name"],
        "type_id": _TYPES[kind][0],
    }
    tlp = tlp_of(sighting)
    if tlp is not None:
        osint["tlp"] = _TLP.get(tlp, tlp.value.upper())
    confidence = sighting.get("threat.indicator.confidence")
    if confidence is not None:
        osint["confidence_id"] = _CONFIDENCE[confidence_word(confidence)]
    if kind is IndicatorKind.NETWORK:
        osint["subnet"] = sighting["quetsach.indicator.key"]
    if "threat.software.name" in sighting:
        osint["malware"] = [{"name": sighting["threat.software.name"], "classification_ids": [0]}]
    if head.title:
        osint["campaign"] = {"name": head.title}
    return osint


def _observable(sighting: Sighting) -> dict[str, Any]:
    kind = IndicatorKind(sighting["threat.indicator.type"])
    value = sighting["threat.indicator.name"]
    if kind is IndicatorKind.ADDRESS:
        value = bare_address(sighting)
    return {"name": "osint.value", "type_id": _TYPES[kind][1], "value": value}


def _evidence(sighting: Sighting) -> dict[str, Any]:
    """Return what the record shows, as far as the columns that leave hold it."""
    connection = {"direction_id": _DIRECTION.get(sighting.get("network.direction", ""), 0)}
    if "network.transport" in sighting:
        connection |= {"protocol_name": sighting["network.transport"]}
    evidence: dict[str, Any] = {"connection_info": connection}
    source, destination = _endpoint(sighting, "source"), _endpoint(sighting, "destination")
    if source:
        evidence["src_endpoint"] = source
    if destination:
        evidence["dst_endpoint"] = destination
    if "dns.question.name" in sighting:
        query = {"hostname": sighting["dns.question.name"]}
        if "dns.question.type" in sighting:
            query["type"] = sighting["dns.question.type"]
        evidence["query"] = query
    if "url.full" in sighting:
        evidence["url"] = {"url_string": sighting["url.full"]}
    if "process.pid" in sighting:
        process = {"pid": sighting["process.pid"]}
        names = {"name": "process.name", "path": "process.executable"}
        evidence["process"] = process | {
            key: sighting[name] for key, name in names.items() if name in sighting
        }
    return evidence


def _endpoint(sighting: Sighting, end: str) -> dict[str, Any]:
    """Return one end of the contact; {} where no address or name of it leaves."""
    endpoint: dict[str, Any] = {}
    text = sighting.get(f"{end}.ip")
    if text is not None:
        address = parse_address(text)
        endpoint |= {"name": text} if address is None else {"ip": str(address)}
    if end == "destination" and "destination.domain" in sighting:
        endpoint["hostname"] = sighting["destination.domain"]
    if not endpoint:
        return {}
    if f"{end}.port" in sighting:
        endpoint["port"] = sighting[f"{end}.port"]
    mac = sighting.get(f"{end}.mac", "")
    if _MAC.fullmatch(mac):
        endpoint["mac"] = mac
    return endpoint


OCSF_EXPORT = Export(
    "ocsf",
    N_("OCSF Detection Finding, JSON lines"),
    N_("For Amazon Security Lake, Splunk and others that take OCSF; a finding needs a time."),
    ".ocsf.ndjson",
    _ocsf,
    needs_time=True,
)
