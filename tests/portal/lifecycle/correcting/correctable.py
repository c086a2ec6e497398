"""A campaign that runs, to be corrected by two owners."""

from datetime import datetime, timedelta

from django.utils import timezone

from quetsach_portal.campaigns.deadlines import exclusive
from quetsach_portal.campaigns.models.campaign import CampaignNode, ExpectedReport
from quetsach_portal.campaigns.models.corrections import CampaignCorrection
from quetsach_portal.lifecycle.correcting import asking
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import UnitContact
from tests.portal.world import World, make_user, make_world


def running() -> World:
    """Return the world, each unit told and with an address, due in ten days at midnight."""
    world = make_world()
    CampaignNode.objects.update(told_at=timezone.now())
    for code, unit in world.units.items():
        UnitContact.objects.create(unit=unit, mail=f"vt.{code.lower()}@coquan.example")
    assert world.phase is not None
    due = in_days(10)
    world.phase.due_at = due
    world.phase.level_lead_days = {}
    world.phase.save()
    ExpectedReport.objects.update(due_at=due)
    return world


def in_days(days: int) -> datetime:
    """Return the exclusive deadline so many days from today."""
    return exclusive(timezone.localdate() + timedelta(days=days))


def second(world: World) -> User:
    """Return another owner of the lead office."""
    key = ("TC", "second")
    if key not in world.users:
        world.users[key] = make_user(world.units["TC"], Role.LEAD_OWNER, "hai@coquan.example")  # type: ignore[index]
    return world.users[key]  # type: ignore[index]


def date_asked(due_at: datetime, level: int = 0) -> dict[str, object]:
    """Return what is asked of the first phase."""
    return {"phase": 1, "level": level, "due_at": due_at.isoformat()}


def asked_for(
    world: World, kind: str, asked: dict[str, object], reason: str = "Bão"
) -> CampaignCorrection:
    """Return the question of the first owner."""
    plan = asking.plan_for(world.campaign, kind, asked)
    return asking.ask(
        world.campaign,
        kind,
        dict(plan.proposal),
        reason=reason,
        shown=plan.digest,
        actor=world.user("TC", Role.LEAD_OWNER),
    )


def corrected(
    world: World, kind: str, asked: dict[str, object], reason: str = "Bão"
) -> CampaignCorrection:
    """Return the correction after the second owner confirmed what is shown."""
    question = asked_for(world, kind, asked, reason)
    plan = asking.plan_for(world.campaign, kind, question.proposal)
    done = asking.confirm(question, plan.digest, actor=second(world))
    world.campaign.refresh_from_db()
    return done


def differences(world: World) -> list[object]:
    """Return the counters that a slow recount finds to be others; nobody was told by a letter."""
    return [one for one in recount(world.campaign) if one.figure != "told"]
