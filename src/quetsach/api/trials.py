"""The dry run: what a set of indicators would say of past evidence, before it goes live."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow.parquet as pq

from quetsach.findings.folder import SIGHTINGS, Findings, read_folder
from quetsach.indicators.allow.classes import AllowMatch
from quetsach.indicators.allow.lists import Place
from quetsach.indicators.model import Indicator, IndicatorSet
from quetsach.scanning.grades import SightingGrade
from quetsach.scratch_folders import scratch_folder
from quetsach.sweeping.sweep import Progress, SweepRequest, sweep
from quetsach.sweeping.units import UnitResolver

TOO_MANY = 0.25
"""A row that names a greater share of the devices is warned of: it may be everybody's service."""


@dataclass(frozen=True)
class RowEffect:
    """What one indicator would do.

    Shapes: `devices` it names, `only` those that nothing else names; `units` of its devices;
    `share` of all devices named, 0 to 1; `allow` are the classes of allow-lists it stands on.
    """

    key: str
    shown: str
    kind: str
    list_name: str
    row: int
    place: str
    allow: tuple[str, ...]
    devices: int
    only: int
    units: int
    share: float
    sightings: int
    best_grade: str


@dataclass(frozen=True)
class TrialDifference:
    """What the release before would have named, and the difference: devices by their key."""

    devices: int
    added: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True)
class Trial:
    """What a set would say of past evidence.

    Shapes: `units` counts devices by unit; `without_unit` are devices of which nothing tells the
    unit; `asked` are devices that met only indicators on allow-lists or to be watched; `wide` are
    keys of rows that name more than a quarter of the devices; `summary` is that of the sweep.
    """

    devices: int
    units: dict[str, int]
    without_unit: int
    asked: int
    unattributed: int
    rows: tuple[RowEffect, ...]
    wide: tuple[str, ...]
    unmet: int
    summary: dict[str, Any]
    previous: TrialDifference | None = None


@dataclass
class _Effect:
    finding: Mapping[str, Any]
    devices: set[str] = field(default_factory=set)
    only: set[str] = field(default_factory=set)
    sightings: int = 0
    best: SightingGrade = SightingGrade.ASKED


def trial(
    request: SweepRequest,
    units: UnitResolver,
    *,
    met: Mapping[Place, tuple[AllowMatch, ...]],
    previous: IndicatorSet | None = None,
    progress: Progress | None = None,
) -> Trial:
    """Return what the set of `request` would say of its evidence; nothing of it stays on disk.

    `met` says on which allow-lists indicators stand, to be shown. Errors: as a sweep.
    """
    with _swept(request, progress) as run:
        result = _told(run.findings, request.indicators, units, met)
        result = replace(result, summary=run.summary)
    if previous is None or not previous.indicators:
        return result
    named = {one["device"] for one in result.summary["devices"]}
    with _swept(replace(request, indicators=previous), progress) as run:
        before = {one["device"] for one in run.summary["devices"]}
    difference = TrialDifference(
        len(before), tuple(sorted(named - before)), tuple(sorted(before - named))
    )
    return replace(result, previous=difference)


@dataclass(frozen=True)
class _Run:
    summary: dict[str, Any]
    findings: Findings


@contextmanager
def _swept(request: SweepRequest, progress: Progress | None) -> Iterator[_Run]:
    """Give a sweep in a folder that is gone afterwards, whatever happens."""
    with scratch_folder() as folder:
        target = folder / "findings"
        summary = sweep(replace(request, target=target), progress)
        del summary["findings"]
        yield _Run(summary, read_folder(target))


def _told(
    findings: Findings,
    indicator_set: IndicatorSet,
    units: UnitResolver,
    met: Mapping[Place, tuple[AllowMatch, ...]],
) -> Trial:
    devices = findings.devices["devices"]
    unit_of = _units_of(findings, units, {one["device"] for one in devices})
    effects = _effects(devices)
    listed = {one.key: one for one in indicator_set.indicators}
    rows = tuple(
        _row(effect, listed[key], unit_of, share=len(effect.devices) / len(devices), met=met)
        for key, effect in effects.items()
    )
    counted = Counter(unit for found in unit_of.values() for unit in found)
    return Trial(
        devices=len(devices),
        units=dict(sorted(counted.items())),
        without_unit=sum(not unit_of.get(one["device"]) for one in devices),
        asked=sum(one["role"] == "allowed" for one in findings.devices["not_blamed"]),
        unattributed=findings.devices["unattributed"]["sightings"],
        rows=tuple(sorted(rows, key=lambda one: (-one.devices, -one.sightings, one.key))),
        wide=tuple(sorted(one.key for one in rows if one.share > TOO_MANY and one.devices > 1)),
        unmet=len(listed) - len(findings.manifest["summary"]["indicators_hit"]),
        summary={},
    )


def _effects(devices: list[dict[str, Any]]) -> dict[str, _Effect]:
    effects: dict[str, _Effect] = {}
    for device in devices:
        for finding in device["findings"]:
            effect = effects.setdefault(finding["key"], _Effect(finding))
            effect.devices.add(device["device"])
            if len(device["findings"]) == 1:
                effect.only.add(device["device"])
            effect.sightings += finding["sightings"]
            grade = SightingGrade(finding["best_grade"])
            effect.best = max(effect.best, grade, key=lambda one: one.rank)
    return effects


def _row(
    effect: _Effect,
    indicator: Indicator,
    unit_of: Mapping[str, set[str]],
    *,
    share: float,
    met: Mapping[Place, tuple[AllowMatch, ...]],
) -> RowEffect:
    origin = indicator.origins[0] if indicator.origins else None
    on = {one.of_class for one in met.get((indicator.key, indicator.kind), ())}
    return RowEffect(
        key=indicator.key,
        shown=indicator.shown,
        kind=indicator.kind.value,
        list_name=origin.list_name if origin else "",
        row=origin.row if origin else 0,
        place=origin.place if origin else "",
        allow=tuple(sorted({*indicator.allow_classes, *on})),
        devices=len(effect.devices),
        only=len(effect.only),
        units=len({unit for one in effect.devices for unit in unit_of.get(one, ())}),
        share=round(share, 4),
        sightings=effect.sightings,
        best_grade=effect.best.value,
    )


def _units_of(findings: Findings, units: UnitResolver, named: set[str]) -> dict[str, set[str]]:
    """Return the units of each device; an office's address may turn up in several."""
    columns = ["quetsach.device", "quetsach.device.address", "log.file.path"]
    table = pq.read_table(findings.folder / SIGHTINGS, columns=columns)
    units_by_device: dict[str, set[str]] = {}
    for one in table.group_by(columns).aggregate([]).to_pylist():
        device, address, path = (one[name] for name in columns)
        unit = units.unit_of(address or "", path or "") if device in named else ""
        if unit:
            units_by_device.setdefault(device, set()).add(unit)
    return units_by_device
