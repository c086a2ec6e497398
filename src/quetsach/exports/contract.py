"""What an export is: a form in which sightings leave, and what it is given of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

import msgspec

from quetsach.clocks import MICROSECONDS
from quetsach.indicators.model import Indicator, IndicatorKind, MatchRule, Tlp
from quetsach.indicators.restriction import Audience
from quetsach.scanning.grades import SightingGrade

Sighting: TypeAlias = Mapping[str, Any]
"""A row of sightings.parquet: its columns that are not null. Units: times in us since 1970, UTC."""


@dataclass(frozen=True)
class ExportFacts:
    """What an export says of itself.

    Shapes: `findings` is the digest of the findings, 64 hex digits; `source` the name under which
    what was seen is told; `columns` are those of the sightings that leave, in their order.
    `withdraw` takes back what was told, where the form can. `title` is that of the campaign, or "".
    Units: `made_us` since 1970, UTC.
    """

    findings: str
    source: str
    made_us: int
    version: str
    columns: tuple[str, ...]
    withdraw: bool = False
    title: str = ""


Writer: TypeAlias = Callable[[Iterable[Sighting], ExportFacts], Iterator[bytes]]
"""Gives the text of an export in pieces while the sightings pass by."""


@dataclass(frozen=True)
class Export:
    """A form: its name, what it is (a message id), and how it is written.

    Shapes: `audience` is who gets it unless somebody else is named. `contacts_only` leaves out what
    proves no contact of ours: only mentioned, outside its validity, on an allow-list, or inbound.
    `needs_time` leaves out what has no time. `takes_back` says that it can withdraw; `leaves_out`
    has the kinds of indicators that the form has no word for.
    """

    name: str
    title: str
    use: str
    suffix: str
    write: Writer
    audience: Audience = Audience.ORGANISATION
    contacts_only: bool = False
    needs_time: bool = False
    takes_back: bool = False
    leaves_out: frozenset[IndicatorKind] = frozenset()


def indicator_of(sighting: Sighting) -> Indicator:
    """Return the indicator that a sighting met, as far as the row tells it."""
    rule = MatchRule(sighting["quetsach.match.rule"])
    key = str(sighting["quetsach.indicator.key"])
    port = int(key.rpartition(":")[2]) if rule is MatchRule.IP_PORT else None
    kind = IndicatorKind(sighting["threat.indicator.type"])
    return Indicator(key, str(sighting["threat.indicator.name"]), kind, rule, port)


def bare_address(sighting: Sighting) -> str:
    """Return the address of an indicator without its port or prefix."""
    indicator = indicator_of(sighting)
    key = indicator.key if indicator.port is None else indicator.key.rpartition(":")[0]
    return key.partition("/")[0].strip("[]")


def confidence_word(confidence: int) -> str:
    """Return a confidence of 0 to 100 in a word. Source: STIX 2.1, appendix A, the scale of ECS."""
    if confidence == 0:
        return "None"
    return "Low" if confidence < 30 else "Medium" if confidence < 70 else "High"


def tlp_of(sighting: Sighting) -> Tlp | None:
    """Return the marking of the indicator; None where its lists give none."""
    marking = sighting.get("threat.indicator.marking.tlp")
    return Tlp(marking.lower()) if marking else None


def iso_us(when_us: int) -> str:
    """Return a time as ISO 8601 in UTC, to the microsecond."""
    seconds, rest = divmod(when_us, MICROSECONDS)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:06}Z"


TIMES = frozenset(
    {"@timestamp", "event.start", "event.end", "quetsach.lease.start", "threat.indicator.last_seen"}
)
"""The columns that hold a time."""


def plain_record(sighting: Sighting) -> dict[str, Any]:
    """Return the row with its times as texts."""
    return {name: iso_us(value) if name in TIMES else value for name, value in sighting.items()}


def json_lines(records: Iterable[Any]) -> Iterator[bytes]:
    """Yield each record as a line of JSON."""
    for record in records:
        yield msgspec.json.encode(record) + b"\n"


SEVERITY: Mapping[SightingGrade, int] = {
    SightingGrade.MENTIONED: 1,
    SightingGrade.ASKED: 4,
    SightingGrade.BLOCKED: 5,
    SightingGrade.ANSWERED: 6,
    SightingGrade.CONNECTED: 8,
    SightingGrade.MOVED: 9,
}
"""How grave a sighting is by its grade, 0 to 10 as CEF counts."""
