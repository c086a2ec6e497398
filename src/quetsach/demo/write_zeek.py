"""Zeek logs, as TSV and as JSON: conn, dns, http, ssl, files and dhcp.

Source: Zeek's reference of its logs (doc/reference/logs), version 4 columns.
"""

from collections.abc import Iterator
from typing import TypeAlias

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
    ExchangeEnd,
    LeaseGrant,
    TrafficLine,
    grade_of,
)

_Cell: TypeAlias = str | int | bool | list[str] | list[float] | None
_Row: TypeAlias = dict[str, _Cell]

_ID = "id.orig_h addr|id.orig_p port|id.resp_h addr|id.resp_p port"
_COLUMNS: dict[str, str] = {
    "conn": f"ts time|uid string|{_ID}|proto enum|service string|duration interval"
    "|orig_bytes count|resp_bytes count|conn_state string|local_orig bool|local_resp bool"
    "|missed_bytes count|history string|orig_pkts count|orig_ip_bytes count|resp_pkts count"
    "|resp_ip_bytes count|tunnel_parents set[string]",
    "dns": f"ts time|uid string|{_ID}|proto enum|trans_id count|rtt interval|query string"
    "|qclass count|qclass_name string|qtype count|qtype_name string|rcode count"
    "|rcode_name string|AA bool|TC bool|RD bool|RA bool|Z count|answers vector[string]"
    "|TTLs vector[interval]|rejected bool",
    "http": f"ts time|uid string|{_ID}|trans_depth count|method string|host string|uri string"
    "|referrer string|version string|user_agent string|origin string|request_body_len count"
    "|response_body_len count|status_code count|status_msg string|resp_fuids vector[string]"
    "|resp_mime_types vector[string]",
    "ssl": f"ts time|uid string|{_ID}|version string|cipher string|curve string"
    "|server_name string|resumed bool|last_alert string|next_protocol string|established bool"
    "|subject string|issuer string|validation_status string",
    "files": "ts time|fuid string|tx_hosts set[addr]|rx_hosts set[addr]|conn_uids set[string]"
    "|source string|depth count|analyzers set[string]|mime_type string|filename string"
    "|duration interval|is_orig bool|seen_bytes count|total_bytes count|missed_bytes count"
    "|timedout bool|md5 string|sha1 string|sha256 string",
    "dhcp": "ts time|uids set[string]|client_addr addr|server_addr addr|mac string"
    "|host_name string|domain string|requested_addr addr|assigned_addr addr"
    "|lease_time interval|msg_types vector[string]|duration interval",
}
# Another site: fewer columns, in another order.
_SLIM: dict[str, str] = {
    **_COLUMNS,
    "conn": f"ts time|uid string|{_ID}|proto enum|conn_state string|service string"
    "|duration interval|resp_bytes count|orig_bytes count|history string",
    "dns": f"ts time|uid string|{_ID}|query string|qtype_name string|rcode_name string"
    "|answers vector[string]",
}
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def _split(columns: dict[str, str]) -> dict[str, tuple[tuple[str, str], ...]]:
    return {
        log: tuple((name, kind) for name, _, kind in (one.partition(" ") for one in row.split("|")))
        for log, row in columns.items()
    }


_SPLIT = {Flavour.PLAIN: _split(_COLUMNS), Flavour.SLIM: _split(_SLIM)}


def zeek_tsv_head(log: str, recorder: Recorder, opened: str) -> list[str]:
    """Return the header lines of a TSV log; `opened` is local time as `#open` has it."""
    columns = _SPLIT[recorder.flavour][log]
    return [
        "#separator \\x09",
        "#set_separator\t,",
        "#empty_field\t(empty)",
        "#unset_field\t-",
        f"#path\t{log}",
        f"#open\t{opened}",
        "\t".join(("#fields", *(name for name, _ in columns))),
        "\t".join(("#types", *(kind for _, kind in columns))),
    ]


def zeek_tsv(event: Event, recorder: Recorder) -> Iterator[TrafficLine]:
    """Yield the lines of `event` as tab-separated values."""
    columns = _SPLIT[recorder.flavour]
    for line, row in _records(event):
        text = "\t".join(_tsv(row.get(name), kind) for name, kind in columns[line.log])
        yield TrafficLine(line.log, line.dataset, text, line.when_us, line.parts, line.grade)


def _tsv(cell: _Cell, kind: str) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, bool):
        return "T" if cell else "F"
    if isinstance(cell, list):
        return ",".join(map(str, cell)) if cell else "(empty)"
    if kind == "time" and isinstance(cell, int):
        return times.epoch(cell)
    if kind == "interval" and isinstance(cell, int):
        return times.seconds(cell)
    return str(cell)


def zeek_json(event: Event, recorder: Recorder) -> Iterator[TrafficLine]:
    """Yield the lines of `event` as JSON; absent fields are left out."""
    for line, record in _records(event):
        fields = {
            _json_key(name, recorder): _json_cell(record[name], kind, recorder)
            for name, kind in _SPLIT[Flavour.PLAIN][line.log]
            if record.get(name) is not None
        }
        text = msgspec.json.encode(fields).decode()
        yield TrafficLine(line.log, line.dataset, text, line.when_us, line.parts, line.grade)


def _json_key(name: str, recorder: Recorder) -> str:
    return name.replace(".", "_") if recorder.flavour is Flavour.UNDERSCORE else name


def _json_cell(cell: _Cell, kind: str, recorder: Recorder) -> _Cell | float:
    if kind == "time" and isinstance(cell, int):
        return times.iso_z(cell) if recorder.flavour is Flavour.ISO else cell / 1_000_000
    if kind == "interval" and isinstance(cell, int):
        return cell / 1_000_000
    return cell


def uid(serial: int, letter: str) -> str:
    """Return a connection or file id for `serial`, as Zeek forms them."""
    number = serial * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 62**16
    digits = []
    for _ in range(16):
        number, digit = divmod(number, 62)
        digits.append(_DIGITS[digit])
    return letter + "".join(digits)


def _records(event: Event) -> Iterator[tuple[TrafficLine, _Row]]:
    if isinstance(event, DnsLookup):
        yield from _lookup(event)
    elif isinstance(event, Exchange):
        yield from _exchange(event)
    else:
        yield _handout(event)


def _ends(event: DnsLookup | Exchange, port: int) -> _Row:
    return {
        "ts": event.when_us,
        "uid": uid(event.serial, "C"),
        "id.orig_h": event.client,
        "id.orig_p": event.port,
        "id.resp_h": event.server,
        "id.resp_p": port,
    }


def _lookup(lookup: DnsLookup) -> Iterator[tuple[TrafficLine, _Row]]:
    ends = _ends(lookup, 53)
    grade = ContactGrade.ANSWERED if lookup.answers else ContactGrade.ASKED
    parts = (EventPart.NAME, EventPart.ANSWERS, EventPart.SERVER)
    yield (
        TrafficLine("dns", "zeek.dns", "", lookup.when_us, parts, grade),
        ends
        | {
            "proto": "udp",
            "trans_id": lookup.serial % 65_536,
            "rtt": lookup.took_us,
            "query": lookup.name,
            "qclass": 1,
            "qclass_name": "C_INTERNET",
            "qtype": 1,
            "qtype_name": "A",
            "rcode": 0 if lookup.answers else 3,
            "rcode_name": "NOERROR" if lookup.answers else "NXDOMAIN",
            "AA": False,
            "TC": False,
            "RD": True,
            "RA": True,
            "Z": 0,
            "answers": list(lookup.answers) if lookup.answers else None,
            "TTLs": [300.0] * len(lookup.answers) if lookup.answers else None,
            "rejected": False,
        },
    )
    sent = len(lookup.name) + 18
    conn = _conn(
        ends, "udp", "dns", took_us=lookup.took_us, size=(sent, sent + 16 * len(lookup.answers))
    )
    conn |= {"conn_state": "SF", "history": "Dd"}
    yield (
        TrafficLine(
            "conn", "zeek.conn", "", lookup.when_us, (EventPart.SERVER,), ContactGrade.MOVED
        ),
        conn,
    )


def _conn(ends: _Row, proto: str, service: str, *, took_us: int, size: tuple[int, int]) -> _Row:
    sent, received = size
    packets = 1 + sent // 1_200, 1 + received // 1_400
    return ends | {
        "proto": proto,
        "service": service or None,
        "duration": took_us,
        "orig_bytes": sent,
        "resp_bytes": received,
        "local_orig": _is_inside(ends["id.orig_h"]),
        "local_resp": _is_inside(ends["id.resp_h"]),
        "missed_bytes": 0,
        "orig_pkts": packets[0],
        "orig_ip_bytes": sent + 40 * packets[0],
        "resp_pkts": packets[1],
        "resp_ip_bytes": received + 40 * packets[1],
        "tunnel_parents": [],
    }


def _is_inside(address: _Cell) -> bool:
    return str(address).startswith(("10.", "192.168."))


def _exchange(exchange: Exchange) -> Iterator[tuple[TrafficLine, _Row]]:
    common = _ends(exchange, exchange.server_port)
    conn = _conn(
        common,
        "tcp",
        exchange.service,
        took_us=exchange.took_us,
        size=(exchange.sent, exchange.received),
    )
    state = {ExchangeEnd.CLOSED: "SF", ExchangeEnd.REFUSED: "REJ", ExchangeEnd.DENIED: "S0"}[
        exchange.end
    ]
    conn |= {"conn_state": state, "history": {"SF": "ShADadFf", "REJ": "Sr", "S0": "S"}[state]}
    ends = (EventPart.CLIENT, EventPart.SERVER)
    if exchange.service == "ssl":
        yield (
            TrafficLine(
                "ssl",
                "zeek.ssl",
                "",
                exchange.when_us,
                (*ends, EventPart.NAME),
                ContactGrade.CONNECTED,
            ),
            common | _ssl(exchange),
        )
    if exchange.service == "http":
        page = (*ends, EventPart.NAME, EventPart.URL)
        yield (
            TrafficLine("http", "zeek.http", "", exchange.when_us, page, ContactGrade.MOVED),
            common | _http(exchange),
        )
    if exchange.carried:
        parts = (*ends, EventPart.HASH)
        yield (
            TrafficLine("files", "zeek.files", "", exchange.when_us, parts, ContactGrade.MOVED),
            _file(exchange, exchange.carried),
        )
    yield TrafficLine("conn", "zeek.conn", "", exchange.when_us, ends, grade_of(exchange)), conn


def _ssl(exchange: Exchange) -> _Row:
    return {
        "version": "TLSv12",
        "cipher": "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "curve": "x25519",
        "server_name": exchange.host or None,
        "resumed": False,
        "next_protocol": "h2",
        "established": True,
        "subject": f"CN={exchange.host}" if exchange.host else None,
        "issuer": "CN=Demo CA,O=Demo,C=VN",
        "validation_status": "ok",
    }


def _http(exchange: Exchange) -> _Row:
    return {
        "trans_depth": 1,
        "method": "GET",
        "host": exchange.host,
        "uri": exchange.path,
        "version": "1.1",
        "user_agent": exchange.agent,
        "request_body_len": 0,
        "response_body_len": exchange.received,
        "status_code": 200,
        "status_msg": "OK",
        "resp_fuids": [uid(exchange.serial, "F")] if exchange.carried else None,
        "resp_mime_types": [exchange.carried.mime if exchange.carried else "text/html"],
    }


def _file(exchange: Exchange, carried: CarriedFile) -> _Row:
    return {
        "ts": exchange.when_us + 5_000,
        "fuid": uid(exchange.serial, "F"),
        "tx_hosts": [exchange.server],
        "rx_hosts": [exchange.client],
        "conn_uids": [uid(exchange.serial, "C")],
        "source": "HTTP",
        "depth": 0,
        "analyzers": ["MD5", "SHA1", "SHA256"],
        "mime_type": carried.mime,
        "filename": carried.name,
        "duration": exchange.took_us,
        "is_orig": False,
        "seen_bytes": carried.size,
        "total_bytes": carried.size,
        "missed_bytes": 0,
        "timedout": False,
        "md5": carried.md5,
        "sha1": carried.sha1,
        "sha256": carried.sha256,
    }


def _handout(grant: LeaseGrant) -> tuple[TrafficLine, _Row]:
    kinds = ["REQUEST", "ACK"] if grant.renewal else ["DISCOVER", "OFFER", "REQUEST", "ACK"]
    record: _Row = {
        "ts": grant.when_us,
        "uids": [uid(grant.serial, "C")],
        "client_addr": grant.address if grant.renewal else None,
        "server_addr": grant.server,
        "mac": grant.mac,
        "host_name": grant.host_name,
        "domain": "tracu.example",
        "requested_addr": None if grant.renewal else grant.address,
        "assigned_addr": grant.address,
        "lease_time": grant.seconds * 1_000_000,
        "msg_types": list(kinds),
        "duration": 4_000,
    }
    return TrafficLine("dhcp", "zeek.dhcp", "", grant.when_us), record
