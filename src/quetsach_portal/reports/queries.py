"""Read reports: their place in the tree of a phase, their versions, and those from below."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach.api.reports import QuetsachError, SummedFigure, figure_from_json
from quetsach_portal.campaigns.expected_reports import ReceivedReport
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    Phase,
)
from quetsach_portal.campaigns.tree.waiting import history
from quetsach_portal.people.roles.scope import get_or_404
from quetsach_portal.reports.models.report import (
    COUNTS,
    STANDS,
    ChangeNotice,
    InputUsed,
    NoticeState,
    ReportDraft,
    ReportEvent,
    ReportInput,
    ReportReturn,
    ReportVersion,
    VersionKind,
    VersionState,
)
from quetsach_portal.web.tables import Column, LongList

RELATED = ("node__campaign__lead_unit", "node__unit", "phase")


def parent_id_in(node: CampaignNode, phase: Phase) -> int | None:
    """Return the node below which `node` stood in `phase`, None for the root."""
    parent = node.parent_id
    # (first phase in the new place, node, old parent) of each move, the latest first.
    for since, moved, old in history(phase.campaign):
        if moved == node.pk and (since is None or phase.no < since):
            parent = old
    return parent


def parent_slot(slot: ExpectedReport) -> ExpectedReport | None:
    """Return the expected report of the office above `slot`, None for the root."""
    parent = parent_id_in(slot.node, slot.phase)
    if parent is None:
        return None
    slots = ExpectedReport.objects.filter(phase_id=slot.phase_id, node_id=parent)
    return slots.select_related(*RELATED).first()


def child_slots(slot: ExpectedReport) -> list[ExpectedReport]:
    """Return the expected reports below `slot`, by name, without excused units.

    Cost: two queries.
    """
    # The latest move is first, so an earlier one after it overwrites it with the older parent.
    parents = {
        moved: old
        for since, moved, old in history(slot.phase.campaign)
        if since is None or slot.phase.no < since
    }
    there = [node for node, parent in parents.items() if parent == slot.node_id]
    slots = ExpectedReport.objects.filter(phase_id=slot.phase_id)
    slots = slots.exclude(state=ExpectedReportState.EXCUSED).select_related("node__unit")
    slots = slots.order_by("node__name_at_freeze", "pk")
    below_now = slots.filter(node__parent_id=slot.node_id)
    stayed = [row for row in below_now if parents.get(row.node_id, slot.node_id) == slot.node_id]
    moved_away = slots.filter(node__in=there) if there else ()
    return [*stayed, *(row for row in moved_away if row.node.parent_id != slot.node_id)]


# The payload of a version, and the names of nodes in it.


def node_key(node_id: int) -> str:
    """Return what a node is called in payloads, and where organisations are counted by name."""
    return f"node:{node_id}"


def figures_of(version: ReportVersion) -> Mapping[str, SummedFigure]:
    """Return the figures of `version`, kept in memory by its digest. Errors: E450."""
    return _figures(version.sha256, version.payload)


@lru_cache(maxsize=1024)
def _figures(digest: str, payload: str) -> Mapping[str, SummedFigure]:
    if hashlib.sha256(payload.encode()).hexdigest() != digest:
        raise QuetsachError("E450", digest[:16], reason="it was changed after it was handed in")
    figures = json.loads(payload)["figures"]
    return {key: figure_from_json(figure, key) for key, figure in figures.items()}


# Versions of a slot.


def newest(slot: ExpectedReport) -> ReportVersion | None:
    """Return the newest version, whatever became of it."""
    return versions_of(slot).first()


def standing(slot: ExpectedReport) -> ReportVersion | None:
    """Return the newest version that was not withdrawn, returned or replaced."""
    return versions_of(slot).filter(state__in=STANDS).first()


def public_version_at(slot: ExpectedReport, at: datetime) -> ReportVersion | None:
    """Return the version that was valid at `at`: submitted by then and not undone.

    An accepted version takes precedence over a newer version that was not accepted.
    """
    states = states_at(ReportVersion.objects.filter(slot=slot, created_at__lte=at), at)
    for allowed in (COUNTS, STANDS):
        versions = [version for version, state in states if state in allowed]
        if versions:
            return versions[-1]
    return None


def states_at(
    versions: QuerySet[ReportVersion], at: datetime
) -> list[tuple[ReportVersion, VersionState]]:
    """Return `versions`, oldest first, each with the state in which it was at `at`."""
    last = ReportEvent.objects.filter(version=OuterRef("pk"), at__lte=at).order_by("-at", "-pk")
    rows = versions.annotate(state_then=Subquery(last.values("state")[:1])).order_by("slot", "n")
    return [(one, VersionState(one.state_then)) for one in rows if one.state_then is not None]


def versions_of(slot: ExpectedReport) -> QuerySet[ReportVersion]:
    """Return all versions of a slot, newest first, with authors and signers."""
    rows = ReportVersion.objects.filter(slot=slot).order_by("-n")
    return rows.select_related("author", "signed_by", "form")


def draft_of(slot: ExpectedReport) -> ReportDraft | None:
    """Return what is being written for a slot."""
    return ReportDraft.objects.filter(slot=slot).select_related("saved_by").first()


def open_returns(slot: ExpectedReport) -> list[ReportReturn]:
    """Return the remarks that no version has answered yet."""
    rows = ReportReturn.objects.filter(version__slot=slot, resolved_by__isnull=True)
    return list(rows.select_related("by", "version").order_by("pk"))


def open_notices(slot: ExpectedReport) -> list[ChangeNotice]:
    """Return the changes from below that are undecided, or decided and not in a report yet."""
    rows = ChangeNotice.objects.filter(
        parent_slot=slot,
        resolved_by__isnull=True,
        state__in=[NoticeState.OPEN, NoticeState.CARRIED, NoticeState.ABSORBED],
    )
    related = ("new_version__slot__node", "old_version", "by")
    return list(rows.select_related(*related).order_by("pk"))


def dismissed_notices(slot: ExpectedReport) -> list[ChangeNotice]:
    """Return the changes from below that were not taken in and still count below."""
    rows = ChangeNotice.objects.filter(
        parent_slot=slot, state=NoticeState.DISMISSED, new_version__state__in=COUNTS
    )
    related = ("new_version__slot__node", "by")
    return list(rows.filter(resolved_by__isnull=True).select_related(*related).order_by("pk"))


def waits_above(version: ReportVersion) -> bool:
    """True where the total above was made before `version` was accepted, and does not hold it."""
    return ChangeNotice.objects.filter(new_version=version, resolved_by__isnull=True).exists()


BELOW = LongList(
    _lazy("Units directly below"),
    {
        "unit": Column(_lazy("Unit"), "slot__node__name_at_freeze"),
        "version": Column(_lazy("Version"), "version__n"),
        "came": Column(_lazy("Came in"), "version__created_at"),
        "state": Column(_lazy("State"), "slot__state"),
        "now": Column(_lazy("Figure"), css="number"),
        "last": Column(_lazy("Phase before"), css="number"),
        "change": Column(_lazy("Difference"), css="number"),
    },
    text_in=("slot__node__name_at_freeze",),
    is_late=lambda child: (
        child.slot.reported_at is None
        and child.slot.state != ExpectedReportState.EXCUSED
        and child.slot.due_at <= timezone.now()
    ),
)

INPUTS = LongList(
    _lazy("Reports from below in it"),
    {
        "unit": Column(_lazy("Unit"), "child_slot__node__name_at_freeze"),
        "version": Column(_lazy("Version"), "child_version__n", is_optional=True),
        "used": Column(_lazy("In the total"), "used"),
        "code": Column(_lazy("Code")),
    },
    folded_in=("child_slot__node__unit__search",),
    text_in=("child_slot__node__name_at_freeze",),
)


@dataclass(frozen=True)
class IncomingChild:
    """A unit below and its report: the newest version, and what waits to be done with it."""

    slot: ExpectedReport
    version: ReportVersion | None

    @property
    def waits(self) -> bool:
        """Whether the office above has to read it now."""
        return self.version is not None and self.version.state == VersionState.SUBMITTED

    @property
    def is_on_paper(self) -> bool:
        """Whether it was recorded as received on paper, and its figures are not submitted."""
        return self.version is None and self.slot.reported_at is not None

    @property
    def is_returned(self) -> bool:
        """Whether it was returned, and the unit has no valid report until it submits again."""
        return self.slot.reported_at is None and self.slot.state == ExpectedReportState.RETURNED


def incoming(slot: ExpectedReport) -> list[IncomingChild]:
    """Return the reports of the units directly below, those to be read first, then by name."""
    slots = child_slots(slot)
    newest_of = newest_of_slots(slots)
    children = [IncomingChild(row, newest_of.get(row.pk)) for row in slots]
    return sorted(children, key=lambda child: (not child.waits, child.slot.node.name_at_freeze))


def newest_of_slots(slots: Sequence[ExpectedReport]) -> dict[int, ReportVersion]:
    """Return the newest version of each of `slots`."""
    newest: dict[int, ReportVersion] = {}
    ids = [one.pk for one in slots]
    for start in range(0, len(ids), 900):
        rows = ReportVersion.objects.filter(slot_id__in=ids[start : start + 900])
        newest |= {one.slot_id: one for one in rows.select_related("author").order_by("n")}
    return newest


def inputs_of(version: ReportVersion) -> QuerySet[ReportInput]:
    """Return the reports that went into a version, the missing ones first, then by name."""
    is_there = Case(When(used=InputUsed.MISSING, then=0), default=1)
    rows = version.inputs.select_related("child_slot__node", "child_version")
    return rows.order_by(is_there, "child_slot__node__name_at_freeze", "pk")


def version_before(version: ReportVersion) -> ReportVersion | None:
    """Return the version before this one of the same report."""
    return ReportVersion.objects.filter(slot_id=version.slot_id, n=version.n - 1).first()


def version_number(slot: ExpectedReport, number: int) -> ReportVersion:
    """Return a version of a slot by its number. Errors: Http404."""
    return get_or_404(versions_of(slot).filter(n=number).select_related("slot__phase"))


def own_slots(node_ids: Iterable[int]) -> QuerySet[ExpectedReport]:
    """Return the expected reports of these nodes, newest phase first."""
    slots = ExpectedReport.objects.filter(node__in=list(node_ids))
    slots = slots.exclude(state=ExpectedReportState.EXCUSED)
    return slots.select_related("node__unit", "phase").order_by("-phase__no", "node__depth", "pk")


# Times at which reports entered their state, from their events.


def received_report(slot: ExpectedReport) -> tuple[ReceivedReport | None, ExpectedReportState]:
    """Return the valid report that was submitted here, else the state of the slot without it.

    Cost: two queries.
    """
    versions = list(ReportVersion.objects.filter(slot=slot).order_by("n"))
    standing = [version for version in versions if version.state in STANDS]
    since = _since(slot)
    if not standing or since is None:
        return None, _without(slot, versions)
    signed = [version.signed_at for version in standing if version.signed_at is not None]
    return ReceivedReport(
        at=since,
        is_nil=standing[-1].kind == VersionKind.NIL,
        signed_at=min(signed, default=None),
        state=ExpectedReportState(standing[-1].state),
    ), ExpectedReportState.OPEN


def _since(slot: ExpectedReport) -> datetime | None:
    """Return the moment since which there has always been a valid version."""
    standing: set[int] = set()
    since = None
    events = ReportEvent.objects.filter(version__slot=slot).order_by("at", "pk")
    for version, state, at in events.values_list("version_id", "state", "at"):
        if state not in STANDS:
            standing.discard(version)
            continue
        since = since if standing else at
        standing.add(version)
    return since if standing else None


def _without(slot: ExpectedReport, versions: list[ReportVersion]) -> ExpectedReportState:
    if versions and versions[-1].state == VersionState.RETURNED:
        return ExpectedReportState.RETURNED
    has_draft = ReportDraft.objects.filter(slot=slot).exists()
    return ExpectedReportState.DRAFT if has_draft else ExpectedReportState.OPEN
