"""Pages of the intake: a clerk understands them, and they need no script."""

from hashlib import sha256
from uuid import uuid4

import pytest

from quetsach_portal.files.models import Upload
from quetsach_portal.intake.models import Submission, SubmissionState
from quetsach_portal.people.models.roles import Role
from tests.portal.intake import rows
from tests.portal.intake.handing_in import CLEAN, LOG, fresh, publish
from tests.portal.intake.rows import SignIn, text_of
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


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
