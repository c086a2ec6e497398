"""Suricata EVE: dns (version 2 or 3), http, tls, fileinfo, alert, flow and dhcp.

Source: Suricata's user guide, output/eve/eve-json-format.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from quetsach.demo import times
from quetsach.demo.kits import Flavour, Recorder
from quetsach.demo.traffic import (
    CarriedFile,
    ContactGrade,
    DnsLookup,
    Event,
    EventPart,
    Exchange,
    LeaseGrant,
    TrafficLine,
    grade_of,
)

_ENDS = (EventPart.CLIENT, EventPart.SERVER)


def eve(one: Event, recorder: Recorder) -> Iterator[TrafficLine]:
    """Yield the records of `one`; the flow record is stamped at the end of the flow."""
    if isinstance(one, DnsLookup):
        yield from _lookup(one, recorder)
    elif isinstance(one, Exchange):
        yield from _exchange(one, recorder)
    else:
        yield from _handout(one, recorder)


def _line(
    record: dict[str, Any],
    when_us: int,
    parts: tuple[EventPart, ...],
    *,
    grade: ContactGrade = ContactGrade.ASKED,
) -> TrafficLine:
    text = msgspec.json.encode(record).decode()
    return TrafficLine("eve", f"suricata.{record['event_type']}", text, when_us, parts, grade)


def _head(one: Event, kind: str, when_us: int, *, recorder: Recorder) -> dict[str, Any]:
    return {
        "timestamp": times.eve(when_us, recorder.utc),
        "flow_id": 100_000_000_000_000 + one.serial * 7_919_000_017 % 1_899_999_999_999_999,
        "in_iface": "eth1",
        "event_type": kind,
    }


def _ends(
    one: DnsLookup | Exchange, port: int, proto: str, *, back: bool = False
) -> dict[str, Any]:
    here, there = (one.client, one.port), (one.server, port)
    source, target = (there, here) if back else (here, there)
    return {
        "src_ip": source[0],
        "src_port": source[1],
        "dest_ip": target[0],
        "dest_port": target[1],
        "proto": proto,
    }


def _lookup(one: DnsLookup, recorder: Recorder) -> Iterator[TrafficLine]:
    number = one.serial % 65_536
    asked: dict[str, Any] = {"rrname": one.name, "rrtype": "A"}
    answers = [asked | {"ttl": 300, "rdata": answer} for answer in one.answers]
    state = {"flags": "8180", "qr": True, "rd": True, "ra": True}
    state["rcode"] = "NOERROR" if answers else "NXDOMAIN"
    if recorder.flavour is Flavour.V3:
        query = {"version": 3, "type": "request", "tx_id": 0, "id": number, "queries": [asked]}
        reply = {"version": 3, "type": "response", "tx_id": 0, "id": number, **state}
        reply |= {"queries": [asked]}
    else:
        query = {"type": "query", "id": number, **asked, "tx_id": 0}
        reply = {"version": 2, "type": "answer", "id": number, **state, **asked}
    if answers:
        reply["answers"] = answers
    done_us = one.when_us + one.took_us
    yield _line(
        _head(one, "dns", one.when_us, recorder=recorder) | _ends(one, 53, "UDP") | {"dns": query},
        one.when_us,
        (EventPart.NAME, EventPart.SERVER),
    )
    # Of version 2 the answer is written as the server sends it; version 3 keeps the flow's way.
    back = recorder.flavour is not Flavour.V3
    yield _line(
        _head(one, "dns", done_us, recorder=recorder)
        | _ends(one, 53, "UDP", back=back)
        | {"dns": reply},
        done_us,
        (EventPart.NAME, EventPart.ANSWERS, EventPart.SERVER),
        grade=ContactGrade.ANSWERED if answers else ContactGrade.ASKED,
    )


def _exchange(one: Exchange, recorder: Recorder) -> Iterator[TrafficLine]:
    ends = _ends(one, one.server_port, "TCP")
    early_us = one.when_us + min(30_000, one.took_us)
    if one.service == "ssl":
        tls = {"subject": f"CN={one.host}", "issuerdn": "C=VN, O=Demo, CN=Demo CA"}
        tls |= {"sni": one.host, "version": "TLS 1.2"} if one.host else {"version": "TLS 1.2"}
        record = _head(one, "tls", early_us, recorder=recorder) | ends | {"tls": tls}
        yield _line(record, early_us, (*_ENDS, EventPart.NAME), grade=ContactGrade.CONNECTED)
    if one.service == "http":
        record = (
            _head(one, "http", early_us, recorder=recorder)
            | ends
            | {"tx_id": 0, "http": _http(one)}
        )
        yield _line(
            record, early_us, (*_ENDS, EventPart.NAME, EventPart.URL), grade=ContactGrade.MOVED
        )
    if one.carried:
        yield _file(one, one.carried, early_us, recorder=recorder)
    if one.alert:
        record = _head(one, "alert", early_us, recorder=recorder) | ends | {"alert": _alert(one)}
        yield _line(record, early_us, _ENDS, grade=ContactGrade.CONNECTED)
    yield _flow(one, ends, recorder)


def _http(one: Exchange) -> dict[str, Any]:
    return {
        "hostname": one.host,
        "url": one.path,
        "http_user_agent": one.agent,
        "http_content_type": one.carried.mime if one.carried else "text/html",
        "http_method": "GET",
        "protocol": "HTTP/1.1",
        "status": 200,
        "length": one.received,
    }


def _file(one: Exchange, carried: CarriedFile, when_us: int, *, recorder: Recorder) -> TrafficLine:
    record = _head(one, "fileinfo", when_us, recorder=recorder)
    # A file is written from its sender's side: the server is the source here.
    record |= _ends(one, one.server_port, "TCP", back=True)
    record |= {"http": _http(one), "app_proto": "http"}
    record["fileinfo"] = {
        "filename": one.path.partition("?")[0],
        "gaps": False,
        "state": "CLOSED",
        "md5": carried.md5,
        "sha1": carried.sha1,
        "sha256": carried.sha256,
        "stored": False,
        "size": carried.size,
        "tx_id": 0,
    }
    return _line(
        record,
        when_us,
        (*_ENDS, EventPart.NAME, EventPart.URL, EventPart.HASH),
        grade=ContactGrade.MOVED,
    )


def _alert(one: Exchange) -> dict[str, Any]:
    return {
        "action": "allowed",
        "gid": 1,
        "signature_id": 2_900_001,
        "rev": 2,
        "signature": one.alert,
        "category": "Malware Command and Control Activity Detected",
        "severity": 1,
    }


def _flow(one: Exchange, ends: dict[str, Any], recorder: Recorder) -> TrafficLine:
    end_us = one.when_us + one.took_us
    # A refusal is one packet back, without a byte of content.
    packets = 3 + one.sent // 1_200, (2 + one.received // 1_400) if one.received else 1
    record = _head(one, "flow", end_us, recorder=recorder) | ends
    if one.service:
        record["app_proto"] = "tls" if one.service == "ssl" else one.service
    record["flow"] = {
        "pkts_toserver": packets[0],
        "pkts_toclient": packets[1],
        "bytes_toserver": one.sent + 54 * packets[0],
        "bytes_toclient": one.received + 54 * packets[1],
        "start": times.eve(one.when_us, recorder.utc),
        "end": times.eve(end_us, recorder.utc),
        "age": one.took_us // 1_000_000,
        "state": "closed",
        "reason": "timeout",
        "alerted": bool(one.alert),
    }
    return _line(record, one.when_us, _ENDS, grade=grade_of(one))


def _handout(one: LeaseGrant, recorder: Recorder) -> Iterator[TrafficLine]:
    number = one.serial % 4_294_967_296
    asks = {
        "src_ip": one.address if one.renewal else "0.0.0.0",  # noqa: S104 - as a client writes
        "src_port": 68,
        "dest_ip": one.server if one.renewal else "255.255.255.255",
        "dest_port": 67,
        "proto": "UDP",
        "dhcp": {
            "type": "request",
            "id": number,
            "client_mac": one.mac,
            "dhcp_type": "request",
            "requested_ip": one.address,
            "hostname": one.host_name,
        },
    }
    gives = {
        "src_ip": one.server,
        "src_port": 67,
        "dest_ip": one.address,
        "dest_port": 68,
        "proto": "UDP",
        "dhcp": {
            "type": "reply",
            "id": number,
            "client_mac": one.mac,
            "assigned_ip": one.address,
            "dhcp_type": "ack",
            "lease_time": one.seconds,
            "renewal_time": one.seconds // 2,
            "hostname": one.host_name,
        },
    }
    yield _line(_head(one, "dhcp", one.when_us, recorder=recorder) | asks, one.when_us, ())
    yield _line(
        _head(one, "dhcp", one.when_us + 3_000, recorder=recorder) | gives, one.when_us + 3_000, ()
    )
