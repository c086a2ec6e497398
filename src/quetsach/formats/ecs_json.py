"""Documents of the Elastic Common Schema, one JSON object a line, from any producer.

Nested, with dots in their names, or with lists of one value (the `fields` of a search). The machine
that wrote or shipped the log (`observer`, `host`, `agent`) is never its client.
Source: Elastic Common Schema 8, field reference.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC
from typing import Any

import pyarrow as pa

from quetsach.captures.contract import OWN_DATASETS
from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import values
from quetsach.formats.shared.text_lines import first_objects, object_of
from quetsach.schema import EVENT_FIELDS, SchemaField
from quetsach.sieve.contract import LineClock

_DEPTH = 8
_MOST_FIELDS = 4_096
_LONGEST_NAME = 200
_LONGEST_DATASET = 64
_MOST_VALUES = 256
# A document with one of these says who met whom, or which name; a time alone is no event of ours.
_CONTACTS = (
    *("source.ip", "source.address", "client.ip", "client.address", "destination.ip"),
    *("destination.address", "destination.domain", "server.ip", "server.address", "url.full"),
    *("url.original", "url.domain", "dns.question.name", "tls.client.server_name"),
)
# Documents of sensors that have formats of their own, with what a shipper put around them.
_OTHERS = ("event_type", "suricata.eve.event_type", "_path", "uid", "id.orig_h")
_CLOCK = re.compile(
    rb'"@timestamp": ?\[?(?:\d|"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::[\d.,]+)?(Z|[+-]\d\d:?\d\d)?))'
)
_HOUR = len("2026-09-01T08")
_SOURCES = ("_source", "fields")
# Words of event.action and of modules' verdicts that say that a device stopped it.
_DENIED = re.compile(
    r"(?:^|[^a-z])(?:den(?:y|ied)|drop(?:ped)?|block(?:ed)?|reject(?:ed)?|reset-(?:both|client|server)|discard(?:ed)?"
    r"|quarantined?)(?:$|[^a-z])",
    re.IGNORECASE,
)
_HOST_NAME = re.compile(r"[^\s/@:]+\.[^\s/@:]*[^\s/@:.\d]\.?")


class EcsJson:
    """Documents of the Elastic Common Schema."""

    name = "ecs-json"
    title = N_("Elastic Common Schema (ECS), JSON")
    reads = N_("connections, DNS, web, TLS and files of Beats, Elastic and our own decoders")

    def __init__(self, *, foreign: bool = False) -> None:
        """`foreign`: what is read is no file of a decoder of ours, whatever it says of itself."""
        self._foreign = foreign

    def recognise(self, head: bytes) -> bool:
        """Return whether most of the first lines are ECS documents that tell of a contact."""
        documents = [flat(outer) for outer in first_objects(head)]
        return 2 * sum(map(_is_ecs, documents)) > len(documents)

    def layout(self, head: bytes) -> LogLayout:
        """Return where the time is; every line names its own data set."""
        match = _CLOCK.search(head)
        clock = None
        if match is not None and match[1] is None:
            clock = LineClock(match[0][:-1], epoch=True)
        elif match is not None and match[2] is not None:
            # The hour of a time without a zone would be taken for one of the source's zone.
            clock = LineClock(match[0][: match.start(1) - match.start()], length=_HOUR)
        return LogLayout("ecs", clock=clock, marker=b'"quetsach.lease.act"')

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:  # noqa: ARG002
        """Return the events of `lines`, one a line."""
        rows = ParsedLines()
        for offset, line in rows.filled(lines):
            outer = object_of(line)
            if outer is None:
                rows.reject(offset, "not-json", line)
                continue
            document = flat(outer)
            record = _record(document, layout, foreign=self._foreign or not layout.ours)
            if record is None:
                rows.reject(offset, "no-ecs-field", line)
            else:
                rows.add(offset, record)
        return rows


def flat(outer: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document with dotted names; what stands in an Elastic hit is taken out of it."""
    for name in _SOURCES:
        inner = outer.get(name)
        if isinstance(inner, dict) and ("_index" in outer or "_id" in outer):
            outer = inner
            break
    document: dict[str, Any] = {}
    _flatten(outer, "", document, _DEPTH)
    return document


def _flatten(outer: Mapping[str, Any], before: str, document: dict[str, Any], depth: int) -> None:
    for name, content in outer.items():
        if len(document) >= _MOST_FIELDS or len(name) > _LONGEST_NAME:
            return
        if isinstance(content, dict) and depth:
            _flatten(content, f"{before}{name}.", document, depth - 1)
        elif content is not None:
            document.setdefault(before + name, content)


def _is_ecs(document: Mapping[str, Any]) -> bool:
    if "event.dataset" in document and _dataset(document).startswith(OWN_DATASETS):
        # A capture without clock tells no time.
        return True
    if "@timestamp" not in document or any(name in document for name in _OTHERS):
        return False
    return any(name in document for name in _CONTACTS)


def _single(written: Any) -> Any:
    """Return the value, or the first of a list."""
    return written[0] if isinstance(written, list) and written else written


def _dataset(document: Mapping[str, Any]) -> str:
    for name in ("event.dataset", "data_stream.dataset", "event.module", "fileset.name"):
        dataset = values.text(_single(document.get(name)))
        if dataset is not None and dataset != "text":
            return dataset[:_LONGEST_DATASET]
    return ""


def _moment(written: Any) -> int | None:
    return values.moment(written, None)[0] if written is not None else None  # type: ignore[arg-type]


def _reader(field: SchemaField) -> Callable[[Any], Any]:
    """Return what turns a value of a document into one of `field`."""
    if field.type == pa.bool_():
        return lambda written: written if isinstance(written, bool) else None
    if pa.types.is_timestamp(field.type):
        return _moment
    if field.type == pa.int64():
        return values.parse_port if field.name.endswith(".port") else values.count
    if pa.types.is_list(field.type):
        return _texts
    if field.name.endswith(".ip"):
        return values.address
    if field.name.endswith(".mac"):
        return values.mac
    return values.transport if field.name == "network.transport" else values.text


def _texts(written: Any) -> list[str] | None:
    several = written if isinstance(written, list) else [written]
    plain = [one.get("data") if isinstance(one, dict) else one for one in several[:_MOST_VALUES]]
    return values.texts([one for one in plain if not isinstance(one, dict)])


# What is read in a way of its own below, or is not a foreign document's to say.
_APART = frozenset(
    {
        *("@timestamp", "event.dataset", "event.type", "event.outcome", "event.timezone"),
        *("observer.name", "network.forwarded_ip", "url.full"),
        *("source.nat.ip", "source.nat.port", "destination.nat.ip", "destination.nat.port"),
    }
)
_READERS = {field.name: _reader(field) for field in EVENT_FIELDS}
_FOREIGN = {
    name: read
    for name, read in _READERS.items()
    if name not in _APART and not name.startswith(("host.", "quetsach."))
}


def _record(
    document: Mapping[str, Any], layout: LogLayout, *, foreign: bool
) -> dict[str, Any] | None:
    """Return the event, or None where the document has no field of ours."""
    dataset = _dataset(document)
    if dataset.startswith(OWN_DATASETS):
        return None if foreign else _own(document)
    record: dict[str, Any] = {}
    for name, read in _FOREIGN.items():
        if name in document:
            written = document[name]
            typed = read(written if read is _texts else _single(written))
            if typed is not None:
                record[name] = typed
    _ends(record, document)
    _names(record, document)
    if "@timestamp" in document:
        # Elasticsearch keeps times in UTC, and reads one without a zone as such: by definition.
        when, _applied = values.moment(_single(document["@timestamp"]), UTC)
        if when is not None:
            record["@timestamp"] = when
    if not record:
        return None
    record["event.dataset"] = dataset or layout.dataset
    _verdict(record, document)
    writer = next(
        (
            written
            for key in ("observer.name", "observer.hostname", "host.name", "observer.ip")
            if (written := values.text(_single(document.get(key)))) is not None
        ),
        None,
    )
    if writer is not None:
        record["observer.name"] = writer
    return record


def _own(document: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return an event that one of our decoders wrote, None for what only begins like one."""
    record: dict[str, Any] = {}
    for name, read in _READERS.items():
        if name in document and (typed := read(document[name])) is not None:
            record[name] = typed
    return record if "event.dataset" in record else None


def _ends(record: dict[str, Any], document: Mapping[str, Any]) -> None:
    """Put both ends and their translations into `record`."""
    for side, other in (("source", "client"), ("destination", "server")):
        if f"{side}.ip" not in record:
            for prefix in (side, other):
                ip = values.address(
                    _single(document.get(f"{prefix}.ip", document.get(f"{prefix}.address")))
                )
                if ip is not None:
                    values.set_end(record, side, ip, _single(document.get(f"{prefix}.port")))
                    break
        values.set_translation(
            record,
            side,
            _single(document.get(f"{side}.nat.ip")),
            _single(document.get(f"{side}.nat.port")),
        )
    forwarded = values.forwarded_ip(document.get("network.forwarded_ip"))
    if forwarded is not None:
        record["network.forwarded_ip"] = forwarded
    if "network.transport" not in record:
        number = values.transport(_single(document.get("network.iana_number")))
        if number is not None:
            record["network.transport"] = number
    if "network.application" not in record:
        protocol = values.text(_single(document.get("network.protocol")))
        if protocol is not None:
            record["network.application"] = protocol.lower()


def _names(record: dict[str, Any], document: Mapping[str, Any]) -> None:
    """Put the page, its host and the answers into `record`."""
    full = values.text(_single(document.get("url.full", document.get("url.original"))))
    domain = record.get("url.domain") or record.get("destination.domain")
    if full is not None and "://" not in full and domain is not None:
        full = values.page(domain, full, _scheme(document))[0]
    if full is None and "url.path" in document and "url.domain" in record:
        path = values.text(_single(document["url.path"]))
        full = values.page(str(record["url.domain"]), path, _scheme(document))[0]
    if full is not None:
        record["url.full"] = full
        if "url.domain" not in record and "://" in full:
            record["url.domain"] = values.host_of(full.partition("://")[2].partition("/")[0])
    for key in ("destination.address", "server.domain", "server.address"):
        name = values.text(_single(document.get(key)))
        if (
            "destination.domain" not in record
            and name is not None
            and values.address(name) is None
            and _HOST_NAME.fullmatch(name)
        ):
            record["destination.domain"] = name
    answers = document.get("dns.answers.data", document.get("dns.resolved_ip"))
    if "dns.answers" not in record and answers is not None and (plain := _texts(answers)):
        record["dns.answers"] = plain


def _scheme(document: Mapping[str, Any]) -> str:
    return values.text(_single(document.get("url.scheme"))) or "http"


def _verdict(record: dict[str, Any], document: Mapping[str, Any]) -> None:
    """Say whether a device stopped it; that it was let through tells nothing of an answer."""
    kinds = document.get("event.type")
    words = kinds if isinstance(kinds, list) else [kinds]
    if "denied" in words or _DENIED.search(record.get("event.action", "")):
        record["event.type"], record["event.outcome"] = "denied", "failure"
    elif "source.ip" in record:
        record["event.type"] = "connection" if "connection" in words else "protocol"
    else:
        record["event.type"] = "info"
