"""Figures that changed after a report was signed or sent, as the list of the campaign changed.

Nothing signed is altered: the change stands beside the report, and on the paper of the next one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from quetsach.api.reports import GradedCount, format_number
from quetsach_portal.campaigns.models.campaign import CampaignNode, ExpectedReport
from quetsach_portal.campaigns.news import tell_unit_of_report
from quetsach_portal.cases.access import WORKERS
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.news import NewsKind
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.notices import enqueue_notice
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.reports.models.report import (
    STANDS,
    InputUsed,
    ReportInput,
    ReportVersion,
    SignedChange,
    VersionState,
)
from quetsach_portal.reports.pages.figures import in_language
from quetsach_portal.reports.phase_forms.changing import form_of
from quetsach_portal.reports.queries import figures_of

MOST_LEVELS = 12
EVIDENCE = 0
"""Stands for the version of the list where evidence was taken back."""

READS_ROWS = (*WORKERS, Role.LEAD_OWNER, Role.LEAD_ANALYST)


@dataclass(frozen=True)
class ChangedFigure:
    """A figure: what the report has, and what the records had before and have now, in words."""

    label: str
    reported: str
    before: str
    after: str


@dataclass(frozen=True)
class ShownChange:
    """A change as a person sees it; `rows` are empty for those who may not see the list's rows.

    With `waits` the person signed or sent the report, and has not seen all that changed.
    """

    change: SignedChange
    figures: Sequence[ChangedFigure]
    rows: Sequence[str]
    waits: bool

    @property
    def was_signed(self) -> bool:
        """Whether the report was signed already when it changed, not only sent."""
        return was_signed(self.change)


def run(work: RunningJob) -> None:
    """Write beside reports what a change of the list did to the records of a node; a job."""
    facts = work.payload
    node = CampaignNode.objects.select_related("campaign").get(pk=facts["node"])
    moved = {
        name: [before, facts["after"][name]]
        for name, before in facts["before"].items()
        if before != facts["after"][name]
    }
    with work.finishing():
        for version in _standing_of(ExpectedReport.objects.filter(node=node)):
            delta = _delta(version, moved)
            if delta:
                for reached in _upwards(version):
                    note(reached, node, delta, facts, source=f"{node.pk}:{work.job_id}")


def _standing_of(slots: "QuerySet[ExpectedReport]") -> list[ReportVersion]:
    """Return the newest version of each slot that stands."""
    rows = ReportVersion.objects.filter(slot__in=slots, state__in=STANDS).order_by("slot", "n")
    return list({version.slot_id: version for version in rows.select_related("form")}.values())


def _delta(version: ReportVersion, moved: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    """Return what moved by the fields of a report that have a number by the unit's own records."""
    figures = figures_of(version)
    delta = {}
    for field in form_of(version.form).entries():
        figure = figures.get(field.id)
        own = None if figure is None or figure.own is None else figure.own.value
        if field.derived and field.derived in moved and isinstance(own, GradedCount):
            delta[field.id] = list(moved[field.derived])
    return delta


def _upwards(version: ReportVersion) -> Iterable[ReportVersion]:
    """Yield a version, and those above that counted it and stand."""
    reached = [version]
    for _level in range(MOST_LEVELS):
        if not reached:
            return
        yield from reached
        inputs = ReportInput.objects.filter(
            child_version__in=reached,
            used__in=(InputUsed.YES, InputUsed.LATE),
            parent_version__state__in=STANDS,
        )
        reached = list(ReportVersion.objects.filter(pk__in=inputs.values("parent_version")))


def note(
    version: ReportVersion,
    node: CampaignNode,
    delta: Mapping[str, Sequence[int]],
    facts: Mapping[str, Any],
    *,
    source: str,
) -> None:
    """Write a change beside a version once, and tell who signed and who sent it."""
    change, is_new = SignedChange.objects.get_or_create(
        version=version,
        source=source[:200],
        defaults={
            "node": node,
            "list_n": facts["n"],
            "rows": facts["rows"],
            "rows_count": facts["count"],
            "delta": delta,
        },
    )
    if is_new:
        tell_unit_of_report(NewsKind.LIST, version.slot, by=None)
        _tell(change)


def people_of(version: ReportVersion) -> list[User]:
    """Return who signed a report, who wrote it and who sent it up."""
    sent = version.events.filter(state=VersionState.FORWARDED).values_list("by", flat=True)
    some = (version.signed_by_id, version.author_id, *sent)
    ids = {person for person in some if person is not None}
    return list(User.objects.filter(pk__in=ids, is_active=True).order_by("pk"))


def _tell(change: SignedChange) -> None:
    """Mail that figures changed; no figure, machine or row of the list stands in it."""
    slot = change.version.slot
    address = settings.QUETSACH.public_url + reverse("reports:version", args=[change.version_id])
    for person in people_of(change.version):
        with translation.override(person.language):
            facts = {"unit": slot.node.name_at_freeze, "no": slot.phase.no}
            body = _telling(change)
            subject = _("Figures of a report changed after it was signed")
        enqueue_notice(
            person.email, subject, f"{body % facts}\n\n{address}", language=person.language
        )


def _telling(change: SignedChange) -> str:
    if change.list_n == EVIDENCE:
        return _(
            "Evidence of a unit was withdrawn, and figures of the report of %(unit)s, phase "
            "%(no)s, have changed since it was signed or sent. The report itself was not changed. "
            "See what changed, and decide whether to file a correction:"
        )
    return _(
        "The list of the campaign was corrected, and figures of the report of %(unit)s, phase "
        "%(no)s, have changed since it was signed or sent. The report itself was not changed. See "
        "what changed, and decide whether to file a correction:"
    )


def changes_of(scope: Scope, version: ReportVersion | None) -> list[ShownChange]:
    """Return what changed after a version was signed or sent, in order. Cost: three queries."""
    if version is None:
        return []
    changes = list(
        SignedChange.objects.filter(version=version).select_related("node__unit").order_by("pk")
    )
    if not changes:
        return []
    seen_ids = set(
        SignedChange.seen_by.through.objects.filter(
            signedchange__in=changes, user_id=scope.user_id
        ).values_list("signedchange_id", flat=True)
    )
    units = scope.own_units(*READS_ROWS)
    lead = version.slot.node.campaign.lead_unit_id
    is_told = scope.user_id in {person.pk for person in people_of(version)}
    waits = is_told and any(change.pk not in seen_ids for change in changes)
    return [
        ShownChange(
            change,
            figures_in(change),
            change.rows if {change.node.unit_id, lead} & set(units) else (),
            waits,
        )
        for change in changes
    ]


def was_signed(change: SignedChange) -> bool:
    """Return whether a report was signed before its figures changed."""
    signed_at = change.version.signed_at
    return signed_at is not None and signed_at <= change.at


def figures_in(change: SignedChange) -> list[ChangedFigure]:
    """Return the figures of a change, in the form's order."""
    form, figures = form_of(change.version.form), figures_of(change.version)
    shown = []
    for field in form.entries():
        if field.id in change.delta:
            before, after = change.delta[field.id]
            figure = figures.get(field.id)
            total = None if figure is None else figure.total
            reported = format_number(total.number) if isinstance(total, GradedCount) else "–"
            label = in_language(field.label)
            shown.append(
                ChangedFigure(label, reported, format_number(before), format_number(after))
            )
    return shown


def changed_slots(slots: Collection[ExpectedReport]) -> set[int]:
    """Return those of `slots` whose standing report has figures that changed. Cost: two queries."""
    ids = [slot.pk for slot in slots]
    standing = {
        version.pk: version.slot_id
        for version in ReportVersion.objects.filter(slot__in=ids, state__in=STANDS)
        .order_by("slot", "n")
        .only("pk", "slot_id")
    }
    newest = {slot: version for version, slot in standing.items()}
    rows = SignedChange.objects.filter(version__in=newest.values())
    return {standing[pk] for pk in rows.values_list("version_id", flat=True)}


def waiting_for(scope: Scope) -> QuerySet[SignedChange]:
    """Return the changes that the person of `scope` signed or sent, and has not looked at."""
    mine = Q(version__signed_by=scope.user_id) | Q(version__author=scope.user_id)
    mine |= Q(version__events__state=VersionState.FORWARDED, version__events__by=scope.user_id)
    rows = SignedChange.objects.filter(mine, version__state__in=STANDS)
    rows = rows.exclude(seen_by=scope.user_id).distinct().order_by("pk")
    return rows.select_related("version__slot__node", "version__slot__phase")


def mark_seen(version: ReportVersion, *, actor: User) -> None:
    """Note that a person has looked at all that changed in a report."""
    for change in SignedChange.objects.filter(version=version):
        change.seen_by.add(actor)


def _cause(change: SignedChange) -> str:
    if change.list_n == EVIDENCE:
        return "chứng cứ được rút lại"
    return f"danh sách phiên bản {change.list_n}"


def words_on_paper(version: ReportVersion) -> tuple[str, ...]:
    """Return what the paper of a version says of the one before it, in Vietnamese.

    Only what was known when the version was made: all its editions are equal.
    """
    changes = SignedChange.objects.filter(
        version__slot=version.slot_id, version__n__lt=version.n, at__lt=version.created_at
    )
    rows = changes.select_related("version__form", "node").order_by("version__n", "pk")
    lines = []
    with translation.override("vi"):
        for change in rows:
            signed = "ký" if was_signed(change) else "gửi"
            figures = "; ".join(
                f"{figure.label}: {figure.before} → {figure.after}" for figure in figures_in(change)
            )
            day = timezone.localtime(change.at)
            lines.append(
                f"Số liệu đã thay đổi sau khi {signed} báo cáo (phiên bản {change.version.n}), do "
                f"{_cause(change)} ngày {day:%d/%m/%Y} "
                f"({change.node.name_at_freeze}): {figures}."
            )
    return tuple(lines)
