"""Correct a report that was accepted, and decide on changes from below."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import Slot
from quetsach_portal.people.models import User
from quetsach_portal.reports.actions.handing_in import draft_again
from quetsach_portal.reports.actions.locking import locked, noted
from quetsach_portal.reports.models import (
    COUNTS,
    ChangeNotice,
    NoticeState,
    ReasonCode,
    ReportDraft,
    ReportVersion,
    VersionKind,
    VersionState,
)
from quetsach_portal.web.problems import Refused

KINDS = (VersionKind.CORRECTION, VersionKind.SUPPLEMENT)


def begin(slot: Slot, *, kind: str, reason_code: str, reason: str, actor: User) -> ReportDraft:
    """Return the draft of a correction or supplement, with what the accepted version says.

    The accepted version stays until the new one is accepted itself.
    Errors: Refused without a reason, before one was accepted, or while another waits.
    """
    if kind not in KINDS:
        raise Refused(_("Choose whether it corrects or adds."), field="kind")
    if reason_code not in ReasonCode.values:
        raise Refused(_("Choose a reason."), field="reason_code")
    if not reason.strip():
        raise Refused(_("Say in a sentence what changes and why."), field="reason")
    return _begun(slot, kind, reason_code, reason, actor)


def _begun(slot: Slot, kind: str, reason_code: str, reason: str, actor: User) -> ReportDraft:
    with transaction.atomic():
        row = locked(slot, after_the_end=True)
        versions = ReportVersion.objects.filter(slot=row).order_by("n")
        stands = versions.filter(state__in=COUNTS).last()
        if stands is None:
            raise Refused(_("No report was accepted yet; change the draft, or take it back."))
        if versions.filter(state=VersionState.SUBMITTED).exists():
            raise Refused(_("A version waits to be read by the office above; take it back first."))
        if ReportDraft.objects.filter(slot=row).exists():
            raise Refused(_("A draft is open already; go on with that."))
        draft = draft_again(stands, actor)
        draft.kind, draft.reason_code = kind, reason_code
        draft.reason = reason.strip()[:1000]
        draft.save(update_fields=["kind", "reason_code", "reason"])
        noted("report.correction_begun", draft, row.node, actor, kind=kind, reason=reason_code)
    return draft


def absorb(notice: ChangeNotice, *, actor: User) -> ReportDraft:
    """Return the draft of the correction that takes the change in at once.

    Errors: Refused when it was decided, or as `begin`.
    """
    late = notice.old_version_id is None
    code = ReasonCode.CHILD_LATE if late else ReasonCode.CHILD_CHANGED
    kind = VersionKind.SUPPLEMENT if late else VersionKind.CORRECTION
    with transaction.atomic():
        row = _open_notice(notice)
        # The reason is written when it is handed in: by then all that came in is known.
        draft = ReportDraft.objects.filter(slot=row.parent_slot).first() or _begun(
            row.parent_slot, kind, code, "", actor
        )
        child = str(row.new_version.slot_id)
        if draft.left_out.pop(child, None) is not None:
            draft.save(update_fields=["left_out"])
        _decided(row, NoticeState.ABSORBED, "", actor)
    return draft


def carry(notice: ChangeNotice, *, actor: User) -> None:
    """Leave the change to the next supplement. Errors: Refused when it was decided."""
    with transaction.atomic():
        _decided(_open_notice(notice), NoticeState.CARRIED, "", actor)


def dismiss(notice: ChangeNotice, reason: str, *, actor: User) -> None:
    """Do not take the change in. Errors: Refused without a reason, or when it was decided."""
    if not reason.strip():
        raise Refused(_("Say why the change is not taken in."), field="reason")
    with transaction.atomic():
        _decided(_open_notice(notice), NoticeState.DISMISSED, reason, actor)


UNDECIDED = (NoticeState.OPEN, NoticeState.CARRIED, NoticeState.DISMISSED)
"""What may be decided, or decided otherwise: nothing of it has gone into a report."""


def may_decide(notice: ChangeNotice) -> bool:
    """True while the change can be decided on: not taken in, and no newer one came after it."""
    return (
        notice.state in UNDECIDED
        and notice.resolved_by_id is None
        and notice.new_version.state in COUNTS
    )


def _open_notice(notice: ChangeNotice) -> ChangeNotice:
    slot = locked(notice.parent_slot, after_the_end=True)
    rows = ChangeNotice.objects.select_for_update(of=("self",)).select_related("new_version")
    row = rows.get(pk=notice.pk)
    if not may_decide(row):
        raise Refused(_("It was decided already."))
    row.parent_slot = slot
    return row


def _decided(row: ChangeNotice, state: NoticeState, reason: str, actor: User) -> None:
    if row.state == state:
        raise Refused(_("It was decided already."))
    before = {"before": row.state} if row.state != NoticeState.OPEN else {}
    noted(f"report.change_{state.value}", row, row.parent_slot.node, actor, **before)
    row.state, row.by, row.reason = state, actor, reason.strip()[:500]
    row.decided_at = timezone.now()
    row.save(update_fields=["state", "by", "reason", "decided_at"])
