"""Sightings as events of IntelMQ, JSON lines. Source: IntelMQ Data Harmonization 3.

`source` is the infected machine there and `destination` what it reached, so without machines an
event has a destination alone.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from quetsach.addresses import parse_address
from quetsach.blocklists.stix_objects import url_with_scheme
from quetsach.clocks import MICROSECONDS
from quetsach.errors.catalogue import N_
from quetsach.exports.contract import (
    SEVERITY,
    Export,
    ExportFacts,
    Sighting,
    bare_address,
    indicator_of,
    plain_record,
    tlp_of,
)
from quetsach.indicators.model import IndicatorKind, MatchRule, Tlp
from quetsach.indicators.vocabulary import HASH_TYPES
from quetsach.scanning.grades import SightingGrade

# IntelMQ knows the levels of TLP 1 alone: a level without a word is told as the next stricter.
_TLP: Mapping[Tlp, str] = {
    Tlp.CLEAR: "WHITE",
    Tlp.GREEN: "GREEN",
    Tlp.AMBER: "AMBER",
    Tlp.AMBER_STRICT: "RED",
    Tlp.RED: "RED",
}
_IGNORED = ("", "-", "N/A")
_ASCII = re.compile(r"[ -~]+")
_FQDN = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
_TRANSPORTS = frozenset(("tcp", "udp", "icmp", "ipv6-icmp", "sctp", "gre"))
_FLAT = ("quetsach.", "threat.indicator.", "event.dataset", "event.outcome", "network.direction")
"""The beginnings of the columns that are written under `extra`, with `_` for each dot."""

_NOT_INFECTED = "undetermined"


def _intelmq(sightings: Iterable[Sighting], head: ExportFacts) -> Iterator[bytes]:
    for sighting in sightings:
        # In ASCII: its parser also ends a line at U+2028, U+0085 and other signs.
        yield json.dumps(intelmq_event(sighting, head)).encode() + b"\n"


def intelmq_event(sighting: Sighting, head: ExportFacts) -> dict[str, Any]:
    """Return a contact as an event, its keys flat and dotted as IntelMQ's files have them."""
    record = plain_record(sighting)
    raw = sighting.get("event.original")
    tlp, family = tlp_of(sighting), sighting.get("threat.software.name", "")
    # A resolver or proxy that asked for others is not infected by that.
    infected = sighting.get("quetsach.device.role", "client") == "client"
    event: dict[str, Any] = {
        "__type": "Event",
        "classification.taxonomy": "malicious-code" if infected else "other",
        "classification.type": "infected-system" if infected else _NOT_INFECTED,
        "classification.identifier": family.strip().lower(),
        "feed.provider": head.source,
        "feed.name": "quetsach" if _is_empty(head.title) else head.title,
        "feed.accuracy": _accuracy(sighting),
        "severity": _severity(sighting["quetsach.grade"]),
        "event_description.text": f"Contact with an indicator ({sighting['quetsach.grade']})",
        "malware.name": family.strip().lower() if _ASCII.fullmatch(family) else None,
        "time.source": _time(sighting.get("@timestamp")),
        "time.observation": _time(head.made_us),
        "tlp": None if tlp is None else _TLP[tlp],
        "raw": b64encode(msgspec.json.encode(record) if raw is None else raw.encode()).decode(),
        "protocol.transport": _transport(sighting),
        **_destination(sighting),
        **_source(sighting),
        **{
            "extra." + re.sub("[^a-z0-9]", "_", name): value
            for name, value in record.items()
            if name.startswith(_FLAT)
        },
    }
    return {name: value for name, value in event.items() if not _is_empty(value)}


def _is_empty(value: object) -> bool:
    """Return whether IntelMQ leaves the value out: it strips texts and ignores some."""
    return value is None or (isinstance(value, str) and value.strip() in _IGNORED)


def _accuracy(sighting: Sighting) -> float | None:
    confidence = sighting.get("quetsach.indicator.confidence_then")
    if confidence is None:
        confidence = sighting.get("threat.indicator.confidence")
    return None if confidence is None else float(confidence)


def _severity(grade: str) -> str:
    severity = SEVERITY[SightingGrade(grade)]
    return "low" if severity < 4 else "medium" if severity < 7 else "high"


def _time(at_us: int | None) -> str | None:
    if at_us is None:
        return None
    seconds, rest = divmod(at_us, MICROSECONDS)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:06}+00:00"


def _transport(sighting: Sighting) -> str | None:
    transport = str(sighting.get("network.transport", "")).lower()
    return transport if transport in _TRANSPORTS else None


def _destination(sighting: Sighting) -> dict[str, Any]:
    """Return what was reached: the indicator, and with machines the address behind it."""
    indicator = indicator_of(sighting)
    reached: dict[str, Any] = {
        "destination.ip": _address(sighting.get("destination.ip")),
        "destination.port": sighting.get("destination.port"),
    }
    if indicator.kind is IndicatorKind.NAME and _FQDN.fullmatch(indicator.key):
        reached["destination.fqdn"] = indicator.key
    elif indicator.kind is IndicatorKind.ADDRESS:
        reached["destination.ip"] = _address(bare_address(sighting))
        if indicator.rule is MatchRule.IP_PORT:
            reached["destination.port"] = indicator.port
    elif indicator.kind is IndicatorKind.NETWORK:
        reached["destination.network"] = indicator.key
    elif indicator.kind is IndicatorKind.URL:
        reached["destination.url"] = url_with_scheme(indicator)
    elif indicator.kind is IndicatorKind.HASH:
        reached[f"malware.hash.{HASH_TYPES[len(indicator.key)]}"] = indicator.key
    return reached


def _source(sighting: Sighting) -> dict[str, Any]:
    """Return the machine, as far as the columns that leave name it."""
    seen_on = sighting.get("quetsach.device.address", sighting.get("source.ip"))
    return {
        "source.ip": _address(seen_on),
        "source.port": sighting.get("source.port"),
        "source.local_hostname": sighting.get("quetsach.device"),
    }


def _address(text: str | None) -> str | None:
    address = parse_address(text) if text else None
    return None if address is None or int(address) == 0 else str(address)


INTELMQ_EXPORT = Export(
    "intelmq",
    N_("IntelMQ events, JSON lines"),
    N_("Read it with a File collector and the JSON parser of IntelMQ."),
    ".intelmq.jsonl",
    _intelmq,
    contacts_only=True,
)
