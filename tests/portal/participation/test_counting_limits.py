"""Tickets count once, and caps hold scripts off the figures."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from quetsach_portal.participation import actions, counting_limits, queries
from quetsach_portal.participation.actions import JoinAnswers
from quetsach_portal.participation.models import JoinCode, JoinCounter
from quetsach_public.limits import PaceLimits
from tests.portal.participation.joining import joined, press, roll

pytestmark = pytest.mark.django_db


def test_E4_a_page_that_is_sent_twice_counts_once(world, codes) -> None:
    ticket = counting_limits.new_ticket(codes["staff"])
    for _ in range(3):
        answer = Client().post(f"/join/{codes['staff'].code}/", {"ticket": ticket})
        assert answer.status_code == 302
    assert JoinCounter.objects.get().joined == 1


def test_a_ticket_of_another_code_or_made_up_counts_nothing(world, codes) -> None:
    for ticket in ("", "1.x", counting_limits.new_ticket(codes["public"])):
        answer = Client().post(f"/join/{codes['staff'].code}/", {"ticket": ticket})
        assert answer.status_code == 422
    assert not JoinCounter.objects.exists()


def test_R6_scripted_joins_are_capped_flagged_and_left_out_of_the_ranking(world, codes) -> None:
    staff = world.nodes["TC01"].staff
    for _ in range(staff + 20):
        actions.join(codes["staff"], counting_limits.new_ticket(codes["staff"]), JoinAnswers())
    roll()
    row = JoinCounter.objects.get()
    assert (row.joined, row.over_cap) == (staff, 20)
    assert joined(world, "TC") == staff
    flagged = [one for one in queries.ranking(world.nodes["TC"]) if one.is_flagged]
    assert [one.name for one in flagged] == ["Ủy ban nhân dân xã Một"]
    assert queries.is_flagged(world.nodes["TC01"])


def scripted(code: JoinCode, many: int) -> None:
    for _ in range(many):
        actions.join(code, counting_limits.new_ticket(code), JoinAnswers(checked=True))


def test_R6_a_script_with_the_relatives_code_gets_a_quarter_an_hour_and_no_more_than_a_day(
    world, codes, monkeypatch
) -> None:
    monkeypatch.setattr(
        counting_limits, "LEAST_A_DAY", {**counting_limits.LEAST_A_DAY, "relative": 24}
    )
    noon = timezone.localtime().replace(hour=12)
    counted = []
    for hour in range(5):
        monkeypatch.setattr(timezone, "now", lambda at=noon + timedelta(hours=hour): at)
        scripted(codes["relative"], 20)
        counted.append(JoinCounter.objects.get().joined)
    # Of ten people's relatives 50 count on a day, and 12 in an hour.
    assert counted == [12, 24, 36, 48, 50]
    row = JoinCounter.objects.get()
    assert (row.checked, row.over_cap) == (50, 50)
    assert queries.is_flagged(world.nodes["TC01"])


def test_R6_one_address_counts_a_bounded_number_and_is_thanked_for_more(
    world, codes, monkeypatch
) -> None:
    monkeypatch.setattr(counting_limits, "_of_code", PaceLimits(3 / 3600, 3))
    for number in range(5):
        answer = press(Client(REMOTE_ADDR="198.51.100.7"), codes["public"])
        assert answer.headers["Location"] == f"/join/{codes['public'].code}/thanks", number
    assert JoinCounter.objects.get().joined == 3
    press(Client(REMOTE_ADDR="198.51.100.8"), codes["public"])
    assert JoinCounter.objects.get().joined == 4
    for number in range(5):
        press(Client(REMOTE_ADDR=f"2001:db8::{number}"), codes["public"])
    assert JoinCounter.objects.get().joined == 7, "a network of IPv6 is one who asks"


def test_R6_no_more_staff_join_than_there_are_on_whatever_day(world, codes) -> None:
    staff = world.nodes["TC01"].staff
    yesterday = timezone.localdate() - timedelta(days=1)
    JoinCounter.objects.create(
        node=world.nodes["TC01"], kind="staff", day=yesterday, joined=staff - 1
    )
    for _ in range(4):
        actions.join(codes["staff"], counting_limits.new_ticket(codes["staff"]), JoinAnswers())
    row = JoinCounter.objects.get(day=timezone.localdate())
    assert (row.joined, row.over_cap) == (1, 3)
    # A few who press twice are no script.
    assert not queries.is_flagged(world.nodes["TC01"])
