"""Pages of the intake: a clerk understands them, they need no script, and parents see counts."""

from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from quetsach_portal.files.models import FileState, StoredFile, Upload
from quetsach_portal.intake.coverage import covered
from quetsach_portal.intake.models import CoverageDay, Submission, SubmissionState
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.people.models.roles import Role
from tests.portal.intake import rows
from tests.portal.intake.handing_in import CLEAN, LOG, fresh, hand_in, publish
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db

SignIn = Callable[[str, Role], Client]


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_logs_are_handed_in_by_plain_forms_from_choice_to_result(
    world: World, client_of: SignIn
) -> None:
    publish(world)
    client, node = client_of("TC01", Role.TECHNICIAN), world.nodes["TC01"]
    assert f"/evidence/units/{node.pk}/hand-in" in text_of(client, "/evidence/")
    asked = client.get(f"/evidence/units/{node.pk}/hand-in", {"kind": "logs"})
    assert asked.headers["Location"] == f"/evidence/units/{node.pk}/hand-in/logs"
    page = client.get(asked.headers["Location"])
    token = page.context["form"]["token"].value()
    form = {"file": rows.upload("conn.log"), "note": "tường lửa", "token": token}
    begun = client.post(asked.headers["Location"], form)
    draft = begun.headers["Location"]
    assert "conn.log" in text_of(client, draft)
    client.post(f"{draft}files", {"file": rows.upload("more.log", CLEAN)})
    assert "more.log" in text_of(client, draft)
    client.post(f"{draft}send")
    waiting = text_of(client, draft)
    assert f'data-again="{draft}progress"' in waiting
    assert "X-Ended" not in client.get(f"{draft}progress").headers
    assert f'href="{draft}">Tải lại trang' in waiting
    run_ready()
    ended = client.get(f"{draft}progress")
    assert ended.headers["X-Ended"] == "1"
    result = text_of(client, draft)
    assert "1 máy đã liên lạc với địa chỉ độc hại" in result
    assert "Ngắt máy khỏi mạng" in result
    assert "Đến danh sách thiết bị" in result
    assert "<script" not in result.replace("<script src=", "")


def test_a_form_without_a_file_says_so_at_the_top_and_at_the_field(
    world: World, client_of: SignIn
) -> None:
    publish(world)
    client, node = client_of("TC01", Role.FOCAL_POINT), world.nodes["TC01"]
    address = f"/evidence/units/{node.pk}/hand-in/logs"
    page = client.post(address, {"note": "", "token": uuid4()})
    assert page.status_code == 200
    assert page.content.decode().count("Chưa chọn tệp") >= 2
    assert not Submission.objects.exists()


def test_an_upload_in_parts_is_handed_in_like_a_file(world: World, client_of: SignIn) -> None:
    publish(world)
    client, node = client_of("TC01", Role.FOCAL_POINT), world.nodes["TC01"]
    address = f"/evidence/units/{node.pk}/hand-in/logs"
    form = client.get(address).context["form"]
    permit = form.fields["file"].widget.attrs["data-upload-permit"]
    data, content = {"permit": permit, "name": "conn.log", "size": len(LOG)}, LOG.encode()
    begun = client.post("/files/uploads", data)
    part = begun.json()["address"]
    for start in range(0, len(content), 200):
        headers = {"Upload-Offset": str(start)}
        sent = client.patch(
            part,
            content[start : start + 200],
            content_type="application/offset+octet-stream",
            headers=headers,
        )
        assert sent.status_code == 204
    upload = begun.json()["upload"]
    client.post(address, {"upload": upload, "note": "", "token": form["token"].value()})
    assert not Upload.objects.exists()
    row = Submission.objects.get()
    client.post(f"/evidence/{row.pk}/send")
    run_ready()
    assert (fresh(row).state, fresh(row).devices) == (SubmissionState.DONE, 1)


def test_a_result_without_machines_is_no_proof_and_asks_for_what_is_missing(
    world: World, client_of: SignIn
) -> None:
    summary = {**rows.SUMMARY, "devices": [], "device_count": 0}
    row = rows.make_done(world, "TC01", summary=summary, devices=0)
    page = text_of(client_of("TC01", Role.FOCAL_POINT), f"/evidence/{row.pk}/")
    assert "Điều đó chưa chứng minh các máy đều sạch." in page
    assert "Đã quét 2 trên 3 ngày, từ 12/09/2022 đến 14/09/2022." in page
    assert "Nộp nhật ký còn thiếu" in page
    assert "Nhật ký của những ngày còn thiếu ở giữa." in page
    assert page.count("btn-primary") == 1


def test_problems_of_the_engine_are_told_in_the_language_of_the_page(
    world: World, client_of: SignIn
) -> None:
    row = rows.make_done(world, "TC01")
    client = client_of("TC01", Role.FOCAL_POINT)
    page = text_of(client, f"/evidence/{row.pk}/")
    assert "Dữ liệu nén bị đứt hoặc hỏng tại byte 1654" in page
    assert ">cut.gz<" in page
    world.user("TC01", Role.FOCAL_POINT).__class__.objects.update(language="en")
    page = text_of(client, f"/evidence/{row.pk}/")
    assert "break off or are damaged at byte 1654" in page
    assert "1 machine met malicious addresses" in page


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("H104", "cổng này chỉ đọc được đến phiên bản 0.1.0"),
        ("H202", "bộ nhớ"),
        ("H204", "Danh sách địa chỉ độc hại của chiến dịch không còn"),
        ("E305", "Thư mục"),
        ("X999", "x"),
    ],
)
def test_each_bad_end_is_told_with_its_code(
    world: World, client_of: SignIn, code: str, words: str
) -> None:
    facts = {"version": "9", "ours": "0.1.0", "reason": "x"}
    told = {"code": code, "where": "<b>&a.zip", "what": "x", "todo": "y", "facts": facts}
    row = rows.make_draft(world, "TC01", state=SubmissionState.REFUSED, told=told)
    page = text_of(client_of("TC01", Role.FOCAL_POINT), f"/evidence/{row.pk}/")
    assert words.lower() in page.lower()
    assert code in page
    assert "<b>&a" not in page


def test_a_job_that_was_given_up_is_no_endless_wait(world: World, client_of: SignIn) -> None:
    job = Job.objects.create(kind="intake.sweep", key="x", state=JobState.FAILED)
    row = rows.make_draft(world, "TC01", state=SubmissionState.SWEEPING, job=job)
    page = text_of(client_of("TC01", Role.FOCAL_POINT), f"/evidence/{row.pk}/")
    assert "Không quét được hồ sơ này" in page
    assert f"/evidence/{row.pk}/again" in page


def test_unsigned_and_other_lists_are_marked(world: World, client_of: SignIn) -> None:
    row = rows.make_done(world, "TC01", trust="unsigned", is_campaigns_list=False, kind="findings")
    page = text_of(client_of("TC01", Role.FOCAL_POINT), f"/evidence/{row.pk}/")
    assert "Chưa ký, chưa kiểm chứng" in page
    assert "Quét bằng danh sách khác" in page


def test_units_above_see_counts_and_no_address_or_machine(world: World, client_of: SignIn) -> None:
    publish(world)
    row = hand_in(world, {"conn.log": LOG})
    run_ready()
    for role in (Role.LEAD_OWNER, Role.LEAD_ANALYST, Role.COMPILER):
        client = client_of("TC", role)
        page = text_of(client, f"/evidence/below/{world.nodes['TC'].pk}/")
        assert "xã Một" in page
        for secret in ("10.0.0.5", "203.0.113.77", "conn.log"):
            assert secret not in page
        for address in ("", "progress", "report", "files"):
            assert client.get(f"/evidence/{row.pk}/{address}").status_code == 404
        # Direct children alone: what lies below a commune is the commune's to see.
        assert "Tiểu học A" not in page
        assert client.get(f"/evidence/below/{world.nodes['TC01'].pk}/").status_code == 404
    for code, role in (("TC", Role.AUDITOR), ("TC", Role.OPERATOR), ("TC01", Role.SIGNER)):
        assert client_of(code, role).get(f"/evidence/{row.pk}/").status_code == 404


def test_a_zero_says_whether_anything_was_looked_at(world: World, client_of: SignIn) -> None:
    rows.make_done(world, "TC01", devices=0)
    CoverageDay.objects.create(node=world.nodes["TC01"], day=date(2022, 9, 12), kind="dns", lines=9)
    page = text_of(client_of("TC", Role.COMPILER), f"/evidence/below/{world.nodes['TC'].pk}/")
    assert page.count("chưa quét") == 1  # TC02


def test_lists_ask_few_questions_however_long_they_are(
    world: World,
    client_of: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _number in range(60):
        rows.make_done(world, "TC01")
    for client, address in (
        (client_of("TC01", Role.FOCAL_POINT), f"/evidence/units/{world.nodes['TC01'].pk}/"),
        (client_of("TC", Role.COMPILER), f"/evidence/below/{world.nodes['TC'].pk}/"),
    ):
        with django_assert_max_num_queries(18):
            text_of(client, address)


def test_the_list_is_handed_out_with_the_digest_that_the_page_tells(
    world: World, client_of: SignIn
) -> None:
    campaign = publish(world)
    assert campaign.release_file is not None
    client, node = client_of("TC01", Role.FOCAL_POINT), world.nodes["TC01"]
    page = text_of(client, f"/evidence/units/{node.pk}/at-home")
    assert campaign.release_file.sha256 in page
    assert "quetsach sweep NHAT-KY -i danh-sach-" in page
    answer = client.get(f"/evidence/units/{node.pk}/list")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert sha256(content).hexdigest() == campaign.release_file.sha256


def test_a_name_of_a_file_is_shown_as_text(world: World, client_of: SignIn) -> None:
    row = rows.make_draft(world, "TC01")
    StoredFile.objects.update(name="<script>alert(1)</script>.log", state=FileState.ACCEPTED)
    page = text_of(client_of("TC01", Role.FOCAL_POINT), f"/evidence/{row.pk}/")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_calendar_says_which_days_of_which_were_looked_at() -> None:
    first, last = date(2022, 8, 30), date(2022, 9, 2)
    seen = covered(first, last, {date(2022, 8, 31): (5, 1), date(2022, 10, 1): (5, 1)})
    assert (seen.days, seen.of, seen.missing, len(seen.months)) == (1, 4, 3, 2)
    cells = [
        cell for month in seen.months for week in month.weeks for cell in week if cell is not None
    ]
    assert [cell.day for cell in cells if cell.is_covered] == [date(2022, 8, 31)]
    assert len([cell for cell in cells if cell.lines is not None]) == 4
    long = covered(date(2000, 1, 1), timezone.localdate() + timedelta(days=1), {})
    assert long.is_cut
    assert len(long.months) == 14
