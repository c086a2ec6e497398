"""The devices to be handled: a card for each of the first, a row for each of the rest."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

from quetsach.report.coverage import in_zone
from quetsach.report.timeline import Covered, Timeline, timeline
from quetsach.report.way import step_text
from quetsach.report.words import Word, allow_class, certainty, kind, level, strength
from quetsach.report.written import foreign, moment, number, span
from quetsach.texts import _

MOST_CARDS = 200
"""How many devices get a card; a page of thousands of plots opens on no office PC."""

FIRST_FINDINGS = 20
"""How many indicators a card shows before the rest collapse."""


@dataclass(frozen=True)
class Found:
    """One indicator met by one device, as it is shown."""

    indicator: str
    label: str
    kind: str
    origin_list: str
    origin_row: str
    origin_place: str
    letter: str
    sightings: str
    connections: str
    ports: str
    period: str
    strength: Word
    allow: Sequence[str]
    commands: Sequence[str]


@dataclass(frozen=True)
class Card:
    """One device, as it is shown."""

    anchor: str
    position: str
    name: str
    addresses: Sequence[str]
    host_name: str
    mac: str
    certainty: Word
    rivals: Sequence[str]
    strength: Word
    level: int
    sightings: str
    connections: str
    first: str
    last: str
    findings: Sequence[Found]
    more_findings: Sequence[Found]
    only_allowed: bool
    timeline: Timeline | None
    where: str
    way: Sequence[str]
    overrides: Sequence[str]


@dataclass(frozen=True)
class Line:
    """One device in the table of the rest."""

    position: str
    name: str
    indicators: Sequence[str]
    certainty: str
    strength: str
    sightings: str
    period: str
    command: str


Origins = Mapping[tuple[str, str, str, int], Mapping[str, Any]]
"""Rows of lists by kind and key of the indicator, name of the list, and number."""


@dataclass(frozen=True)
class Looked:
    """What a card needs to know of the whole sweep.

    Shapes: `hours` covered; who was `alive`; the `zone`; `origins` as origins_of gives them.
    """

    hours: Covered
    alive: Mapping[str, frozenset[date]]
    zone: tzinfo
    origins: Origins = field(default_factory=dict)


def origins_of(manifest: Mapping[str, Any]) -> Origins:
    """Return the rows of lists that were met, each by its kind, key, list and row."""
    return {
        (met["type"], met["key"], one["list"], one["row"]): one
        for met in manifest.get("met", ())
        for one in met["origins"]
    }


def alive_days(coverage: Mapping[str, Any]) -> Mapping[str, frozenset[date]]:
    """Return for each inside address the days on which it spoke in any source."""
    days: dict[str, set[date]] = {}
    for text, addresses in coverage["alive"].items():
        for address in addresses:
            days.setdefault(address, set()).add(date.fromisoformat(text))
    return {address: frozenset(each) for address, each in days.items()}


def cards(devices: Sequence[Mapping[str, Any]], looked: Looked) -> list[Card]:
    """Return the cards of the first devices, in the order given (strongest first)."""
    return [
        _card(device, position, looked)
        for position, device in enumerate(devices[:MOST_CARDS], start=1)
    ]


def rest(devices: Sequence[Mapping[str, Any]], zone: tzinfo) -> list[Line]:
    """Return the devices behind the last card."""
    return [
        _line(device, position, zone)
        for position, device in enumerate(devices[MOST_CARDS:], start=MOST_CARDS + 1)
    ]


def why(sighting: str) -> str:
    """Return the command that shows the raw line behind `sighting`, run inside the folder."""
    return f"quetsach why . {shlex.quote(foreign(sighting))}"


def _card(device: Mapping[str, Any], position: int, looked: Looked) -> Card:
    found = [_found(one, looked) for one in device["findings"]]
    return Card(
        anchor=f"device-{position}",
        position=number(position),
        name=foreign(device["device"]),
        addresses=[foreign(one) for one in device["addresses"]],
        host_name=foreign(device["host_name"] or ""),
        mac=foreign(device["mac"] or ""),
        certainty=certainty(device["grade"]),
        rivals=_rivals(device),
        strength=strength(device["best_grade"]),
        level=level(device["best_grade"]),
        sightings=number(device["sightings"]),
        connections=number(device["connections"]),
        first=moment(device["first_seen"], looked.zone),
        last=moment(device["last_seen"], looked.zone),
        findings=found[:FIRST_FINDINGS],
        more_findings=found[FIRST_FINDINGS:],
        only_allowed=only_allowed(device),
        timeline=_timeline(device, position, looked),
        where=_where(device),
        way=[step_text(one, looked.zone) for one in device.get("path", ())],
        overrides=[_override(one) for one in device.get("overrides", ())],
    )


def _rivals(device: Mapping[str, Any]) -> list[str]:
    """Return who it could be too, each with the reason where one is told."""
    reasons = {one["device"]: one["because"] for one in device.get("rivals_because", ())}
    return [
        f"{foreign(one)} ({_(reasons[one])})" if reasons.get(one) else foreign(one)
        for one in device["rivals"]
    ]


def _where(device: Mapping[str, Any]) -> str:
    """Return where inventory and network plan say that a machine stands, its unit by name."""
    machine, place = device.get("machine") or {}, device.get("place") or {}
    unit = place.get("unit_name") or machine.get("unit")
    told = (unit, place.get("room") or machine.get("room"), machine.get("desk"))
    return ", ".join(foreign(one) for one in told if one)


def _override(one: Mapping[str, Any]) -> str:
    facts = {
        "evidence": foreign(one["evidence_device"]),
        "device": foreign(one["device"]),
        "reason": foreign(one["reason"]),
        "by": foreign(one["by"]),
    }
    return (
        _("The evidence names %(evidence)s; %(by)s decided on %(device)s, because: %(reason)s")
        % facts
    )


def only_allowed(device: Mapping[str, Any]) -> bool:
    """Return whether every indicator the device met also stands on an allow-list."""
    return bool(device["findings"]) and all(one["allow"] for one in device["findings"])


def _timeline(device: Mapping[str, Any], position: int, looked: Looked) -> Timeline | None:
    counts: dict[datetime, int] = {}
    for text, count in device["hours"].items():
        hour = in_zone(text, looked.zone).replace(minute=0, second=0, microsecond=0)
        counts[hour] = counts.get(hour, 0) + count
    if not counts:
        return None
    alive = [looked.alive.get(one, frozenset()) for one in device["addresses"]]
    return timeline(f"time-{position}", counts, looked.hours, frozenset().union(*alive))


def _found(finding: Mapping[str, Any], looked: Looked) -> Found:
    place = (finding["type"], finding["key"], finding["list"], finding["row"])
    said = looked.origins.get(place, {"place": "", "letter": ""})
    return Found(
        indicator=foreign(finding["indicator"]),
        label=foreign(finding["label"] or ""),
        kind=kind(finding["type"]),
        origin_list=foreign(finding["list"]),
        origin_row=number(finding["row"]),
        origin_place=foreign(said["place"]),
        letter=foreign(said["letter"]),
        sightings=number(finding["sightings"]),
        connections=number(finding["connections"]),
        ports=", ".join(str(port) for port in finding["ports"]),
        period=span(finding["first_seen"], finding["last_seen"], looked.zone),
        strength=strength(finding["best_grade"]),
        allow=[allow_class(one) for one in finding["allow"]],
        commands=[why(one) for one in finding["samples"]],
    )


def _line(device: Mapping[str, Any], position: int, zone: tzinfo) -> Line:
    samples = [one for finding in device["findings"] for one in finding["samples"][:1]]
    return Line(
        position=number(position),
        name=foreign(device["device"]),
        indicators=[foreign(one) for one in device["indicators"]],
        certainty=certainty(device["grade"]).name,
        strength=strength(device["best_grade"]).name,
        sightings=number(device["sightings"]),
        period=span(device["first_seen"], device["last_seen"], zone),
        command=why(samples[0]) if samples else "",
    )
