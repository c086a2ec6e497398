"""The page of a submission: what came of it, what it proves, and what would tell more."""

import pytest
from django.test import Client

from quetsach_portal.cases.models.case import Case
from quetsach_portal.files.models import FileState, StoredFile
from quetsach_portal.intake.models import SubmissionState
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.people.models.roles import Role
from tests.portal.intake import rows
from tests.portal.intake.handing_in import (
    LOG,
    looked_through,
    publish,
)
from tests.portal.intake.rows import SignIn, text_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db


EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.mark.new_process
@pytest.mark.django_db
def test_F11_eicar_is_in_quarantine_its_uploader_told_and_nobody_downloads_it(
    world: World, client_of
) -> None:
    publish(world)
    row = looked_through(world, {"conn.log": LOG, "bad.log": EICAR})
    assert row.state == SubmissionState.QUARANTINED
    bad = row.files.get(state=FileState.QUARANTINED)
    for code, role in (("TC01", Role.FOCAL_POINT), ("TC", Role.LEAD_OWNER)):
        client: Client = client_of(code, role)
        assert client.get(f"/files/{bad.pk}").status_code == 404
    page = client_of("TC01", Role.FOCAL_POINT).get(f"/evidence/{row.pk}/")
    assert "EICAR" in page.content.decode()
    assert "cách ly" in page.content.decode()
    assert not Case.objects.exists()


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


def test_a_line_to_look_at_is_shown_and_a_person_makes_the_case(
    world: World, client_of: SignIn
) -> None:
    row = rows.make_looked(world, "TC01")
    client = client_of("TC01", Role.TECHNICIAN)
    page = text_of(client, f"/evidence/{row.pk}/")
    assert "&lt;134&gt;1 gw7 ~ 10.20.3.41 &gt; 203.0.113.77" in page
    assert "Để riêng vì không phải nhật ký: README.txt" in page
    assert not Case.objects.exists()
    address = f"/evidence/{row.pk}/lines/{rows.LOOK['number']}/case"
    assert address in page
    refused = client.post(address, {"machine": "PC-KETOAN-03", "reason": ""})
    assert refused.status_code == 200
    assert not Case.objects.exists()
    answer = client.post(address, {"machine": "PC-KETOAN-03", "reason": "Văn thư xác nhận."})
    case = Case.objects.get()
    assert answer.headers["Location"].endswith(f"/cases/{case.pk}/")
    assert f"/cases/{case.pk}/" in text_of(client, f"/evidence/{row.pk}/")
    assert "Văn thư xác nhận." in text_of(client, f"/cases/{case.pk}/")
    assert client.get(f"/evidence/{row.pk}/lines/gone/case").status_code == 404


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


def test_a_name_of_a_file_is_shown_as_text(world: World, client_of: SignIn) -> None:
    row = rows.make_draft(world, "TC01")
    StoredFile.objects.update(name="<script>alert(1)</script>.log", state=FileState.ACCEPTED)
    page = text_of(client_of("TC01", Role.FOCAL_POINT), f"/evidence/{row.pk}/")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
