"""The first page of a unit: what is left and by when, in each state."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import ExpectedReportState
from quetsach_portal.followup.actions.declaring import declare_begun
from quetsach_portal.intake.models import CoverageDay
from quetsach_portal.looks.models import UnitMachine
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.report import ReportVersion, VersionState
from quetsach_portal.worklist.unit_case import MOST_MACHINES
from tests.portal.api.test_device_lists import publish
from tests.portal.cases.rows import make_case
from tests.portal.looks.collecting import collection
from tests.portal.reports.acting import slot_of
from tests.portal.worklist.commune import CODE, due, heading, looked_at_all, received, send
from tests.portal.worklist.pages import SignIn, page
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_what_is_left_is_counted_and_the_next_row_stands_open(world: World, clerk: Client) -> None:
    received(world)
    source = page(clerk)
    assert heading(source) == f"Còn 2 việc, hạn {due(world)}"
    assert 'class="step is-now" id="look" open' in source
    assert "Chưa kiểm tra được gì" in source
    assert "không thấy máy nào" not in source
    assert "Gửi báo cáo “chưa kiểm tra được máy nào”</button>" in source


def test_no_machine_is_said_only_with_what_was_looked_at(world: World, clerk: Client) -> None:
    received(world)
    looked_at_all(world)
    source = page(clerk)
    assert heading(source) == f"Còn 1 việc: gửi báo cáo {due(world)}"
    assert "Đã kiểm tra 1/1 máy, 14/14 ngày: không thấy máy nào" in source
    assert 'class="step is-now" id="report" open' in source
    assert "Không có máy phải làm sạch" in source


def test_a_machine_that_was_found_stands_with_its_case(world: World, clerk: Client) -> None:
    received(world)
    looked_at_all(world)
    case = make_case(world, CODE, "192.0.2.11")
    source = page(clerk)
    assert "Có máy liên lạc với địa chỉ độc hại" in source
    assert f'href="/cases/{case.pk}/"' in source
    assert "không thấy máy nào" not in source


def test_after_the_deadline_it_can_still_be_sent_and_says_so(world: World, clerk: Client) -> None:
    received(world)
    slot = slot_of(world, CODE)
    slot.due_at -= timedelta(days=6)
    slot.save()
    source = page(clerk)
    assert heading(source) == "Báo cáo đã quá hạn 2 ngày"
    looked_at_all(world)
    assert "Gửi báo cáo (nộp muộn)</button>" in page(clerk)


def test_each_day_says_whether_there_are_logs_of_it(world: World, clerk: Client) -> None:
    received(world)
    day = timezone.localdate() - timedelta(days=2)
    CoverageDay.objects.create(node=world.nodes[CODE], day=day, kind="dns", lines=3, alive=1)
    source = page(clerk)
    assert source.count(": chưa có nhật ký</span>") == 13
    assert f"{day:%d/%m/%Y}: có nhật ký</span>" in source


def test_a_report_that_came_on_paper_leaves_the_list_of_tasks(world: World, clerk: Client) -> None:
    received(world)
    slot = slot_of(world, CODE)
    slot.reported_at, slot.state = timezone.now(), "submitted"
    slot.save()
    assert 'class="task-list"' in page(clerk)


def test_a_stranger_sends_nothing_for_the_unit(world: World, client_of: SignIn) -> None:
    stranger = client_of("TC01", Role.FOCAL_POINT)
    slot = slot_of(world, CODE)
    assert stranger.post(f"/today/reports/{slot.pk}/send", {"gap": "nobody"}).status_code == 404
    assert stranger.post(f"/today/units/{slot.node_id}/receive").status_code == 404
    assert ReportVersion.objects.count() == 0


def test_nobody_is_led_to_send_while_a_file_is_read_not_even_late(
    world: World, clerk: Client, tmp_path: Path
) -> None:
    publish(world, tmp_path, "bad.example\n")
    received(world)
    slot = slot_of(world, CODE)
    slot.due_at -= timedelta(days=6)
    slot.save()
    zip_file = SimpleUploadedFile("quetsach-PC-03-20261130-090000.zip", collection("PC-03"))
    fields = {"file": zip_file, "note": "", "token": str(uuid4())}
    answer = clerk.post(f"/today/units/{slot.node_id}/look", fields, follow=True)
    source = " ".join(answer.content.decode().split())
    assert "Đã nhận tệp. Kết quả hiện ở đây ngay khi đọc xong." in source
    assert "Tệp vừa nộp đang được đọc: chờ có kết quả rồi hãy gửi báo cáo." in source
    assert 'class="step is-now" id="look" open' in source
    assert 'btn-primary">Gửi báo cáo' not in source


def test_a_returned_report_comes_before_all_else(world: World, clerk: Client) -> None:
    received(world)
    slot = slot_of(world, CODE)
    slot.state = ExpectedReportState.RETURNED
    slot.save()
    source = page(clerk)
    assert heading(source) == f"Báo cáo bị trả lại: cần sửa, hạn {due(world)}"
    assert 'class="step is-now" id="report" open' in source
    assert "Cơ quan cấp trên trả lại: sửa rồi gửi lại" in source


def test_machines_beside_those_shown_are_counted(world: World, clerk: Client) -> None:
    received(world)
    unit = world.units[CODE]
    UnitMachine.objects.bulk_create(
        UnitMachine(unit=unit, name=f"PC-{number:02}") for number in range(MOST_MACHINES + 1)
    )
    assert f'href="/evidence/units/{world.nodes[CODE].pk}/machines">và 1 máy nữa</a>' in page(clerk)


def test_who_promised_to_go_on_is_led_on(world: World, clerk: Client) -> None:
    received(world)
    declare_begun(world.nodes[CODE], actor=world.user(CODE, Role.FOCAL_POINT))
    sent = send(clerk, world, gap="later")
    assert '<a href="#look">Kiểm tra tiếp các máy</a>' in sent
    assert "ngay sau khi cơ quan cấp trên tiếp nhận báo cáo này" in sent
    ReportVersion.objects.update(state=VersionState.ACCEPTED)
    correct = f'<a href="/reports/{slot_of(world, CODE).pk}/correct/">'
    assert correct + "Kiểm tra xong thì nộp báo cáo bổ sung</a>" in page(clerk)
