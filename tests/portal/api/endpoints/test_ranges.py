"""Ranges and allotted notices by token: the lead office's tables, and what a unit is asked."""

import pytest

from quetsach_portal.people.models.roles import Role
from quetsach_portal.ranges.answering import give_answer
from tests.portal.api.asking import ask
from tests.portal.ranges.asked import allotted, asked_of, questions, with_ranges
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_lead_office_reads_its_ranges_and_how_notices_stand(world: World) -> None:
    with_ranges(world)
    batch = allotted(world)
    rows = ask(world, "TC", Role.LEAD_OWNER, "/ranges").json()["rows"]
    assert [row["cidr"] for row in rows][:2] == ["203.0.113.0/28", "203.0.113.16/28"]
    assert rows[-1]["unit"] == ""
    path = f"/allotted-notices/{batch.pk}"
    told = ask(world, "TC", Role.LEAD_OWNER, path).json()
    assert sum(told["counts"].values()) == told["items"] == 7
    items = ask(world, "TC", Role.LEAD_OWNER, f"{path}/items").json()["rows"]
    assert [one["state"] for one in items].count("open") == 4


def test_a_unit_reads_what_it_is_asked_and_said(world: World) -> None:
    with_ranges(world)
    forwarding = asked_of(world, allotted(world), "TC01")
    give_answer(forwarding, questions(forwarding)[:1], "cannot-tell", "NAT", actor=None)
    path = f"/asked-notices/{forwarding.pk}"
    told = ask(world, "TC01", Role.TECHNICIAN, path).json()["questions"]
    assert [one["answer"] for one in told] == ["", "", "cannot-tell"]
    assert ask(world, "TC02", Role.TECHNICIAN, path).status_code == 404
