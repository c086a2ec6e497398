"""Sightings in the Elastic Common Schema, as the body of a bulk request.

Source: Elastic Common Schema 8.17; Elasticsearch, Bulk API.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from quetsach.addresses import parse_address
from quetsach.errors.catalogue import N_
from quetsach.exports.contract import (
    Export,
    ExportFacts,
    Sighting,
    bare_address,
    confidence_word,
    json_lines,
    plain_record,
)
from quetsach.indicators.model import IndicatorKind
from quetsach.schema import SIGHTING

ECS_VERSION = "8.17.0"

ADDRESSES = frozenset(
    (
        *("source.ip", "source.nat.ip", "destination.ip", "destination.nat.ip", "host.ip"),
        *("network.forwarded_ip", "dns.resolved_ip"),
    )
)
"""The fields of type ip: a document with anything else there would be refused as a whole."""

_ARRAYS = ("host.ip", "host.mac")
"""What ECS has as an array, and we as one value."""

_LOWER = ("network.transport", "network.application")
_UPPER = ("tls.server.hash.sha1", "tls.server.hash.sha256")
"""Digests of certificates: those of files are in lower case."""

_TYPES_OF_THEIR_OWN: Mapping[str, dict[str, Any]] = {
    "url.full": {"type": "wildcard"},
    # Kept and shown, not searched, as ECS has it: a line may be longer than a term can be.
    "event.original": {"type": "keyword", "index": False, "doc_values": False},
    "threat.indicator.confidence": {"type": "keyword"},
    "dns.answers": {"properties": {"data": {"type": "keyword", "ignore_above": 1024}}},
}
_MORE_FIELDS = ("event.kind", "event.category", "event.module", "event.provider", "ecs.version")
_LONGEST_TERM = 1024

# Elastic: a body for the bulk API, with lasting ids, so that a second load adds nothing.


def _elastic(sightings: Iterable[Sighting], head: ExportFacts) -> Iterator[bytes]:
    for sighting in sightings:
        action = {"create": {"_id": sighting["quetsach.sighting.id"]}}
        yield from json_lines((action, ecs_document(sighting, head)))


def ecs_document(sighting: Sighting, head: ExportFacts) -> dict[str, Any]:
    """Return a sighting as a document of the Elastic Common Schema, nested."""
    record = plain_record(sighting)
    kind, answers = record.pop("event.type", None), record.pop("dns.answers", None)
    for name in ADDRESSES & record.keys():
        address = parse_address(record[name])
        # What a log has in place of an address stays readable beside it.
        record |= (
            {name: None, f"quetsach.text.{name}": record[name]}
            if address is None
            else {name: str(address)}
        )
    for name in record.keys() & _LOWER:
        record[name] = record[name].lower()
    for name in record.keys() & _UPPER:
        record[name] = record[name].upper()
    for name in _ARRAYS:
        if record.get(name) is not None:
            record[name] = [record[name]]
    if answers:
        record["dns.answers"] = [{"data": answer} for answer in answers]
        addresses = [address for answer in answers if (address := parse_address(answer))]
        record |= {"dns.resolved_ip": [*map(str, addresses)]} if addresses else {}
    record["threat.indicator.type"] = ecs_type(sighting)
    confidence = record.pop("threat.indicator.confidence", None)
    if confidence is not None:
        record["threat.indicator.confidence"] = confidence_word(confidence)
    document: dict[str, Any] = {}
    for name, value in record.items():
        if value is not None:
            _put(document, _path(name), value)
    event = document.setdefault("event", {})
    event |= {"kind": "alert", "category": ["network"], "provider": head.source}
    event["module"] = "quetsach"
    if kind is not None:
        event["type"] = [kind]
    document["ecs"] = {"version": ECS_VERSION}
    return document


def _put(document: dict[str, Any], path: Sequence[str], content: Any) -> None:
    *parents, last = path
    for name in parents:
        document = document.setdefault(name, {})
    document[last] = content


def _path(name: str) -> list[str]:
    # In a document, what has fields below it cannot be a value as well.
    return f"{name}.name".split(".") if name == "quetsach.device" else name.split(".")


def index_template() -> dict[str, Any]:
    """Return the index template (composable, for Elasticsearch and OpenSearch) of the documents.

    Fields that it does not name are kept and not indexed, so that a newer version still loads.
    """
    properties: dict[str, Any] = {}
    for field in SIGHTING:
        _declare(properties, _path(field.name), _mapping(field))
    for name in (*_MORE_FIELDS, "threat.indicator.type"):
        _declare(properties, name.split("."), _KEYWORD)
    for name in sorted(ADDRESSES):
        _declare(properties, name.split("."), {"type": "ip"})
        _declare(properties, ["quetsach", "text", *name.split(".")], _KEYWORD)
    return {
        "index_patterns": ["quetsach-*"],
        "priority": 200,
        "template": {
            "mappings": {
                "_meta": {"ecs.version": ECS_VERSION},
                "dynamic": False,
                "date_detection": False,
                "properties": properties,
            }
        },
    }


_KEYWORD = {"type": "keyword", "ignore_above": _LONGEST_TERM}


def _mapping(field: pa.Field) -> dict[str, Any]:
    if field.name in _TYPES_OF_THEIR_OWN:
        return _TYPES_OF_THEIR_OWN[field.name]
    if pa.types.is_timestamp(field.type):
        return {"type": "date"}
    if pa.types.is_integer(field.type):
        return {"type": "long"}
    return {"type": "boolean"} if pa.types.is_boolean(field.type) else _KEYWORD


def _declare(properties: dict[str, Any], path: Sequence[str], mapping: dict[str, Any]) -> None:
    *parents, last = path
    for name in parents:
        properties = properties.setdefault(name, {"properties": {}})["properties"]
    properties[last] = mapping


def ecs_type(sighting: Sighting) -> str | None:
    """Return the type of the indicator in the words of ECS; None where it has none."""
    kind = IndicatorKind(sighting["threat.indicator.type"])
    if kind in (IndicatorKind.ADDRESS, IndicatorKind.NETWORK):
        address = parse_address(bare_address(sighting))
        return "ipv6-addr" if address is not None and address.version == 6 else "ipv4-addr"
    words = {
        IndicatorKind.NAME: "domain-name",
        IndicatorKind.URL: "url",
        IndicatorKind.HASH: "file",
    }
    return words.get(kind)


ELASTIC_EXPORT = Export(
    "ecs",
    N_("Elastic Common Schema, as the body of a bulk request"),
    N_(
        "Send it to /INDEX/_bulk of Elasticsearch or OpenSearch; ids last, so that a second "
        "time adds nothing."
    ),
    ".bulk.ndjson",
    _elastic,
)
