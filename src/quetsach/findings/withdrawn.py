"""Which sightings and devices of past findings rest on indicators that were taken back since."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq

from quetsach.findings.folder import SIGHTINGS, Findings
from quetsach.indicators.model import IndicatorStatus
from quetsach.indicators.releases.lines import ReleaseEntry

_ID = "quetsach.sighting.id"
_KEY = "quetsach.indicator.key"
_DEVICE = "quetsach.device"


@dataclass(frozen=True)
class WithdrawnIndicators:
    """An indicator that past findings rest on and that holds no more.

    Shapes: `status` is withdrawn, replaced or dropped; `since` when, `why` the decision's reason;
    `sightings` are the numbers of those that rest on it, `devices` those that it named.
    """

    key: str
    shown: str
    status: str
    replaced_by: str
    since: str
    why: str
    sightings: tuple[str, ...]
    devices: tuple[str, ...]


@dataclass(frozen=True)
class FlaggedFindings:
    """What of one findings folder is to be looked at again; the folder itself is never changed.

    Shapes: `cleared` are devices that nothing else named; `weaker` were also named by others.
    """

    folder: str
    indicators: tuple[WithdrawnIndicators, ...]
    cleared: tuple[str, ...]
    weaker: tuple[str, ...]
    sightings: int


def flag(findings: Findings, entries: Iterable[ReleaseEntry]) -> FlaggedFindings:
    """Return what in `findings` rests on indicators that `entries` (a release's) took back."""
    gone = {one.indicator.key: one for one in entries if one.dropped or not one.indicator.is_met}
    rows = _rows(findings, gone)
    named = {
        one["device"]: {finding["key"] for finding in one["findings"]}
        for one in findings.devices["devices"]
    }
    resting = {device for device, keys in named.items() if not keys.isdisjoint(gone)}
    cleared = {device for device in resting if named[device] <= gone.keys()}
    return FlaggedFindings(
        folder=str(findings.folder),
        indicators=tuple(
            _withdrawn_indicator(gone[key], found, resting) for key, found in sorted(rows.items())
        ),
        cleared=tuple(sorted(cleared)),
        weaker=tuple(sorted(resting - cleared)),
        sightings=sum(map(len, rows.values())),
    )


def _rows(findings: Findings, gone: dict[str, ReleaseEntry]) -> dict[str, list[dict[str, Any]]]:
    by_key: dict[str, list[dict[str, Any]]] = {}
    with pq.ParquetFile(findings.folder / SIGHTINGS) as file:
        for batch in file.iter_batches(columns=[_ID, _KEY, _DEVICE]):
            for row in batch.to_pylist():
                if row[_KEY] in gone:
                    by_key.setdefault(row[_KEY], []).append(row)
    return by_key


def _withdrawn_indicator(
    release_entry: ReleaseEntry, rows: list[dict[str, Any]], named: set[str]
) -> WithdrawnIndicators:
    indicator, decision = release_entry.indicator, release_entry.decision
    status = "dropped" if release_entry.dropped else IndicatorStatus(indicator.claim.status).value
    since = release_entry.withdrawn.created if release_entry.withdrawn else ""
    if release_entry.dropped and decision is not None:
        since = decision.decided
    return WithdrawnIndicators(
        key=indicator.key,
        shown=indicator.shown,
        status=status,
        replaced_by=indicator.claim.replaced_by,
        since=since,
        why=decision.reason if decision is not None and release_entry.dropped else "",
        sightings=tuple(row[_ID] for row in rows),
        devices=tuple(sorted({row[_DEVICE] for row in rows} & named)),
    )
