"""More time is asked by the unit and decided above it, never by oneself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.expected_reports import report_in
from quetsach_portal.campaigns.models.campaign import ExpectedReport, ReportCounter
from quetsach_portal.followup.actions.extending import (
    grant,
    grant_subtree,
    refuse,
    request_extension,
    take_back,
)
from quetsach_portal.followup.models import Extension
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.people.news.readers import news_of
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.web.acts import Refused
from tests.portal.followup.acting import LATER, asked, mailbox, node, slot
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def granted(world: World, extension: Extension, actor: User) -> None:
    grant(extension, new_due_at=timezone.now() + LATER, decision="đồng ý", actor=actor)


def test_a_grant_moves_the_deadline_and_both_levels_are_told(world: World, sink) -> None:
    mailbox(world, "TC01")
    compiler = world.user("TC", Role.COMPILER)
    granted(world, asked(world), compiler)
    extension = Extension.objects.get()
    assert slot(world, "TC01").due_at == extension.new_due_at
    assert extension.old_due_at == world.phase.due_at
    run_ready()
    # The unit's mailbox has no account; who has one is told by the digest.
    assert sink.recipients() == ["tc01@coquan.example"]
    (event,) = news_of(scope_of(world.user("TC", Role.LEAD_OWNER))).filter(kind="deadline")
    assert event.by == compiler


def test_a_refusal_needs_a_reason_and_moves_nothing(world: World) -> None:
    extension = asked(world)
    with pytest.raises(Refused):
        refuse(extension, decision=" ", actor=world.user("TC", Role.COMPILER))
    refuse(extension, decision="đã gia hạn", actor=world.user("TC", Role.COMPILER))
    assert slot(world, "TC01").due_at == world.phase.due_at
    with pytest.raises(Refused):
        granted(world, extension, world.user("TC", Role.COMPILER))


def test_E4_asking_twice_is_one_question(world: World) -> None:
    assert asked(world) == asked(world)


def test_nobody_decides_for_their_own_unit(world: World) -> None:
    extension = asked(world)
    with pytest.raises(Refused):
        granted(world, extension, world.user("TC01", Role.FOCAL_POINT))
    both = world.user("TC", Role.COMPILER)
    Assignment.objects.create(user=both, unit=world.units["TC01"], role=Role.COMPILER)
    with pytest.raises(Refused):
        granted(world, extension, both)


@pytest.mark.parametrize("days", [-30, 1])
def test_a_day_that_is_no_gain_is_refused(world: World, days: int) -> None:
    with pytest.raises(Refused):
        request_extension(
            slot(world, "TC01"),
            wanted=timezone.now() + timedelta(days=days),
            reason="x",
            actor=world.user("TC01", Role.FOCAL_POINT),
        )


def test_who_has_reported_asks_for_nothing(world: World) -> None:
    report_in(slot(world, "TC01"), timezone.now())
    with pytest.raises(Refused):
        asked(world)


def test_a_report_that_came_late_meanwhile_is_in_time_by_the_grant(world: World) -> None:
    extension = asked(world)
    ExpectedReport.objects.update(due_at=timezone.now() - timedelta(days=1))
    report_in(slot(world, "TC01"), timezone.now())
    granted(world, extension, world.user("TC", Role.COMPILER))
    tally = ReportCounter.objects.get(node=world.nodes["TC"])
    assert (tally.reported, tally.on_time) == (1, 1)
    assert recount(world.campaign) == []


def test_what_is_taken_back_is_not_decided(world: World) -> None:
    extension = asked(world)
    take_back(extension, actor=world.user("TC01", Role.FOCAL_POINT))
    with pytest.raises(Refused):
        granted(world, extension, world.user("TC", Role.COMPILER))
    assert asked(world).pk != extension.pk


def test_the_lead_gives_more_time_to_a_subtree(world: World) -> None:
    report_in(slot(world, "TC01A"), timezone.now())
    made = grant_subtree(
        node(world, "TC01"),
        world.phase.pk,
        new_due_at=timezone.now() + LATER,
        reason="bão số 4",
        actor=world.user("TC", Role.LEAD_OWNER),
    )
    assert made.slots == 1
    assert slot(world, "TC01").due_at == made.new_due_at
    assert slot(world, "TC01A").due_at == slot(world, "TC02").due_at == world.phase.due_at
    assert recount(world.campaign) == []


def test_the_lead_office_gives_itself_no_time(world: World) -> None:
    with pytest.raises(Refused):
        grant_subtree(
            node(world, "TC"),
            world.phase.pk,
            new_due_at=timezone.now() + LATER,
            reason="x",
            actor=world.user("TC", Role.LEAD_OWNER),
        )


@pytest.mark.parametrize("own", ["TC01", "TC01A"])
def test_an_owner_gives_no_time_to_a_subtree_with_a_unit_of_their_own(
    world: World, own: str
) -> None:
    owner = world.user("TC", Role.LEAD_OWNER)
    Assignment.objects.create(user=owner, unit=world.units[own], role=Role.FOCAL_POINT)
    with pytest.raises(Refused):
        grant_subtree(
            node(world, "TC01"),
            world.phase.pk,
            new_due_at=timezone.now() + LATER,
            reason="bão số 4",
            actor=owner,
        )
