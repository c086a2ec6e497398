"""Sightings that blame no device: addresses that only pass on, and those nobody can claim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from quetsach.report.cards import why
from quetsach.report.words import Word, role, strength
from quetsach.report.written import foreign, number, span


@dataclass(frozen=True)
class NotBlamed:
    """An address that stands in sightings but is not to be handled for them."""

    name: str
    addresses: Sequence[str]
    where: str
    role: Word
    because: str
    indicators: Sequence[str]
    sightings: str
    strength: str
    period: str
    commands: Sequence[str]


@dataclass(frozen=True)
class Unattributed:
    """The sightings for which no device could be named."""

    count: int
    sightings: str
    indicators: Sequence[str]
    missing: str
    commands: Sequence[str]
    groups: Sequence["Group"]


@dataclass(frozen=True)
class Group:
    """Those of them that lack the same thing."""

    missing: str
    sightings: str
    addresses: Sequence[str]
    indicators: Sequence[str]
    commands: Sequence[str]


def not_blamed(devices: Mapping[str, Any], zone: tzinfo) -> list[NotBlamed]:
    """Return the addresses seen but not blamed, each with its reason."""
    return [_one(one, zone) for one in devices["not_blamed"]]


def unattributed(devices: Mapping[str, Any]) -> Unattributed:
    """Return the sightings nobody could be found for, and what would have told."""
    lost = devices["unattributed"]
    return Unattributed(
        count=lost["sightings"],
        sightings=number(lost["sightings"]),
        indicators=[foreign(one) for one in lost["indicators"]],
        missing=foreign(lost["missing"] or ""),
        commands=[why(one) for one in lost["samples"]],
        groups=[_group(one) for one in lost.get("groups", ())],
    )


def _group(one: Mapping[str, Any]) -> Group:
    return Group(
        missing=foreign(one["missing"]),
        sightings=number(one["sightings"]),
        addresses=[foreign(each) for each in one["addresses"]],
        indicators=[foreign(each) for each in one["indicators"]],
        commands=[why(each) for each in one["samples"]],
    )


def _one(one: Mapping[str, Any], zone: tzinfo) -> NotBlamed:
    return NotBlamed(
        name=foreign(one["device"]),
        addresses=[foreign(each) for each in one["addresses"] if each != one["device"]],
        where=foreign((one.get("place") or {}).get("unit_name", "")),
        role=role(one["role"]),
        because=foreign(one["because"]),
        indicators=[foreign(each) for each in one["indicators"]],
        sightings=number(one["sightings"]),
        strength=strength(one["best_grade"]).name,
        period=span(one["first_seen"], one["last_seen"], zone),
        commands=[why(each) for each in one["samples"]],
    )
