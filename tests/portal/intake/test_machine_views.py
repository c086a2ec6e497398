"""The page of a unit's machines: download, hand in, and a plain result with an end."""

import io
import zipfile
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quetsach_portal.intake.models import Submission
from quetsach_portal.looks.models import MachineTotal, UnitLook
from quetsach_portal.people.models.roles import Role
from tests.portal.intake.handing_in import publish
from tests.portal.looks.collecting import collection, looked, taken
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_from_the_download_to_the_result(world: World) -> None:
    publish(world)
    client = signed_in(world.user("TC01", Role.FOCAL_POINT))
    base = f"/evidence/units/{world.nodes['TC01'].pk}/"
    page = client.get(f"{base}machines").content.decode()
    assert "Chưa kiểm tra được gì" in page
    assert f"{base}collector.zip" in page
    kit = client.get(f"{base}collector.zip")
    assert len(zipfile.ZipFile(io.BytesIO(kit.content)).namelist()) == 5
    client.post(f"{base}machines/total", {"machines": "1"})
    file = SimpleUploadedFile("quetsach-PC-01.zip", collection())
    handed = client.post(f"{base}machines", {"file": file, "note": "", "token": str(uuid4())})
    run_ready()
    result = client.get(handed.headers["Location"]).content.decode()
    assert "Trong tệp vừa nộp đã kiểm tra 1 máy: không thấy máy nào liên lạc" in result
    assert "Đã kiểm tra 1/1 máy" in result
    client.post(f"{base}machines/no-logs", {"none": "1"})
    assert UnitLook.objects.get(node=world.nodes["TC01"]).grade == "full"


def test_a_file_that_holds_no_look_says_that_nothing_was_looked_at(world: World) -> None:
    publish(world)
    client = signed_in(world.user("TC01", Role.FOCAL_POINT))
    base = f"/evidence/units/{world.nodes['TC01'].pk}/"
    file = SimpleUploadedFile("ghi-chep.txt", "ghi chép của tôi\n".encode())
    client.post(f"{base}machines", {"file": file, "note": "", "token": str(uuid4())})
    run_ready()
    result = client.get(f"/evidence/{Submission.objects.get().pk}/").content.decode()
    assert "<h1>Chưa kiểm tra được gì</h1>" in result
    assert "không thấy máy nào" not in result


def test_machines_are_added_described_joined_and_taken_out(world: World) -> None:
    (first,) = looked(world, taken("PC-01"))
    (second,) = looked(world, taken("PC-02", content="b" * 64), source="submission:2")
    client = signed_in(world.user("TC01", Role.TECHNICIAN))
    base = f"/evidence/units/{world.nodes['TC01'].pk}/machines"
    assert "Trùng tên hoặc trùng card mạng với PC-01" in client.get(base).content.decode()
    client.post(f"{base}/{second.machine_id}/same-as", {"into": first.machine_id})
    client.post(f"{base}/add", {"name": "PC-03", "room": "Kế toán"})
    client.post(f"{base}/{first.machine_id}/change", {"name": "PC-01", "room": "Một cửa"})
    page = client.get(base).content.decode()
    assert "Kế toán" in page
    assert "Một cửa" in page
    assert "PC-02" not in page
    client.post(f"{base}/{first.machine_id}/end", {"reason": "thanh lý"})
    assert "PC-01" not in client.get(base).content.decode()
    client.post(f"{base}/total", {"machines": "x"})
    assert not MachineTotal.objects.exists()
