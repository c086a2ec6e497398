"""A campaign that runs is paused, ended early or cancelled by two people; nothing else is lost."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from quetsach_portal.campaigns.actions.changing import (
    ask_change,
    confirm_change,
    decline_change,
    resume,
    retract_change,
    running_pause,
)
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState, ExpectedReport
from quetsach_portal.campaigns.models.changes import RunningChange, RunningChangeKind
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.campaigns.frozen_trees import frozen
from tests.portal.world import World, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(register: World) -> User:
    return register.user("TC", Role.LEAD_OWNER)


@pytest.fixture
def second(register: World) -> User:
    return make_user(register.units["TC"], Role.LEAD_OWNER, "hai@coquan.example")


@pytest.fixture
def running(register: World, campaign: Campaign) -> Campaign:
    frozen(register, campaign)
    Campaign.objects.update(state=CampaignState.LIVE)
    campaign.refresh_from_db()
    return campaign


def in_days(days: int):
    return timezone.localdate() + timedelta(days=days)


def done(
    campaign: Campaign, kind: RunningChangeKind, first: User, second: User, **more
) -> RunningChange:
    change = ask_change(campaign, kind, reason="Bão", actor=first, **more)
    with transaction.atomic():
        confirm_change(change, actor=second)
    campaign.refresh_from_db()
    change.refresh_from_db()
    return change


def dues() -> list:
    return list(ExpectedReport.objects.order_by("pk").values_list("due_at", flat=True))


def test_a_pause_moves_what_lies_ahead_and_comes_back(running, first, second) -> None:
    before, phase_before = dues(), running.phases.get().due_at
    change = done(running, RunningChangeKind.PAUSE, first, second, until=in_days(10))
    assert (running.paused_until, running.state) == (in_days(10), CampaignState.LIVE)
    assert dues() == [due + timedelta(days=10) for due in before]
    assert running.phases.get().due_at == phase_before + timedelta(days=10)
    assert running_pause(running) == change
    with transaction.atomic():
        resume(running, actor=first)
    running.refresh_from_db()
    assert running.paused_until is None
    assert dues() == before
    assert running_pause(running) is None
    with pytest.raises(Refused):
        resume(running, actor=first)


def test_deadlines_that_passed_stay_and_a_report_taken_back_is_not_late(
    running, first, second
) -> None:
    slots = list(ExpectedReport.objects.order_by("pk"))
    yesterday = timezone.now() - timedelta(days=1)
    ExpectedReport.objects.filter(pk=slots[0].pk).update(due_at=yesterday)
    ExpectedReport.objects.filter(pk=slots[1].pk).update(reported_at=yesterday)
    before = dues()
    done(running, RunningChangeKind.PAUSE, first, second, until=in_days(3))
    assert dues()[0] == before[0]
    assert dues()[1:] == [due + timedelta(days=3) for due in before[1:]]
    ExpectedReport.objects.filter(pk=slots[1].pk).update(reported_at=None)
    with transaction.atomic():
        resume(running, actor=first)
    assert dues() == before


def test_a_second_person_confirms(running, first, second) -> None:
    change = ask_change(running, RunningChangeKind.CANCEL, reason="Nhầm", actor=first)
    with pytest.raises(Refused), transaction.atomic():
        confirm_change(change, actor=first)
    with pytest.raises(Refused):
        decline_change(change, actor=first)
    with pytest.raises(Refused):
        retract_change(change, actor=second)
    decline_change(change, actor=second)
    with pytest.raises(Refused), transaction.atomic():
        confirm_change(change, actor=second)
    running.refresh_from_db()
    assert running.state == CampaignState.LIVE


def test_one_question_at_a_time(running, first) -> None:
    change = ask_change(running, RunningChangeKind.END, reason="Xong sớm", actor=first)
    with pytest.raises(Refused):
        ask_change(running, RunningChangeKind.CANCEL, reason="Nhầm", actor=first)
    retract_change(change, actor=first)
    assert ask_change(running, RunningChangeKind.CANCEL, reason="Nhầm", actor=first).pk


@pytest.mark.parametrize("days", [None, 0, -1, 400])
def test_a_pause_has_a_day_to_come(running, first, days) -> None:
    until = None if days is None else in_days(days)
    with pytest.raises(Refused):
        ask_change(running, RunningChangeKind.PAUSE, reason="Bão", actor=first, until=until)


def test_nothing_changes_without_a_reason(running, first) -> None:
    with pytest.raises(Refused):
        ask_change(running, RunningChangeKind.CANCEL, reason="  ", actor=first)


def test_ending_early_locks_the_phases(running, first, second) -> None:
    done(running, RunningChangeKind.END, first, second)
    assert running.state == CampaignState.CLOSING
    assert running.phases.get().locks_at <= timezone.now()


def test_what_is_cancelled_is_kept_until_it_is_archived(running, first, second) -> None:
    done(running, RunningChangeKind.CANCEL, first, second)
    assert (running.state, running.closed_at is None) == (CampaignState.CANCELLED, False)
    assert ExpectedReport.objects.count() == 4
    with pytest.raises(Refused):
        ask_change(running, RunningChangeKind.END, reason="x", actor=first)


def test_a_draft_is_not_paused(register: World, campaign: Campaign, first) -> None:
    with pytest.raises(Refused):
        ask_change(campaign, RunningChangeKind.PAUSE, reason="x", actor=first, until=in_days(2))
