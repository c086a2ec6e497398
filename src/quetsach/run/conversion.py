"""Lists converted into files of other forms, and what is left out of those that block."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from quetsach.blocking.contract import Mode
from quetsach.blocking.convert import Converted, ConvertRequest, convert
from quetsach.blocking.folder import is_release, read_previous, write_folder
from quetsach.errors import QuetsachError
from quetsach.indicators.allow import allow_lists, meetings, tagged, tagged_with
from quetsach.indicators.allow_classes import proposal
from quetsach.indicators.column_map import read_column_maps
from quetsach.indicators.decision import Verdict
from quetsach.indicators.decisions import decided
from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.run.decisions import decisions_in
from quetsach.run.typed import network_of


def convert_indicators(
    lists: Sequence[Path],
    request: ConvertRequest,
    *,
    allow: Sequence[str | Path] = (),
    decisions: Path | None = None,
    columns: Sequence[Path] = (),
    inside: Sequence[str] = (),
    belt: Sequence[Path] = (),
    previous: Path | None = None,
    out: Path | None = None,
) -> tuple[Converted, IndicatorSet]:
    """Return the files of one form, made from lists, and the set they were made from.

    In a file that blocks, what `check` proposes to drop is left out unless `allow` has "none" or a
    person decided otherwise. With `out` they are written into that folder; a release of ours that
    stands there is the previous one unless another is named. Errors: E202 for a list, E218 for a
    column map, E226 for the decisions, E240 to E249, E601 for a wrong value.
    """
    own = tuple(network_of(one) for one in inside)
    maps = read_column_maps(columns)
    indicators = read_lists(
        lists, ListOptions(accept_private=request.accept_private, own=own, column_maps=maps)
    )
    indicators, _dropped = decided(indicators, decisions_in(decisions))
    if allow:
        indicators = tagged(indicators, allow_lists(allow, usual=False))
    if request.mode is Mode.BLOCK and "none" not in map(str, allow):
        indicators = _without_services(indicators)
    if previous is None and out is not None and is_release(out):
        previous = out
    whole = replace(
        request,
        belt=tuple((str(path), _belt_text(path)) for path in belt),
        previous=None if previous is None else read_previous(previous),
    )
    converted = convert(indicators, whole)
    if out is not None:
        write_folder(out, converted.folder())
    return converted, indicators


def _without_services(indicators: IndicatorSet) -> IndicatorSet:
    """Return the set, everybody's services in it tagged: what `check` proposes not to block."""
    met = meetings(indicators, allow_lists((), usual=True))
    doubtful = {
        (one.key, one.kind): on
        for one in indicators.indicators
        if (on := met.get((one.key, one.kind))) and proposal(one, on) is not Verdict.KEEP
    }
    return tagged_with(indicators, doubtful)


def _belt_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = str(getattr(error, "strerror", None) or "UTF-8")
        raise QuetsachError("E242", str(path), reason=reason) from error
