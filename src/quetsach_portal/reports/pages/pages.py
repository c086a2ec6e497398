"""The content of the pages of a report: questions, check, total, and what the user may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from quetsach.api.reports import (
    ReportField,
    ReportFieldKind,
    ReportFormDefinition,
    TableCount,
    format_number,
    kind_of,
)
from quetsach_portal.campaigns.models.campaign import Campaign, ExpectedReport, ExpectedReportState
from quetsach_portal.campaigns.scope import node_scope
from quetsach_portal.followup.access import READS_REPORTS
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.reports import access, deciding, queries
from quetsach_portal.reports.forms import ChangeNoticeForm, ReportReviewForm, TotalForm
from quetsach_portal.reports.models.report import (
    COUNTS,
    CampaignForm,
    ChangeNotice,
    FigureAlarm,
    ReportDraft,
    ReportVersion,
    VersionState,
)
from quetsach_portal.reports.pages.figures import FieldView, ReportSection, in_language, parts_of
from quetsach_portal.reports.pages.since_last_phase import describe_changes, since_last
from quetsach_portal.reports.phase_forms.changing import campaign_form_of, form_of
from quetsach_portal.reports.queries import figures_of, parent_slot
from quetsach_portal.reports.records import answers
from quetsach_portal.reports.status import before_of, reader
from quetsach_portal.reports.totals.recount import check_version
from quetsach_portal.reports.writing import locking
from quetsach_portal.reports.writing.answers import is_prefilled
from quetsach_portal.reports.writing.checking import (
    CheckedDraft,
    checked,
    is_as_returned,
    last_figures,
)
from quetsach_portal.reports.writing.step_form import AnswersForm, groups_of
from quetsach_portal.web.folding import folded
from quetsach_portal.web.paging import MEDIA_TYPES, page_of

TONES: dict[str, str] = {
    ExpectedReportState.OPEN.value: "calm",
    ExpectedReportState.DRAFT.value: "calm",
    ExpectedReportState.SUBMITTED.value: "info",
    ExpectedReportState.RETURNED.value: "bad",
    ExpectedReportState.ACCEPTED.value: "info",
    ExpectedReportState.SIGNED.value: "good",
    ExpectedReportState.FORWARDED.value: "good",
    VersionState.WITHDRAWN.value: "calm",
    VersionState.SUPERSEDED.value: "calm",
}
"""The colours of states; slots and versions share those that they have in common."""


def form_in(slot: ExpectedReport) -> ReportFormDefinition:
    """Return the form of the slot's reports."""
    return form_of(campaign_form_of(slot.phase))


def number_entries(form: ReportFormDefinition) -> list[ReportField | TableCount]:
    """Return what the page of numbers asks for."""
    return [row for row in form.entries() if kind_of(row) is ReportFieldKind.COUNT]


def text_entries(form: ReportFormDefinition) -> list[ReportField | TableCount]:
    """Return what the page of texts asks for; the unit's name is known."""
    return [
        field
        for field in form.entries()
        if kind_of(field) is not ReportFieldKind.COUNT and not is_prefilled(field)
    ]


def step_page(
    scope: Scope,
    slot: ExpectedReport,
    draft: ReportDraft,
    page: AnswersForm,
    campaign_form: CampaignForm,
) -> dict[str, Any]:
    """Return what a page of questions shows: each box with its records and the phase before.

    Cost: some forty queries, whatever the number of units below.
    """
    form = form_of(campaign_form)
    draft_check = checked(slot, draft, campaign_form)
    returned = queries.open_returns(slot)
    groups = groups_of(
        form,
        page,
        records=answers.visible_answers(scope, slot, answers.fill(slot, form)),
        last=draft_check.last,
        findings=[remark for remark in draft_check.findings if remark.code != "required"],
        returned=returned,
        before=before_of(slot),
    )
    return {
        "groups": groups,
        "has_children": draft_check.has_children,
        "whole": [remark for remark in returned if not remark.key],
    }


@dataclass(frozen=True)
class CheckPage:
    """All answers as they will print, and what prevents the submission."""

    draft_check: CheckedDraft
    parts: list[ReportSection]
    token: str
    to: str
    waiting: list[ChangeNotice]
    is_as_returned: bool


def check_page(slot: ExpectedReport, draft: ReportDraft) -> CheckPage:
    """Return the page of check answers for the draft as it is now."""
    draft_check = checked(slot, draft)
    parts = parts_of(
        draft_check.form,
        draft_check.total.figures,
        last=draft_check.last,
        findings=draft_check.findings,
        remarks=queries.open_returns(slot),
    )
    to = reader(parent_slot(slot))
    looked_at = locking.make(slot, draft.revision, below=draft_check.total.below)
    same = is_as_returned(queries.newest(slot), draft_check)
    return CheckPage(draft_check, parts, looked_at, to, queries.open_notices(slot), same)


def version_parts(version: ReportVersion) -> list[ReportSection]:
    """Return the lines of a version, with the phase before and the remarks it was returned with."""
    remarks = list(version.returns.select_related("by").order_by("pk"))
    form = form_of(version.form)
    last = last_figures(version.slot)
    return parts_of(form, figures_of(version), last=last, remarks=remarks)


@dataclass(frozen=True)
class VersionDifference:
    """A field that differs between two versions."""

    label: str
    before: str
    after: str


def changes(old: ReportVersion, new: ReportVersion) -> list[VersionDifference]:
    """Return the fields that differ, in the form's order."""
    before, after = (
        {line.key: line for part in version_parts(version) for line in part.lines}
        for version in (old, new)
    )
    return [
        VersionDifference(line.label, line_text(before.get(key)), line_text(line))
        for key, line in after.items()
        if line_text(before.get(key)) != line_text(line)
    ]


def line_text(line: FieldView | None) -> str:
    """Return the whole content of a line, for comparison."""
    if line is None:
        return ""
    rows = ("; ".join(row) for row in line.rows)
    return "\n".join(filter(None, (line.text, line.remark, *rows)))


def alarms_of(version: ReportVersion) -> list[FigureAlarm]:
    """Return what does not add up in a version that goes out; it is added up on each display."""
    return check_version(version) if version.state in COUNTS else []


def may(scope: Scope, slot: ExpectedReport, version: ReportVersion | None) -> dict[str, bool]:
    """Return what the person may do now, for the buttons; the acts ask again."""
    seats = node_scope(scope, slot.node.campaign)
    state = "" if version is None else version.state
    writes = seats.has_role_in(slot.node, *access.WRITES)
    is_author = version is not None and version.author_id == scope.user_id
    return {
        "write": writes,
        "adds_up": seats.has_role_in(slot.node, *access.ADDS_UP),
        "review": state == VersionState.SUBMITTED and access.decides(seats, slot) and not is_author,
        "recall": state == VersionState.ACCEPTED and access.decides(seats, slot),
        "decide": access.decides(seats, slot),
        "withdraw": writes and state == VersionState.SUBMITTED,
        "correct": writes and state in COUNTS,
        "sign": state == VersionState.ACCEPTED and seats.has_role_in(slot.node, *access.SIGNS),
        "forward": state == VersionState.SIGNED
        and slot.node.parent_id is not None
        and seats.has_role_in(slot.node, *access.FORWARDS),
        "decides_below": seats.has_role_in(slot.node, *access.DECIDES),
        "allow_one": seats.has_role_in_parent(slot.node, *access.ADDS_UP),
        "read_below": access.reads_below(seats, slot.node),
    }


def review_parts(version: ReportVersion, form: ReportReviewForm) -> list[Any]:
    """Return the lines of a version, each with the box for its remark."""
    return [
        (part, [(line, form[f"r-{line.key}"]) for line in part.lines])
        for part in version_parts(version)
    ]


MENDING = timedelta(days=3)
"""The time proposed for the correction of a report in time that is returned late."""


def time_to_mend(version: ReportVersion) -> dict[str, Any]:
    """Return a proposed deadline if the correction of a report in time would be late."""
    slot, soon = version.slot, timezone.now() + MENDING
    if not slot.is_on_time or slot.due_at >= soon or parent_slot(slot) is None:
        return {}
    return {"day": timezone.localtime(soon).date() + timedelta(days=1)}


def total_page(
    slot: ExpectedReport,
    draft: ReportDraft,
    form: TotalForm,
    request: HttpRequest,
    campaign_form: CampaignForm,
) -> dict[str, Any]:
    """Return what the page of the total shows: each sum with its boxes, and the reports in it.

    The sums are those of all reports; of these a page is listed, or those whose name is asked for.
    """
    draft_check = checked(slot, draft, campaign_form)
    parts = parts_of(draft_check.form, draft_check.total.figures, last=draft_check.last)
    lines = {line.key: line for part in parts for line in part.lines}
    name_part, below = request.GET.get("name", "")[:100], draft_check.total.below
    named = [child for child in below if folded(name_part) in folded(child.name)]
    return {
        "sums": [(lines[key], amount, why) for key, amount, why in form.boxes()],
        "page": page_of(named, request),
        "asked": name_part,
        "units": len(below),
        "left_out": set(map(int, draft.left_out)),
        "missing": draft_check.total.missing,
        "notices": queries.open_notices(slot),
        "dismissed": queries.dismissed_notices(slot),
    } | compare_with_last_phase(slot)


def compare_with_last_phase(slot: ExpectedReport) -> dict[str, Any]:
    """Return the comparison with the phase before, and the kinds of files for download."""
    since = since_last(slot)
    return {"since": since, "since_told": describe_changes(since), "file_kinds": list(MEDIA_TYPES)}


Delta = Mapping[str, Sequence[int | None]]

COUNT_AT_ONCE = ("organisations_informed", "organisations_deployed")
"""Lines 1 and 2 of the Appendix of 2022, in all forms: no change there waits, however small."""


def suggested(delta: Delta, carry_percent: Decimal) -> str:
    """Return the proposed decision on a change: small changes wait, others are included at once.

    Shapes: `delta` as `ChangeNotice` has it; small is up to `carry_percent` of each figure.
    """
    for key, (before, after) in delta.items():
        if key in COUNT_AT_ONCE and before != after:
            return "absorb"
        if before is None or after is None:
            return "absorb"
        if 100 * abs(after - before) > carry_percent * max(before, 1):
            return "absorb"
    return "carry"


def delta_lines(notice: ChangeNotice) -> list[VersionDifference]:
    """Return the totals that changed, in words."""
    form = form_of(notice.new_version.form)
    return [
        VersionDifference(
            in_language(entry.label),
            *("–" if number is None else format_number(number) for number in pair),
        )
        for key, pair in notice.delta.items()
        if (entry := form.entry(key)) is not None
    ]


def decided(notice: ChangeNotice, form: ChangeNoticeForm, actor: User) -> None:
    """Decide on a change by the form. Errors: Refused."""
    answer = form.cleaned_data["answer"]
    if answer == "absorb":
        deciding.absorb(notice, actor=actor)
    elif answer == "carry":
        deciding.carry(notice, actor=actor)
    else:
        deciding.dismiss(notice, form.cleaned_data["reason"], actor=actor)


def own_slots(scope: Scope, campaign: Campaign) -> list[ExpectedReport]:
    """Return the expected reports of the units in which the person sits, newest phase first."""
    seats = node_scope(scope, campaign).seats
    nodes = {seat.node_id for seat in seats if seat.role in READS_REPORTS}
    return list(queries.own_slots(nodes))
