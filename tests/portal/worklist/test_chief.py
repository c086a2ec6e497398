"""What a chief sees first: the verdict with its look, what to sign, who is overdue."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import ExpectedReport, NodeCounter
from quetsach_portal.cases.models.case import CaseState
from quetsach_portal.followup.models import Reminder
from quetsach_portal.looks.models import UnitLook, UnitLookGrade
from quetsach_portal.people.models.roles import Role
from tests.portal.dashboards.pages.chief_world import cases_of, looked, room
from tests.portal.followup.acting import mailbox, told
from tests.portal.world import World

pytestmark = pytest.mark.django_db


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
    assert "Máy có mã độc: chưa biết" in page
    assert "draw-days" not in page
    assert "Chưa rút thăm" in page


def test_each_figure_of_machines_opens_a_page_that_the_chief_may_see(world, client_of) -> None:
    cases_of(world, CaseState.INFECTED)
    looked(world)
    chief = client_of("TC", Role.SIGNER)
    shown = chief.get("/").context["board"].room
    addresses = {shown.machines.opens, shown.trust.opens, *(unit.page for unit in shown.map.rows)}
    assert len(addresses) == 4
    assert {chief.get(address).status_code for address in addresses} == {200}


def test_the_verdict_stands_with_its_look_and_names_who_only_reported(world, client_of) -> None:
    reported(world, "TC01", "TC02")
    UnitLook.objects.update_or_create(
        node=world.nodes["TC01"], defaults={"grade": UnitLookGrade.FULL, "seen": 1, "machines": 1}
    )
    cases_of(world, CaseState.INFECTED, CaseState.RECURRED, CaseState.HANDLED)
    looked(world)
    answer = room(world, client_of)
    page, shown = answer.content.decode(), answer.context["board"].room
    assert "Còn 2 máy đang nhiễm, 1 máy chưa được chứng minh sạch; 1 đơn vị đã báo cáo" in page
    assert "Đã kiểm tra" in page.split("</h1>")[0].split("<h1>")[1]
    assert (shown.count_of("full"), shown.reported_alone) == (1, 1)
    named = next(group.names for group in shown.groups if group.key == "reported")
    assert list(named) == [world.nodes["TC02"].name_at_freeze]
    total = sum(group.count for group in shown.groups)
    assert total == NodeCounter.objects.get(node=world.nodes["TC"]).units


def test_an_overdue_unit_stands_with_its_own_deadline(world, client_of) -> None:
    told(world, "TC01")
    late(world)
    due_at = timezone.make_aware(datetime(2022, 9, 20, 16, 30))
    ExpectedReport.objects.filter(node=world.nodes["TC01"]).update(due_at=due_at)
    page = room(world, client_of).content.decode()
    card = page.split('id="overdue"')[1].split("</section>")[0]
    assert "hạn nộp trước 16:30 ngày 20/09/2022" in card


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
