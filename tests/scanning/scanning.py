"""A log scanned in pieces of a given size, without a findings folder."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from quetsach.evidence.find import find_evidence
from quetsach.findings.coverage import SourceCoverage
from quetsach.indicators.model import IndicatorSet
from quetsach.scanning.job import ReadOptions, ScanJob, WorkerTools, prepare
from quetsach.scanning.plan import make_plan
from quetsach.scanning.scan import scan_split
from quetsach.sweeping.gather import gather
from tests.oracles.scan import Told

COLUMNS = (
    *("log.offset", "quetsach.indicator.key", "quetsach.match.field", "quetsach.match.rule"),
    *("quetsach.match.labels_below", "quetsach.grade", "network.direction"),
    "quetsach.indicator.window",
)


@dataclass(frozen=True)
class Scanned:
    """What came out: the source as it was counted, its sightings, the offsets of its rejects."""

    source: SourceCoverage
    sightings: list[Told]
    rejects: set[int]


def _told(row: dict[str, Any]) -> Told:
    *others, direction, window = (row[name] for name in COLUMNS)
    return (*others, direction or "", window or "")


def tools_for(
    indicators: IndicatorSet, sieve: Literal["auto", "rust", "python"] = "auto"
) -> WorkerTools:
    """Return the tools for a scan."""
    return prepare(ScanJob(indicators, ReadOptions(sieve=sieve)))


def scan(log: Path, tools: WorkerTools, piece_bytes: int = 1 << 26) -> Scanned:
    """Return what a scan of `log` in pieces of `piece_bytes` finds."""
    plan = make_plan(*find_evidence([str(log)]))
    splits = list(plan.splits(piece_bytes))
    spool = log.parent / f"spool-{log.name}-{piece_bytes}-{tools.sieve.name}"
    spool.mkdir(exist_ok=True)
    results = (scan_split(split, tools) for split in splits)
    gathered = gather(plan, splits, results, spool, lambda split: scan_split(split, tools))
    told: list[Told] = []
    for _, path in gathered.spools:
        with pa.ipc.open_stream(io.BytesIO(path.read_bytes())) as stream:
            told += [_told(row) for row in stream.read_all().to_pylist()]
    return Scanned(gathered.sources[0], sorted(told), {one.offset for _, one in gathered.rejects})
