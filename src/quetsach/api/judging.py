"""What is known of each device and unit from findings of one or more sweeps."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from quetsach.run.verdicts import VerdictReport, VerdictRequest
from quetsach.run.verdicts import verdicts as judged
from quetsach.verdicts.model import Thresholds


def verdicts(
    folders: Sequence[Path],
    *,
    handled: Path | None = None,
    scans: Path | None = None,
    units: Path | None = None,
    roots: Sequence[Path] = (),
    machines: Mapping[str, int] | None = None,
    thresholds: Thresholds | None = None,
    as_of: str | None = None,
) -> VerdictReport:
    """Return what is known of each device and unit from findings of one or more sweeps.

    Shapes: `handled` (device, time, what, by) and `scans` (device, time, result, signal) are CSV
    files; `units` tells units by network, `roots` by the folders that were swept; `machines`
    counts the machines of a unit. `as_of` is a local ISO date, today where none is given.
    Errors: E228, E303, E305, E310, E314.
    """
    return judged(
        VerdictRequest(
            folders=folders,
            handled=handled,
            scans=scans,
            units=units,
            roots=roots,
            machines=machines or {},
            thresholds=Thresholds() if thresholds is None else thresholds,
            as_of=as_of or "",
        )
    )
