"""Decides which indicators one event meets, in which field, and by which rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from quetsach.addresses import canonical_address
from quetsach.indicators.lookup import Lookup
from quetsach.indicators.model import Indicator, Kind, Rule
from quetsach.match.grades import MENTIONED, Grade, grade_of, is_unknown
from quetsach.match.meeting import Ports, hosts_met, is_valid
from quetsach.match.mentions import mentioned
from quetsach.schema import Event
from quetsach.urls import Url, parse_url


class Direction(StrEnum):
    """Who began: an inside device reached out, or was reached."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"


@dataclass(frozen=True)
class Hit:
    """One indicator that an event meets: where, by which rule, and how strong that is.

    `direction` is None in a line of unknown form, as nobody can say who began.
    """

    indicator: Indicator
    field: str
    rule: Rule
    labels_below: int
    grade: Grade
    direction: Direction | None


Met = tuple[str, Indicator, int]
"""Field, indicator, labels between the name seen and the indicator."""


def match_event(event: Event, line: bytes, lookup: Lookup) -> list[Hit]:
    """Return one hit for each indicator that `event`, read from `line`, meets; the best field wins.

    The fields that the format knows come first; what stands only in the raw line is "mentioned".
    An indicator that was not valid at the time of the event is not met; with no time it is.
    """
    when_us = event.get("@timestamp")
    url = parse_url(event.get("url.full", ""), tolerant=True)
    ports = _known_ports(event, url)
    best: dict[tuple[str, Kind], Hit] = {}
    for field, indicator, below in _mapped(event, url, ports, lookup, when_us):
        hit = _hit(field, indicator, below, event)
        known = best.get((indicator.key, indicator.kind))
        if known is None or hit.grade.rank > known.grade.rank:
            best[indicator.key, indicator.kind] = hit
    for indicator, below in mentioned(line, lookup, ports, when_us):
        if (indicator.key, indicator.kind) not in best:
            best[indicator.key, indicator.kind] = _hit(MENTIONED, indicator, below, event)
    return list(best.values())


def _hit(field: str, indicator: Indicator, below: int, event: Event) -> Hit:
    rule = indicator.rule
    if indicator.kind is Kind.NAME:
        rule = Rule.BELOW if below else Rule.EXACT
    return Hit(indicator, field, rule, below, grade_of(field, event), _direction(field, event))


def _direction(field: str, event: Event) -> Direction | None:
    if is_unknown(event):
        return None
    return Direction.INBOUND if field in ("source.ip", "source.nat.ip") else Direction.OUTBOUND


def _mapped(
    event: Event, url: Url | None, ports: Ports, lookup: Lookup, when_us: int | None
) -> Iterator[Met]:
    """Yield what the fields of `event` meet, field by field, the most telling first."""
    for one in lookup.by_url(event.get("url.full", "")):
        if is_valid(one, when_us):
            yield "url.full", one, 0
    for field, host in _hosts(event, url):
        for one, below in hosts_met(host, ports, lookup, when_us):
            yield field, one, below
    for field, digest in (
        ("file.hash.md5", event.get("file.hash.md5")),
        ("file.hash.sha1", event.get("file.hash.sha1")),
        ("file.hash.sha256", event.get("file.hash.sha256")),
    ):
        listed = None if digest is None else lookup.by_hash(digest)
        if listed is not None and is_valid(listed, when_us):
            yield field, listed, 0


def _hosts(event: Event, url: Url | None) -> list[tuple[str, str]]:
    """Return field and host for every field of `event` that holds a host."""
    # A log that gives the whole address gives the host too, though it has no field for it.
    in_url = None if url is None or event.get("url.domain") is not None else url.host
    found = [
        ("dns.question.name", event.get("dns.question.name")),
        ("url.full", in_url),
        ("url.domain", event.get("url.domain")),
        ("tls.client.server_name", event.get("tls.client.server_name")),
        ("destination.domain", event.get("destination.domain")),
        *(("dns.answers", answer) for answer in event.get("dns.answers", ())),
        ("destination.ip", event.get("destination.ip")),
        ("destination.nat.ip", event.get("destination.nat.ip")),
        ("source.ip", event.get("source.ip")),
        ("source.nat.ip", event.get("source.nat.ip")),
    ]
    return [(field, host) for field, host in found if host is not None]


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
