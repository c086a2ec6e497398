"""One owner asks, another confirms what was shown; nothing else is carried out."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.expected_reports import report_in
from quetsach_portal.campaigns.models.campaign import CampaignState, ExpectedReport
from quetsach_portal.campaigns.models.changes import RunningChangeState
from quetsach_portal.campaigns.models.corrections import CampaignCorrection
from quetsach_portal.lifecycle.correcting import asking
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.lifecycle.correcting.correctable import (
    asked_for,
    corrected,
    date_asked,
    in_days,
    second,
)
from tests.portal.world import World


def test_nobody_confirms_alone_and_the_trail_has_both(world: World) -> None:
    question = asked_for(world, "date", date_asked(in_days(20)))
    first = world.user("TC", Role.LEAD_OWNER)
    with pytest.raises(Refused):
        asking.confirm(question, question.digest, actor=first)
    with pytest.raises(Refused):
        asked_for(world, "text", {"title": "Tên khác"})
    with pytest.raises(IntegrityError), transaction.atomic():
        CampaignCorrection.objects.filter(pk=question.pk).update(state="done", decided_by=first)
    asking.confirm(question, question.digest, actor=second(world))
    with pytest.raises(Refused):
        asking.decline(question, actor=second(world))
    trail = AuditEvent.objects.filter(action__startswith="campaign.correction").order_by("seq")
    assert [event.actor_id for event in trail] == [first.pk, second(world).pk]
    assert all(event.detail["reason"] == "Bão" for event in trail)


def test_what_changed_since_it_was_shown_is_not_confirmed(world: World) -> None:
    ExpectedReport.objects.update(due_at=timezone.now() - timedelta(days=1))
    question = asked_for(world, "date", date_asked(in_days(20)))
    report_in(ExpectedReport.objects.select_related("node").first(), timezone.now())
    with pytest.raises(Refused):
        asking.confirm(question, question.digest, actor=second(world))
    question.refresh_from_db()
    assert question.state == RunningChangeState.ASKED
    plan = asking.plan_for(world.campaign, "date", question.proposal)
    done = asking.confirm(question, plan.digest, actor=second(world))
    assert (done.facts, done.state) == (plan.facts, RunningChangeState.DONE)


def test_only_what_was_shown_is_asked_for_and_with_a_reason(world: World) -> None:
    first, asked = world.user("TC", Role.LEAD_OWNER), date_asked(in_days(20))
    plan = asking.plan_for(world.campaign, "date", asked)
    for shown, reason in ((plan.digest, " "), ("khác", "Bão")):
        with pytest.raises(Refused):
            asking.ask(world.campaign, "date", asked, reason=reason, shown=shown, actor=first)
    assert not CampaignCorrection.objects.exists()


def test_who_asked_takes_it_back_and_others_decline(world: World) -> None:
    question = asked_for(world, "text", {"goal": "Mục đích mới"})
    with pytest.raises(Refused):
        asking.retract(question, actor=second(world))
    asking.retract(question, actor=world.user("TC", Role.LEAD_OWNER))
    other = asked_for(world, "text", {"goal": "Mục đích mới"})
    asking.decline(other, actor=second(world))
    states = [row.state for row in asking.last_corrections(world.campaign)]
    assert states == [RunningChangeState.DECLINED, RunningChangeState.RETRACTED]
    world.campaign.refresh_from_db()
    assert world.campaign.goal != "Mục đích mới"


@pytest.mark.parametrize("kind", ["date", "unit"])
def test_a_campaign_that_closes_has_its_dates_and_units(world: World, kind: str) -> None:
    world.campaign.state = CampaignState.CLOSING
    world.campaign.save()
    with pytest.raises(Refused):
        asking.plan_for(world.campaign, kind, date_asked(in_days(20)))
    assert corrected(world, "text", {"title": "Tên mới"}).state == RunningChangeState.DONE


def test_dates_of_a_paused_campaign_wait(world: World) -> None:
    world.campaign.paused_until = timezone.localdate() + timedelta(days=3)
    world.campaign.save()
    with pytest.raises(Refused):
        asking.plan_for(world.campaign, "date", date_asked(in_days(20)))
