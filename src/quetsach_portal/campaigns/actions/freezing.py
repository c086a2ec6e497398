"""Freeze the tree: copy the subtree of the register into the campaign."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.actions.state import changed, locked_to_prepare, record_act
from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    ExpectedReport,
    NodeCounter,
    ReportCounter,
)
from quetsach_portal.campaigns.tree.choosing import TreeChoice, choice_from, planned_units
from quetsach_portal.campaigns.tree.freezing import OnProgress, write_slots, write_tree
from quetsach_portal.jobs.models import Job
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.scope import below
from quetsach_portal.units.models import OrgUnit, ReportingLine
from quetsach_portal.web.acts import Refused
from quetsach_portal.web.compiled_queries import MANY_ROWS, count_anew

AT_ONCE = 500
"""Units that are copied while the page waits; larger trees are copied by a job."""

MOST_UNITS = 200_000


def freeze(
    campaign: Campaign,
    choice: TreeChoice,
    *,
    day: date,
    actor: User,
    on_progress: OnProgress = lambda _done, _all: None,
) -> int:
    """Copy the units of `choice` below the lead office as of `day`; return how many they are.

    A tree that was frozen before is replaced. Errors: Refused once the campaign has begun.
    """
    with transaction.atomic():
        campaign = locked_to_prepare(campaign)
        planned = planned_units(campaign.lead_unit, _sound(choice), day)
        if not planned:
            raise Refused(_("The lead office is not in the register on that day."))
        if len(planned) > MOST_UNITS:
            raise Refused(_("There are more than 200,000 units below the lead office."))
        detail = {"units": len(planned), "lines": list(choice.lines), "day": day.isoformat()}
        detail |= choice.as_json()
        record_act("tree.frozen", campaign, actor, **detail)
        write_tree(campaign, planned, on_progress)
        for phase in campaign.phases.order_by("no"):
            write_slots(phase)
        campaign.lines, campaign.tree_choice = list(choice.lines), choice.as_json()
        campaign.frozen_on = day
        campaign.tree_rev += 1
        changed(campaign, "lines", "tree_choice", "frozen_on", "tree_rev")
        if len(planned) > MANY_ROWS:
            count_anew(CampaignNode, NodeCounter, ExpectedReport, ReportCounter)
    return len(planned)


def request_freeze(
    campaign: Campaign, choice: TreeChoice, *, day: date, actor: User, at_once: int = AT_ONCE
) -> Job | None:
    """Freeze a tree of up to `at_once` units and return None; else return the job that does it.

    Errors: as `freeze`.
    """
    _sound(choice)
    if OrgUnit.objects.filter(below(campaign.lead_unit.path))[: at_once + 1].count() <= at_once:
        freeze(campaign, choice, day=day, actor=actor)
        return None
    with transaction.atomic():
        campaign = locked_to_prepare(campaign)
        return enqueue(
            "campaigns.freeze",
            key=f"campaigns.freeze:{campaign.pk}:{campaign.tree_rev}:{timezone.now():%Y%m%d%H%M}",
            payload={
                "campaign_id": campaign.pk,
                "lines": list(choice.lines),
                "choice": choice.as_json(),
                "day": day.isoformat(),
                "actor_id": actor.pk,
            },
            asked_by_id=actor.pk,
            unit_path=campaign.lead_unit.path,
            max_attempts=2,
        )


def run_freeze(work: RunningJob) -> None:
    """Freeze a large tree; a job."""
    payload = work.payload
    campaign = Campaign.objects.select_related("lead_unit").get(pk=payload["campaign_id"])
    actor = User.objects.get(pk=payload["actor_id"])
    choice = choice_from(payload["lines"], payload.get("choice", {}))
    with work.finishing():
        freeze(campaign, choice, day=date.fromisoformat(payload["day"]), actor=actor)


def _sound(choice: TreeChoice) -> TreeChoice:
    lines = set(choice.lines)
    if not lines or len(lines) != len(choice.lines) or not lines <= set(ReportingLine.values):
        raise Refused(_("Choose at least one line."), field="lines")
    if choice.left_out and not choice.reason.strip():
        raise Refused(_("Say why single units are left out."), field="reason")
    return choice
