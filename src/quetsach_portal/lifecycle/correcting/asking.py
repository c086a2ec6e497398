"""Ask for a correction, and decide on another's: what is confirmed is what was shown."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.actions.state import locked, record_act
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.campaigns.models.changes import RunningChangeState
from quetsach_portal.campaigns.models.corrections import CampaignCorrection, CorrectionKind
from quetsach_portal.campaigns.news import tell_of_campaign
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.lifecycle.correcting import dates, letters, texts, units
from quetsach_portal.lifecycle.correcting.plans import CorrectionPlan
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.news import NewsKind
from quetsach_portal.people.roles.second_person import refuse_same_hand
from quetsach_portal.web.acts import Refused

ALLOWED_IN: Mapping[str, tuple[CampaignState, ...]] = {
    CorrectionKind.DATE: (CampaignState.LIVE,),
    CorrectionKind.UNIT: (CampaignState.LIVE,),
    CorrectionKind.TEXT: (CampaignState.LIVE, CampaignState.CLOSING),
}
"""The states of a campaign in which each correction can be asked for."""

_PLANS = {
    CorrectionKind.DATE: dates.plan,
    CorrectionKind.UNIT: units.plan,
    CorrectionKind.TEXT: texts.plan,
}

MOST_LISTED = 50

PAGE = "campaigns:correct"


def plan_for(campaign: Campaign, kind: str, proposal: dict[str, Any]) -> CorrectionPlan:
    """Return what a correction would do now. Errors: Refused where it cannot be done."""
    if campaign.state not in ALLOWED_IN[kind]:
        raise Refused(
            _("This cannot be done while the campaign is “%(state)s”.")
            % {"state": campaign.get_state_display()}
        )
    if kind == CorrectionKind.DATE and campaign.paused_until is not None:
        raise Refused(_("The campaign is paused: its deadlines move when it runs again."))
    plan = _PLANS[CorrectionKind(kind)](campaign, proposal)
    return letters.with_letters(campaign, kind, plan)


def ask(
    campaign: Campaign, kind: str, proposal: dict[str, Any], *, reason: str, shown: str, actor: User
) -> CampaignCorrection:
    """Return the question to a second owner.

    Shapes: `shown` is the digest of the plan that the person was shown.
    Errors: Refused without a reason, while another question is open, and where the plan is another.
    """
    if not reason.strip():
        raise Refused(_("Give a reason."), field="reason")
    with transaction.atomic():
        campaign = locked(campaign, *ALLOWED_IN[kind])
        if CampaignCorrection.objects.filter(
            campaign=campaign, state=RunningChangeState.ASKED
        ).exists():
            raise Refused(_("Another correction of this campaign waits for its second person."))
        plan = _shown_plan(campaign, kind, proposal, shown)
        correction = CampaignCorrection.objects.create(
            campaign=campaign,
            kind=kind,
            reason=reason.strip()[:500],
            proposal=dict(plan.proposal),
            before=dict(plan.before),
            facts=dict(plan.facts),
            words=list(plan.words),
            digest=plan.digest,
            asked_by=actor,
        )
        _record("asked", correction, actor)
        tell_of_campaign(NewsKind.ASKED, campaign, by=actor, page=PAGE)
    return correction


def open_question(campaign: Campaign) -> CampaignCorrection | None:
    """Return the correction that waits for a second owner, None where none does."""
    rows = CampaignCorrection.objects.filter(campaign=campaign, state=RunningChangeState.ASKED)
    return rows.select_related("asked_by").first()


def confirm(correction: CampaignCorrection, shown: str, *, actor: User) -> CampaignCorrection:
    """Carry out what another owner asked for, and tell the units that it touches.

    Shapes: `shown` is the digest of the plan that the second person was shown.
    Errors: Refused when it was decided, for one's own question, where something changed since it
    was shown, and where it can no longer be done.
    """
    with transaction.atomic():
        question = _locked_question(correction)
        _refuse_own(question, actor)
        campaign = locked(question.campaign, *ALLOWED_IN[question.kind])
        plan = _shown_plan(campaign, question.kind, question.proposal, shown)
        said_otherwise = letters.saying_otherwise(campaign, question.kind, plan)
        question.before, question.facts = dict(plan.before), dict(plan.facts)
        question.words, question.digest = list(plan.words), plan.digest
        if question.kind == CorrectionKind.DATE:
            dates.carry_out(campaign, question.proposal)
        elif question.kind == CorrectionKind.UNIT:
            units.carry_out(campaign, question.proposal, question.reason)
        else:
            texts.carry_out(campaign, question.proposal)
        question.campaign = campaign
        draft = letters.draft_for(question, said_otherwise, actor)
        question.letter_id = None if draft is None else draft.pk
        _decide(question, RunningChangeState.DONE, actor)
        _record("done", question, actor)
        enqueue(
            "campaigns.tell_correction",
            key=f"campaigns.tell_correction:{question.pk}",
            payload={"correction_id": question.pk},
            asked_by_id=actor.pk,
            unit_path=campaign.lead_unit.path,
        )
    return question


def decline(correction: CampaignCorrection, *, actor: User) -> None:
    """Say no, as the second owner. Errors: Refused when it was decided, or for one's own."""
    with transaction.atomic():
        question = _locked_question(correction)
        _refuse_own(question, actor)
        _decide(question, RunningChangeState.DECLINED, actor)
        _record("declined", question, actor)
        owner, page = question.asked_by, PAGE
        tell_of_campaign(NewsKind.DECLINED, question.campaign, by=actor, to=owner, page=page)


def retract(correction: CampaignCorrection, *, actor: User) -> None:
    """Withdraw the question. Errors: Refused when it was decided, or somebody else asked it."""
    with transaction.atomic():
        question = _locked_question(correction)
        if question.asked_by_id != actor.pk:
            raise Refused(_("Only who asked for it withdraws it."))
        _decide(question, RunningChangeState.RETRACTED, actor)
        _record("retracted", question, actor)


def decide(
    correction: CampaignCorrection | None, act: str, shown: Mapping[str, str], *, actor: User
) -> None:
    """Do one of the acts of the page on an open question: confirm, decline, retract.

    Shapes: `shown` has "correction", the number of the question that was shown, and "shown", the
    digest of its plan. Errors: Refused.
    """
    if correction is None or shown.get("correction") != str(correction.pk):
        raise Refused(_("This was decided already."))
    if act == "confirm":
        confirm(correction, shown.get("shown", ""), actor=actor)
    elif act == "decline":
        decline(correction, actor=actor)
    elif act == "retract":
        retract(correction, actor=actor)
    else:
        raise Refused(_("This act is not known."))


def last_corrections(campaign: Campaign) -> list[CampaignCorrection]:
    """Return what was asked for and decided, the newest first, at most 50."""
    rows = CampaignCorrection.objects.filter(campaign=campaign).select_related(
        "asked_by", "decided_by"
    )
    return list(rows.order_by("-pk")[:MOST_LISTED])


def _shown_plan(
    campaign: Campaign, kind: str, proposal: dict[str, Any], shown: str
) -> CorrectionPlan:
    """Return the plan in Vietnamese, as letters and mails have it. Errors: Refused."""
    plan = plan_for(campaign, kind, proposal)
    if not plan.is_shown_by(shown):
        raise Refused(_("Something changed since you were shown it: look at it once more."))
    with translation.override("vi"):
        return plan_for(campaign, kind, proposal)


def _locked_question(correction: CampaignCorrection) -> CampaignCorrection:
    question = CampaignCorrection.objects.select_for_update().get(pk=correction.pk)
    if question.state != RunningChangeState.ASKED:
        raise Refused(_("This was decided already."))
    return question


def _refuse_own(correction: CampaignCorrection, actor: User) -> None:
    if correction.asked_by_id == actor.pk:
        raise Refused(_("You asked for it yourself; a second owner must decide."))
    refuse_same_hand(correction.asked_by_id, actor)


def _decide(correction: CampaignCorrection, state: RunningChangeState, actor: User) -> None:
    correction.state, correction.decided_by = state, actor
    correction.decided_at = timezone.now()
    correction.save()


def _record(step: str, correction: CampaignCorrection, actor: User) -> None:
    record_act(
        f"campaign.correction_{step}",
        correction.campaign,
        actor,
        correction=correction.pk,
        kind=correction.kind,
        reason=correction.reason,
        digest=correction.digest,
    )
