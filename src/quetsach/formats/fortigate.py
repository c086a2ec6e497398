"""FortiGate logs: `key=value` pairs, plain, with commas, or behind a syslog header.

Source: the FortiOS Log Message Reference. Lines that the device writes as CEF are another format;
they are read as any other text.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from quetsach.clocks import Zone, us_from_epoch, us_from_local, zone_from_offset
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import leases, text_lines, values
from quetsach.formats.shared.line_fronts import is_in_anothers
from quetsach.formats.shared.values import page
from quetsach.sieve.contract import LineClock

_PAIR = re.compile(r'([A-Za-z][\w.\-]{0,63})=(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^\s,"]*))')
# The same for lines of ASCII, in a third less time.
_PLAIN_PAIR = re.compile(
    r'([A-Za-z][A-Za-z0-9_.\-]{0,63})=(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^\s,"]*))'
)
# What must stand before these is looked at behind the search: that finds the letters at once.
_TYPE = re.compile(
    rb'type="?(?:traffic|event|utm|dns|anomaly|voip|app-ctrl|gtp'
    rb"|webfilter|virus|ips|attack|emailfilter|spam|dlp|waf|ssl|ssh|icap|ztna|contentlog|netscan)\b"
)
_FIRST_KEY = re.compile(
    rb"\b(?:date|time|itime|eventtime|timestamp|logver|devname|devid|device_id|log_?id)="
)
_LOOK_FOR_FIRST = 1024
_SUBTYPE = re.compile(rb'subtype="?[\w\-]')
_OWN_KEY = re.compile(rb'(?:logid|log_id|devid|device_id|vd|srcip|policyid|eventtime)="?[\w]')
_BEFORE_KEY = frozenset(b" \t\n\r\f\v,")
_BEFORE_FIRST = _BEFORE_KEY | {ord(">")}
_DATE = re.compile(rb'date="?\d{4}-\d\d-\d\d(?:"? |,)time="?\d\d')
_EVENT_TIME = re.compile(rb'eventtime="?(?=\d)')
# The clock of a line is looked for in its first 512 bytes; see LineClock.
_CLOCK_REACH = 512 - 20
_LOOK_AT = 50

_DENIED = frozenset(
    {"deny", "block", "blocked", "dropped", "drop", "reset", "reset_client", "reset_server"}
)
_FIELDS: Mapping[str, tuple[str, Any]] = {
    "devname": ("observer.name", values.text),
    # Tunnels, logins and FortiWeb; `srcip` and similar fields below win where both are present.
    "userip": ("source.ip", values.assignable_address),
    "remip": ("source.ip", values.assignable_address),
    "remport": ("source.port", values.parse_port),
    "locip": ("destination.ip", values.assignable_address),
    "locport": ("destination.port", values.parse_port),
    "src": ("source.ip", values.address),
    "src_port": ("source.port", values.parse_port),
    "dst": ("destination.ip", values.address),
    "dst_port": ("destination.port", values.parse_port),
    "deviceip": ("source.ip", values.assignable_address),
    "devicemac": ("source.mac", values.mac),
    "remoteip": ("destination.ip", values.assignable_address),
    "srcip": ("source.ip", values.address),
    "srcport": ("source.port", values.parse_port),
    "mastersrcmac": ("source.mac", values.mac),
    "srcmac": ("source.mac", values.mac),
    "dstip": ("destination.ip", values.address),
    "dstport": ("destination.port", values.parse_port),
    "hostname": ("destination.domain", values.text),
    "dstname": ("destination.domain", values.text),
    "remotename": ("destination.domain", values.text),
    "sent": ("source.bytes", values.count),
    "rcvd": ("destination.bytes", values.count),
    "sentbyte": ("source.bytes", values.count),
    "rcvdbyte": ("destination.bytes", values.count),
    "duration": ("event.duration", values.nanoseconds),
    "proto": ("network.transport", values.transport),
    "qname": ("dns.question.name", values.text),
    "qtype": ("dns.question.type", values.text),
    "rcode": ("dns.response_code", values.text),
    "httpmethod": ("http.request.method", values.text),
    "agent": ("user_agent.original", values.text),
    "sni": ("tls.client.server_name", values.text),
    "filename": ("file.name", values.text),
    "attack": ("rule.name", values.text),
    "virus": ("rule.name", values.text),
    "action": ("event.action", values.text),
}
# Who sits at the device: GUI(192.0.2.7), ssh(192.0.2.7), https(2001:db8::7)
_SEAT = re.compile(r"[\w\-]{2,20}\(([0-9A-Fa-f.:]{2,45})\)")
_PROTOCOLS = frozenset(
    {"utm", "dns", "app-ctrl", "webfilter", "virus", "ips", "emailfilter", "spam", "dlp", "waf",
     "ssl", "ssh", "icap", "contentlog"}
)  # fmt: skip
_ABSENT = frozenset({"", "N/A", "n/a", "undefined"})
_HASH_LENGTHS = {32: "file.hash.md5", 40: "file.hash.sha1", 64: "file.hash.sha256"}
_HASH_KEYS = ("filehash", "analyticscksum")


class FortiGate:
    """Traffic, UTM, DNS and event logs of a FortiGate in its own key=value form."""

    name = "fortigate"
    title = N_("FortiGate log (key=value)")
    reads = N_("traffic with translated addresses and ports, dns, web, UTM and DHCP events")

    def recognise(self, head: bytes) -> bool:
        """Return whether more than half of the first lines hold FortiGate's own keys."""
        lines = [line for line in head.split(b"\n", _LOOK_AT)[:_LOOK_AT] if line.strip()]
        return 2 * sum(map(_is_fortigate, lines)) > len(lines)

    def layout(self, head: bytes) -> LogLayout:
        """Return where the hour is in the line; the pairs name themselves."""
        line = next((one for one in head.split(b"\n") if _is_fortigate(one)), b"")
        # Lines of the device's own DHCP server say who held an address.
        return LogLayout(
            dataset="fortigate.log", clock=_clock(line), marker=b"dhcp_msg=", translates=True
        )

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:  # noqa: ARG002
        """Return the events of `lines`, one a line; lines of another form as `text`."""
        rows = ParsedLines()
        for offset, line in rows.filled(lines):
            # A syslog server mixes devices in one file, and a FortiGate may write CEF as well.
            known = _is_fortigate(line)
            record = _record(_pairs(line), zone) if known else text_lines.read(line, zone)
            rows.add(offset, record)
        return rows


def _is_fortigate(line: bytes) -> bool:
    return (
        _stands_in(line, _TYPE, _BEFORE_FIRST)
        and _stands_in(line, _SUBTYPE, _BEFORE_KEY)
        and _stands_in(line, _OWN_KEY, _BEFORE_FIRST)
        and not _is_in_anothers(line)
    )


def _stands_in(line: bytes, key: re.Pattern[bytes], before: frozenset[int]) -> bool:
    """Return whether a `key` of `line` stands behind one of the bytes `before`, or begins it."""
    return any(
        line[place - 1] in before if place else before is _BEFORE_FIRST
        for place in (found.start() for found in key.finditer(line))
    )


def _is_in_anothers(line: bytes) -> bool:
    first = _FIRST_KEY.search(line[:_LOOK_FOR_FIRST])
    if first is None:
        return False
    before = values.as_text(line[: first.start()])
    return is_in_anothers(before, len(before))


def _pairs(line: bytes) -> dict[str, str]:
    text = values.as_text(line)
    # Of a key that comes twice the first counts: what a stranger sends comes later.
    pairs = {
        key: value
        for key, quoted, plain in reversed((_PLAIN_PAIR if line.isascii() else _PAIR).findall(text))
        if (value := quoted or plain) not in _ABSENT
    }
    if '\\"' in text:
        return {key: value.replace('\\"', '"') for key, value in pairs.items()}
    return pairs


def _record(pairs: Mapping[str, str], zone: Zone) -> dict[str, Any]:
    kind = pairs.get("type", "log")
    record: dict[str, Any] = {"event.dataset": f"fortigate.{kind}"}
    if kind == "traffic" and pairs.get("subtype") == "sniffer":
        # It keeps no states there: an answer seen alone looks like a contact of its sender.
        record["event.dataset"] = "fortigate.sniffer"
    if "fctver" in pairs or "fctsn" in pairs:
        pairs = _of_a_client(record, pairs)
    _set_time(record, pairs, zone)
    for key, (field, convert) in _FIELDS.items():
        if key in pairs:
            value = convert(pairs[key])
            if value is not None:
                record[field] = value
    _set_translation(record, pairs)
    _set_seat(record, pairs)
    if kind == "traffic":
        _set_span(record)
    _set_page(record, pairs)
    _set_names(record, pairs)
    if _is_turned(pairs):
        _turn(record)
    if "dhcp_msg" in pairs:
        _set_lease(record, pairs)
    _set_verdict(record, pairs, kind)
    return record


def _of_a_client(record: dict[str, Any], pairs: Mapping[str, str]) -> dict[str, str]:
    """Return the pairs of a FortiClient, where `hostname` is the machine that it runs on."""
    record["host.name"] = leases.host_name(pairs.get("hostname"))
    if record["host.name"] is None:
        del record["host.name"]
    peer = {"hostname": pairs["remotename"]} if "remotename" in pairs else {}
    return {key: value for key, value in pairs.items() if key != "hostname"} | peer


def _set_seat(record: dict[str, Any], pairs: Mapping[str, str]) -> None:
    """Take the administrator's address, where no other field tells who it was."""
    seat = _SEAT.fullmatch(pairs.get("ui", ""))
    address = None if seat is None else values.assignable_address(seat[1])
    if address is not None:
        record.setdefault("source.ip", address)


def _is_turned(pairs: Mapping[str, str]) -> bool:
    """Return whether the fields of local and remote are the other way round than usual.

    A FortiClient's own machine is reached from outside; a tunnel that this device opened.
    """
    if "fctver" in pairs or "fctsn" in pairs:
        return pairs.get("direction", "").lower() == "inbound"
    opened = pairs.get("init") == "local" or pairs.get("role") == "initiator"
    return opened and "remip" in pairs and "locip" in pairs and "srcip" not in pairs


def _turn(record: dict[str, Any]) -> None:
    sides = ("source", "destination")
    ends = [{part: record.pop(f"{side}.{part}", None) for part in ("ip", "port")} for side in sides]
    for side, end in zip(sides, reversed(ends), strict=True):
        record.update({f"{side}.{part}": of for part, of in end.items() if of is not None})
    record.pop("source.mac", None)
    # The names were the peer's, who is the source now, and the machine's, which is no client.
    for field in ("destination.domain", "url.domain", "url.full", "host.name"):
        record.pop(field, None)


def _set_time(record: dict[str, Any], pairs: Mapping[str, str], zone: Zone) -> None:
    """Take `eventtime` (s, ms, us or ns), else `date` and `time` in `tz`, else in `zone`."""
    when = us_from_epoch(pairs.get("eventtime", ""))
    if when is None and "date" in pairs and "time" in pairs:
        told = zone_from_offset(pairs["tz"]) if len(pairs.get("tz", "")) in range(1, 12) else None
        when = us_from_local(pairs["date"], pairs["time"], told if told is not None else zone)
        if when is not None and told is None:
            record["event.timezone"] = str(zone)
    for key in ("timestamp", "itime"):
        # FortiAnalyzer and FortiAuthenticator: seconds since 1970, UTC.
        when = us_from_epoch(pairs.get(key, "")) if when is None else when
    if when is not None:
        record["@timestamp"] = when


def _set_span(record: dict[str, Any]) -> None:
    """Take start and end of a session, whose line is written when it is over."""
    when, lasted = record.get("@timestamp"), record.get("event.duration")
    if when is None:
        return
    if record.get("event.action") == "start":
        record["event.start"] = when
    elif lasted is not None:
        record["event.start"] = when - lasted // 1000
        record["event.end"] = when


def _set_translation(record: dict[str, Any], pairs: Mapping[str, str]) -> None:
    # `transport` is the translated port; the protocol is in `proto`.
    for side, ip_key, port_key in (
        ("source", "transip", "transport"),
        ("destination", "tranip", "tranport"),
        ("source", "tran_sip", "tran_sport"),
        ("destination", "tran_ip", "tran_port"),
    ):
        ip = values.assignable_address(pairs[ip_key]) if ip_key in pairs else None
        if ip is not None:
            record[f"{side}.nat.ip"] = ip
        port = values.parse_port(pairs[port_key]) if port_key in pairs else None
        if port:
            record[f"{side}.nat.port"] = port


def _set_page(record: dict[str, Any], pairs: Mapping[str, str]) -> None:
    if "url" in pairs:
        secure = (
            pairs.get("service", "").upper() in {"HTTPS", "SSL"} or pairs.get("dstport") == "443"
        )
        host = pairs.get("hostname")
        full, domain = page(host, pairs["url"], "https" if secure else "http")
        if full is not None:
            record["url.full"] = full
        if domain is not None:
            record["url.domain"] = domain
    elif "hostname" in pairs and pairs.get("type") != "event" and "dhcp_msg" not in pairs:
        record["url.domain"] = pairs["hostname"]
    service = pairs.get("app", pairs.get("service"))
    if service is not None:
        record["network.application"] = service.lower()


def _set_names(record: dict[str, Any], pairs: Mapping[str, str]) -> None:
    """Take the addresses of a DNS answer, the host where `dstip` is a name, and hashes."""
    if "ipaddr" in pairs:
        answers = values.texts([one.strip() for one in pairs["ipaddr"].split(",")])
        if answers is not None:
            record["dns.answers"] = answers
    if "dstip" in pairs and "destination.ip" not in record:
        record.setdefault("destination.domain", pairs["dstip"])
    for key in _HASH_KEYS:
        found = pairs.get(key, "").lower()
        field = _HASH_LENGTHS.get(len(found))
        if field is not None and not found.strip("0123456789abcdef"):
            record[field] = found


def _set_lease(record: dict[str, Any], pairs: Mapping[str, str]) -> None:
    """Take what the device's DHCP server gave out; only an acknowledged address is held."""
    message = pairs["dhcp_msg"].lower()
    record["event.action"] = message
    record.pop("destination.domain", None)
    ip = values.assignable_address(pairs.get("ip"))
    if ip is not None and message in {"ack", "release"}:
        record["host.ip"] = ip
    hardware = values.mac(pairs.get("mac"))
    if hardware is not None:
        record["host.mac"] = hardware
    name = values.text(pairs.get("hostname"))
    if name is not None:
        record["host.name"] = name
    seconds = values.count(pairs.get("lease"))
    if seconds is not None:
        record["quetsach.lease.seconds"] = seconds
    if message == "release":
        record["quetsach.lease.act"] = "released"


def _set_verdict(record: dict[str, Any], pairs: Mapping[str, str], kind: str) -> None:
    # Before 5.2 the verdict was `status`.
    action = pairs.get("action", "").lower()
    if not action and kind != "event" and "status" in pairs:
        action = record["event.action"] = pairs["status"].lower()
    if action in _DENIED or pairs.get("utmaction", "").lower() in _DENIED:
        record["event.type"] = "denied"
        record["event.outcome"] = "failure"
        return
    if kind == "traffic":
        record["event.type"] = "connection"
    else:
        record["event.type"] = "protocol" if kind in _PROTOCOLS else "info"
    if "dns.answers" in record:
        record["event.outcome"] = "success"
    elif "destination.bytes" in record and kind == "traffic":
        record["event.outcome"] = "success" if record["destination.bytes"] else "failure"


def _clock(line: bytes) -> LineClock | None:
    found = _EVENT_TIME.search(line)
    if found is not None and found.start() < _CLOCK_REACH:
        return LineClock(needle=found[0], epoch=True)
    dated = _DATE.search(line)
    if dated is not None and dated.start() < _CLOCK_REACH:
        return LineClock(needle=b"date=", length=len(dated[0]) - len(b"date="))
    return None
