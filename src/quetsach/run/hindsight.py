"""What lists say of the past: of evidence before they are used, of findings once they changed."""

from collections.abc import Sequence
from pathlib import Path

from quetsach.findings.folder import read_folder
from quetsach.findings.withdrawn import Flagged, flag
from quetsach.indicators.allow import allow_lists, meetings
from quetsach.indicators.read import read_raw
from quetsach.indicators.store import open_release
from quetsach.run.sweep import Progress, SweepRequest
from quetsach.run.trial import Trial, trial
from quetsach.run.units import Units, read_units, roots_of


def try_indicators(
    request: SweepRequest,
    *,
    units: Path | None = None,
    allow: Sequence[str | Path] = (),
    previous: str | None = None,
    progress: Progress | None = None,
) -> Trial:
    """Return what the set of `request` would say of its evidence; no findings folder is written.

    `allow` is only shown, as by check_indicators. Errors: as a sweep; E220 to E224 for the
    release before; E228 for the table of units.
    """
    table = None if units is None else read_units(read_raw(units), str(units))
    before = None if previous is None else open_release(previous)[1].indicator_set
    return trial(
        request,
        Units(table, roots_of(request.evidence)),
        met=meetings(request.indicators, allow_lists(allow, usual=True)),
        previous=before,
        progress=progress,
    )


def withdrawn_sightings(folders: Sequence[Path], release: str) -> list[Flagged]:
    """Return what in past findings rests on indicators that the release took back.

    Errors: E303, E305 for a folder; E220, E224 for the release.
    """
    entries = open_release(release)[1].entries
    return [flag(read_folder(folder), entries) for folder in folders]
