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


def eve(event: Event, recorder: Recorder) -> Iterator[TrafficLine]:
    """Yield the records of `event`; the flow record is stamped at the end of the flow."""
    if isinstance(event, DnsLookup):
        yield from _lookup(event, recorder)
    elif isinstance(event, Exchange):
        yield from _exchange(event, recorder)
    else:
        yield from _handout(event, recorder)


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


def _lookup(lookup: DnsLookup, recorder: Recorder) -> Iterator[TrafficLine]:
    number = lookup.serial % 65_536
    question: dict[str, Any] = {"rrname": lookup.name, "rrtype": "A"}
    answers = [question | {"ttl": 300, "rdata": answer} for answer in lookup.answers]
    state = {"flags": "8180", "qr": True, "rd": True, "ra": True}
    state["rcode"] = "NOERROR" if answers else "NXDOMAIN"
    if recorder.flavour is Flavour.V3:
        query = {"version": 3, "type": "request", "tx_id": 0, "id": number, "queries": [question]}
        reply = {"version": 3, "type": "response", "tx_id": 0, "id": number, **state}
        reply |= {"queries": [question]}
    else:
        query = {"type": "query", "id": number, **question, "tx_id": 0}
        reply = {"version": 2, "type": "answer", "id": number, **state, **question}
    if answers:
        reply["answers"] = answers
    done_us = lookup.when_us + lookup.took_us
    yield _line(
        _head(lookup, "dns", lookup.when_us, recorder=recorder)
        | _ends(lookup, 53, "UDP")
        | {"dns": query},
        lookup.when_us,
        (EventPart.NAME, EventPart.SERVER),
    )
    # Of version 2 the answer is written as the server sends it; version 3 keeps the flow's way.
    back = recorder.flavour is not Flavour.V3
    yield _line(
        _head(lookup, "dns", done_us, recorder=recorder)
        | _ends(lookup, 53, "UDP", back=back)
        | {"dns": reply},
        done_us,
        (EventPart.NAME, EventPart.ANSWERS, EventPart.SERVER),
        grade=ContactGrade.ANSWERED if answers else ContactGrade.ASKED,
    )


def _exchange(exchange: Exchange, recorder: Recorder) -> Iterator[TrafficLine]:
    ends = _ends(exchange, exchange.server_port, "TCP")
    early_us = exchange.when_us + min(30_000, exchange.took_us)
    if exchange.service == "ssl":
        tls = {"subject": f"CN={exchange.host}", "issuerdn": "C=VN, O=Demo, CN=Demo CA"}
        tls |= (
            {"sni": exchange.host, "version": "TLS 1.2"}
            if exchange.host
            else {"version": "TLS 1.2"}
        )
        record = _head(exchange, "tls", early_us, recorder=recorder) | ends | {"tls": tls}
        yield _line(record, early_us, (*_ENDS, EventPart.NAME), grade=ContactGrade.CONNECTED)
    if exchange.service == "http":
        record = (
            _head(exchange, "http", early_us, recorder=recorder)
            | ends
            | {"tx_id": 0, "http": _http(exchange)}
        )
        yield _line(
            record, early_us, (*_ENDS, EventPart.NAME, EventPart.URL), grade=ContactGrade.MOVED
        )
    if exchange.carried:
        yield _file(exchange, exchange.carried, early_us, recorder=recorder)
    if exchange.alert:
        record = (
            _head(exchange, "alert", early_us, recorder=recorder)
            | ends
            | {"alert": _alert(exchange)}
        )
        yield _line(record, early_us, _ENDS, grade=ContactGrade.CONNECTED)
    yield _flow(exchange, ends, recorder)


def _http(exchange: Exchange) -> dict[str, Any]:
    return {
        "hostname": exchange.host,
        "url": exchange.path,
        "http_user_agent": exchange.agent,
        "http_content_type": exchange.carried.mime if exchange.carried else "text/html",
        "http_method": "GET",
        "protocol": "HTTP/1.1",
        "status": 200,
        "length": exchange.received,
    }


def _file(
    exchange: Exchange, carried: CarriedFile, when_us: int, *, recorder: Recorder
) -> TrafficLine:
    record = _head(exchange, "fileinfo", when_us, recorder=recorder)
    # A file is written from its sender's side: the server is the source here.
    record |= _ends(exchange, exchange.server_port, "TCP", back=True)
    record |= {"http": _http(exchange), "app_proto": "http"}
    record["fileinfo"] = {
        "filename": exchange.path.partition("?")[0],
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


def _alert(exchange: Exchange) -> dict[str, Any]:
    return {
        "action": "allowed",
        "gid": 1,
        "signature_id": 2_900_001,
        "rev": 2,
        "signature": exchange.alert,
        "category": "Malware Command and Control Activity Detected",
        "severity": 1,
    }


def _flow(exchange: Exchange, ends: dict[str, Any], recorder: Recorder) -> TrafficLine:
    end_us = exchange.when_us + exchange.took_us
    # A refusal is one packet back, without a byte of content.
    packets = (
        3 + exchange.sent // 1_200,
        (2 + exchange.received // 1_400) if exchange.received else 1,
    )
    record = _head(exchange, "flow", end_us, recorder=recorder) | ends
    if exchange.service:
        record["app_proto"] = "tls" if exchange.service == "ssl" else exchange.service
    record["flow"] = {
        "pkts_toserver": packets[0],
        "pkts_toclient": packets[1],
        "bytes_toserver": exchange.sent + 54 * packets[0],
        "bytes_toclient": exchange.received + 54 * packets[1],
        "start": times.eve(exchange.when_us, recorder.utc),
        "end": times.eve(end_us, recorder.utc),
        "age": exchange.took_us // 1_000_000,
        "state": "closed",
        "reason": "timeout",
        "alerted": bool(exchange.alert),
    }
    return _line(record, exchange.when_us, _ENDS, grade=grade_of(exchange))


def _handout(grant: LeaseGrant, recorder: Recorder) -> Iterator[TrafficLine]:
    number = grant.serial % 4_294_967_296
    asks = {
        "src_ip": grant.address if grant.renewal else "0.0.0.0",  # noqa: S104 - as a client writes
        "src_port": 68,
        "dest_ip": grant.server if grant.renewal else "255.255.255.255",
        "dest_port": 67,
        "proto": "UDP",
        "dhcp": {
            "type": "request",
            "id": number,
            "client_mac": grant.mac,
            "dhcp_type": "request",
            "requested_ip": grant.address,
            "hostname": grant.host_name,
        },
    }
    gives = {
        "src_ip": grant.server,
        "src_port": 67,
        "dest_ip": grant.address,
        "dest_port": 68,
        "proto": "UDP",
        "dhcp": {
            "type": "reply",
            "id": number,
            "client_mac": grant.mac,
            "assigned_ip": grant.address,
            "dhcp_type": "ack",
            "lease_time": grant.seconds,
            "renewal_time": grant.seconds // 2,
            "hostname": grant.host_name,
        },
    }
    yield _line(_head(grant, "dhcp", grant.when_us, recorder=recorder) | asks, grant.when_us, ())
    yield _line(
        _head(grant, "dhcp", grant.when_us + 3_000, recorder=recorder) | gives,
        grant.when_us + 3_000,
        (),
    )
