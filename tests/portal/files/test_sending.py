"""Files handed out: as attachments that run nothing, to whom their app names: F10 to F12."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from quetsach_portal.files.models import FileState, StoredFile
from quetsach_portal.jobs.worker import run_ready
from quetsach_portal.people.models import User
from tests.portal.files.conftest import Keep
from tests.portal.files.samples import EICAR, pdf, shortly
from tests.portal.signing_in import signed_in

pytestmark = pytest.mark.django_db

PAGE = b"<!doctype html><script>document.title='ran'</script>"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def its_uploader(request: HttpRequest, stored: StoredFile) -> bool:
    return bool(stored.uploaded_by_id == request.user.pk)


@pytest.fixture(autouse=True)
def access(settings) -> None:
    named = "tests.portal.files.test_sending.its_uploader"
    settings.FILE_ACCESS = {"evidence": named, "proof": named}


@pytest.fixture
def browser(clerk: User) -> Client:
    return signed_in(clerk)


def address(stored: StoredFile) -> str:
    return reverse("files:download", args=[stored.pk])


def status(browser: Client, stored: StoredFile) -> int:
    answer = browser.get(address(stored))
    answer.getvalue()
    return int(answer.status_code)


@pytest.mark.parametrize(
    ("raw", "name"), [(PAGE, "trang.html"), (DRAWING, "hinh.svg")], ids=shortly
)
def test_F12_a_page_or_drawing_goes_out_as_an_attachment_that_runs_nothing(
    raw: bytes, name: str, kept: Keep, browser: Client
) -> None:
    stored = kept(raw, name, "evidence")
    run_ready()
    answer = browser.get(address(stored))
    assert answer.getvalue() == raw
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"


def test_F10_the_name_is_sent_encoded(kept: Keep, browser: Client) -> None:
    answer = browser.get(address(kept(pdf(), "a\r\nSet-Cookie: Biên bản.pdf")))
    assert answer.getvalue() == pdf()
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''aSet-Cookie_%20Bi%C3%AAn%20b%E1%BA%A3n.pdf"
    )
    assert "Set-Cookie" not in answer.headers


def test_a_file_is_for_whom_its_owner_app_names(
    kept: Keep, browser: Client, other: User, settings
) -> None:
    stored = kept(pdf(), "a.pdf")
    assert status(browser, stored) == 200
    assert signed_in(other).get(address(stored)).status_code == 404
    assert Client().get(address(stored)).status_code == 302
    settings.FILE_ACCESS = {"evidence": settings.FILE_ACCESS["evidence"]}
    assert browser.get(address(stored)).status_code == 404
    assert browser.get(reverse("files:download", args=[uuid4()])).status_code == 404


@pytest.mark.parametrize("state", [one for one in FileState if one != FileState.ACCEPTED])
def test_F11_only_an_accepted_file_is_handed_out(
    state: FileState, kept: Keep, browser: Client
) -> None:
    stored = kept(pdf(), "a.pdf")
    StoredFile.objects.filter(pk=stored.pk).update(state=state)
    assert browser.get(address(stored)).status_code == 404


def test_F11_nobody_can_download_what_is_in_quarantine(
    kept: Keep, browser: Client, home: Path
) -> None:
    stored = kept(EICAR, "mau.log", "evidence")
    run_ready()
    assert browser.get(address(stored)).status_code == 404


def test_reading_a_file_changes_nothing(kept: Keep, browser: Client) -> None:
    stored = kept(pdf(), "a.pdf")
    assert browser.post(address(stored)).status_code == 405
    answer = browser.head(address(stored))
    answer.getvalue()
    assert answer.status_code == 200
