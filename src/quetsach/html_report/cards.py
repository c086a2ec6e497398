"""A card for each device to handle: its findings, and the steps from an address to the device."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from quetsach.html_report.coverage import in_zone
from quetsach.html_report.timeline import CoveredHours, TimelineSection, timeline
from quetsach.html_report.words import (
    Term,
    allow_class,
    certainty,
    foreign,
    kind,
    level,
    moment,
    moment_of,
    number,
    span,
    strength,
)
from quetsach.texts import _

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def step_text(step: Mapping[str, Any], zone: tzinfo) -> str:
    """Return one step in words.

    Shapes: `step` as findings/steps.py writes it: its start and end are us since 1970 UTC, or
    ISO 8601.
    """
    sentences = {
        "direct": _("%(before)s is in the line itself"),
        "forwarded": _("the proxy %(before)s passed on its client: %(after)s (X-Forwarded-For)"),
        "translation": _("address translation: %(before)s was %(after)s inside%(span)s"),
        "port-block": _("port block of the provider: %(before)s belongs to %(after)s%(span)s"),
        "lease": _("DHCP gave %(before)s to %(after)s%(span)s"),
        "neighbour": _("a neighbour table shows %(before)s at %(after)s%(span)s"),
        "identity": _("%(before)s is known as %(after)s"),
        "inventory": _("the inventory knows %(before)s as %(after)s"),
        "override": _("a person decided: not %(before)s but %(after)s"),
    }
    facts = {
        "before": foreign(step["before"]),
        "after": foreign(step["after"]),
        "span": _span(step, zone),
    }
    text = sentences.get(step["kind"], "%(before)s -> %(after)s") % facts
    text += f" [{certainty(step['grade']).name}]"
    return f"{text}: {_(step['note'])}" if step.get("note") else text


def record_text(step: Mapping[str, Any]) -> str:
    """Return the place of the record behind a step; "" where there is none."""
    if not step.get("path"):
        return ""
    facts = {"path": foreign(step["path"]), "offset": step["offset"]}
    return _("record: %(path)s, byte %(offset)s") % facts


def _span(step: Mapping[str, Any], zone: tzinfo) -> str:
    start, end = (_moment_text(step.get(name), zone) for name in ("start", "end"))
    if start and end:
        return _(", from %(start)s to %(end)s") % {"start": start, "end": end}
    if start:
        return _(", since %(start)s") % {"start": start}
    return ""


def _moment_text(when: int | str | None, zone: tzinfo) -> str:
    if when is None:
        return ""
    if isinstance(when, str):
        moment = datetime.fromisoformat(when)
    else:
        moment = _EPOCH + timedelta(microseconds=when)
    return moment_of(moment.astimezone(zone))


MOST_CARDS = 200
"""How many devices get a card; a page with thousands of plots is too large for an office PC."""

MOST_FINDINGS = 500
"""How many indicators a card shows; devices.json has all."""

FIRST_FINDINGS = 20
"""How many indicators a card shows before the rest collapse."""


@dataclass(frozen=True)
class IndicatorMatch:
    """One indicator that one device matched, as it is shown."""

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
    strength: Term
    allow: Sequence[str]
    commands: Sequence[str]
    stated: Sequence[str] = ()


@dataclass(frozen=True)
class DeviceCard:
    """One device, as it is shown."""

    anchor: str
    position: str
    name: str
    addresses: Sequence[str]
    programs: Sequence[str]
    host_name: str
    mac: str
    certainty: Term
    rivals: Sequence[str]
    strength: Term
    level: int
    sightings: str
    connections: str
    first: str
    last: str
    findings: Sequence[IndicatorMatch]
    more_findings: Sequence[IndicatorMatch]
    findings_left_out: int
    only_allowed: bool
    timeline: TimelineSection | None
    where: str
    way: Sequence[str]
    overrides: Sequence[str]


@dataclass(frozen=True)
class DeviceRow:
    """One device in the table of the rest."""

    anchor: str
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
class CardContext:
    """What a card needs to know of the whole sweep.

    Shapes: `hours` covered; who was `alive`; the `zone`; `origins` as origins_of gives them;
    `most_findings` is how many indicators a card shows.
    """

    hours: CoveredHours
    alive: Mapping[str, frozenset[date]]
    zone: tzinfo
    origins: Origins = field(default_factory=dict)
    most_findings: int = MOST_FINDINGS


def origins_of(manifest: Mapping[str, Any]) -> Origins:
    """Return the rows of lists that matched, each by its kind, key, list and row."""
    return {
        (met["type"], met["key"], one["list"], one["row"]): one
        for met in manifest.get("met", ())
        for one in met["origins"]
    }


def alive_days(
    coverage: Mapping[str, Any], devices: Sequence[Mapping[str, Any]]
) -> Mapping[str, frozenset[date]]:
    """Return the days on which each address of a device with a card spoke in any source."""
    drawn = {address for one in devices[:MOST_CARDS] for address in one["addresses"]}
    days: dict[str, set[date]] = {}
    for text, addresses in coverage["alive"].items() if drawn else ():
        # A list that was read back is gone through once; ActiveAddresses look it up.
        is_list = isinstance(addresses, list)
        spoke = drawn.intersection(addresses) if is_list else filter(addresses.__contains__, drawn)
        for address in spoke:
            days.setdefault(address, set()).add(date.fromisoformat(text))
    return {address: frozenset(each) for address, each in days.items()}


def cards(devices: Sequence[Mapping[str, Any]], looked: CardContext) -> Iterator[DeviceCard]:
    """Yield the cards of the first devices, in the order given (strongest first)."""
    for position, device in enumerate(devices[:MOST_CARDS], start=1):
        yield _card(device, position, looked)


def rest(devices: Sequence[Mapping[str, Any]], zone: tzinfo, cards_before: int) -> list[DeviceRow]:
    """Return the devices after the last card."""
    return [
        _line(device, position, zone)
        for position, device in enumerate(devices, start=cards_before + 1)
    ]


def why(sighting: str) -> str:
    """Return the command that shows the raw line behind `sighting`, run inside the folder."""
    return f"quetsach why . {shlex.quote(foreign(sighting))}"


def _card(device: Mapping[str, Any], position: int, looked: CardContext) -> DeviceCard:
    matches = [_match(each, looked) for each in device["findings"][: looked.most_findings]]
    return DeviceCard(
        anchor=f"device-{position}",
        position=number(position),
        name=foreign(device["device"]),
        addresses=[foreign(each) for each in device["addresses"]],
        programs=[foreign(each) for each in device.get("programs", ())],
        host_name=foreign(device["host_name"] or ""),
        mac=foreign(device["mac"] or ""),
        certainty=_how_sure(device),
        rivals=_rivals(device),
        strength=strength(device["best_grade"]),
        level=level(device["best_grade"]),
        sightings=number(device["sightings"]),
        connections=number(device["connections"]),
        first=moment(device["first_seen"], looked.zone),
        last=moment(device["last_seen"], looked.zone),
        findings=matches[:FIRST_FINDINGS],
        more_findings=matches[FIRST_FINDINGS:],
        findings_left_out=len(device["findings"]) - len(matches),
        only_allowed=only_allowed(device),
        timeline=_timeline(device, position, looked),
        where=_where(device),
        way=[step_text(each, looked.zone) for each in device.get("path", ())],
        overrides=[_override(each) for each in device.get("overrides", ())],
    )


def _how_sure(device: Mapping[str, Any]) -> Term:
    """Return how sure the device's name is; of a likely one what the weakest step says itself."""
    term = certainty(device["grade"])
    notes = [one["note"] for one in device.get("path", ()) if one["grade"] == device["grade"]]
    said = next(filter(None, notes), "")
    if device["grade"] != "likely" or not said:
        return term
    text = _(said)
    return Term(term.name, f"{text[:1].upper()}{text[1:]}.")


def _rivals(device: Mapping[str, Any]) -> list[str]:
    """Return the other possible devices, each with its reason if known."""
    reasons = {one["device"]: one["because"] for one in device.get("rivals_because", ())}
    return [
        f"{foreign(one)} ({_(reasons[one])})" if reasons.get(one) else foreign(one)
        for one in device["rivals"]
    ]


def _where(device: Mapping[str, Any]) -> str:
    """Return the place of a machine by inventory and network plan, its unit by name."""
    machine, place = device.get("machine") or {}, device.get("place") or {}
    unit = place.get("unit_name") or machine.get("unit")
    told = (unit, place.get("room") or machine.get("room"), machine.get("desk"))
    return ", ".join(foreign(one) for one in told if one)


def _override(override: Mapping[str, Any]) -> str:
    facts = {
        "evidence": foreign(override["evidence_device"]),
        "device": foreign(override["device"]),
        "reason": foreign(override["reason"]),
        "by": foreign(override["by"]),
    }
    return (
        _("The evidence names %(evidence)s; %(by)s decided on %(device)s, because: %(reason)s")
        % facts
    )


def only_allowed(device: Mapping[str, Any]) -> bool:
    """Return whether every indicator the device matched is also on an allow-list."""
    return bool(device["findings"]) and all(one["allow"] for one in device["findings"])


def stated(finding: Mapping[str, Any]) -> list[str]:
    """Return what the lists say of an indicator beside its value: TLP, confidence, validity."""
    texts = []
    if finding.get("tlp"):
        texts.append(f"TLP:{finding['tlp'].upper()}")
    if (confidence := finding.get("confidence")) is not None:
        then = finding.get("confidence_then")
        texts.append(
            _("confidence %(stated)s")
            if then in (None, confidence)
            else _("confidence %(stated)s, of which %(then)s was left at the time of the contact")
        )
        texts[-1] %= {"stated": confidence, "then": then}
    if finding.get("status") == "expired":
        texts.append(_("expired by its list"))
    if finding.get("window"):
        texts.append(_("contact outside its validity"))
    return texts


def _timeline(
    device: Mapping[str, Any], position: int, looked: CardContext
) -> TimelineSection | None:
    counts: dict[datetime, int] = {}
    for text, count in device["hours"].items():
        hour = in_zone(text, looked.zone).replace(minute=0, second=0, microsecond=0)
        counts[hour] = counts.get(hour, 0) + count
    if not counts:
        return None
    alive = [looked.alive.get(one, frozenset()) for one in device["addresses"]]
    return timeline(f"time-{position}", counts, looked.hours, frozenset().union(*alive))


def _match(finding: Mapping[str, Any], looked: CardContext) -> IndicatorMatch:
    place = (finding["type"], finding["key"], finding["list"], finding["row"])
    origin = looked.origins.get(place, {"place": "", "letter": ""})
    return IndicatorMatch(
        indicator=foreign(finding["indicator"]),
        label=foreign(finding["label"] or ""),
        kind=kind(finding["type"]),
        origin_list=foreign(finding["list"]),
        origin_row=number(finding["row"]),
        origin_place=foreign(origin["place"]),
        letter=foreign(origin["letter"]),
        sightings=number(finding["sightings"]),
        connections=number(finding["connections"]),
        ports=", ".join(str(port) for port in finding["ports"]),
        period=span(finding["first_seen"], finding["last_seen"], looked.zone),
        strength=strength(finding["best_grade"]),
        allow=[allow_class(each) for each in finding["allow"]],
        commands=[why(each) for each in finding["samples"]],
        stated=stated(finding),
    )


def _line(device: Mapping[str, Any], position: int, zone: tzinfo) -> DeviceRow:
    samples = [one for finding in device["findings"] for one in finding["samples"][:1]]
    return DeviceRow(
        anchor=f"device-{position}",
        position=number(position),
        name=foreign(device["device"]),
        indicators=[foreign(one) for one in device["indicators"]],
        certainty=certainty(device["grade"]).name,
        strength=strength(device["best_grade"]).name,
        sightings=number(device["sightings"]),
        period=span(device["first_seen"], device["last_seen"], zone),
        command=why(samples[0]) if samples else "",
    )
