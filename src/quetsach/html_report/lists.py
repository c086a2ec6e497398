"""Which indicators were searched for, which matched, and which rows of the lists were refused."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quetsach.html_report.words import allow_class, foreign, kind, number, reason


@dataclass
class _IndicatorTotals:
    shown: str
    kind: str = ""
    label: str = ""
    allow: tuple[str, ...] = ()
    sightings: int = 0
    devices: int = 0


@dataclass(frozen=True)
class IndicatorSummary:
    """One indicator that matched, over all devices."""

    indicator: str
    kind: str
    label: str
    devices: str
    sightings: str
    allow: Sequence[str]


@dataclass(frozen=True)
class ListsSection:
    """The section on indicators."""

    hits: Sequence[IndicatorSummary]
    readings: Sequence[Mapping[str, str]]
    refusals: Sequence[Mapping[str, str]]
    reasons: Sequence[tuple[str, str]]


def lists(devices: Mapping[str, Any], manifest: Mapping[str, Any]) -> ListsSection:
    """Return the section on indicators from devices.json and manifest.json."""
    refusals = manifest["refusals"]
    return ListsSection(
        hits=_hits(devices["devices"], manifest["summary"]["indicators_hit"]),
        readings=[_reading(one) for one in manifest["lists"]],
        refusals=[
            {
                "list": foreign(one["list"]),
                "row": number(one["row"]),
                "place": foreign(one.get("place", "")),
                "value": foreign(one.get("value", "")),
                "text": foreign(one["text"]),
                "reason": reason(one["reason"]),
            }
            for one in refusals
        ],
        reasons=tallied(Counter(one["reason"] for one in refusals)),
    )


def tallied(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    """Return reasons in words with their counts, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [(reason(name), number(count)) for name, count in ordered]


def _reading(reading: Mapping[str, Any]) -> Mapping[str, str]:
    return {
        "name": foreign(reading["name"]),
        "form": foreign(reading["form"]),
        "column": foreign(reading["column"]),
        "rows": number(reading["rows"]),
        "taken": number(reading["taken"]),
        "refused": number(reading["refused"]),
    }


def _hits(devices: Iterable[Mapping[str, Any]], shown: Iterable[str]) -> list[IndicatorSummary]:
    # An indicator that only uncounted addresses matched has no finding, only its shown form.
    tallies = {one: _IndicatorTotals(one) for one in shown}
    for device in devices:
        for finding in device["findings"]:
            tally = tallies.setdefault(finding["indicator"], _IndicatorTotals(finding["indicator"]))
            tally.kind = kind(finding["type"])
            tally.label = tally.label or finding["label"] or ""
            tally.allow = tuple(finding["allow"])
            tally.sightings += finding["sightings"]
            tally.devices += 1
    ordered = sorted(tallies.values(), key=lambda one: (-one.devices, -one.sightings, one.shown))
    return [_indicator_summary(one) for one in ordered]


def _indicator_summary(indicator: _IndicatorTotals) -> IndicatorSummary:
    return IndicatorSummary(
        indicator=foreign(indicator.shown),
        kind=indicator.kind,
        label=foreign(indicator.label),
        devices=number(indicator.devices),
        sightings=number(indicator.sightings),
        allow=[allow_class(name) for name in indicator.allow],
    )
