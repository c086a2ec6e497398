"""A short report that is sent in one act, and taken back soon."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from quetsach_portal.looks import machines
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.report import ReportVersion, VersionState
from quetsach_portal.web import acts
from tests.portal.looks.collecting import looked, taken
from tests.portal.reports.acting import slot_of
from tests.portal.worklist.commune import CODE, due, heading, looked_at_all, received, send
from tests.portal.worklist.conftest import clerk as clerk
from tests.portal.worklist.conftest import due_at_midnight as due_at_midnight
from tests.portal.worklist.pages import page
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_what_was_sent_can_be_taken_back_for_half_an_hour(world: World, clerk: Client) -> None:
    received(world)
    looked_at_all(world)
    source = send(clerk, world)
    assert heading(source) == "Đã gửi báo cáo"
    version = ReportVersion.objects.get(slot=slot_of(world, CODE))
    until = timezone.localtime(version.created_at + timedelta(minutes=30))
    assert f"(trước {until:%H:%M})" in source
    assert "Đã kiểm tra 1/1 máy, 14/14 ngày" in source
    address = reverse("reports:take_back", args=[version.pk])
    assert f'action="{address}"' in page(clerk)
    assert clerk.post(address, {"from": "today"}).headers["Location"].endswith("#report")
    version.refresh_from_db()
    assert version.state == VersionState.WITHDRAWN
    again = page(clerk)
    assert heading(again) == f"Còn 1 việc: gửi báo cáo {due(world)}"
    assert 'name="v-people_took_part" aria-label="Tổng số cán bộ' in again
    assert 'value="7"' in again


def test_half_an_hour_later_a_reason_is_asked_for(
    world: World, clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    received(world)
    looked_at_all(world)
    send(clerk, world)
    monkeypatch.setattr(acts, "UNDO", timedelta(0))
    version = ReportVersion.objects.get()
    address = reverse("reports:take_back", args=[version.pk])
    assert address not in page(clerk)
    clerk.post(address)
    version.refresh_from_db()
    assert version.state == VersionState.SUBMITTED


def test_a_report_without_a_look_takes_a_reason(world: World, clerk: Client) -> None:
    received(world)
    source = send(clerk, world)
    assert ReportVersion.objects.count() == 0
    assert "Chưa kiểm tra được gì. Vì sao?" in source
    assert 'value="7"' in source, "what was typed is kept"
    why = {"w-people_took_part": "Chỉ mới mời, chưa làm"}
    assert heading(send(clerk, world, gap="nobody", **why)) == "Đã gửi báo cáo"
    assert ReportVersion.objects.get().look.reason_code == "nobody"


def test_another_number_than_that_of_the_records_asks_why(world: World, clerk: Client) -> None:
    received(world)
    looked_at_all(world)
    other = {"v-organisations_deployed": "0"}
    source = send(clerk, world, **other)
    assert ReportVersion.objects.count() == 0
    assert "Nhập tay; hồ sơ ghi 1." in source
    assert "field-error" in source
    other |= {"w-organisations_deployed": "Đã tạm dừng", "w-people_took_part": "Chỉ mới mời"}
    assert heading(send(clerk, world, **other)) == "Đã gửi báo cáo"


def test_who_has_no_logs_of_the_network_has_said_why(world: World, clerk: Client) -> None:
    received(world)
    actor = world.user(CODE, Role.FOCAL_POINT)
    machines.state_total(world.units[CODE], 1, actor=actor)
    looked(world, taken(), code=CODE)
    assert "14 ngày chưa kiểm tra. Vì sao?" in page(clerk)
    machines.say_no_logs(world.nodes[CODE], has_none=True, actor=actor)
    assert "Vì sao?" not in page(clerk)
    why = {"w-people_took_part": "Mới mời"}
    assert heading(send(clerk, world, **why)) == "Đã gửi báo cáo"
    words = ReportVersion.objects.get().look.words
    assert words == "Đã kiểm tra 1/1 máy, không có nhật ký mạng"
