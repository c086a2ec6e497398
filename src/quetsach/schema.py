"""The one schema: ECS field names, flat and dotted, with unit and meaning in each field's metadata.

Source: Elastic Common Schema 8 for every name outside `quetsach.*`.
"""

from dataclasses import dataclass
from typing import TypedDict

import pyarrow as pa


@dataclass(frozen=True)
class Field:
    """One column: its name, its Arrow type, the unit of its values and what it holds."""

    name: str
    type: pa.DataType
    doc: str
    unit: str = ""


_TIME = pa.timestamp("us", tz="UTC")
_TEXT = pa.string()
_INT = pa.int64()
_TEXTS = pa.list_(pa.string())

EVENT_FIELDS: tuple[Field, ...] = (
    Field("@timestamp", _TIME, "when it happened; null where the line does not say", "us UTC"),
    Field(
        "event.dataset", _TEXT, "kind of record, such as zeek.conn, suricata.dns, fortigate.traffic"
    ),
    Field("event.action", _TEXT, "what the log says was done, in its own word"),
    Field(
        "event.type", _TEXT, "denied where a device stopped it, else connection, protocol or info"
    ),
    Field(
        "event.outcome", _TEXT, "success: the other side answered; failure: it did not; else null"
    ),
    Field("event.timezone", _TEXT, "zone applied to a time that was written without one"),
    Field("event.duration", _INT, "length of the connection", "ns"),
    Field("event.start", _TIME, "when the connection or translation began, if told", "us UTC"),
    Field("event.end", _TIME, "when the connection or translation ended, if told", "us UTC"),
    Field("observer.name", _TEXT, "device that wrote the log"),
    Field("source.ip", _TEXT, "address nearest to the device as that log saw it; never rewritten"),
    Field("source.port", _INT, "source port"),
    Field("source.mac", _TEXT, "hardware address of the source, as 00-17-A4-B2-C3-D4"),
    Field("source.nat.ip", _TEXT, "source address after translation"),
    Field("source.nat.port", _INT, "source port after translation"),
    Field("source.bytes", _INT, "payload sent by the source", "bytes"),
    Field("destination.ip", _TEXT, "address that was reached for"),
    Field("destination.port", _INT, "destination port"),
    Field("destination.nat.ip", _TEXT, "destination address after translation"),
    Field("destination.nat.port", _INT, "destination port after translation"),
    Field("destination.domain", _TEXT, "host name of the destination as the log gives it"),
    Field("destination.bytes", _INT, "payload sent by the destination", "bytes"),
    Field("network.transport", _TEXT, "tcp, udp or icmp"),
    Field("network.forwarded_ip", _TEXT, "client that a proxy passed on (X-Forwarded-For)"),
    Field("network.application", _TEXT, "protocol as the log names it, such as dns, http, ssl"),
    Field("dns.question.name", _TEXT, "name asked for, as written"),
    Field("dns.question.type", _TEXT, "record type asked for, such as A"),
    Field("dns.answers", _TEXTS, "names and addresses that came back"),
    Field("dns.response_code", _TEXT, "response code, such as NOERROR"),
    Field("url.full", _TEXT, "address of the page as requested"),
    Field("url.domain", _TEXT, "host of the request, without port"),
    Field("http.request.method", _TEXT, "request method"),
    Field("http.response.status_code", _INT, "status the server answered with"),
    Field("user_agent.original", _TEXT, "user agent as sent"),
    Field("tls.client.server_name", _TEXT, "server name the client asked for (SNI)"),
    Field("file.hash.md5", _TEXT, "MD5 of a file that was carried"),
    Field("file.hash.sha1", _TEXT, "SHA-1 of a file that was carried"),
    Field("file.hash.sha256", _TEXT, "SHA-256 of a file that was carried"),
    Field("file.name", _TEXT, "name of a file that was carried"),
    Field("rule.name", _TEXT, "signature that raised an alert"),
    Field("host.name", _TEXT, "name of the machine, from DHCP"),
    Field("host.mac", _TEXT, "hardware address of the machine, from DHCP, as 00-17-A4-B2-C3-D4"),
    Field("host.ip", _TEXT, "address the machine was given, from DHCP"),
    Field(
        "quetsach.lease.act",
        _TEXT,
        "what became of the address: given, released, expired, declined, reserved or seen",
    ),
    Field("quetsach.lease.seconds", _INT, "length of the lease given", "s"),
    Field("quetsach.lease.client_id", _TEXT, "DHCP client identifier or DUID, hex in lower case"),
    Field("quetsach.lease.server", _TEXT, "DHCP server, or the router whose table it is"),
    Field("quetsach.nat.last_port", _INT, "last port of the block that source.nat.port begins"),
    Field(
        "quetsach.time.rough",
        pa.bool_(),
        "true where the time is that of the file, for its lines carry none",
    ),
)

SIGHTING_FIELDS: tuple[Field, ...] = (
    Field(
        "quetsach.sighting.id", _TEXT, "16 hex digits from evidence digest, offset and indicator"
    ),
    *EVENT_FIELDS,
    Field("event.original", _TEXT, "the raw line, cut at 4,096 bytes"),
    Field("event.hash", _TEXT, "digest of the evidence file, see manifest.json"),
    Field("log.file.path", _TEXT, "evidence file, as it was named to the sweep"),
    Field("log.offset", _INT, "where the line begins in the unpacked evidence", "bytes"),
    Field(
        "network.direction",
        _TEXT,
        "outbound: an inside device reached out; inbound: it was reached",
    ),
    Field("threat.indicator.name", _TEXT, "indicator as people read it"),
    Field("threat.indicator.type", _TEXT, "kind of indicator: name, address, network, url, hash"),
    Field("quetsach.indicator.key", _TEXT, "canonical form of the indicator"),
    Field("quetsach.indicator.list", _TEXT, "list file the indicator came from"),
    Field("quetsach.indicator.row", _INT, "row of that list", "1 = first"),
    Field("quetsach.indicator.allow", _TEXTS, "classes of allow-lists the indicator stands on"),
    Field(
        "quetsach.match.field",
        _TEXT,
        "field that met the indicator; event.original: only named in the line",
    ),
    Field(
        "quetsach.match.rule",
        _TEXT,
        "rule of the match: exact, below, cidr, ip-port, url-prefix, hash",
    ),
    Field(
        "quetsach.match.labels_below",
        _INT,
        "labels between the name seen and the indicator",
        "labels",
    ),
    Field("quetsach.grade", _TEXT, "asked < answered < blocked < connected < moved"),
    Field("quetsach.device", _TEXT, "device key; null where nobody can be named"),
    Field("quetsach.device.address", _TEXT, "inside address on which the device was seen"),
    Field("quetsach.device.grade", _TEXT, "certain, likely, ambiguous or unknown"),
    Field(
        "quetsach.device.way",
        _TEXT,
        "how it was named: direct, lease, neighbour, nat, proxy, joined by +",
    ),
    Field(
        "quetsach.device.steps",
        _TEXT,
        "the steps from the address to the device, as JSON: kind, before, after, grade, record",
    ),
    Field(
        "quetsach.device.lack",
        _TEXT,
        "what is missing where nobody can be named: no-address, outside, no-translation ...",
    ),
    Field("quetsach.lease.start", _TIME, "when that lease was given or renewed", "us UTC"),
    Field("quetsach.lease.path", _TEXT, "evidence file that says who was given the address"),
    Field("quetsach.lease.offset", _INT, "where that record begins in the file", "bytes"),
    Field(
        "quetsach.device.role",
        _TEXT,
        "client; resolver, proxy, gateway or target where it is not blamed; nobody where none "
        "can be named",
    ),
)


def _schema(fields: tuple[Field, ...]) -> pa.Schema:
    return pa.schema(
        [
            pa.field(one.name, one.type, metadata={"doc": one.doc, "unit": one.unit})
            for one in fields
        ]
    )


EVENT = _schema(EVENT_FIELDS)
"""One record of a log, as a format gives it. Absent is null, never "-" or 0."""

SIGHTING = _schema(SIGHTING_FIELDS)
"""One record that meets one indicator, with its device: the rows of `sightings.parquet`."""

LEASE = pa.schema(
    [
        pa.field("address", pa.string(), nullable=False),
        pa.field("when_us", pa.int64(), nullable=False),
        pa.field("act", pa.string(), nullable=False),
        pa.field("mac", pa.string()),
        pa.field("client_id", pa.string()),
        pa.field("host_name", pa.string()),
        pa.field("seconds", pa.int64()),
        pa.field("server", pa.string()),
        pa.field("rough", pa.bool_()),
        pa.field("file", pa.int32(), nullable=False),
        pa.field("offset", pa.int64(), nullable=False),
    ]
)
"""What records of DHCP and neighbour tables tell: `file` is a place in the list of sources."""

TRANSLATION = pa.schema(
    [
        pa.field("transport", pa.string()),
        pa.field("inside_ip", pa.string(), nullable=False),
        pa.field("inside_port", pa.int32()),
        pa.field("public_ip", pa.string(), nullable=False),
        pa.field("public_port", pa.int32()),
        pa.field("last_port", pa.int32()),
        pa.field("remote_ip", pa.string()),
        pa.field("remote_port", pa.int32()),
        pa.field("start_us", pa.int64()),
        pa.field("end_us", pa.int64()),
        pa.field("when_us", pa.int64()),
        pa.field("action", pa.string()),
        pa.field("rough", pa.bool_()),
        pa.field("file", pa.int32(), nullable=False),
        pa.field("offset", pa.int64(), nullable=False),
    ]
)
"""What records of address translation tell; a null port means any, a null time means untold."""

Event = TypedDict(
    "Event",
    {
        "@timestamp": int,
        "event.dataset": str,
        "event.action": str,
        "event.type": str,
        "event.outcome": str,
        "event.timezone": str,
        "event.duration": int,
        "event.start": int,
        "event.end": int,
        "observer.name": str,
        "source.ip": str,
        "source.port": int,
        "source.mac": str,
        "source.nat.ip": str,
        "source.nat.port": int,
        "source.bytes": int,
        "destination.ip": str,
        "destination.port": int,
        "destination.nat.ip": str,
        "destination.nat.port": int,
        "destination.domain": str,
        "destination.bytes": int,
        "network.transport": str,
        "network.forwarded_ip": str,
        "network.application": str,
        "dns.question.name": str,
        "dns.question.type": str,
        "dns.answers": list[str],
        "dns.response_code": str,
        "url.full": str,
        "url.domain": str,
        "http.request.method": str,
        "http.response.status_code": int,
        "user_agent.original": str,
        "tls.client.server_name": str,
        "file.hash.md5": str,
        "file.hash.sha1": str,
        "file.hash.sha256": str,
        "file.name": str,
        "rule.name": str,
        "host.name": str,
        "host.mac": str,
        "host.ip": str,
        "quetsach.lease.act": str,
        "quetsach.lease.seconds": int,
        "quetsach.lease.client_id": str,
        "quetsach.lease.server": str,
        "quetsach.nat.last_port": int,
        "quetsach.time.rough": bool,
    },
    total=False,
)
"""An event as a plain mapping; its keys are those of EVENT, and an absent key is null."""
