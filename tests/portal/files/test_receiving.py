"""Forms with files as they come in: to the disk, counted on the way, and little from strangers."""

import hashlib
from pathlib import Path

import pytest
from django.http import HttpRequest, JsonResponse
from django.test import Client
from django.urls import path

from quetsach_portal.config import urls as portal_urls
from quetsach_portal.files.actions import (
    FileUpload,
    accept_upload,
)
from quetsach_portal.files.models import Upload
from quetsach_portal.files.receiving import MOST_FROM_STRANGERS, IncomingFile
from quetsach_portal.people.models.account import User
from tests.portal.files.conftest import PATH, bytes_in
from tests.portal.files.samples import LOG, MIB, pdf
from tests.portal.files.samples_http import begin_by, patch
from tests.portal.signing_in import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.files.test_receiving")]


def hand_in(request: HttpRequest) -> JsonResponse:
    file = request.FILES["file"]
    assert isinstance(file, IncomingFile)
    assert Path(file.temporary_file_path()).parent.name == "incoming"
    stored = accept_upload(
        FileUpload(file),  # type: ignore[arg-type]
        purpose=request.POST["purpose"],
        owner_path=PATH,
        actor=request.user,  # type: ignore[arg-type]
    )
    return JsonResponse({"sha256": stored.sha256, "size": stored.size, "name": stored.name})


urlpatterns = [path("hand-in", hand_in), *portal_urls.urlpatterns]


def test_a_file_of_a_form_is_moved_and_not_copied(clerk: User, home: Path, tmp_path: Path) -> None:
    raw = LOG * 400
    came = tmp_path / "conn.log"
    came.write_bytes(raw)
    with came.open("rb") as file:
        answer = signed_in(clerk).post("/hand-in", {"file": file, "purpose": "evidence"})
    assert answer.json() == {
        "sha256": hashlib.sha256(raw).hexdigest(),
        "size": len(raw),
        "name": "conn.log",
    }
    assert len(bytes_in(home / "files")) == 1
    assert bytes_in(home / "incoming") == set()


def test_a_refused_file_of_a_form_is_gone(clerk: User, home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"<html>")
    browser = signed_in(clerk)
    browser.raise_request_exception = False
    with (tmp_path / "a.pdf").open("rb") as file:
        assert browser.post("/hand-in", {"file": file, "purpose": "proof"}).status_code == 500
    assert bytes_in(home / "files") | bytes_in(home / "incoming") == set()


def test_F8_a_stranger_can_send_next_to_nothing(home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(bytes(MOST_FROM_STRANGERS + 1))
    with (tmp_path / "a.log").open("rb") as file:
        answer = Client().post("/account/login/", {"file": file})
    assert answer.status_code == 400
    assert bytes_in(home / "incoming") == set()


def test_F8_the_signed_in_can_send_what_a_purpose_takes(clerk: User, home: Path) -> None:
    browser = signed_in(clerk)
    answer = browser.generic(
        "POST",
        "/hand-in",
        b"x",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(5000 * MIB),
    )
    assert answer.status_code == 400


def test_a_small_file_of_a_form_is_kept_like_a_large_one(
    clerk: User, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "b.pdf").write_bytes(pdf())
    with (tmp_path / "b.pdf").open("rb") as file:
        answer = signed_in(clerk).post("/hand-in", {"file": file, "purpose": "proof"})
    assert answer.json()["size"] == len(pdf())


def test_F8_a_part_is_never_large(browser: Client, clerk: User) -> None:
    raw = bytes(9 << 20)
    address = begin_by(browser, clerk, raw).headers["Location"]
    assert patch(browser, address, 0, raw).json()["code"] == "P102"
    assert Upload.objects.get().offset == 0


def test_F8_one_person_sends_few_parts_at_once_and_others_are_not_kept_waiting(
    browser: Client, clerk: User, other: User
) -> None:
    from quetsach_portal.files import receiving

    address = begin_by(browser, clerk, LOG).headers["Location"]
    theirs = signed_in(other)
    there = begin_by(theirs, other, LOG).headers["Location"]
    with receiving._one_of_few(clerk.pk), receiving._one_of_few(clerk.pk):
        assert patch(browser, address, 0, LOG).status_code == 429
        assert patch(theirs, there, 0, LOG).status_code == 204
    assert patch(browser, address, 0, LOG).status_code == 204
    assert not receiving._under_way
