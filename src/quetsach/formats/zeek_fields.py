"""Zeek's field names, whatever the log: which field of an event each one fills.

Both of Zeek's forms, tables and JSON, come through here, so that a log of an unknown `#path` is
read as well as conn.log. Source: the Zeek script reference, `Conn::Info` and related records;
for intel.log `Intel::Info` and the scripts of policy/frameworks/intel/seen.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from quetsach.formats.shared import values
from quetsach.formats.shared.values import forwarded_ip, page

Convert: TypeAlias = Callable[[Any], Any]
Target: TypeAlias = tuple[str, Convert]
Record: TypeAlias = dict[str, Any]


def _lower(value: Any) -> str | None:
    found = values.text(value)
    return None if found is None else found.lower()


def _leaf(value: Any) -> str | None:
    """Return the first of a chain of fingerprints; the table form joins them with commas."""
    several = values.texts(value)
    return several[0].partition(",")[0].lower() if several else None


def _truth(value: Any) -> bool | None:
    if value in ("T", True, "true"):
        return True
    return False if value in ("F", False, "false") else None


# Columns that fill one field and need no look at another.
_DIRECT: Mapping[str, Target] = {
    "id.orig_h": ("source.ip", values.address),
    "id.orig_p": ("source.port", values.parse_port),
    "id.resp_h": ("destination.ip", values.address),
    "id.resp_p": ("destination.port", values.parse_port),
    "orig_l2_addr": ("source.mac", values.mac),
    "src_mac": ("source.mac", values.mac),
    "proto": ("network.transport", values.transport),
    "port_proto": ("network.transport", values.transport),
    "service": ("network.application", _lower),
    "duration": ("event.duration", values.nanoseconds),
    "orig_bytes": ("source.bytes", values.count),
    "resp_bytes": ("destination.bytes", values.count),
    "query": ("dns.question.name", values.text),
    "qtype_name": ("dns.question.type", values.text),
    "answers": ("dns.answers", values.texts),
    "rcode_name": ("dns.response_code", values.text),
    "method": ("http.request.method", values.text),
    "status_code": ("http.response.status_code", values.count),
    "user_agent": ("user_agent.original", values.text),
    # `X-FORWARDED-FOR -> 10.20.3.41`, one for each header of that kind.
    "proxied": ("network.forwarded_ip", forwarded_ip),
    "server_name": ("tls.client.server_name", values.text),
    # The package ja3, that of FoxIO, and the chain of certificates, whose first is the server's.
    "ja3": ("tls.client.ja3", _lower),
    "ja3s": ("tls.server.ja3s", _lower),
    "ja4": ("tls.client.ja4", _lower),
    "cert_chain_fps": ("tls.server.hash.sha256", _leaf),
    "md5": ("file.hash.md5", _lower),
    "sha1": ("file.hash.sha1", _lower),
    "sha256": ("file.hash.sha256", _lower),
    "filename": ("file.name", values.text),
    "note": ("rule.name", values.text),
    "host_name": ("host.name", values.text),
    "lease_time": ("quetsach.lease.seconds", values.count),
    "_system_name": ("observer.name", values.text),
}

# Other names of the same columns: a site's own field name map, and logs without a connection.
_ALIASES: Mapping[str, str] = {
    alias: name
    for name, aliases in (
        ("ts", "@timestamp timestamp"),
        ("id.orig_h", "src src_ip source.ip orig_h"),
        ("id.orig_p", "src_port source.port orig_p"),
        ("id.resp_h", "dst dst_ip dest_ip destination.ip resp_h"),
        ("id.resp_p", "dst_port dest_port destination.port resp_p"),
    )
    for alias in aliases.split()
}

# `#path` from the columns, for JSON (which has none) and for a table glued to another.
_GUESSES: tuple[tuple[str, str], ...] = (
    ("conn_state", "conn"),
    ("assigned_addr", "dhcp"),
    ("assigned_ip", "dhcp"),
    ("msg_types", "dhcp"),
    ("client_addr", "dhcp"),
    ("seen.where", "intel"),
    ("seen", "intel"),
    ("fuid", "files"),
    ("qtype_name", "dns"),
    ("qclass", "dns"),
    ("query", "dns"),
    ("uri", "http"),
    ("helo", "smtp"),
    ("note", "notice"),
    ("software_type", "software"),
    ("certificate.serial", "x509"),
    ("tunnel_type", "tunnel"),
    ("kex_alg", "ssh"),
    ("compile_ts", "pe"),
    ("orig_hw", "arp"),
    ("addl", "weird"),
    ("trans_depth", "http"),
    ("cipher", "ssl"),
    ("server_name", "ssl"),
    ("established", "ssl"),
)

# Who did not answer, and who did; OTH is a connection seen from its middle: unknown.
_OUTCOMES: Mapping[str, str] = {
    **dict.fromkeys(("S0", "REJ", "RSTOS0", "SH"), "failure"),
    **dict.fromkeys(("S1", "S2", "S3", "SF", "RSTO", "RSTR", "RSTRH", "SHR"), "success"),
}
# Logs that speak about connections without being a record of one.
_REMARKS = frozenset({"notice", "weird", "dhcp", "intel", "software"})
_SCOPED = re.compile(
    r"(id(?=.{1,3}(?:orig|resp))|seen(?=.{1,3}[iw]))[^A-Za-z0-9]{1,3}"
    r"((?:orig|resp)_[hp]|indicator(?:_type)?|where)"
)


def canonical(name: str) -> str:
    """Return Zeek's own name of a column, whatever joins its scope (`id.`, `id_`, `id->`)."""
    scoped = _SCOPED.fullmatch(name)
    return f"{scoped[1]}.{scoped[2]}" if scoped else _ALIASES.get(name, name)


@lru_cache(maxsize=4096)
def target(name: str) -> Target | None:
    """Return the field that column `name` fills and how its value is read, or None."""
    return _DIRECT.get(canonical(name))


def guess(names: Iterable[str]) -> str | None:
    """Return the `#path` that a log with these columns has, or None."""
    known = set(names)
    return next((path for column, path in _GUESSES if column in known), None)


def complete(record: Record, rest: Mapping[str, Any], path: str) -> None:
    """Fill the fields of `record` that follow from several columns.

    Shapes: `rest` holds the columns named in `INDIRECT` that the line had.
    """
    for name, value in rest.items():
        step = _STEPS.get(name)
        if step is not None:
            step(record, rest, value)
    if "dns.response_code" in record or "rejected" in rest:
        _answered(record, rest)
    if path == "dhcp":
        _lease(record, rest)
    if path == "conn":
        record["event.type"] = "connection"
    elif path == "intel":
        record["event.type"] = "protocol" if _seen(record, rest) else "info"
    elif path not in _REMARKS and "source.ip" in record and "destination.ip" in record:
        record["event.type"] = "protocol"
    else:
        record["event.type"] = "info"


def _state(record: Record, _rest: Mapping[str, Any], value: Any) -> None:
    state = values.text(value)
    if state is not None:
        record["event.action"] = state
        outcome = _OUTCOMES.get(state)
        if outcome is not None:
            record["event.outcome"] = outcome


def _established(record: Record, _rest: Mapping[str, Any], value: Any) -> None:
    done = _truth(value)
    if done is not None:
        record["event.outcome"] = "success" if done else "failure"


def _answered(record: Record, rest: Mapping[str, Any]) -> None:
    """Say whether the name was answered; a reply that says "no such name" is no answer."""
    code = record.get("dns.response_code")
    if _truth(rest.get("rejected")) or (code is not None and code != "NOERROR"):
        record["event.outcome"] = "failure"
    elif code is not None:
        record["event.outcome"] = "success"


def _uri(record: Record, rest: Mapping[str, Any], uri: Any) -> None:
    host = values.text(rest.get("host"))
    full, domain = page(host, values.text(uri))
    if full is None and host is None and "destination.ip" in record:
        # An old or forged client sends no Host; it still requests a page of that server.
        ip = record["destination.ip"]
        full, domain = page(f"[{ip}]" if ":" in ip else ip, values.text(uri))[0], None
    if full is not None:
        record["url.full"] = full
    if domain is not None:
        record["url.domain"] = domain
    if "http.response.status_code" in record:
        record["event.outcome"] = "success"


_SEEN_AS: Mapping[str, str] = {
    "DNS::IN_REQUEST": "dns.question.name",
    "HTTP::IN_HOST_HEADER": "url.domain",
    "HTTP::IN_URL": "url.full",
    "SSL::IN_SERVER_NAME": "tls.client.server_name",
    "DNS::IN_RESPONSE": "dns.answers",
    "Files::IN_HASH": "file.hash",
    "X509::IN_CERT": "tls.server.hash",
    "Conn::IN_ORIG": "",
    "Conn::IN_RESP": "",
}
"""Where Zeek saw an indicator of its list, and the field that this is; an end is in `id.*`.

All others are words in a mail, a header or a certificate: whoever they came to asked for nothing.
"""
_BY_LENGTH = {32: "md5", 40: "sha1", 64: "sha256"}


def _seen(record: Record, rest: Mapping[str, Any]) -> bool:
    """Put what a row of intel.log saw into its field; return whether that was a contact."""
    indicator = values.text(rest.get("seen.indicator"))
    field = _SEEN_AS.get(values.text(rest.get("seen.where")) or "")
    if indicator is None or field is None or "source.ip" not in record:
        return False
    if not field:
        # Said only once both sides had shaken hands.
        record["event.outcome"] = "success"
        return True
    if field.endswith(".hash"):
        digest = _BY_LENGTH.get(len(indicator))
        if digest is None or not all(one in "0123456789abcdefABCDEF" for one in indicator):
            return False
        if (field, digest) != ("tls.server.hash", "md5"):
            record[f"{field}.{digest}"] = indicator.lower()
        return True
    if field == "url.full":
        # Zeek compares addresses of pages without their scheme.
        full, domain = page(None, f"http://{indicator}")
        record |= {"url.full": full} | ({} if domain is None else {"url.domain": domain})
    else:
        record[field] = [indicator] if field == "dns.answers" else indicator
    return True


def _host(record: Record, rest: Mapping[str, Any], host: Any) -> None:
    """Take `host` as the address that known_hosts and software speak of, or as http's host."""
    if "uri" in rest or "http.request.method" in record:
        if "uri" not in rest:
            _uri(record, rest, None)
        return
    if "source.ip" not in record:
        ip = values.address(host)
        if ip is not None:
            record["source.ip"] = ip


def _sender(record: Record, rest: Mapping[str, Any], value: Any) -> None:
    _first_address(record, "source.ip" if _sent_by_originator(rest) else "destination.ip", value)


def _receiver(record: Record, rest: Mapping[str, Any], value: Any) -> None:
    _first_address(record, "destination.ip" if _sent_by_originator(rest) else "source.ip", value)


def _sent_by_originator(rest: Mapping[str, Any]) -> bool:
    """Return whether the side that opened the connection sent the file: an upload.

    Most files are fetched, so that a log without the column is read that way.
    """
    return _truth(rest.get("is_orig")) is True


def _first_address(record: Record, field: str, value: Any) -> None:
    # Newer logs have `id.*` beside or instead; what the connection says then stands.
    if field not in record:
        found = values.texts(value)
        ip = values.address(found[0]) if found else None
        if ip is not None:
            record[field] = ip


def _lease(record: Record, rest: Mapping[str, Any]) -> None:
    kinds = [kind.upper() for kind in values.texts(rest.get("msg_types")) or []]
    if kinds:
        record["event.action"] = kinds[-1]
    if "RELEASE" in kinds and "ACK" not in kinds[kinds.index("RELEASE") :]:
        record["quetsach.lease.act"] = "released"
    given = (rest.get("assigned_addr"), rest.get("assigned_ip"), rest.get("client_addr"))
    ip = next((found for one in given if (found := values.assignable_address(one))), None)
    if ip is not None:
        record["host.ip"] = ip
        record.setdefault("source.ip", ip)
    server = values.address(rest.get("server_addr"))
    if server is not None:
        record.setdefault("destination.ip", server)
    hardware = values.mac(rest.get("mac"))
    if hardware is not None:
        record["host.mac"] = hardware
    name = values.text(rest.get("client_fqdn"))
    if name is not None:
        record.setdefault("host.name", name)


_STEPS: Mapping[str, Callable[[Record, Mapping[str, Any], Any], None]] = {
    "conn_state": _state,
    "established": _established,
    "uri": _uri,
    "host": _host,
    "tx_hosts": _sender,
    "rx_hosts": _receiver,
}

INDIRECT: frozenset[str] = frozenset(
    {
        *_STEPS,
        *("seen.indicator", "seen.where"),
        *("rejected", "is_orig", "msg_types", "assigned_addr", "assigned_ip"),
        *("client_addr", "server_addr", "client_fqdn", "mac"),
    }
)
"""Columns that only together with others fill a field; see `complete`."""

LISTS: frozenset[str] = frozenset({"answers", "tx_hosts", "rx_hosts", "msg_types"})
"""Columns with several values, which a table joins by its `#set_separator`."""
