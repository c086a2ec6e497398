"""The one schema: ECS field names, flat and dotted, with unit and meaning in each field's metadata.

Source: Elastic Common Schema 8 for every name outside `quetsach.*`.
"""

from dataclasses import dataclass
from typing import TypedDict

import pyarrow as pa


@dataclass(frozen=True)
class SchemaField:
    """One column: its name, its Arrow type, the unit of its values and what it holds."""

    name: str
    type: pa.DataType
    doc: str
    unit: str = ""


_TIME = pa.timestamp("us", tz="UTC")
_TEXT = pa.string()
_INT = pa.int64()
_TEXTS = pa.list_(pa.string())

EVENT_FIELDS: tuple[SchemaField, ...] = (
    SchemaField(
        "@timestamp", _TIME, "when it happened; null where the line does not say", "us UTC"
    ),
    SchemaField(
        "event.dataset", _TEXT, "kind of record, such as zeek.conn, suricata.dns, fortigate.traffic"
    ),
    SchemaField("event.action", _TEXT, "what the log says was done, in its own word"),
    SchemaField(
        "event.type", _TEXT, "denied where a device stopped it, else connection, protocol or info"
    ),
    SchemaField(
        "event.outcome", _TEXT, "success: the other side answered; failure: it did not; else null"
    ),
    SchemaField("event.timezone", _TEXT, "zone applied to a time that was written without one"),
    SchemaField("event.duration", _INT, "length of the connection", "ns"),
    SchemaField(
        "event.start", _TIME, "when the connection or translation began, if told", "us UTC"
    ),
    SchemaField("event.end", _TIME, "when the connection or translation ended, if told", "us UTC"),
    SchemaField("observer.name", _TEXT, "device that wrote the log"),
    SchemaField(
        "source.ip", _TEXT, "address nearest to the device as that log saw it; never rewritten"
    ),
    SchemaField("source.port", _INT, "source port"),
    SchemaField("source.mac", _TEXT, "hardware address of the source, as 00-17-A4-B2-C3-D4"),
    SchemaField("source.nat.ip", _TEXT, "source address after translation"),
    SchemaField("source.nat.port", _INT, "source port after translation"),
    SchemaField("source.bytes", _INT, "payload sent by the source", "bytes"),
    SchemaField("destination.ip", _TEXT, "address that was reached for"),
    SchemaField("destination.port", _INT, "destination port"),
    SchemaField("destination.nat.ip", _TEXT, "destination address after translation"),
    SchemaField("destination.nat.port", _INT, "destination port after translation"),
    SchemaField("destination.domain", _TEXT, "host name of the destination as the log gives it"),
    SchemaField("destination.bytes", _INT, "payload sent by the destination", "bytes"),
    SchemaField("network.transport", _TEXT, "tcp, udp or icmp"),
    SchemaField("network.forwarded_ip", _TEXT, "client that a proxy passed on (X-Forwarded-For)"),
    SchemaField(
        "network.application", _TEXT, "protocol as the log names it, such as dns, http, ssl"
    ),
    SchemaField("dns.question.name", _TEXT, "name asked for, as written"),
    SchemaField("dns.question.type", _TEXT, "record type asked for, such as A"),
    SchemaField("dns.answers", _TEXTS, "names and addresses that came back"),
    SchemaField("dns.response_code", _TEXT, "response code, such as NOERROR"),
    SchemaField("url.full", _TEXT, "address of the page as requested"),
    SchemaField("url.domain", _TEXT, "host of the request, without port"),
    SchemaField("http.request.method", _TEXT, "request method"),
    SchemaField("http.response.status_code", _INT, "status the server answered with"),
    SchemaField("user_agent.original", _TEXT, "user agent as sent"),
    SchemaField("tls.client.server_name", _TEXT, "server name the client asked for (SNI)"),
    SchemaField("tls.client.ja3", _TEXT, "fingerprint of the client's hello (JA3), MD5"),
    SchemaField("tls.client.ja4", _TEXT, "fingerprint of the client's hello (JA4)"),
    SchemaField("tls.server.ja3s", _TEXT, "fingerprint of the server's hello (JA3S), MD5"),
    SchemaField("tls.server.hash.sha1", _TEXT, "SHA-1 of the server's certificate, hex"),
    SchemaField("tls.server.hash.sha256", _TEXT, "SHA-256 of the server's certificate, hex"),
    SchemaField("file.hash.md5", _TEXT, "MD5 of a file that was carried"),
    SchemaField("file.hash.sha1", _TEXT, "SHA-1 of a file that was carried"),
    SchemaField("file.hash.sha256", _TEXT, "SHA-256 of a file that was carried"),
    SchemaField("file.name", _TEXT, "name of a file that was carried"),
    SchemaField("rule.name", _TEXT, "signature that raised an alert"),
    SchemaField("host.name", _TEXT, "name of the machine, from DHCP or from its own records"),
    SchemaField(
        "host.mac", _TEXT, "hardware address of the machine, from DHCP, as 00-17-A4-B2-C3-D4"
    ),
    SchemaField("host.ip", _TEXT, "address the machine was given, from DHCP"),
    SchemaField(
        "quetsach.host.end",
        _TEXT,
        "source or destination: the end that the machine of host.name is, where the record is its "
        "own",
    ),
    SchemaField("process.executable", _TEXT, "program that spoke, with its path"),
    SchemaField("process.name", _TEXT, "program that spoke"),
    SchemaField("process.pid", _INT, "number of its process"),
    SchemaField(
        "quetsach.lease.act",
        _TEXT,
        "what became of the address: given, released, expired, declined, reserved or seen",
    ),
    SchemaField("quetsach.lease.seconds", _INT, "length of the lease given", "s"),
    SchemaField(
        "quetsach.lease.client_id", _TEXT, "DHCP client identifier or DUID, hex in lower case"
    ),
    SchemaField("quetsach.lease.server", _TEXT, "DHCP server, or the router whose table it is"),
    SchemaField(
        "quetsach.nat.last_port", _INT, "last port of the block that source.nat.port begins"
    ),
    SchemaField(
        "quetsach.time.rough",
        pa.bool_(),
        "true where the time is that of the file, for its lines carry none",
    ),
)

SIGHTING_FIELDS: tuple[SchemaField, ...] = (
    SchemaField(
        "quetsach.sighting.id", _TEXT, "16 hex digits: the text up to the line's end, and indicator"
    ),
    *EVENT_FIELDS,
    SchemaField("event.original", _TEXT, "the raw line, cut at 4,096 bytes"),
    SchemaField("event.hash", _TEXT, "BLAKE3 of the evidence file, see manifest.json"),
    SchemaField("log.file.path", _TEXT, "evidence file, as it was named to the sweep"),
    SchemaField("log.offset", _INT, "where the line begins in the unpacked evidence", "bytes"),
    SchemaField(
        "network.direction",
        _TEXT,
        "outbound: an inside device reached out; inbound: it was reached; null: only mentioned",
    ),
    SchemaField("threat.indicator.name", _TEXT, "indicator as people read it"),
    SchemaField(
        "threat.indicator.type", _TEXT, "kind of indicator: name, address, network, url, hash"
    ),
    SchemaField(
        "threat.indicator.marking.tlp",
        _TEXT,
        "to whom its lists allow it to be shown: CLEAR, GREEN, AMBER, AMBER+STRICT or RED",
    ),
    SchemaField("threat.indicator.confidence", _INT, "confidence its lists state", "0 to 100"),
    SchemaField("threat.indicator.last_seen", _TIME, "when its lists last saw it in use", "us UTC"),
    SchemaField("threat.software.name", _TEXT, "malware family its lists name"),
    SchemaField("quetsach.indicator.key", _TEXT, "canonical form of the indicator"),
    SchemaField("quetsach.indicator.list", _TEXT, "list file the indicator came from"),
    SchemaField("quetsach.indicator.row", _INT, "row of that list", "1 = first"),
    SchemaField("quetsach.indicator.status", _TEXT, "status by its lists: active, or expired"),
    SchemaField(
        "quetsach.indicator.confidence_then",
        _INT,
        "what was left of the confidence at the time of the contact, see hits.md",
        "0 to 100",
    ),
    SchemaField(
        "quetsach.indicator.window",
        _TEXT,
        "before or after the indicator was valid; null where it was valid at that time",
    ),
    SchemaField(
        "quetsach.indicator.allow", _TEXTS, "classes of allow-lists the indicator stands on"
    ),
    SchemaField(
        "quetsach.match.field",
        _TEXT,
        "field that met the indicator; event.original: only mentioned in the line",
    ),
    SchemaField(
        "quetsach.match.rule",
        _TEXT,
        "rule of the match: exact, below, cidr, ip-port, url-prefix, hash",
    ),
    SchemaField(
        "quetsach.match.labels_below",
        _INT,
        "labels between the name seen and the indicator",
        "labels",
    ),
    SchemaField(
        "quetsach.grade", _TEXT, "mentioned < asked < answered < blocked < connected < moved"
    ),
    SchemaField("quetsach.device", _TEXT, "device key; null where nobody can be named"),
    SchemaField("quetsach.device.address", _TEXT, "inside address on which the device was seen"),
    SchemaField("quetsach.device.grade", _TEXT, "certain, likely, ambiguous or unknown"),
    SchemaField(
        "quetsach.device.way",
        _TEXT,
        "how it was named: direct, lease, neighbour, nat, proxy, joined by +",
    ),
    SchemaField(
        "quetsach.device.steps",
        _TEXT,
        "the steps from the address to the device, as JSON: kind, before, after, grade, record",
    ),
    SchemaField(
        "quetsach.device.lack",
        _TEXT,
        "what is missing where nobody can be named: no-address, outside, no-translation ...",
    ),
    SchemaField("quetsach.lease.start", _TIME, "when that lease was given or renewed", "us UTC"),
    SchemaField("quetsach.lease.path", _TEXT, "evidence file that says who was given the address"),
    SchemaField("quetsach.lease.offset", _INT, "where that record begins in the file", "bytes"),
    SchemaField(
        "quetsach.device.role",
        _TEXT,
        "client; resolver, proxy, gateway, target or outdated (the indicator was not valid then) "
        "where it is not blamed; nobody where none can be named",
    ),
)


def _schema(fields: tuple[SchemaField, ...]) -> pa.Schema:
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
"""What records of DHCP and neighbour tables hold: `file` is a place in the list of sources."""

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
"""What records of address translation hold; a null port means any, a null time not recorded."""

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
        "tls.client.ja3": str,
        "tls.client.ja4": str,
        "tls.server.ja3s": str,
        "tls.server.hash.sha1": str,
        "tls.server.hash.sha256": str,
        "file.hash.md5": str,
        "file.hash.sha1": str,
        "file.hash.sha256": str,
        "file.name": str,
        "rule.name": str,
        "host.name": str,
        "host.mac": str,
        "host.ip": str,
        "quetsach.host.end": str,
        "process.executable": str,
        "process.name": str,
        "process.pid": int,
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
