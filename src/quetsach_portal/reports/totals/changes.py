"""Notify the office above of a changed report; its total stays until it decides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quetsach.api.reports import AbsenceReason, GradedCount, Value
from quetsach_portal.campaigns.models.campaign import Campaign, ExpectedReport
from quetsach_portal.reports.models.report import (
    COUNTS,
    STANDS,
    ChangeNotice,
    InputUsed,
    NoticeState,
    ReportInput,
    ReportVersion,
    VersionKind,
)
from quetsach_portal.reports.queries import figures_of


def notify_parent(
    above: ExpectedReport, old: ReportVersion | None, new: ReportVersion
) -> ChangeNotice | None:
    """Return the notice to `above` that `new` is not in its report; None where it has none yet.

    The caller holds the lock of `above`, so that no report is created there meanwhile.
    """
    standing = ReportVersion.objects.filter(slot=above, state__in=STANDS).order_by("-n").first()
    if standing is None:
        return None
    used = standing.inputs.filter(child_slot=new.slot, child_version__isnull=False).first()
    before = None if used is None else used.child_version
    facts: dict[str, Any] = {"old_version": before or old, "delta": delta(before or old, new)}
    notice, is_new = ChangeNotice.objects.get_or_create(
        parent_slot=above, new_version=new, defaults=facts
    )
    if not is_new and notice.state == NoticeState.UNDONE:
        facts |= {"state": NoticeState.OPEN, "by": None, "decided_at": None}
        ChangeNotice.objects.filter(pk=notice.pk).update(**facts)
        notice.refresh_from_db()
    return notice


def delta(old: ReportVersion | None, new: ReportVersion) -> dict[str, list[int | None]]:
    """Return {field: [before, after]} of the totals that differ; None for no number."""
    before = {} if old is None else figures_of(old)
    after = figures_of(new)
    changes = {}
    for key in dict.fromkeys([*before, *after]):
        pair = [_number(side[key].total if key in side else None) for side in (before, after)]
        if pair[0] != pair[1]:
            changes[key] = pair
    return changes


@dataclass(frozen=True)
class CountedChild:
    """The version of a child that goes into its parent's total; `why` where none of it is used."""

    version: ReportVersion | None
    why: str = ""


def superseded_children(slot: ExpectedReport, kind: str) -> Mapping[int, CountedChild]:
    """Return by child's slot the version that stays in the total of `slot` beside a newer one.

    `kind` is that of the new report: a supplement includes changes that were left to it.
    Cost: two queries.
    """
    before = _counted_in(ReportVersion.objects.filter(slot=slot))
    notices = ChangeNotice.objects.filter(parent_slot=slot).exclude(state=NoticeState.UNDONE)
    rows = notices.select_related("new_version")
    rows = rows.order_by("new_version__slot", "new_version__n")
    counted = {}
    for child, of_child in groupby(rows, key=lambda notice: notice.new_version.slot_id):
        old = before.get(child)
        newer = [notice for notice in of_child if old is None or notice.new_version.n > old.n]
        if not newer or _is_let_in(newer[-1], kind):
            continue
        versions = [notice.new_version for notice in newer if _is_let_in(notice, kind)]
        kept = versions[-1] if versions else old
        why = _why(newer[-1]) if kept is None else ""
        counted[child] = CountedChild(kept or newer[-1].new_version, why)
    return counted


def describe_uncounted(
    slot: ExpectedReport, counted: Iterable[tuple[ExpectedReport, ReportVersion]]
) -> list[str]:
    """Return a sentence for each report below that the accepted report of `slot` does not count."""
    before = _counted_in(ReportVersion.objects.filter(slot=slot, state__in=COUNTS))
    return [
        _("%(unit)s submitted version %(n)s.") % {"unit": child.node.name_at_freeze, "n": version.n}
        for child, version in counted
        if before.get(child.pk) != version
    ]


def _counted_in(versions: QuerySet[ReportVersion]) -> Mapping[int, ReportVersion]:
    """Return by child's slot the version that the newest of `versions` counts."""
    newest = versions.order_by("-n").values("pk")[:1]
    rows = ReportInput.objects.filter(
        parent_version=newest, used__in=[InputUsed.YES, InputUsed.LATE], child_version__isnull=False
    )
    children = (
        (row.child_slot_id, row.child_version) for row in rows.select_related("child_version")
    )
    return {slot: version for slot, version in children if version is not None}


def _is_let_in(notice: ChangeNotice, kind: str) -> bool:
    if notice.state == NoticeState.CARRIED:
        return kind == VersionKind.SUPPLEMENT
    return notice.state == NoticeState.ABSORBED


def _why(notice: ChangeNotice) -> str:
    if notice.state == NoticeState.DISMISSED:
        return _("not included: %(why)s") % {"why": notice.reason}
    if notice.state == NoticeState.CARRIED:
        return _("left to the next supplement")
    return _("received after the total was created; not decided yet")


def _number(value: Value | None) -> int | None:
    if isinstance(value, GradedCount):
        return value.number
    return 0 if value is AbsenceReason.NIL else None


# Changes from below that no report includes, listed before a campaign is closed.


@dataclass(frozen=True)
class Leftover:
    """Something of a unit that no report has taken in, and where it is decided."""

    unit: str
    what: str
    url: str


def unsent_supplements(campaign: Campaign) -> list[Leftover]:
    """Return the units whose next supplement was never created. Cost: one query."""
    rows = ChangeNotice.objects.filter(
        parent_slot__phase__campaign=campaign,
        state__in=(NoticeState.OPEN, NoticeState.CARRIED),
        resolved_by__isnull=True,
    )
    by_slot = rows.values_list(
        "parent_slot", "parent_slot__phase__no", "parent_slot__node__name_at_freeze"
    ).annotate(changes=Count("pk"))
    leftovers = []
    ordered = by_slot.order_by("parent_slot__phase__no", "parent_slot__node__path")
    for slot, phase, name, changes in ordered:
        sentence = ngettext(
            "phase %(phase)s: %(count)s change from below in no report",
            "phase %(phase)s: %(count)s changes from below in no report",
            changes,
        )
        url = reverse("reports:slot", args=[slot])
        leftovers.append(Leftover(name, sentence % {"phase": phase, "count": changes}, url))
    return leftovers
