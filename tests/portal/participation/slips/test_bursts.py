"""Bursts wait for a named person's reason; stuffing an open code moves no proposed figure."""

import pytest

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.participation import actions, counting_limits
from quetsach_portal.participation.actions import JoinAnswers
from quetsach_portal.participation.models import JoinCounter
from quetsach_portal.participation.slips import bursts
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.records.units import joins
from quetsach_portal.web.acts import Refused
from tests.portal.participation.slips.printing import NINE, press_all, printed

pytestmark = pytest.mark.django_db


def proposed(world) -> tuple[int, str] | None:
    answer = joins(world.nodes["TC01"]).get("people_joined")
    return None if answer is None else (answer.value.number, answer.value.grade.value)


def of_staff(world, staff: int) -> None:
    CampaignNode.objects.filter(pk=world.nodes["TC01"].pk).update(staff=staff)
    world.nodes["TC01"].staff = staff


def test_a_hundred_presses_of_open_codes_move_no_proposed_figure(world, codes) -> None:
    for kind in ("staff", "relative", "public"):
        for _ in range(100):
            ticket = counting_limits.new_ticket(codes[kind])
            actions.join(codes[kind], ticket, JoinAnswers(checked=True))
    assert JoinCounter.objects.get(kind="staff").joined == world.nodes["TC01"].staff
    assert joins(world.nodes["TC01"]) == {}
    printed(world, 5)
    assert proposed(world) == (0, "attested")
    assert list(joins(world.nodes["TC01"])) == ["people_joined"]


def test_a_few_presses_at_once_are_people_and_many_wait_for_a_reason(world) -> None:
    _lot, texts = printed(world, 12)
    press_all(texts[:4], 0)
    assert proposed(world) == (4, "attested")
    press_all(texts[4:12], 1)
    assert proposed(world) == (4, "attested")
    waiting = [hour for hour in bursts.pressed_hours(world.nodes["TC01"]) if not hour.counts]
    assert [(hour.pressed, hour.size_limit, hour.is_over_size) for hour in waiting] == [
        (8, 2, True)
    ]
    assert "8" in joins(world.nodes["TC01"])["people_joined"].why


def test_a_named_person_confirms_what_he_saw_with_a_reason_and_no_more(world) -> None:
    node, actor = world.nodes["TC01"], world.user("TC01", Role.SIGNER)
    _lot, texts = printed(world, 14)
    press_all(texts[:8])
    for seen, reason in ((8, " "), (7, "họp"), (9, "họp")):
        with pytest.raises(Refused):
            bursts.confirm(node, NINE, seen, reason, actor=actor)
    bursts.confirm(node, NINE, 8, "họp cơ quan lúc 9 giờ", actor=actor)
    assert proposed(world) == (8, "attested")
    event = AuditEvent.objects.get(action="participation.burst_confirmed")
    assert (event.actor_id, event.detail["count"]) == (actor.pk, 8)
    press_all(texts[8:9])
    assert proposed(world) == (0, "attested"), "the ninth came after the word"
    bursts.confirm(node, NINE, 9, "thêm một người", actor=actor)
    assert proposed(world) == (9, "attested")
    with pytest.raises(Refused):
        bursts.confirm(node, NINE, 9, "lần nữa", actor=actor)


def test_far_more_than_the_unit_s_habit_is_a_burst_in_a_large_unit_too(world) -> None:
    of_staff(world, 100)
    _lot, texts = printed(world, 40)
    for hour in range(3):
        press_all(texts[2 * hour : 2 * hour + 2], hour)
    press_all(texts[6:17], 3)
    hours = bursts.pressed_hours(world.nodes["TC01"])
    assert [hour.is_burst for hour in hours] == [False, False, False, True]
    assert (hours[3].habit, hours[3].is_over_size, hours[3].is_over_habit) == (2, False, True)
    assert proposed(world) == (6, "attested")


def test_what_comes_later_changes_nothing_about_an_hour_before(world) -> None:
    of_staff(world, 100)
    _lot, texts = printed(world, 60)
    for hour in range(3):
        press_all(texts[hour : hour + 1], hour)
    press_all(texts[3:13], 3)
    for hour in range(4, 8):
        press_all(texts[3 + 10 * (hour - 3) :][:10], hour)
    flags = [hour.is_burst for hour in bursts.pressed_hours(world.nodes["TC01"])]
    assert flags[:4] == [False, False, False, True]


def test_a_unit_of_unknown_size_has_a_limit_too(world) -> None:
    of_staff(world, 0)
    _lot, texts = printed(world, 11)
    press_all(texts[:10])
    assert proposed(world) == (10, "attested")
    press_all(texts[10:])
    assert proposed(world) == (0, "attested")


def test_slips_of_two_lots_in_one_hour_are_one_burst(world) -> None:
    for _ in range(2):
        _lot, texts = printed(world, 4)
        press_all(texts)
    assert proposed(world) == (0, "attested")
