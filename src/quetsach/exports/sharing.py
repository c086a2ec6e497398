"""Exports that tell others what was seen, and no more: STIX sightings, MISP sightings.

One sighting stands for an indicator and a day (UTC), with the first and last time and the count;
its id lasts, so that telling it twice adds nothing and it can be taken back.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from quetsach.blocklists.outputs.misp import misp_value
from quetsach.blocklists.outputs.stix import pattern_of
from quetsach.clocks import MICROSECONDS
from quetsach.errors.catalogue import N_
from quetsach.exports.contract import Export, ExportFacts, Sighting, indicator_of, tlp_of
from quetsach.indicators.model import Indicator, IndicatorKind, MatchRule, Tlp
from quetsach.indicators.restriction import Audience, stricter
from quetsach.indicators.vocabulary import (
    MARKING_OF,
    TLP2_CREATED,
    TLP2_EXTENSION,
    misp_type,
)

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


def _by_indicator(days: Iterable[DaySightings]) -> dict[str, list[DaySightings]]:
    by_indicator: dict[str, list[DaySightings]] = {}
    for seen_day in days:
        by_indicator.setdefault(seen_day.key, []).append(seen_day)
    return by_indicator


def _strictest(days: Iterable[DaySightings]) -> Tlp | None:
    """Return the marking of an indicator that was seen on these days."""
    return reduce(stricter, (seen_day.tlp for seen_day in days), None)


def _stix(sightings: Iterable[Sighting], head: ExportFacts) -> Iterator[bytes]:
    days = by_day(sightings)
    identity = {
        "type": "identity",
        "spec_version": "2.1",
        "id": f"identity--{uuid5(_OUR_IDS, 'identity ' + head.source)}",
        # The same for ever, for an id names one object.
        "created": TLP2_CREATED,
        "modified": TLP2_CREATED,
        "name": head.source,
    }
    levels = {seen_day.tlp for seen_day in days}
    objects: list[dict[str, Any]] = [identity, *(_marking(one) for one in Tlp if one in levels)]
    for seen_days in _by_indicator(days).values():
        indicator = _stix_indicator(seen_days[0], head, identity["id"])
        objects.append(indicator | _marked(_strictest(seen_days)))
        objects += (
            _stix_sighting(seen_day, head, identity["id"], indicator["id"]) | _marked(seen_day.tlp)
            for seen_day in seen_days
        )
    bundle = f"bundle--{uuid5(_OUR_IDS, f'bundle {head.findings} {head.made_us}')}"
    yield msgspec.json.format(
        msgspec.json.encode({"type": "bundle", "id": bundle, "objects": objects}), indent=1
    )
    yield b"\n"


def _marking(level: Tlp) -> dict[str, Any]:
    extension = {"extension_type": "property-extension", "tlp_2_0": level.value}
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": MARKING_OF[level],
        "created": TLP2_CREATED,
        "name": f"TLP:{level.value.upper()}",
        "extensions": {TLP2_EXTENSION: extension},
    }


def _stix_indicator(seen_day: DaySightings, head: ExportFacts, maker: str) -> dict[str, Any]:
    indicator = seen_day.indicator
    stix_object: dict[str, Any] = {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{uuid5(_OUR_IDS, f'indicator {head.source} {seen_day.key}')}",
        "created_by_ref": maker,
        "created": TLP2_CREATED,
        "modified": _time(head.made_us),
        "name": indicator.shown[:250],
        "indicator_types": ["malicious-activity"],
        "pattern": pattern_of(indicator),
        "pattern_type": "stix",
        "valid_from": _time(seen_day.first_us),
    }
    if seen_day.family:
        stix_object["labels"] = [seen_day.family]
    return stix_object


def _stix_sighting(
    seen_day: DaySightings, head: ExportFacts, maker: str, indicator: str
) -> dict[str, Any]:
    stix_object: dict[str, Any] = {
        "type": "sighting",
        "spec_version": "2.1",
        "id": f"sighting--{seen_day.id_for(head.source, 'sighting')}",
        "created_by_ref": maker,
        "created": _time(seen_day.first_us),
        "modified": _time(max(head.made_us, seen_day.first_us)),
        "first_seen": _time(seen_day.first_us),
        "last_seen": _time(seen_day.last_us),
        "count": min(seen_day.count, _MOST_STIX_COUNT),
        "sighting_of_ref": indicator,
        "where_sighted_refs": [maker],
    }
    if head.withdraw:
        stix_object["revoked"] = True
    return stix_object


def _marked(tlp: Tlp | None) -> dict[str, Any]:
    return {} if tlp is None else {"object_marking_refs": [MARKING_OF[tlp]]}


def _time(at_us: int) -> str:
    milliseconds = at_us // 1000
    when = datetime.fromtimestamp(milliseconds // 1000, UTC)
    return f"{when:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03}Z"


# MISP. Source: MISP core format (draft-00 of the IETF series), section 2.4.5 Sighting.


def _misp(sightings: Iterable[Sighting], head: ExportFacts) -> Iterator[bytes]:
    by_indicator = _by_indicator(by_day(sightings))
    event = {
        "uuid": str(uuid5(_OUR_IDS, f"misp {head.source} {head.findings}")),
        "info": f"Sightings of {head.source}",
        "date": f"{datetime.fromtimestamp(head.made_us // MICROSECONDS, UTC):%Y-%m-%d}",
        "timestamp": str(head.made_us // MICROSECONDS),
        "threat_level_id": "1",
        "analysis": "2",
        "distribution": "0",
        "published": False,
        "Attribute": [_misp_attribute(seen_days, head) for seen_days in by_indicator.values()],
    }
    yield msgspec.json.format(msgspec.json.encode({"Event": event}), indent=1)
    yield b"\n"


def _misp_attribute(days: list[DaySightings], head: ExportFacts) -> dict[str, Any]:
    first = days[0]
    indicator = first.indicator
    tlp = _strictest(days)
    tags = [] if tlp is None else [{"name": f"tlp:{tlp.value}"}]
    return {
        "uuid": str(uuid5(_OUR_IDS, f"misp attribute {head.source} {first.key}")),
        "type": misp_type(indicator),
        "category": "Network activity"
        if indicator.kind is not IndicatorKind.HASH
        else "Payload delivery",
        "value": misp_value(indicator),
        "to_ids": False,
        "distribution": "5",
        "timestamp": str(head.made_us // MICROSECONDS),
        "comment": first.family,
        "Tag": tags,
        "Sighting": [
            {
                "uuid": seen_day.id_for(head.source, "misp sighting"),
                "type": "0",
                "date_sighting": str(seen_day.last_us // MICROSECONDS),
                "source": head.source,
            }
            for seen_day in days
        ],
    }


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
    ),
)
