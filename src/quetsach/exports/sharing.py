"""Exports that tell others what was seen, and no more: STIX sightings, MISP sightings.

One sighting stands for an indicator and a day (UTC), with the first and last time and the count;
its id lasts, so that telling it twice adds nothing and it can be taken back.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from quetsach.blocklists.outputs.misp import misp_event_tags, misp_value
from quetsach.blocklists.stix_objects import (
    identity_object,
    marked,
    marking_objects,
    pattern_of,
    stix_time,
    validity,
)
from quetsach.clocks import MICROSECONDS
from quetsach.errors.catalogue import N_
from quetsach.exports.contract import Export, ExportFacts, Sighting, indicator_of, tlp_of
from quetsach.indicators.decay import HALF_LIFE_DAYS
from quetsach.indicators.model import Indicator, IndicatorKind, MatchRule, Tlp
from quetsach.indicators.restriction import Audience, stricter
from quetsach.indicators.vocabulary import TLP2_CREATED, misp_type

_OUR_IDS = uuid5(NAMESPACE_URL, "urn:quetsach:sightings")
_DAY_US = 86_400 * MICROSECONDS
_MOST_STIX_COUNT = 999_999_999


@dataclass
class DaySightings:
    """The sightings of one indicator on one day (UTC). Units: us since 1970, UTC."""

    indicator: Indicator
    family: str
    tlp: Tlp | None
    first_us: int
    last_us: int
    count: int = 0

    @property
    def day(self) -> str:
        """The day, as 2022-09-12."""
        return f"{datetime.fromtimestamp(self.first_us // MICROSECONDS, UTC):%Y-%m-%d}"

    @property
    def key(self) -> str:
        """What the indicator is known by, however it was met."""
        return f"{self.indicator.kind} {self.indicator.key}"

    def id_for(self, source: str, what: str) -> str:
        """Return a lasting id for what `source` tells of it."""
        return str(uuid5(_OUR_IDS, f"{what} {source} {self.key} {self.day}"))


def by_day(sightings: Iterable[Sighting]) -> list[DaySightings]:
    """Return the sightings by indicator and day. Cost: memory per indicator and day."""
    days: dict[tuple[str, str, int], DaySightings] = {}
    for sighting in sightings:
        indicator, when = indicator_of(sighting), sighting["@timestamp"]
        key = (str(indicator.kind), indicator.key, when // _DAY_US)
        seen_day = days.get(key)
        if seen_day is None:
            family = str(sighting.get("threat.software.name", ""))
            seen_day = days[key] = DaySightings(indicator, family, tlp_of(sighting), when, when)
        seen_day.first_us, seen_day.last_us = (
            min(seen_day.first_us, when),
            max(seen_day.last_us, when),
        )
        seen_day.tlp = stricter(seen_day.tlp, tlp_of(sighting))
        seen_day.count += 1
        if indicator.rule is MatchRule.BELOW:
            # A row tells how it met the indicator: one below it shows that it covers names below.
            seen_day.indicator = indicator
    return [days[key] for key in sorted(days)]


@dataclass(frozen=True)
class MetIndicator:
    """An indicator that was met, and its days in their order."""

    days: tuple[DaySightings, ...]

    @property
    def indicator(self) -> Indicator:
        """The indicator as widely as any of its days shows it to match."""
        wide = (each.indicator for each in self.days if each.indicator.rule is MatchRule.BELOW)
        return next(wide, self.days[0].indicator)

    @property
    def key(self) -> str:
        """What it is known by, however it was met."""
        return self.days[0].key

    @property
    def family(self) -> str:
        """The malware that its lists name, or ""."""
        return self.days[0].family

    @property
    def tlp(self) -> Tlp | None:
        """The marking of all that is told of it: the strictest of its days."""
        return reduce(stricter, (each.tlp for each in self.days), None)


def by_indicator(days: Iterable[DaySightings]) -> list[MetIndicator]:
    """Return the days by indicator, in the order in which the indicators come first."""
    days_of: dict[str, list[DaySightings]] = {}
    for seen_day in days:
        days_of.setdefault(seen_day.key, []).append(seen_day)
    return [MetIndicator(tuple(seen_days)) for seen_days in days_of.values()]


def _listed(opening: bytes, objects: Iterable[dict[str, Any]], closing: bytes) -> Iterator[bytes]:
    """Yield JSON with one object a line in its list. Cost: memory of one object."""
    separator = opening
    for each in objects:
        yield separator + b"\n" + msgspec.json.encode(each)
        separator = b","
    yield (opening if separator is opening else b"\n") + closing


# STIX. Source: OASIS, STIX 2.1, sections 4.7 Indicator and 5.2 Sighting.

HALF_LIVES_VALID = 2
"""For how many half-lives after its last day an indicator is told to be valid."""

_FILE_VALID_DAYS = 3650
"""The same for a file, which never changes; in days."""


def stix_bundle(days: Iterable[DaySightings], head: ExportFacts) -> Iterator[dict[str, Any]]:
    """Yield the STIX objects that tell of these days: identity, markings, then each indicator
    with its sightings behind it. Cost: memory of one indicator beside the days.
    """
    met = by_indicator(days)
    identity = identity_object(uuid5(_OUR_IDS, "identity " + head.source), head.source)
    yield identity
    yield from marking_objects({seen_day.tlp for each in met for seen_day in each.days})
    for each in met:
        indicator = _stix_indicator(each, head, identity["id"])
        yield indicator
        for seen_day in each.days:
            yield _stix_sighting(seen_day, head, identity["id"], indicator["id"])


def _stix(sightings: Iterable[Sighting], head: ExportFacts) -> Iterator[bytes]:
    bundle = f"bundle--{uuid5(_OUR_IDS, f'bundle {head.findings} {head.made_us}')}"
    opening = b'{"type":"bundle","id":' + msgspec.json.encode(bundle) + b',"objects":['
    return _listed(opening, stix_bundle(by_day(sightings), head), b"]}\n")


def _stix_indicator(met: MetIndicator, head: ExportFacts, maker: str) -> dict[str, Any]:
    indicator, first_us = met.indicator, met.days[0].first_us
    half_life = HALF_LIFE_DAYS[indicator.kind]
    valid_days = _FILE_VALID_DAYS if half_life is None else HALF_LIVES_VALID * half_life
    stix_object: dict[str, Any] = {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{uuid5(_OUR_IDS, f'indicator {head.source} {met.key}')}",
        "created_by_ref": maker,
        "created": TLP2_CREATED,
        "modified": stix_time(head.made_us),
        "name": indicator.shown[:250],
        "indicator_types": ["malicious-activity"],
        "pattern": pattern_of(indicator),
        "pattern_type": "stix",
        **validity(first_us, met.days[-1].last_us + valid_days * _DAY_US),
        **marked(met.tlp),
    }
    labels = [label for label in (met.family, head.title) if label]
    if labels:
        stix_object["labels"] = labels
    return stix_object


def _stix_sighting(
    seen_day: DaySightings, head: ExportFacts, maker: str, indicator: str
) -> dict[str, Any]:
    stix_object: dict[str, Any] = {
        "type": "sighting",
        "spec_version": "2.1",
        "id": f"sighting--{seen_day.id_for(head.source, 'sighting')}",
        "created_by_ref": maker,
        "created": stix_time(seen_day.first_us),
        "modified": stix_time(max(head.made_us, seen_day.first_us)),
        "first_seen": stix_time(seen_day.first_us),
        "last_seen": stix_time(seen_day.last_us),
        "count": min(seen_day.count, _MOST_STIX_COUNT),
        "sighting_of_ref": indicator,
        "where_sighted_refs": [maker],
        **marked(seen_day.tlp),
    }
    if head.withdraw:
        stix_object["revoked"] = True
    return stix_object


# MISP. Source: MISP core format (draft-00 of the IETF series), section 2.4.5 Sighting.


def misp_event(met: Sequence[MetIndicator], head: ExportFacts) -> dict[str, Any]:
    """Return the MISP event that tells of these indicators, without its attributes."""
    title = head.title or f"Sightings of {head.source}"
    return {
        "uuid": str(uuid5(_OUR_IDS, f"misp {head.source} {head.findings}")),
        "info": title,
        "date": f"{datetime.fromtimestamp(head.made_us // MICROSECONDS, UTC):%Y-%m-%d}",
        "timestamp": str(head.made_us // MICROSECONDS),
        "threat_level_id": "1",
        "analysis": "2",
        "distribution": "0",
        "published": False,
        "Tag": misp_event_tags(head.title, (each.tlp for each in met)),
    }


def misp_attribute(met: MetIndicator, head: ExportFacts) -> dict[str, Any]:
    """Return the attribute of one indicator with a sighting a day."""
    return {
        "uuid": str(uuid5(_OUR_IDS, f"misp attribute {head.source} {met.key}")),
        "type": misp_type(met.indicator),
        "category": "Network activity"
        if met.indicator.kind is not IndicatorKind.HASH
        else "Payload delivery",
        "value": misp_value(met.indicator),
        "to_ids": False,
        "deleted": head.withdraw,
        "distribution": "5",
        "timestamp": str(head.made_us // MICROSECONDS),
        "comment": met.family,
        "Tag": [] if met.tlp is None else [{"name": f"tlp:{met.tlp.value}"}],
        "Sighting": [
            {
                "uuid": seen_day.id_for(head.source, "misp sighting"),
                "type": "0",
                "date_sighting": str(seen_day.last_us // MICROSECONDS),
                "source": head.source,
            }
            for seen_day in met.days
        ],
    }


def _misp(sightings: Iterable[Sighting], head: ExportFacts) -> Iterator[bytes]:
    met = by_indicator(by_day(sightings))
    event = msgspec.json.encode({"Event": misp_event(met, head)})
    opening = event.removesuffix(b"}}") + b',"Attribute":['
    return _listed(opening, (misp_attribute(each, head) for each in met), b"]}}\n")


SHARING_EXPORTS = (
    Export(
        "stix-sighting",
        N_("STIX 2.1 bundle of sightings: one an indicator and day, with the count"),
        N_("For TAXII servers and platforms for threat intelligence."),
        ".stix.json",
        _stix,
        audience=Audience.COMMUNITY,
        contacts_only=True,
        needs_time=True,
        leaves_out=frozenset({IndicatorKind.FINGERPRINT}),
        takes_back=True,
    ),
    Export(
        "misp",
        N_("MISP event with sightings on its attributes"),
        N_("Import it in MISP (Add event from MISP JSON)."),
        ".misp.json",
        _misp,
        audience=Audience.COMMUNITY,
        contacts_only=True,
        needs_time=True,
        leaves_out=frozenset({IndicatorKind.FINGERPRINT}),
        takes_back=True,
    ),
)
