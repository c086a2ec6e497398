"""Pause, end early or cancel a campaign that runs: one owner asks, a second one confirms.

While a campaign is paused nobody is reminded, and no deadline passes: those that were still ahead
stand later by the days of the pause. What units hand in meanwhile is taken as ever. A cancelled
campaign leaves the units' first pages; its cases, reports and trail are kept as those of a closed
one are.
"""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Value
from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.actions.state import locked, record_act
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState, ExpectedReport
from quetsach_portal.campaigns.models.changes import (
    RunningChange,
    RunningChangeKind,
    RunningChangeState,
)
from quetsach_portal.campaigns.news import tell_of_campaign
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.news import NewsKind
from quetsach_portal.people.roles.second_person import refuse_same_hand
from quetsach_portal.web.acts import Refused

LONGEST_PAUSE = 366
"""Days."""

ALLOWED_IN = {
    RunningChangeKind.PAUSE: (CampaignState.LIVE,),
    RunningChangeKind.END: (CampaignState.LIVE,),
    RunningChangeKind.CANCEL: (CampaignState.LIVE, CampaignState.CLOSING),
}
"""The states of a campaign in which each change can be asked for."""


def ask_change(
    campaign: Campaign,
    kind: RunningChangeKind,
    *,
    reason: str,
    actor: User,
    until: date | None = None,
) -> RunningChange:
    """Return the question to a second owner. Errors: Refused without a reason, for a pause without
    a day to come, or while another question is open."""
    if not reason.strip():
        raise Refused(_("Give a reason."), field="reason")
    with transaction.atomic():
        campaign = locked(campaign, *ALLOWED_IN[kind])
        if kind == RunningChangeKind.PAUSE:
            _check_until(campaign, until)
        if campaign.changes.filter(state=RunningChangeState.ASKED).exists():
            raise Refused(_("Another change of this campaign waits for its second person."))
        change = RunningChange.objects.create(
            campaign=campaign,
            kind=kind,
            reason=reason.strip()[:500],
            until=until if kind == RunningChangeKind.PAUSE else None,
            asked_by=actor,
        )
        _record("asked", change, actor)
        tell_of_campaign(NewsKind.ASKED, campaign, by=actor)
    return change


def retract_change(change: RunningChange, *, actor: User) -> None:
    """Withdraw the question. Errors: Refused when it was decided, or somebody else asked it."""
    with transaction.atomic():
        question = _locked_question(change)
        if question.asked_by_id != actor.pk:
            raise Refused(_("Only who asked for it withdraws it."))
        _decide(question, RunningChangeState.RETRACTED, actor)
        _record("retracted", question, actor)


def decline_change(change: RunningChange, *, actor: User) -> None:
    """Say no, as the second owner. Errors: Refused when it was decided, or for one's own."""
    with transaction.atomic():
        question = _locked_question(change)
        _refuse_own(question, actor)
        _decide(question, RunningChangeState.DECLINED, actor)
        _record("declined", question, actor)
        tell_of_campaign(NewsKind.DECLINED, question.campaign, by=actor, to=question.asked_by)


def confirm_change(change: RunningChange, *, actor: User) -> RunningChange:
    """Do what another owner asked for, and return it.

    The caller holds the transaction. Errors: Refused when it was decided, for one's own question,
    when the campaign is no longer in a state for it, or when the day of a pause has passed.
    """
    question = _locked_question(change)
    _refuse_own(question, actor)
    campaign = locked(question.campaign, *ALLOWED_IN[RunningChangeKind(question.kind)])
    now = timezone.now()
    if question.kind == RunningChangeKind.PAUSE:
        _check_until(campaign, question.until)
        assert question.until is not None
        question.moved_days = (question.until - timezone.localdate()).days
        campaign.paused_until = question.until
        _move_deadlines(campaign, question.moved_days)
    elif question.kind == RunningChangeKind.END:
        campaign.paused_until = None
        campaign.phases.filter(opens_at__lt=now).update(locks_at=now)
        campaign.phases.filter(opens_at__gte=now).update(locks_at=F("due_at"))
        campaign.state = CampaignState.CLOSING
    else:
        campaign.paused_until = None
        campaign.state, campaign.closed_at, campaign.ends_at = CampaignState.CANCELLED, now, now
    campaign.save(update_fields=["paused_until", "state", "closed_at", "ends_at"])
    _decide(question, RunningChangeState.DONE, actor)
    _record("done", question, actor)
    question.campaign = campaign
    return question


def resume(campaign: Campaign, *, actor: User | None) -> RunningChange:
    """Let a paused campaign run again, and return its pause: one owner alone, or the calendar.

    Deadlines that still lie ahead come back by the days that the pause was shorter. The caller
    holds the transaction. Errors: Refused when it is not paused.
    """
    campaign = locked(campaign, CampaignState.LIVE)
    pause = running_pause(campaign)
    if campaign.paused_until is None or pause is None:
        raise Refused(_("The campaign is not paused."))
    unused = max((campaign.paused_until - timezone.localdate()).days, 0)
    campaign.paused_until = None
    campaign.save(update_fields=["paused_until"])
    if unused:
        _move_deadlines(campaign, -unused)
        pause.moved_days = max(pause.moved_days - unused, 0)
    pause.resumed_by, pause.resumed_at = actor, timezone.now()
    pause.save(update_fields=["resumed_by", "resumed_at", "moved_days"])
    _record("resumed", pause, actor)
    pause.campaign = campaign
    return pause


def running_pause(campaign: Campaign) -> RunningChange | None:
    """Return the pause that holds now, None where the campaign is not paused."""
    rows = campaign.changes.filter(
        kind=RunningChangeKind.PAUSE, state=RunningChangeState.DONE, resumed_at__isnull=True
    )
    return rows.order_by("-pk").first() if campaign.paused_until is not None else None


def _check_until(campaign: Campaign, until: date | None) -> None:
    today = timezone.localdate()
    if until is None or not today < until <= today + timedelta(days=LONGEST_PAUSE):
        raise Refused(_("Give a day to come, within a year."), field="until")
    if campaign.paused_until is not None:
        raise Refused(_("The campaign is paused already; let it run again first."))


def _move_deadlines(campaign: Campaign, days: int) -> None:
    """Move each deadline that still lies ahead, and what hangs on it, by `days`.

    Reports that are in are moved, too: one that is taken back meanwhile is not late through that.
    A report in time stays in time both ways, as its deadline is never moved before its receipt.
    """
    now, shift = timezone.now(), timedelta(days=days)
    slots = ExpectedReport.objects.filter(phase__campaign=campaign, due_at__gt=now)
    slots.update(due_at=_moved("due_at", shift))
    phases = campaign.phases.filter(due_at__gt=now)
    phases.filter(opens_at__gt=now).update(opens_at=_moved("opens_at", shift))
    phases.filter(locks_at__isnull=False).update(locks_at=_moved("locks_at", shift))
    phases.update(due_at=_moved("due_at", shift))


def _moved(name: str, shift: timedelta) -> Combinable:
    return ExpressionWrapper(F(name) + Value(shift), output_field=DateTimeField())


def _locked_question(change: RunningChange) -> RunningChange:
    question = RunningChange.objects.select_for_update().get(pk=change.pk)
    if question.state != RunningChangeState.ASKED:
        raise Refused(_("This was decided already."))
    return question


def _refuse_own(change: RunningChange, actor: User) -> None:
    if change.asked_by_id == actor.pk:
        raise Refused(_("You asked for it yourself; a second owner must decide."))
    refuse_same_hand(change.asked_by_id, actor)


def _decide(change: RunningChange, state: RunningChangeState, actor: User) -> None:
    change.state, change.decided_by, change.decided_at = state, actor, timezone.now()
    change.save(update_fields=["state", "decided_by", "decided_at", "moved_days"])


def _record(step: str, change: RunningChange, actor: User | None) -> None:
    record_act(
        f"campaign.change_{step}",
        change.campaign,
        actor,
        change=change.pk,
        kind=change.kind,
        until=None if change.until is None else change.until.isoformat(),
        moved_days=change.moved_days,
    )
