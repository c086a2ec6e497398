"""Submit a report or a nil report, and create its version; or withdraw a report."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api.reports import (
    AbsenceReason,
    ChildUse,
    GradedCount,
    Input,
    LookedStatement,
    OwnValue,
    ReportFormDefinition,
    ReportVersionText,
    SummedFigure,
    format_value,
    version_json,
)
from quetsach.api.reports import FormVersionKind as EngineKind
from quetsach_portal.campaigns.expected_reports import (
    count_resubmission,
    report_in,
    stand,
    take_back,
)
from quetsach_portal.campaigns.models.campaign import ExpectedReport, ExpectedReportState
from quetsach_portal.campaigns.news import tell_office_of_report
from quetsach_portal.followup.models import PaperReport
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.news import NewsKind
from quetsach_portal.reports.models.report import (
    COUNTS,
    FIRST,
    CampaignForm,
    ChangeNotice,
    InputUsed,
    NoticeState,
    ReportDraft,
    ReportEvent,
    ReportFigure,
    ReportInput,
    ReportReturn,
    ReportVersion,
    VersionKind,
    VersionState,
)
from quetsach_portal.reports.phase_forms.changing import campaign_form_of, form_of
from quetsach_portal.reports.queries import figures_of, node_key
from quetsach_portal.reports.totals.adding import ReportAggregate
from quetsach_portal.reports.writing import answers
from quetsach_portal.reports.writing.checking import CheckedDraft, checked, is_as_returned, why_not
from quetsach_portal.reports.writing.draft import lock_revision
from quetsach_portal.reports.writing.locking import (
    audit,
    locked,
    locked_with_parent,
    read_token,
    refuse_before_opening,
    refuse_when_locked,
)
from quetsach_portal.reports.writing.looked import (
    LookAnswer,
    checked_answer,
    keep,
    statement_of,
)
from quetsach_portal.web.acts import Refused

NO_ANSWER = LookAnswer()


@dataclass(frozen=True)
class NewVersion:
    """What a version is, besides its figures; `after` is the newest version before it."""

    kind: VersionKind
    key: str
    after: ReportVersion | None
    reason_code: str = ""
    reason: str = ""
    looked: LookedStatement | None = None


def submit(
    slot: ExpectedReport,
    *,
    checked_with: str,
    actor: User,
    same_is_meant: bool = False,
    gap: LookAnswer = NO_ANSWER,
) -> ReportVersion:
    """Return the version that the draft becomes; submitted twice, the same version.

    Shapes: `checked_with` is what the page of check answers carried; `same_is_meant` that a
    returned report is submitted unchanged; `gap` says why not all was looked at.
    Errors: Refused without that page, without `gap` where something was not looked at, when the
    draft or a report below was changed since, when figures are wrong or odd without a reason, after
    the phase was locked; StaleError as `save`.
    """
    page = read_token(checked_with, slot)
    with transaction.atomic():
        slot = locked(slot, after_the_end=True)
        versions = _versions(slot)
        if (repeated := _with_key(versions, page.key)) is not None:
            return repeated
        draft = lock_revision(slot, page.revision)
        if draft.kind in FIRST:
            refuse_before_opening(slot)
            refuse_when_locked(slot)
        draft_check = checked(slot, draft)
        if page.is_other_below(draft_check.total.below):
            raise Refused(
                _(
                    "Reports from below have changed since you opened the page. Review the total "
                    "again."
                )
            )
        if not draft_check.is_ready:
            raise Refused(why_not(draft_check))
        newest = versions[-1] if versions else None
        if is_as_returned(newest, draft_check) and not same_is_meant:
            raise Refused(_("Nothing has changed since this report was returned."))
        making = NewVersion(
            VersionKind(draft.kind),
            page.key,
            newest,
            draft.reason_code,
            draft_check.reason,
            statement_of(slot, draft_check.total.below, checked_answer(slot, gap)),
        )
        return _hand_in(slot, draft, draft_check, making, actor)


def submit_nil(
    slot: ExpectedReport, *, checked_with: str, actor: User, gap: LookAnswer = NO_ANSWER
) -> ReportVersion:
    """Return a nil report: a version which states that nothing happened.

    `gap` says why not all was looked at.
    Errors: Refused where units below have reported something, or as `submit`.
    """
    page = read_token(checked_with, slot, "nil")
    with transaction.atomic():
        slot = locked(slot)
        versions = _versions(slot)
        if (repeated := _with_key(versions, page.key)) is not None:
            return repeated
        states = {version.state for version in versions}
        if states.intersection(COUNTS):
            raise Refused(_("A report is already accepted; file a correction."))
        refuse_before_opening(slot)
        refuse_when_locked(slot)
        draft = ReportDraft.objects.select_for_update().filter(slot=slot).first()
        if VersionState.SUBMITTED in states:
            raise Refused(_("A report is already submitted; withdraw it first."))
        campaign_form = campaign_form_of(slot.phase)
        nil = ReportDraft(slot=slot, own=answers.to_json(_nothing(form_of(campaign_form))))
        nil_check = checked(slot, nil, campaign_form)
        if any(figure.children is not None for figure in nil_check.total.figures.values()):
            raise Refused(_("Units below have reported something; add it up instead."))
        looked = statement_of(slot, nil_check.total.below, checked_answer(slot, gap))
        newest = versions[-1] if versions else None
        making = NewVersion(VersionKind.NIL, page.key, newest, looked=looked)
        return _hand_in(slot, draft, nil_check, making, actor)


def _versions(slot: ExpectedReport) -> list[ReportVersion]:
    """Return all versions of the locked `slot`, oldest first: they change only under its lock."""
    return list(ReportVersion.objects.filter(slot=slot).order_by("n"))


def _with_key(versions: Sequence[ReportVersion], key: str) -> ReportVersion | None:
    return next((version for version in versions if version.key == key), None)


def withdraw(version: ReportVersion, why: str, *, actor: User) -> None:
    """Withdraw a report before it is accepted; its answers become a draft again.

    Errors: Refused once it was accepted, or without a reason.
    """
    if not why.strip():
        raise Refused(_("Say why."), field="why")
    with transaction.atomic():
        version, _above = locked_with_parent(version)
        if version.state != VersionState.SUBMITTED:
            raise Refused(
                _("Its state is now “%(state)s”, so it can no longer be withdrawn.")
                % {"state": version.get_state_display().lower()}
            )
        audit("report.withdrawn", version, version.slot.node, actor, n=version.n)
        step(version, VersionState.WITHDRAWN, actor, why.strip())
        reopen_draft(version, actor)
        counts = ReportVersion.objects.filter(slot=version.slot, state__in=COUNTS).first()
        if counts is not None:
            stand(version.slot, ExpectedReportState(counts.state))
        elif PaperReport.objects.filter(slot=version.slot, undone_at__isnull=True).exists():
            stand(version.slot, ExpectedReportState.SUBMITTED)
        else:
            take_back(version.slot)
            stand(version.slot, ExpectedReportState.DRAFT)


def reopen_draft(version: ReportVersion, actor: User | None) -> ReportDraft:
    """Return a draft with the own answers of `version`, which replaces its former draft."""
    figures = figures_of(version)
    own = {key: one.own for key, one in figures.items() if one.own is not None}
    adjusted = {
        key: {"amount": one.adjustment.amount, "reason": one.adjustment.reason}
        for key, one in figures.items()
        if one.adjustment is not None
    }
    kind = VersionKind.ORIGINAL if version.kind == VersionKind.NIL else version.kind
    if version.kind == VersionKind.NIL:
        own = {key: answer for key, answer in own.items() if answer.value is not AbsenceReason.NIL}
    draft, _is_new = ReportDraft.objects.update_or_create(
        slot=version.slot,
        defaults={
            "kind": kind,
            "reason_code": version.reason_code,
            "reason": version.reason,
            "own": answers.to_json(own),
            "typed": {},
            "adjustments": adjusted,
            "left_out": _left_out(version),
            # Higher than the revision of any earlier draft, so that open pages of it are stale.
            "revision": version.n * 1000 + 1,
            "saved_by": actor,
            "saved_at": timezone.now(),
        },
    )
    return draft


def _left_out(version: ReportVersion) -> dict[str, str]:
    """Return what the unit itself left out.

    Reports that other units count, and changes that are not included, are looked up each time.
    """
    rows = version.inputs.filter(used=InputUsed.EXCLUDED, child_version__isnull=False)
    rows = rows.filter(child_slot__node__from_event=None)
    notices = ChangeNotice.objects.filter(parent_slot=version.slot)
    undecided = notices.exclude(state=NoticeState.ABSORBED)
    rows = rows.exclude(child_version__in=undecided.values("new_version"))
    return {str(slot): reason for slot, reason in rows.values_list("child_slot", "reason")}


def _hand_in(
    slot: ExpectedReport,
    draft: ReportDraft | None,
    draft_check: CheckedDraft,
    making: NewVersion,
    actor: User,
) -> ReportVersion:
    version = make_version(slot, draft_check.row, draft_check.total, making, actor=actor)
    ReportReturn.objects.filter(version__slot=slot, resolved_by__isnull=True).update(
        resolved_by=version
    )
    _resolve_notices(slot, version)
    if draft is not None and draft.pk is not None:
        draft.delete()
    facts = {"n": version.n, "kind": version.kind, "sha256": version.sha256}
    audit("report.submitted", version, slot.node, actor, **facts)
    page = reverse("reports:version", args=[version.pk])
    tell_office_of_report(NewsKind.REPORTED, slot, page=page, by=actor)
    is_nil = version.kind == VersionKind.NIL
    if not report_in(slot, version.created_at, is_nil=is_nil):
        count_resubmission(slot, is_nil=is_nil)
    return version


def _resolve_notices(slot: ExpectedReport, version: ReportVersion) -> None:
    """Note which changes from below this version takes in, as was decided."""
    used = version.inputs.filter(used__in=[InputUsed.YES, InputUsed.LATE])
    waiting = ChangeNotice.objects.filter(parent_slot=slot, resolved_by__isnull=True)
    waiting.filter(new_version__in=used.values("child_version")).update(resolved_by=version)


def _nothing(form: ReportFormDefinition) -> dict[str, OwnValue]:
    return {entry.id: OwnValue(AbsenceReason.NIL) for entry in form.entries()}


# The version that a draft becomes: its payload, figures and inputs never change.


def make_version(
    slot: ExpectedReport,
    campaign_form: CampaignForm,
    total: ReportAggregate,
    making: NewVersion,
    *,
    actor: User,
) -> ReportVersion:
    """Return the next version of `slot`; the caller holds the transaction and the slot's lock."""
    version = version_row(slot, campaign_form, total, making, actor=actor)
    version.save(force_insert=True)
    ReportFigure.objects.bulk_create(figure_rows(version, total))
    ReportInput.objects.bulk_create(input_rows(version, total), batch_size=500)
    if making.looked is not None:
        keep(version, making.looked)
    step(version, VersionState.SUBMITTED, actor)
    return version


def version_row(
    slot: ExpectedReport,
    campaign_form: CampaignForm,
    total: ReportAggregate,
    making: NewVersion,
    *,
    actor: User,
) -> ReportVersion:
    """Return the version that `making` describes, not written yet."""
    now, campaign = timezone.now(), slot.node.campaign
    number = 1 if making.after is None else making.after.n + 1
    previous = None if making.after is None else making.after.sha256
    text = ReportVersionText(
        form=campaign_form.code,
        form_version=campaign_form.version,
        form_digest=campaign_form.digest,
        campaign=f"{campaign.pk} {campaign.title}",
        phase=slot.phase.no,
        node=node_key(slot.node_id),
        unit=slot.node.name_at_freeze,
        number=number,
        kind=EngineKind(making.kind),
        previous=previous,
        tree_revision=campaign.tree_rev,
        created_at=now,
        figures=total.figures,
        children=_inputs(total),
        missing=total.missing,
        looked=making.looked,
    )
    payload = version_json(text)
    return ReportVersion(
        slot=slot,
        n=number,
        kind=making.kind,
        reason_code=making.reason_code,
        reason=making.reason,
        form=campaign_form,
        tree_rev=campaign.tree_rev,
        payload=payload.decode(),
        sha256=hashlib.sha256(payload).hexdigest(),
        prev_sha256=previous or "",
        is_late=now >= slot.due_at,
        key=making.key,
        author=actor,
        created_at=now,
    )


def _inputs(total: ReportAggregate) -> tuple[Input, ...]:
    return tuple(
        Input(
            node_key(child.slot.node_id),
            child.name,
            child.version.n,
            child.version.sha256,
            ChildUse(child.used.value),
            child.reason[:500],
        )
        for child in total.below
        if child.version is not None
    )


def step(
    version: ReportVersion, state: VersionState, by: User | None, note: str = ""
) -> ReportEvent:
    """Move `version` to `state` and keep who did, when and why."""
    version.state = state
    version.save(update_fields=["state"])
    return ReportEvent.objects.create(version=version, state=state, by=by, note=note[:1000])


def figure_rows(version: ReportVersion, total: ReportAggregate) -> Iterator[ReportFigure]:
    """Return the rows of the figures, in the form's order."""
    return (_row(version, key, figure) for key, figure in total.figures.items())


def input_rows(version: ReportVersion, total: ReportAggregate) -> Iterator[ReportInput]:
    """Return the rows of what the version was added up of."""
    return (
        ReportInput(
            parent_version=version,
            child_slot=child.slot,
            child_version=child.version,
            used=child.used,
            reason=child.reason[:500],
        )
        for child in total.below
    )


def _row(version: ReportVersion, key: str, figure: SummedFigure) -> ReportFigure:
    own = None if figure.own is None else figure.own.value
    total = figure.total
    is_count = isinstance(total, GradedCount)
    absent = total.value if isinstance(total, AbsenceReason) else ""
    grade = getattr(total, "grade", None)
    return ReportFigure(
        version=version,
        key=key,
        own=own.number if isinstance(own, GradedCount) else None,
        children=figure.children,
        adjust=0 if figure.adjustment is None else figure.adjustment.amount,
        overlap=figure.overlap,
        total=total.number if isinstance(total, GradedCount) else None,
        absent=absent,
        grade="" if grade is None else grade.value,
        sketch=figure.sketch,
        words="" if is_count or absent else format_value(total),
    )
