"""What a chief sees first: the verdict with its look, what to sign, who is overdue."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import ExpectedReport, NodeCounter
from quetsach_portal.followup.models import Reminder
from quetsach_portal.looks.models import UnitLook, UnitLookGrade
from quetsach_portal.people.models.roles import Role
from tests.portal.followup.acting import mailbox, told
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def room(world: World, client_of):
    return client_of("TC", Role.SIGNER).get("/")


def reported(world: World, *codes: str) -> None:
    slots = ExpectedReport.objects.filter(node__in=[world.nodes[code] for code in codes])
    slots.update(reported_at=timezone.now())


def late(world: World) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    ExpectedReport.objects.filter(phase=world.phase).update(due_at=yesterday)


def test_where_nobody_looked_the_verdict_is_that_nobody_knows(world, client_of) -> None:
    reported(world, "TC01")
    page = room(world, client_of).content.decode()
    assert "<h1>Chưa đơn vị nào kiểm tra máy: chưa biết có máy nhiễm hay không</h1>" in page
    assert "không có nghĩa là sạch" in page


def test_the_verdict_stands_with_its_look_and_names_who_only_reported(world, client_of) -> None:
    reported(world, "TC01", "TC02")
    UnitLook.objects.update_or_create(
        node=world.nodes["TC01"], defaults={"grade": UnitLookGrade.FULL, "seen": 1, "machines": 1}
    )
    NodeCounter.objects.filter(node=world.nodes["TC"]).update(
        cases_open=3, looked_full=1, machines_seen=1, machines=1, machines_sized=1
    )
    answer = room(world, client_of)
    page, shown = answer.content.decode(), answer.context["board"].room
    assert "Còn 3 máy đang nhiễm; 1 đơn vị đã báo cáo" in page
    assert "Đã xem" in page.split("</h1>")[0].split("<h1>")[1]
    assert (shown.full, shown.only_reported) == (1, 1)
    assert list(shown.only_reported_names) == [world.nodes["TC02"].name_at_freeze]
    total = shown.full + shown.part + shown.only_reported + shown.neither
    assert total == NodeCounter.objects.get(node=world.nodes["TC"]).units


def test_the_chief_reminds_the_ticked_overdue_units_and_comes_back(world, client_of) -> None:
    told(world, "TC01", "TC02")
    mailbox(world, "TC01")
    late(world)
    chief = client_of("TC", Role.SIGNER)
    shown = chief.get("/").context["board"].room
    assert {row.node.unit.code for row in shown.overdue} >= {"TC01", "TC02"}
    typed = {"waits": "reported", "days": "0", "phase": world.phase.no, "whom": "chosen"}
    typed |= {"unit": world.nodes["TC01"].pk, "from": "today", "act": "send", "words": "Gửi ngay"}
    answer = chief.post(f"/followup/units/{world.nodes['TC'].pk}/remind/", typed)
    assert answer.url.endswith("#overdue")
    assert Reminder.objects.get().words == "Gửi ngay"
    again = chief.get("/")
    assert "đã nhắc hôm nay lúc" in again.content.decode()
    codes = {row.node.unit.code for row in again.context["board"].room.overdue}
    assert "TC01" not in codes
    assert "TC02" in codes


def test_who_signs_for_a_unit_without_others_below_has_no_room(world, client_of) -> None:
    assert client_of("TC01A", Role.SIGNER).get("/").context["board"].room is None
