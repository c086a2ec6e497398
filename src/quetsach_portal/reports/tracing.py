"""What the page "where does this number come from" shows, to the person who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from quetsach.api.reports import Absent, shown_value
from quetsach_portal.campaigns.scope import node_scope
from quetsach_portal.reports import access, derived
from quetsach_portal.reports.forms_in_use import form_of
from quetsach_portal.reports.lineage import Step, Trace, known_on, state_on, trace_of, way_down
from quetsach_portal.reports.models import ReportVersion, VersionState
from quetsach_portal.rights.scope import Scope


@dataclass(frozen=True)
class Rows:
    """What the records of the unit say today, and where its rows are; `url` is "" for others."""

    value: str
    why: str
    url: str
    is_same: bool
    is_inside: bool


@dataclass(frozen=True)
class TracePage:
    """A traced figure, the way to it from the top, and the rows behind it."""

    trace: Trace
    above: Sequence[Step]
    rows: Rows | None
    state: VersionState
    on: date | None


def version_on(version: ReportVersion, day: date | None) -> ReportVersion | None:
    """Return the version that stood in the place of `version` on `day`; itself without a day."""
    if day is None:
        return version
    known = known_on(version.slot, day)
    if known is not None:
        known.slot = version.slot
    return known


def page_for(scope: Scope, version: ReportVersion, key: str, on: date | None) -> TracePage | None:
    """Return the page of a figure, None where the form of `version` has none of this name.

    Only versions that the person may read stand on the way. Errors: QuetsachError when the
    version is not what its digest says.
    """
    trace = trace_of(version, key)
    if trace is None:
        return None
    seats = node_scope(scope, version.slot.node.campaign)
    above = [one for one in way_down(version) if access.reads(seats, one.version.slot.node)]
    then = None if on is None else state_on(version, on)
    return TracePage(trace, above, _rows(scope, trace), then or VersionState(version.state), on)


def _rows(scope: Scope, trace: Trace) -> Rows | None:
    """Return what the records say now: those inside the unit lead on to its own workers alone."""
    slot = trace.version.slot
    known = derived.fill(slot, form_of(trace.version.form), only=trace.key)
    answer = derived.seen_by(scope, slot, known).get(trace.key)
    if answer is None:
        return None
    own = trace.figure.own
    said = Absent.MISSING if own is None else own.derived or own.value
    return Rows(
        value=shown_value(answer.value),
        why=answer.why,
        url=answer.url,
        is_same=shown_value(answer.value) == shown_value(said),
        is_inside=answer.is_inside,
    )
