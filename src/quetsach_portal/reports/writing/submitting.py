"""Submit a report or a nil report, and create its version; or withdraw a report."""

from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api.reports import (
    AbsenceReason,
    OwnValue,
    ReportFormDefinition,
)
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
    ChangeNotice,
    InputUsed,
    NoticeState,
    ReportDraft,
    ReportReturn,
    ReportVersion,
    VersionKind,
    VersionState,
)
from quetsach_portal.reports.phase_forms.changing import campaign_form_of, form_of
from quetsach_portal.reports.queries import figures_of
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
    statement_of,
)
from quetsach_portal.reports.writing.version_rows import NewVersion, make_version, step
from quetsach_portal.web.acts import Refused

NO_ANSWER = LookAnswer()


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
