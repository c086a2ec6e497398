"""Withdraw evidence after a case was closed: the unit's focal point, or two persons of the unit."""

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.cases.models.case import Case, CaseOutcome
from quetsach_portal.cases.worklist import CaseTask
from quetsach_portal.intake import withdrawing
from quetsach_portal.intake.access import own_submissions
from quetsach_portal.intake.actions import audit
from quetsach_portal.intake.models import Submission, SubmissionState
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.people.roles.second_person import refuse_same_hand
from quetsach_portal.web.acts import Refused

MOST_SHOWN = 10


def closed_since(submission: Submission) -> QuerySet[Case]:
    """Return the unit's cases that were closed after this evidence came: they may rest on it."""
    rows = Case.objects.filter(node=submission.node_id, closed_at__gte=submission.created_at)
    return rows.exclude(outcome=CaseOutcome.WITHDRAWN)


def needs_second(submission: Submission, scope: Scope) -> bool:
    """Return whether this person's word is not enough to withdraw it."""
    leads = scope.has_role_in(submission.node.unit, Role.FOCAL_POINT)
    return not leads and closed_since(submission).exists()


def withdraw_or_ask(submission: Submission, *, reason: str, scope: Scope, actor: User) -> bool:
    """Withdraw evidence, or ask a second person to; return whether it was withdrawn.

    Errors: as `withdrawing.withdraw`; Refused while a question is open.
    """
    if not needs_second(submission, scope):
        withdrawing.withdraw(submission, reason=reason, actor=actor)
        return True
    why = " ".join(reason.split())[:300]
    if not why:
        raise Refused(_("Say why this evidence is withdrawn."), field="reason")
    with transaction.atomic():
        evidence = _locked(submission)
        if evidence.withdrawal_asked_by_id is not None:
            raise Refused(_("Somebody asked for this already."))
        evidence.withdrawal_asked_by, evidence.withdrawal_asked_at = actor, timezone.now()
        evidence.withdrawn_reason = why
        _save(evidence)
        audit("evidence.withdrawal_asked", evidence, actor, {"findings": evidence.manifest_digest})
    return False


def asked_key(submission: Submission) -> str:
    """Return what names the question that is open now, "" for none; who decides gives it back."""
    at = submission.withdrawal_asked_at
    return "" if at is None else f"{submission.withdrawal_asked_by_id}:{at.isoformat()}"


def confirm(submission: Submission, shown: str, *, actor: User) -> int:
    """Withdraw as the second person; return how many cases ended by it.

    Shapes: `shown` is the `asked_key` that the person was shown.
    Errors: Refused for one's own question, for another than the one shown, and as
    `withdrawing.withdraw`.
    """
    with transaction.atomic():
        evidence = _locked(submission)
        _refuse_unless_shown(evidence, shown)
        if evidence.withdrawal_asked_by_id == actor.pk:
            raise Refused(_("You asked for it yourself; somebody else has to confirm it."))
        refuse_same_hand(evidence.withdrawal_asked_by_id, actor)
        return withdrawing.withdraw(evidence, reason=evidence.withdrawn_reason, actor=actor)


def decline(submission: Submission, shown: str, *, actor: User) -> None:
    """Leave the evidence in place, as the second person or as who asked. Errors: Refused."""
    with transaction.atomic():
        evidence = _locked(submission)
        _refuse_unless_shown(evidence, shown)
        evidence.withdrawal_asked_by, evidence.withdrawal_asked_at, evidence.withdrawn_reason = (
            None,
            None,
            "",
        )
        _save(evidence)
        audit(
            "evidence.withdrawal_declined", evidence, actor, {"findings": evidence.manifest_digest}
        )


def to_confirm(scope: Scope) -> list[CaseTask]:
    """Return the withdrawals that wait for this person. Cost: one query."""
    rows = own_submissions(scope).filter(
        state=SubmissionState.DONE, withdrawal_asked_by__isnull=False
    )
    rows = rows.exclude(withdrawal_asked_by=scope.user_id).order_by("withdrawal_asked_at")
    return [
        CaseTask(
            _("Confirm that evidence no. %(number)s is withdrawn") % {"number": row.pk},
            row.withdrawn_reason,
            reverse("intake:withdraw", args=[row.pk]),
            "warn",
        )
        for row in rows[:MOST_SHOWN]
    ]


def _locked(submission: Submission) -> Submission:
    rows = Submission.objects.select_for_update(of=("self",)).select_related("node__unit")
    row = rows.get(pk=submission.pk)
    if row.state != SubmissionState.DONE:
        raise Refused(_("Only evidence that was looked through can be withdrawn."))
    return row


def _refuse_unless_shown(row: Submission, shown: str) -> None:
    if not shown or asked_key(row) != shown:
        raise Refused(_("This was decided already."))


def _save(row: Submission) -> None:
    row.save(update_fields=["withdrawal_asked_by", "withdrawal_asked_at", "withdrawn_reason"])
