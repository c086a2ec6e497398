"""Sum a report: own figures, accepted reports of the units below, adjustments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach.api.reports import (
    Adjustment,
    ChildContribution,
    ChildUse,
    OwnValue,
    QuetsachError,
    ReportFormDefinition,
    SummedFigure,
    add_up,
    mismatches,
)
from quetsach_portal.campaigns.models.campaign import CampaignNode, ExpectedReport
from quetsach_portal.followup.models import PaperReport
from quetsach_portal.reports.models.report import (
    COUNTS,
    STANDS,
    InputUsed,
    ReportInput,
    ReportVersion,
    VersionKind,
    VersionState,
)
from quetsach_portal.reports.queries import (
    INPUTS,
    child_slots,
    figures_of,
    inputs_of,
    node_key,
    states_at,
)
from quetsach_portal.reports.totals.changes import CountedChild, superseded_children
from quetsach_portal.web.acts import Refused
from quetsach_portal.web.tables import LongTable, long_table


@dataclass(frozen=True)
class ChildVersion:
    """A report from below as it goes in; without `version` it is missing."""

    slot: ExpectedReport
    version: ReportVersion | None
    used: InputUsed
    reason: str = ""

    @property
    def name(self) -> str:
        """Return the unit's name, as its papers have it."""
        return self.slot.node.name_at_freeze

    @property
    def is_counted(self) -> bool:
        """Whether it is in the total."""
        return self.used in (InputUsed.YES, InputUsed.LATE)


@dataclass(frozen=True)
class ReportAggregate:
    """What a unit's report adds up to, of which reports, and who is missing."""

    figures: Mapping[str, SummedFigure]
    below: Sequence[ChildVersion] = ()
    children: Sequence[ChildContribution] = field(default=())

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the names of the units whose report is not there."""
        return tuple(child.name for child in self.below if child.used is InputUsed.MISSING)


def below_of(
    slot: ExpectedReport,
    left_out: Mapping[str, str] | None = None,
    *,
    kind: str = VersionKind.ORIGINAL,
) -> list[ChildVersion]:
    """Return the reports below `slot` as they would go in today, by name.

    Shapes: `left_out` has by child's slot why it is not used; `kind` is that of the report that is
    created. A report that another unit's report counts is left out, with the name of that unit.
    For a change that was not absorbed, the version counted before stays.
    Cost: seven queries, whatever the number.
    """
    slots = child_slots(slot)
    if not slots:
        return []
    versions = counted_versions([child.pk for child in slots])
    superseded = superseded_children(slot, kind)
    elsewhere = _counted_elsewhere(slot, slots)
    reasons = left_out or {}
    children = []
    for child in slots:
        kept = superseded.get(child.pk, CountedChild(versions.get(child.pk)))
        version = kept.version
        why = elsewhere.get(child.pk, "") or reasons.get(str(child.pk), "") or kept.why
        children.append(ChildVersion(child, version, _use(child, version, why), why))
    return children


def counted_versions(slot_ids: Iterable[int]) -> dict[int, ReportVersion]:
    """Return for each of these slots the version that counts: the newest accepted version."""
    counted: dict[int, ReportVersion] = {}
    ids = list(slot_ids)
    for start in range(0, len(ids), 900):
        rows = ReportVersion.objects.filter(slot_id__in=ids[start : start + 900], state__in=COUNTS)
        counted |= {one.slot_id: one for one in rows.order_by("n")}
    return counted


def aggregate(
    form: ReportFormDefinition,
    own: Mapping[str, OwnValue],
    below: Sequence[ChildVersion],
    adjustments: Mapping[str, Adjustment],
) -> ReportAggregate:
    """Return the figures of a report with what they were added up of.

    Errors: Refused, in words, when the parts cannot be added up.
    """
    children = as_children(below)
    try:
        figures = add_up(form, own, children, adjustments)
    except QuetsachError as error:
        raise Refused(str(error)) from error
    return ReportAggregate(figures, below, children)


def as_children(below: Sequence[ChildVersion]) -> tuple[ChildContribution, ...]:
    """Return the reports from below as the engine adds them up, without missing reports."""
    heirs = _continued([one.slot.node for one in below])
    return tuple(
        ChildContribution(
            node=node_key(one.slot.node_id),
            name=one.name,
            version=one.version.n,
            digest=one.version.sha256,
            figures=figures_of(one.version),
            used=ChildUse(one.used.value),
            reason=one.reason,
            at=one.version.created_at,
            continues=heirs.get(one.slot.node_id, ()),
        )
        for one in below
        if one.version is not None
    )


def below_as_stored(version: ReportVersion) -> list[ChildVersion]:
    """Return the reports that went into `version`, as it names them."""
    inputs = version.inputs.select_related("child_slot__node", "child_version")
    return [
        ChildVersion(one.child_slot, one.child_version, InputUsed(one.used), one.reason)
        for one in inputs.order_by("child_slot__node__name_at_freeze", "child_slot_id")
    ]


def unlike(
    form: ReportFormDefinition, version: ReportVersion
) -> dict[str, tuple[SummedFigure, SummedFigure]]:
    """Return the figures of `version` that its parts do not give now: stored and computed.

    Errors: QuetsachError when the version or one of its parts was changed.
    """
    rows = mismatches(form, figures_of(version), as_children(below_as_stored(version)))
    return {row.field: (row.stored, row.computed) for row in rows}


def _use(slot: ExpectedReport, version: ReportVersion | None, why: str) -> InputUsed:
    if version is None:
        return InputUsed.MISSING
    if why:
        return InputUsed.EXCLUDED
    # As in every rate: only the unit's report is late, not a later correction of a report in time.
    return InputUsed.YES if slot.is_on_time else InputUsed.LATE


def _counted_elsewhere(slot: ExpectedReport, slots: Sequence[ExpectedReport]) -> dict[int, str]:
    """Return those of `slots` that another unit's total counts, with a sentence that names it.

    Only a node that was moved can: all others have one parent.
    """
    moved = [child.pk for child in slots if child.node.from_event is not None]
    inputs = ReportInput.objects.filter(child_slot__in=moved, parent_version__state__in=STANDS)
    used = inputs.filter(used__in=[InputUsed.YES, InputUsed.LATE])
    names = used.exclude(parent_version__slot=slot).values_list(
        "child_slot_id", "parent_version__slot__node__name_at_freeze"
    )
    return {child: _("already counted by %(unit)s") % {"unit": unit} for child, unit in names}


def _continued(nodes: Sequence[CampaignNode]) -> dict[int, tuple[str, ...]]:
    """Return by node which nodes it continues whose figures are in its own.

    A node from before the merger keeps its own figures; a node created by it has theirs.
    """
    event_of_heir = {node.pk: node.from_event for node in nodes if node.from_event is not None}
    if not event_of_heir:
        return {}
    links = CampaignNode.objects.filter(replaced_by__in=list(event_of_heir)).values_list(
        "replaced_by", "pk", "from_event"
    )
    continued: dict[int, tuple[str, ...]] = {}
    for heir, before, event in links:
        if event_of_heir[heir] == event:
            continued[heir] = (*continued.get(heir, ()), node_key(before))
    return continued


# Absent reports of a total and their reasons: one definition for pages and documents.


class Absence(models.TextChoices):
    """The state of a unit without a report in a total."""

    MISSING = "missing", _lazy("Not reported")
    WAITING = "waiting", _lazy("Submitted, not accepted yet")
    RETURNED = "returned", _lazy("Returned, not handed in again")


def absences_in(version: ReportVersion) -> Mapping[int, Absence]:
    """Return by slot the state of units without a report in `version`, when it was created.

    So all editions of a version are equal. A unit that reported on paper is waiting:
    its report is not typed yet. Cost: three queries.
    """
    inputs = ReportInput.objects.filter(parent_version=version, child_version__isnull=True)
    slots = inputs.values("child_slot_id")
    made_at = version.created_at
    came = ReportVersion.objects.filter(slot__in=slots, created_at__lte=made_at)
    states = {row.slot_id: state for row, state in states_at(came, made_at)}
    on_paper = PaperReport.objects.filter(slot__in=slots, recorded_at__lte=made_at).filter(
        Q(undone_at__isnull=True) | Q(undone_at__gt=made_at)
    )
    papers = frozenset(on_paper.values_list("slot_id", flat=True))
    return {
        slot: _absence(states.get(slot), is_on_paper=slot in papers)
        for slot in inputs.values_list("child_slot_id", flat=True)
    }


def names_of(version: ReportVersion, absence: Absence) -> tuple[str, ...]:
    """Return the units in this state when `version` was created, by name."""
    slots = [slot for slot, its_absence in absences_in(version).items() if its_absence is absence]
    rows = ReportInput.objects.filter(parent_version=version, child_slot__in=slots)
    rows = rows.order_by("child_slot__node__name_at_freeze", "pk")
    return tuple(rows.values_list("child_slot__node__name_at_freeze", flat=True))


def inputs_with_absences(version: ReportVersion, request: HttpRequest) -> LongTable:
    """Return the reports in `version`, a page of them with the state of units without a report."""
    table = long_table(inputs_of(version), request, INPUTS)
    absences = absences_in(version)
    rows = [(row, absences.get(row.child_slot_id)) for row in table.page.rows]
    return replace(table, page=replace(table.page, rows=rows))


def _absence(state: VersionState | None, *, is_on_paper: bool) -> Absence:
    if is_on_paper or state in STANDS:
        return Absence.WAITING
    return Absence.RETURNED if state == VersionState.RETURNED else Absence.MISSING
