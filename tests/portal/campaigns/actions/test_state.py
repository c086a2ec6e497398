"""A campaign lives by its states, in their order, and starts by two people."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.actions import state
from quetsach_portal.campaigns.actions.preparing import CampaignBasics, set_basics, set_tasks
from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    CampaignState,
    LetterReading,
    Phase,
)
from quetsach_portal.lifecycle import actions
from quetsach_portal.mail.models import OutboxMail
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused
from tests.portal.campaigns.acting import owner, prepared, rehearsed, second_owner
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_what_changes_after_a_dry_run_makes_it_a_draft_again(register: World) -> None:
    campaign = prepared(register)
    rehearsed(register, campaign)
    state.request_start(campaign, actor=owner(register))
    set_tasks(campaign, ["Việc khác"], actor=owner(register))
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.DRAFT
    assert campaign.start_asked_by is None


def test_what_changes_during_a_dry_run_keeps_it_a_draft(register: World) -> None:
    campaign = prepared(register)
    run = state.request_dry_run(campaign, actor=owner(register))
    set_tasks(campaign, ["Việc khác"], actor=owner(register))
    run_ready()
    run.refresh_from_db()
    campaign.refresh_from_db()
    assert run.passed
    assert campaign.state == CampaignState.DRAFT


def test_the_start_is_an_act_of_two(register: World) -> None:
    campaign = prepared(register)
    rehearsed(register, campaign)
    with pytest.raises(Refused):
        actions.start(campaign, actor=second_owner(register))
    state.request_start(campaign, actor=owner(register))
    with pytest.raises(Refused):
        actions.start(campaign, actor=owner(register))
    other = second_owner_again()
    actions.start(campaign, actor=other)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.LIVE
    assert campaign.started_by == other
    root = CampaignNode.objects.get(campaign=campaign, depth=0)
    assert root.told_at is not None
    assert root.received_at is None
    assert not OutboxMail.objects.exists()


def second_owner_again() -> User:
    return User.objects.get(email="hai@coquan.example")


@pytest.mark.parametrize("act", [state.request_start, actions.start])
def test_B1_no_start_without_a_dry_run(register: World, act) -> None:
    campaign = prepared(register)
    with pytest.raises(Refused):
        act(campaign, actor=owner(register))


def test_states_are_passed_in_their_order_alone(register: World) -> None:
    campaign = live(register)
    with pytest.raises(Refused):
        actions.close(campaign, actor=owner(register))
    with pytest.raises(Refused):
        actions.begin_closing(campaign, actor=owner(register))
    Phase.objects.update(
        opens_at=timezone.now() - timedelta(days=9), due_at=timezone.now() - timedelta(days=1)
    )
    actions.begin_closing(campaign, actor=owner(register))
    actions.close(campaign, actor=owner(register))
    with pytest.raises(Refused):
        actions.begin_closing(campaign, actor=owner(register))
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.CLOSED
    assert campaign.closed_at is not None
    acts = list(AuditEvent.objects.order_by("seq").values_list("action", flat=True))
    assert acts[-3:] == ["campaign.started", "campaign.closing", "campaign.closed"]


def live(register: World) -> Campaign:
    campaign = prepared(register)
    rehearsed(register, campaign)
    state.request_start(campaign, actor=owner(register))
    actions.start(campaign, actor=second_owner(register))
    campaign.refresh_from_db()
    return campaign


def test_P2_an_archive_needs_90_days_and_two_people(register: World) -> None:
    campaign = live(register)
    Campaign.objects.update(
        state=CampaignState.CLOSED,
        closed_at=timezone.now() - timedelta(days=89),
        letter={"signer": {"name": "Bà A"}},
    )
    with pytest.raises(Refused):
        state.request_archive(campaign, actor=owner(register))
    Campaign.objects.update(closed_at=timezone.now() - timedelta(days=91))
    state.request_archive(campaign, actor=owner(register))
    with pytest.raises(Refused):
        actions.archive(campaign, actor=owner(register))
    actions.archive(campaign, actor=second_owner_again())
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.ARCHIVED
    assert campaign.letter == {}
    assert not LetterReading.objects.exclude(result={}).exists()


def test_what_is_prepared_cannot_change_once_it_runs(register: World) -> None:
    campaign = live(register)
    with pytest.raises(Refused):
        set_basics(campaign, CampaignBasics("Khác"), actor=owner(register))
    with pytest.raises(Refused):
        state.request_dry_run(campaign, actor=owner(register))
