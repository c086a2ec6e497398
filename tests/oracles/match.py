"""The slow, obvious twin of match: every field and every token against every indicator.

It shares no code with `quetsach.scanning`, `indicators.lookup` or the canonical forms.
"""

import ipaddress
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import idna

from quetsach.indicators.model import Indicator
from tests.oracles import sieve

ORDER = ["mentioned", "asked", "answered", "blocked", "connected", "moved"]
HOST_FIELDS = [
    "dns.question.name",
    "url.full",
    "url.domain",
    "tls.client.server_name",
    "destination.domain",
    "dns.answers",
    "destination.ip",
    "destination.nat.ip",
    "source.ip",
    "source.nat.ip",
]
Found = tuple[str, str, str, str, int, str, str, str]
"""Key, kind, field, rule, labels below, grade, direction, side of its validity ("" for none)."""


def hits(event: Mapping[str, Any], line: bytes, indicators: Iterable[Indicator]) -> set[Found]:
    """Return what `event`, read from `line`, meets."""
    valid = [_Dated(one, _side(one, event.get("@timestamp"))) for one in indicators]
    ports = _event_ports(event)
    best: dict[tuple[str, str], Found] = {}
    for field, dated, below in _in_fields(event, ports, valid):
        one = dated.one
        found = _found(field, dated, below, event)
        known = best.get((one.key, one.kind))
        if known is None or ORDER.index(found[5]) > ORDER.index(known[5]):
            best[one.key, one.kind] = found
    for dated, below in _in_line(line, ports, valid):
        if (dated.key, dated.kind) not in best:
            best[dated.key, dated.kind] = _found("event.original", dated, below, event)
    return set(best.values())


class _Dated:
    """An indicator, and the side of its validity on which the event is."""

    def __init__(self, one: Indicator, side: str) -> None:
        self.one, self.side = one, side
        self.key, self.kind, self.rule, self.port = one.key, one.kind, one.rule, one.port


def _found(field: str, one: _Dated, below: int, event: Mapping[str, Any]) -> Found:
    rule = str(one.rule)
    if one.kind == "name":
        rule = "below" if below > 0 else "exact"
    direction = "inbound" if field.startswith("source.") else "outbound"
    mention = _grade(field, event) == "mentioned"
    direction = "" if mention else direction
    return one.key, str(one.kind), field, rule, below, _grade(field, event), direction, one.side


ALONE = [
    "aws.vpcflow",
    "gcp.vpcflow",
    "azure.flow",
    "netflow.flow",
    "argus.flow",
    "ids.alert",
    "tcpdump.packet",
    "meraki.log",
    "mikrotik.firewall",
    "netfilter",
    "pf.filterlog",
    "pf.pflog",
]


def _answers(event: Mapping[str, Any]) -> bool:
    """One packet, or one side, from the port of a server to a high one: who began is not told."""
    near, far = event.get("source.port") or 0, event.get("destination.port") or 0
    served = 0 < near < 1024 or near in {1433, 3306, 3389, 5432, 8000, 8080, 8443, 8888}
    if not served or far < 1024 or (near, far) == (500, 4500):
        return False
    if event.get("dns.question.name") is not None or event.get("url.domain") is not None:
        return False
    told = event.get("event.type") == "denied" or event.get("event.action") == "permitted"
    return told or event.get("rule.name") is not None or event.get("event.dataset") in ALONE


def _grade(field: str, event: Mapping[str, Any]) -> str:
    denied = event.get("event.type") == "denied"
    if field == "event.original" or event.get("event.dataset") == "text":
        return "mentioned"
    if field.endswith((".ip", "destination.domain")) and _answers(event):
        return "mentioned"
    if field == "dns.question.name":
        error = event.get("dns.response_code") not in (None, "NOERROR")
        return "answered" if event.get("dns.answers") and not error and not denied else "asked"
    if field == "dns.answers":
        return "answered"
    if denied or event.get("event.outcome") == "failure":
        return "blocked"
    both = (event.get("source.bytes") or 0) > 0 and (event.get("destination.bytes") or 0) > 0
    status = event.get("http.response.status_code") is not None
    hashed = any(event.get(f"file.hash.{kind}") for kind in ("md5", "sha1", "sha256"))
    return "moved" if both or status or hashed else "connected"


def _side(one: Indicator, when: int | None) -> str:
    if when is None:
        return ""
    if one.claim.valid_from_us is not None and when < one.claim.valid_from_us:
        return "before"
    over = one.claim.valid_until_us is not None and when > one.claim.valid_until_us
    return "after" if over else ""


def _in_fields(
    event: Mapping[str, Any], ports: dict[str, set[int]], valid: list[_Dated]
) -> Iterable[tuple[str, _Dated, int]]:
    if "url.full" in event:
        for one in valid:
            if one.kind == "url" and _under(one.key, _url_key(event["url.full"])):
                yield "url.full", one, 0
    for field in HOST_FIELDS:
        value = event.get(field)
        if value is None or (field == "url.full" and "url.domain" in event):
            continue
        for host in value if isinstance(value, list) else [value]:
            name = _url_host(host) if field == "url.full" else host
            for one, below in _host_meets(name, ports, valid):
                yield field, one, below
    for kind in ("md5", "sha1", "sha256"):
        for one in valid:
            digest = event.get(f"file.hash.{kind}")
            if one.kind == "hash" and digest is not None and digest.lower() == one.key:
                yield f"file.hash.{kind}", one, 0


def _host_meets(
    host: str, ports: dict[str, set[int]], valid: list[_Dated]
) -> Iterable[tuple[_Dated, int]]:
    address = _address(host)
    if address is not None:
        yield from _address_meets(address, ports.get(str(address), set()), valid)
        return
    name, colon, port = host.rpartition(":")
    if colon and port.isdigit():
        address = _address(name.strip("[]"))
        if address is not None:
            yield from _address_meets(address, {int(port)}, valid)
            return
        host = name
    yield from _name_meets(host, valid)


def _name_meets(host: str, valid: list[_Dated]) -> Iterable[tuple[_Dated, int]]:
    name = _name(host)
    for one in valid:
        if one.kind != "name":
            continue
        if name == one.key:
            yield one, 0
        elif one.rule != "exact" and name.endswith("." + one.key):
            yield one, name.count(".") - one.key.count(".")


def _address_meets(address: Any, ports: set[int], valid: list[_Dated]) -> list[tuple[_Dated, int]]:
    itself = []
    for one in valid:
        if one.kind == "address" and one.port is None and str(address) == one.key:
            itself.append((one, 0))
        if one.kind == "address" and one.port is not None:
            bare = one.key.rpartition(":")[0].strip("[]")
            if str(address) == bare and one.port in ports:
                itself.append((one, 0))
    if any(not one.side for one, _ in itself):
        return itself
    around = [
        (ipaddress.ip_network(one.key).prefixlen, one) for one in valid if one.kind == "network"
    ]
    holding = [(size, one) for size, one in around if address in ipaddress.ip_network(one.key)]
    living = [pair for pair in holding if not pair[1].side]
    if living:
        return [*itself, (max(living, key=lambda pair: pair[0])[1], 0)]
    if itself or not holding:
        return itself
    return [(max(holding, key=lambda pair: pair[0])[1], 0)]


def _in_line(
    line: bytes, ports: dict[str, set[int]], valid: list[_Dated]
) -> Iterable[tuple[_Dated, int]]:
    text = line.decode("utf-8", "replace")
    yield from _in_text(text, ports, valid)
    plain = sieve.decoded(line.decode("latin-1")).encode("latin-1")
    if plain != line:
        yield from _in_text(plain.decode("utf-8", "replace"), ports, valid)


def _in_text(
    text: str, ports: dict[str, set[int]], valid: list[_Dated]
) -> Iterable[tuple[_Dated, int]]:
    written = _written_ports(text)

    def known_ports(address: Any) -> set[int]:
        return ports.get(str(address)) or written.get(str(address)) or _lone_numbers(text)

    for run in _runs(text):
        if run.strip("0123456789."):
            yield from _name_meets(run, valid)
        for number in _numbers(run):
            parts = number.split(".")
            parts = parts[:4] if len(parts) == 5 else parts
            if len(parts) == 4 and all(0 < len(p) < 4 and int(p) < 256 for p in parts):
                address = ipaddress.ip_address(".".join(str(int(p)) for p in parts))
                yield from _address_meets(address, known_ports(address), valid)
    for number6 in sieve.addresses6(text):
        address = ipaddress.ip_address(number6)
        yield from _address_meets(address, known_ports(address), valid)
    yield from _hashes_met(text, valid)
    for url in _urls_written(text):
        for one in valid:
            if one.kind == "url" and _under(one.key, _url_key(url)):
                yield one, 0


def _hashes_met(text: str, valid: list[_Dated]) -> Iterable[tuple[_Dated, int]]:
    for word in sieve.runs(text, lambda sign: sign.isascii() and sign.isalnum()):
        for one in valid:
            if one.kind == "hash" and word.lower() == one.key:
                yield one, 0


def _urls_written(text: str) -> Iterable[str]:
    for sign in "\"'<>|^`{}":
        text = text.replace(sign, " ")
    for word in text.replace("\\/", "/").split():
        if "://" in word:
            yield "x://" + word.partition("://")[2]
        for body in word.split("://")[1:]:
            yield "x://" + min((body.partition(sign)[0] for sign in ",;)"), key=len)


def _runs(text: str) -> list[str]:
    kept = "".join(
        c if c in "-_." or (c.isascii() and c.isalnum()) or c >= "\x80" else " " for c in text
    )
    return [run.strip(".") for run in kept.split() if "." in run.strip(".")]


def _numbers(run: str) -> list[str]:
    found, begin = [], None
    for place, char in enumerate(run + "!"):
        if char in "0123456789.":
            begin = place if begin is None else begin
        elif begin is not None:
            before = run[begin - 1] if begin else "-"
            if before == "-" and char in "-!":
                found.append(run[begin:place].strip("."))
            begin = None
    return found


def _lone_numbers(text: str) -> set[int]:
    found = set()
    for word in sieve.runs(text, lambda c: c in "._:" or (c.isascii() and c.isalnum())):
        if word.isdigit() and len(word) < 6:
            found.add(int(word))
    return found


def _written_ports(text: str) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for word in "".join(
        c if c in ".:_" or (c.isascii() and c.isalnum()) else " " for c in text
    ).split():
        for divider in ":.":
            host, sign, port = word.rpartition(divider)
            if sign and port.isdigit() and len(port) < 6 and _address(host) and ":" not in host:
                found.setdefault(host, set()).add(int(port))
    return found


def _event_ports(event: Mapping[str, Any]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for side in ("destination", "destination.nat", "source", "source.nat"):
        address, port = _address(event.get(f"{side}.ip", "")), event.get(f"{side}.port")
        if address is not None and port is not None:
            found.setdefault(str(address), set()).add(port)
    if "url.full" in event:
        address = _address(_url_host(event["url.full"]))
        try:
            port = urlsplit(event["url.full"]).port
        except ValueError:
            return found
        usual = {"http": 80, "https": 443}.get(urlsplit(event["url.full"]).scheme)
        if address is not None and (port or usual):
            found.setdefault(str(address), set()).add(port or usual or 0)
    return found


def _address(text: str) -> Any:
    try:
        address = ipaddress.ip_address(text.split("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _name(text: str) -> str:
    labels = unicodedata.normalize("NFC", text).lower().strip(".").split(".")
    return ".".join(label if label.isascii() else _label(label) for label in labels)


def _label(label: str) -> str:
    try:
        return idna.encode(label, uts46=True).decode()
    except idna.IDNAError:
        return "xn--" + label.encode("punycode").decode()


def _url_host(url: str) -> str:
    try:
        return _name(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def _url_key(url: str) -> str:
    try:
        parts = urlsplit(url.split("#")[0])
        port_number = parts.port
    except ValueError:
        return ""
    address = _address(parts.hostname or "")
    host = _url_host(url) if address is None else str(address)
    host = f"[{host}]" if ":" in host else host
    port = "" if port_number in (None, 80, 443) else f":{port_number}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{port}{parts.path or '/'}{query}"


def _under(prefix: str, key: str) -> bool:
    behind = key[len(prefix) :]
    return key.startswith(prefix) and (prefix[-1] == "/" or not behind or behind[0] in "/?#&")
