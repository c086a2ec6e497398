"""Which indicators one event meets, in which field, and by which rule."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address
from typing import Any, TypeAlias, cast

from quetsach.addresses import canonical_address
from quetsach.captures.contract import FLOW_ANSWER
from quetsach.hostnames import name_from_log
from quetsach.indicators.decay import ValidityWindow, confidence_at, window_of
from quetsach.indicators.fingerprints import FIELDS
from quetsach.indicators.lookup import IndicatorLookup
from quetsach.indicators.model import Indicator, IndicatorKind, MatchRule
from quetsach.scanning.grades import RAW_LINE, SightingGrade, grade_of
from quetsach.schema import Event
from quetsach.sieve import twin
from quetsach.urls import Url, parse_url

Ports: TypeAlias = dict[str, set[int]]
"""The ports that are known for a canonical address."""

_PORT_BEHIND = re.compile(r":([0-9]{1,5})$", re.ASCII)
LONGEST_HOST = 1024
"""No host name is longer, written in whatever way; only the end of a longer one is looked at."""


def names_met(name: str, lookup: IndicatorLookup) -> Iterator[tuple[Indicator, int]]:
    """Yield the indicators a name, as a log writes it, meets, each with the labels below it."""
    yield from lookup.by_name(name_from_log(name[-LONGEST_HOST:]))


def addresses_met(
    address: str, ports: Collection[int], lookup: IndicatorLookup, when_us: int | None
) -> list[Indicator]:
    """Return the indicators that a canonical address meets on any of `ports`.

    An indicator with a port is met on that port alone: an address whose port is unknown, as in
    the answer of a name server, does not meet it. Where the address itself is listed and valid at
    the time, its networks are not met, and of these only the longest is.
    """
    return listed_met(lookup.by_address(address, None), ports, when_us)


def listed_met(
    listed: Iterable[Indicator], ports: Collection[int], when_us: int | None
) -> list[Indicator]:
    """Return which of those that are `listed` for an address are met; see `addresses_met`."""
    indicators = [one for one in listed if one.port is None or one.port in ports]
    itself = [one for one in indicators if one.kind is IndicatorKind.ADDRESS]
    if any(window_of(one, when_us) is None for one in itself):
        return itself
    networks = [one for one in indicators if one.kind is IndicatorKind.NETWORK]
    # A network that is valid must not hide behind an entry or a longer network that is not.
    valid = [one for one in networks if window_of(one, when_us) is None]
    return [*itself, *valid[:1]] or networks[:1]


def split_host(host: str) -> tuple[str, str | None, int | None]:
    """Return a host without the port behind it, its canonical address or None, and that port."""
    text = host.strip()[-LONGEST_HOST:]
    behind = None if canonical_address(text) else _PORT_BEHIND.search(text)
    if behind:
        text = text[: behind.start()]
    return text, canonical_address(text.strip("[]")), int(behind.group(1)) if behind else None


def hosts_met(
    host: str, ports: Ports, lookup: IndicatorLookup, when_us: int | None
) -> Iterator[tuple[Indicator, int]]:
    """Yield what a host meets, be it a name or an address, with or without a port behind it."""
    text, address, behind = split_host(host)
    if address is None:
        yield from names_met(text, lookup)
        return
    known = ports.get(address, set()) if behind is None else {behind}
    for one in addresses_met(address, known, lookup, when_us):
        yield one, 0


_URL = re.compile(rb"://([^\s\"'<>|^`{}]{1,4096})")
# A comma or bracket may belong to a web address or follow it, so both are looked at.
_CUT_URL = re.compile(rb"[^\s\"'<>|^`{},;)]{1,4096}")
# `address:port`, and `address.port` as tcpdump writes it; a clock behind an address is no port.
_WITH_PORT = re.compile(
    rb"(?<![\w.])([0-9]{1,3}(?:\.[0-9]{1,3}){3})[:.]([0-9]{1,5})(?![\w.:])", re.ASCII
)

_NUMBER = re.compile(rb"(?<![\w.:])[0-9]{1,5}(?![\w.:])", re.ASCII)


def mentioned(
    line: bytes, lookup: IndicatorLookup, ports: Ports, when_us: int | None
) -> Iterator[tuple[Indicator, int]]:
    """Yield the indicators that `line` names, each with the labels below it.

    The port of an address is what the event's own fields give for it, else what is written behind
    it, else any number in the line: then address and port are both there, though not together.
    A line that holds codes, such as `%2e`, is looked at decoded as well; so are names of DNS as
    they go over the wire, in base64 or hex.
    """
    yield from _named(line, lookup, ports, when_us)
    for name in dict.fromkeys(twin.wire_names(line)):
        yield from names_met(name.decode("ascii"), lookup)
    plain = twin.decoded(line)
    if plain != line:
        yield from _named(plain, lookup, ports, when_us)


def _named(
    line: bytes, lookup: IndicatorLookup, ports: Ports, when_us: int | None
) -> Iterator[tuple[Indicator, int]]:
    for run in dict.fromkeys(twin.find_names(line)):
        yield from names_met(run.decode("utf-8", "replace"), lookup)
    addresses = [str(IPv4Address(number)) for number in twin.find_addresses(line)]
    addresses += [str(IPv6Address(number)) for number in twin.addresses6(line)]
    written = _ports_written(line) if addresses else {}
    anywhere: set[int] | None = None
    for address in dict.fromkeys(addresses):
        known = ports.get(address) or written.get(address)
        if not known:
            known = anywhere = _numbers(line) if anywhere is None else anywhere
        for indicator in addresses_met(address, known, lookup, when_us):
            yield indicator, 0
    for digest in dict.fromkeys(twin.hashes(line)):
        listed = lookup.by_hash(digest.decode("ascii"))
        if listed is not None:
            yield listed, 0
    for url in _urls(line):
        for indicator in lookup.by_url(url):
            yield indicator, 0
    yield from _prints_named(line, lookup)


def _prints_named(line: bytes, lookup: IndicatorLookup) -> Iterator[tuple[Indicator, int]]:
    """Yield the fingerprints of TLS that `line` names; what they are of, it does not say."""
    if not lookup.has_fingerprints:
        return
    texts = [*twin.hashes(line), *(text for text, _place in twin.fingerprints(line))]
    for text in dict.fromkeys(texts):
        for mark in ("ja4",) if b"_" in text else ("cert", "ja3", "ja3s"):
            listed = lookup.by_fingerprint(mark, text.decode("ascii"))
            if listed is not None:
                yield listed, 0


def _numbers(line: bytes) -> set[int]:
    return {int(number) for number in _NUMBER.findall(line)}


def _urls(line: bytes) -> Iterator[str]:
    """Yield the web addresses that may be in `line`; their scheme counts for nothing."""
    if b"://" not in (plain := line.replace(b"\\/", b"/")):
        return
    bodies = dict.fromkeys(_URL.findall(plain))
    # One address inside another, or two in a row, begin at each "://".
    for piece in plain.split(b"://")[1:]:
        found = _CUT_URL.match(piece)
        if found:
            bodies[found.group()] = None
    for body in bodies:
        yield "x://" + body.decode("utf-8", "replace")


def _ports_written(line: bytes) -> Ports:
    found: Ports = {}
    for address, port in _WITH_PORT.findall(line):
        found.setdefault(address.decode("ascii"), set()).add(int(port))
    return found


class Direction(StrEnum):
    """Who began: an inside device reached out, or was reached."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"


@dataclass(frozen=True)
class EventMatch:
    """One indicator that an event meets: where, by which rule, and how strong that is.

    `direction` is None where the line only mentions the indicator: it is not known who began.
    `window` is set where the indicator was not valid at the time; `confidence` is what was left of
    it then.
    """

    indicator: Indicator
    field: str
    rule: MatchRule
    labels_below: int
    grade: SightingGrade
    direction: Direction | None
    window: ValidityWindow | None = None
    confidence: int | None = None


NAME_FIELDS = (
    "dns.question.name",
    "url.full",
    "url.domain",
    "tls.client.server_name",
    "destination.domain",
)
ADDRESS_FIELDS = ("destination.ip", "destination.nat.ip", "source.ip", "source.nat.ip")
"""The fields that hold a host, the most telling first; between the two stand `dns.answers`."""

Met = tuple[str, Indicator, int]
"""Field, indicator, labels between the name seen and the indicator."""


def match_event(
    event: Event, line: bytes, lookup: IndicatorLookup, clock_us: int = 0
) -> list[EventMatch]:
    """Return one hit for each indicator that `event`, read from `line`, meets; the best field wins.

    The fields that the format knows come first; what is only in the raw line is `mentioned`.
    An indicator that was not valid at the time of the event is met as well, and marked.
    Units: `clock_us` is added to the time of the event to set its clock right.
    """
    if event.get("event.dataset") == FLOW_ANSWER:
        # Its other half is a line of its own, and tells the contact.
        return []
    written_us = event.get("@timestamp")
    when_us = None if written_us is None else written_us + clock_us
    url = parse_url(event.get("url.full", ""), tolerant=True)
    ports = _known_ports(event, url)
    best: dict[tuple[str, IndicatorKind], EventMatch] = {}
    for field, indicator, below in _mapped(event, url, ports, lookup, when_us):
        hit = _hit(field, indicator, below, event, when_us)
        known = best.get((indicator.key, indicator.kind))
        if known is None or hit.grade.rank > known.grade.rank:
            best[indicator.key, indicator.kind] = hit
    for indicator, below in mentioned(line, lookup, ports, when_us):
        if (indicator.key, indicator.kind) not in best:
            best[indicator.key, indicator.kind] = _hit(RAW_LINE, indicator, below, event, when_us)
    return list(best.values())


def _hit(
    field: str, indicator: Indicator, below: int, event: Event, when_us: int | None
) -> EventMatch:
    grade, direction = grade_and_direction(field, event)
    return EventMatch(
        indicator,
        field,
        rule_of(indicator, below),
        below,
        grade,
        direction,
        window_of(indicator, when_us),
        confidence_at(indicator, when_us),
    )


def rule_of(indicator: Indicator, below: int) -> MatchRule:
    """Return the rule by which `indicator` is met, `below` so many labels."""
    if indicator.kind is not IndicatorKind.NAME:
        return indicator.rule
    return MatchRule.BELOW if below else MatchRule.EXACT


def grade_and_direction(field: str, event: Event) -> tuple[SightingGrade, Direction | None]:
    """Return how strong a sighting in `field` is, and who began; a mere mention does not say."""
    grade = grade_of(field, event)
    if grade is SightingGrade.MENTIONED:
        return grade, None
    inbound = field in ("source.ip", "source.nat.ip")
    return grade, Direction.INBOUND if inbound else Direction.OUTBOUND


def _mapped(
    event: Event, url: Url | None, ports: Ports, lookup: IndicatorLookup, when_us: int | None
) -> Iterator[Met]:
    """Yield what the fields of `event` meet, field by field, the most telling first."""
    for indicator in lookup.by_url(event.get("url.full", "")):
        yield "url.full", indicator, 0
    for field, host in _hosts(event, url):
        for indicator, below in hosts_met(host, ports, lookup, when_us):
            yield field, indicator, below
    for field, digest in (
        ("file.hash.md5", event.get("file.hash.md5")),
        ("file.hash.sha1", event.get("file.hash.sha1")),
        ("file.hash.sha256", event.get("file.hash.sha256")),
    ):
        listed = None if digest is None else lookup.by_hash(digest)
        if listed is not None:
            yield field, listed, 0
    if lookup.has_fingerprints:
        for field, mark in FIELDS.items():
            text = cast("Mapping[str, object]", event).get(field)
            listed = lookup.by_fingerprint(mark, text) if isinstance(text, str) else None
            if listed is not None:
                yield field, listed, 0


def _hosts(event: Event, url: Url | None) -> list[tuple[str, str]]:
    """Return field and host for every field of `event` that holds a host."""
    # A log that gives the whole address gives the host too, though it has no field for it.
    in_url = None if url is None or event.get("url.domain") is not None else url.host
    values = cast("Mapping[str, Any]", event)
    hosts = [
        *((field, in_url if field == "url.full" else values.get(field)) for field in NAME_FIELDS),
        *(("dns.answers", answer) for answer in event.get("dns.answers", ())),
        *((field, values.get(field)) for field in ADDRESS_FIELDS),
    ]
    return [(field, host) for field, host in hosts if host is not None]


def _known_ports(event: Event, url: Url | None) -> Ports:
    """Return the ports that the event gives for its own addresses."""
    ports: Ports = {}
    for host, port in (
        (event.get("destination.ip"), event.get("destination.port")),
        (event.get("destination.nat.ip"), event.get("destination.nat.port")),
        (event.get("source.ip"), event.get("source.port")),
        (event.get("source.nat.ip"), event.get("source.nat.port")),
        (None if url is None else url.host, None if url is None else url.known_port),
    ):
        address = None if host is None else canonical_address(host.strip())
        if address is not None and port is not None:
            ports.setdefault(address, set()).add(port)
    return ports


def ports_of(event: Event, address: str) -> set[int]:
    """Return the ports that `event` gives for a canonical `address`."""
    url = parse_url(event["url.full"], tolerant=True) if "url.full" in event else None
    return _known_ports(event, url).get(address, set())
