"""More time is asked by the unit and decided above it, never by oneself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
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
from quetsach_portal.followup.models import Extension, ExtensionState
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.web.acts import Refused
from tests.portal.followup.acting import mailbox, node, slot
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db

LATER = timedelta(days=12)


def asked(world: World, code: str = "TC01") -> Extension:
    return request_extension(
        slot(world, code),
        wanted=timezone.now() + LATER,
        reason="mất điện",
        actor=world.user(code, Role.FOCAL_POINT),
    )


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
    assert sink.recipients() == sorted(["tc01@coquan.example", compiler.email])


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


def test_the_database_refuses_a_decision_by_who_asked(world: World) -> None:
    extension = asked(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.filter(pk=extension.pk).update(decided_by=extension.asked_by)


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


def test_A6_a_decision_asks_again_who_is_there(world: World) -> None:
    extension = asked(world)
    address = f"/followup/more-time/{extension.pk}/"
    old = signed_in(world.user("TC", Role.COMPILER), minutes_ago=11)
    response = old.post(address, {"answer": "refuse", "decision": "x"})
    assert response.status_code == 302
    assert "reauthenticate" in response.headers["Location"]
    extension.refresh_from_db()
    assert extension.state == ExtensionState.ASKED


@pytest.mark.parametrize(
    ("code", "role", "status"),
    [
        ("TC", Role.COMPILER, 302),
        ("TC", Role.LEAD_OWNER, 302),
        ("TC", Role.AUDITOR, 403),
        ("TC01", Role.COMPILER, 403),
        ("TC01", Role.FOCAL_POINT, 403),
        ("TC01A", Role.COMPILER, 404),
        ("TC02", Role.COMPILER, 404),
        ("KH", Role.LEAD_OWNER, 404),
    ],
)
def test_A1_who_decides(world: World, client_of, code, role, status) -> None:
    extension = asked(world)
    form = {"answer": "refuse", "decision": "không", "day": "", "hour": ""}
    response = client_of(code, role).post(f"/followup/more-time/{extension.pk}/", form)
    assert response.status_code == status


def test_A2_the_new_deadline_is_not_taken_from_other_fields(world: World, client_of) -> None:
    extension = asked(world)
    form = {"answer": "refuse", "decision": "không", "new_due_at": "2099-01-01", "state": "granted"}
    client_of("TC", Role.COMPILER).post(f"/followup/more-time/{extension.pk}/", form)
    extension.refresh_from_db()
    assert (extension.state, extension.new_due_at) == (ExtensionState.REFUSED, None)
    assert slot(world, "TC01").due_at == world.phase.due_at


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
