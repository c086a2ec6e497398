"""Accept, return, sign and forward a report, correct it, and decide on changes from below."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.expected_reports import give_back, stand
from quetsach_portal.campaigns.expected_reports import sign as mark_signed
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
)
from quetsach_portal.campaigns.news import tell_unit_of_report
from quetsach_portal.followup.actions.extending import give_with_return
from quetsach_portal.followup.models import PaperReport
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.news import NewsKind
from quetsach_portal.people.models.roles import Assignment
from quetsach_portal.reports.models.document import DocumentSignature
from quetsach_portal.reports.models.report import (
    COUNTS,
    STANDS,
    ChangeNotice,
    InputUsed,
    NoticeState,
    OnePersonUnit,
    ReasonCode,
    ReportDraft,
    ReportInput,
    ReportReturn,
    ReportVersion,
    VersionKind,
    VersionState,
)
from quetsach_portal.reports.totals.changes import notify_parent
from quetsach_portal.reports.writing.locking import audit, locked, locked_with_parent
from quetsach_portal.reports.writing.submitting import reopen_draft
from quetsach_portal.reports.writing.version_rows import step
from quetsach_portal.web.acts import Refused


def accept(version: ReportVersion, *, actor: User) -> None:
    """Accept this version for the office above: from now on it is in that office's total.

    Where that office has a report already, it gets a notice of the change.
    Errors: Refused unless the version is submitted, where a newer one stands, or by its own author.
    """
    with transaction.atomic():
        version, above = locked_with_parent(version)
        refuse_unless(version, VersionState.SUBMITTED)
        refuse_overtaken(version)
        if version.author_id == actor.pk:
            raise Refused(_("The author of a report cannot accept it."))
        audit("report.accepted", version, version.slot.node, actor, n=version.n)
        before = ReportVersion.objects.filter(slot=version.slot, state__in=COUNTS).order_by("n")
        olds = list(before.select_for_update())
        for old in olds:
            step(old, VersionState.SUPERSEDED, actor)
        step(version, VersionState.ACCEPTED, actor)
        stand(version.slot, ExpectedReportState.ACCEPTED)
        tell_unit_of_report(NewsKind.ACCEPTED, version.slot, by=actor)
        if above is not None:
            notify_parent(above, olds[-1] if olds else None, version)


def return_version(
    version: ReportVersion,
    remarks: Mapping[str, str],
    *,
    until: datetime | None = None,
    actor: User,
) -> list[ReportReturn]:
    """Return the report to its unit with a remark on each field named, "" for the whole.

    An accepted version can be returned until a report above counts it, unless a signed copy of it
    is stored, it replaced another version (the unit would have no report that counts), or a newer
    one waits.
    Until the next submission the unit has not reported; that one counts by its own moment. With
    `until` it has time until then. Errors: Refused without a remark, when it is too late for that,
    or for a deadline that is no gain.
    """
    texts = {key: text.strip() for key, text in remarks.items() if text.strip()}
    if not texts:
        raise Refused(_("Write at least one remark, so that the unit knows what to correct."))
    with transaction.atomic():
        version, _above = locked_with_parent(version)
        refuse_unless(version, VersionState.SUBMITTED, VersionState.ACCEPTED)
        if version.state == VersionState.ACCEPTED:
            refuse_used(version)
            refuse_overtaken(version)
            _refuse_issued(version)
        slot, node = version.slot, version.slot.node
        audit("report.returned", version, node, actor, n=version.n, fields=sorted(texts))
        returns = ReportReturn.objects.bulk_create(
            ReportReturn(version=version, key=key, text=text[:1000], by=actor)
            for key, text in texts.items()
        )
        step(version, VersionState.RETURNED, actor)
        tell_unit_of_report(NewsKind.RETURNED, slot, by=actor)
        if not ReportDraft.objects.filter(slot=slot).exists():
            reopen_draft(version, version.author)
        versions = ReportVersion.objects.filter(slot=slot, state__in=STANDS)
        papers = PaperReport.objects.filter(slot=slot, undone_at__isnull=True)
        # The unit may have reported without this version: by one before it, or on paper.
        if versions.exists() or papers.exists():
            stand(slot, ExpectedReportState.RETURNED)
        else:
            give_back(slot)
        if until is not None:
            give_with_return(slot, until=until, actor=actor)
    return returns


def sign(version: ReportVersion, *, actor: User) -> None:
    """Sign the report under the unit's name, in the portal; only who did not write it.

    Errors: Refused unless it is accepted and not signed yet, or by its author (S5).
    """
    with transaction.atomic():
        version, _above = locked_with_parent(version)
        refuse_unless(version, VersionState.ACCEPTED)
        node, facts = version.slot.node, {"n": version.n, "sha256": version.sha256}
        refused = None
        if version.author_id == actor.pk and not may_sign_own(node):
            audit("report.sign_refused", version, node, actor, n=version.n)
            refused = Refused(
                _("The author of a report does not sign it; another person must sign.")
            )
        else:
            now = timezone.now()
            audit("report.signed", version, node, actor, **facts)
            version.signed_by, version.signed_at = actor, now
            version.save(update_fields=["signed_by", "signed_at"])
            step(version, VersionState.SIGNED, actor)
            if not mark_signed(version.slot, now):
                stand(version.slot, ExpectedReportState.SIGNED)
    # Raised after the transaction, so that the audit trail keeps the refusal.
    if refused is not None:
        raise refused


def forward(version: ReportVersion, *, actor: User) -> None:
    """Send the signed report up. Errors: Refused unless it is signed."""
    with transaction.atomic():
        version, _above = locked_with_parent(version)
        refuse_unless(version, VersionState.SIGNED)
        audit("report.forwarded", version, version.slot.node, actor, n=version.n)
        step(version, VersionState.FORWARDED, actor)
        stand(version.slot, ExpectedReportState.FORWARDED)


def allow_one_person(node: CampaignNode, reason: str, *, actor: User) -> None:
    """Let the only person of a unit sign what they wrote.

    Errors: Refused without a reason, or by the person concerned.
    """
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    if _seats_in(node).filter(user=actor).exists():
        raise Refused(
            _("You cannot allow this for yourself; another person of the office above must do it.")
        )
    with transaction.atomic():
        audit("report.one_person_allowed", node, node, actor)
        OnePersonUnit.objects.update_or_create(
            node=node, defaults={"approved_by": actor, "reason": reason.strip()[:500]}
        )


def people_of(node: CampaignNode) -> int:
    """Return how many people have a seat in the unit today."""
    return _seats_in(node).values("user_id").distinct().count()


def may_sign_own(node: CampaignNode) -> bool:
    """True when the office above allowed it, and the unit still has no second person."""
    return OnePersonUnit.objects.filter(node=node).exists() and people_of(node) == 1


def _seats_in(node: CampaignNode) -> QuerySet[Assignment]:
    today = timezone.localdate()
    seats = Assignment.objects.filter(unit_id=node.unit_id, valid_from__lte=today)
    return seats.exclude(valid_to__lte=today)


def refuse_unless(version: ReportVersion, *states: VersionState) -> None:
    """Refuse, in words, where `version` is in none of `states`."""
    if version.state in states:
        return
    needed = {
        VersionState.SUBMITTED: _("It must be submitted and undecided."),
        VersionState.ACCEPTED: _("It must be accepted first."),
        VersionState.SIGNED: _("It must be signed first."),
    }
    sentence = _("This version is in the state “%(state)s”.")
    raise Refused(f"{sentence % {'state': version.get_state_display()}} {needed[states[0]]}")


def refuse_used(version: ReportVersion) -> None:
    """Refuse where a report above that stands counts `version`."""
    used = ReportInput.objects.filter(
        child_version=version,
        used__in=[InputUsed.YES, InputUsed.LATE],
        parent_version__state__in=STANDS,
    )
    if used.exists():
        raise Refused(
            _("A report above already counts this version; the unit must file a correction.")
        )


def refuse_overtaken(version: ReportVersion) -> None:
    """Refuse where a newer version of the report stands: only the newest one is decided on."""
    rows = ReportVersion.objects.filter(slot=version.slot_id, n__gt=version.n, state__in=STANDS)
    newest = rows.order_by("-n").first()
    if newest is not None:
        sentence = _("Version %(n)s of this report is newer and stands: decide on that one.")
        raise Refused(sentence % {"n": newest.n})


def _refuse_issued(version: ReportVersion) -> None:
    before = ReportVersion.objects.filter(slot=version.slot_id, state=VersionState.SUPERSEDED)
    if before.exists():
        raise Refused(_("It replaced an accepted version; the unit must file a correction."))
    refuse_signed_paper(version)


def refuse_signed_paper(version: ReportVersion) -> None:
    """Refuse where a signed copy of `version` is stored."""
    if DocumentSignature.objects.filter(document__version=version).exists():
        raise Refused(_("A signed copy is already stored; the unit must file a correction."))


# Corrections of an accepted report, and decisions on changes from below.

KINDS = (VersionKind.CORRECTION, VersionKind.SUPPLEMENT)


def begin(
    slot: ExpectedReport, *, kind: str, reason_code: str, reason: str, actor: User
) -> ReportDraft:
    """Return the draft of a correction or supplement, with the answers of the accepted version.

    The accepted version stays until the new one is accepted itself.
    Errors: Refused without a reason, before one was accepted, or while another waits.
    """
    if kind not in KINDS:
        raise Refused(_("Choose correction or supplement."), field="kind")
    if reason_code not in ReasonCode.values:
        raise Refused(_("Choose a reason."), field="reason_code")
    if not reason.strip():
        raise Refused(_("State in one sentence what changes and why."), field="reason")
    return _begin_draft(slot, kind, reason_code, reason, actor)


def _begin_draft(
    slot: ExpectedReport, kind: str, reason_code: str, reason: str, actor: User
) -> ReportDraft:
    with transaction.atomic():
        slot = locked(slot, after_the_end=True)
        versions = ReportVersion.objects.filter(slot=slot).order_by("n")
        stands = versions.filter(state__in=COUNTS).last()
        if stands is None:
            raise Refused(_("No report is accepted yet; change the draft, or withdraw the report."))
        if versions.filter(state=VersionState.SUBMITTED).exists():
            raise Refused(_("A version is waiting for the office above; withdraw it first."))
        if ReportDraft.objects.filter(slot=slot).exists():
            raise Refused(_("A draft is already open; continue with it."))
        draft = reopen_draft(stands, actor)
        draft.kind, draft.reason_code = kind, reason_code
        draft.reason = reason.strip()[:1000]
        draft.save(update_fields=["kind", "reason_code", "reason"])
        audit("report.correction_begun", draft, slot.node, actor, kind=kind, reason=reason_code)
    return draft


def absorb(notice: ChangeNotice, *, actor: User) -> ReportDraft:
    """Return the draft of the correction that takes the change in at once.

    Errors: Refused when it was decided, or as `begin`.
    """
    late = notice.old_version_id is None
    code = ReasonCode.CHILD_LATE if late else ReasonCode.CHILD_CHANGED
    kind = VersionKind.SUPPLEMENT if late else VersionKind.CORRECTION
    with transaction.atomic():
        notice = _open_notice(notice)
        # The reason is written on submission: by then all included changes are known.
        draft = ReportDraft.objects.filter(slot=notice.parent_slot).first() or _begin_draft(
            notice.parent_slot, kind, code, "", actor
        )
        child = str(notice.new_version.slot_id)
        if draft.left_out.pop(child, None) is not None:
            draft.save(update_fields=["left_out"])
        _record_decision(notice, NoticeState.ABSORBED, "", actor)
    return draft


def carry(notice: ChangeNotice, *, actor: User) -> None:
    """Leave the change to the next supplement. Errors: Refused when it was decided."""
    with transaction.atomic():
        _record_decision(_open_notice(notice), NoticeState.CARRIED, "", actor)


def dismiss(notice: ChangeNotice, reason: str, *, actor: User) -> None:
    """Do not take the change in. Errors: Refused without a reason, or when it was decided."""
    if not reason.strip():
        raise Refused(_("Give the reason for not including the change."), field="reason")
    with transaction.atomic():
        _record_decision(_open_notice(notice), NoticeState.DISMISSED, reason, actor)


UNDECIDED = (NoticeState.OPEN, NoticeState.CARRIED, NoticeState.DISMISSED)
"""What may be decided, or decided otherwise: nothing of it has gone into a report."""


def may_decide(notice: ChangeNotice) -> bool:
    """True while the change can be decided on: not included yet, and the newest of its unit."""
    return (
        notice.state in UNDECIDED
        and notice.resolved_by_id is None
        and notice.new_version.state in COUNTS
    )


def _open_notice(notice: ChangeNotice) -> ChangeNotice:
    slot = locked(notice.parent_slot, after_the_end=True)
    rows = ChangeNotice.objects.select_for_update(of=("self",)).select_related("new_version")
    notice = rows.get(pk=notice.pk)
    if not may_decide(notice):
        raise Refused(_("It was decided already."))
    notice.parent_slot = slot
    return notice


def _record_decision(notice: ChangeNotice, state: NoticeState, reason: str, actor: User) -> None:
    if notice.state == state:
        raise Refused(_("It was decided already."))
    before = {"before": notice.state} if notice.state != NoticeState.OPEN else {}
    audit(f"report.change_{state.value}", notice, notice.parent_slot.node, actor, **before)
    notice.state, notice.by, notice.reason = state, actor, reason.strip()[:500]
    notice.decided_at = timezone.now()
    notice.save(update_fields=["state", "by", "reason", "decided_at"])
