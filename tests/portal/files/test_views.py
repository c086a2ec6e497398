"""Uploads in parts over HTTP, and the form that they belong to."""

import random
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from quetsach_portal.files import storage
from quetsach_portal.files.actions import (
    accept_upload,
    begin_upload,
)
from quetsach_portal.files.models import FileState, StoredFile, Upload
from quetsach_portal.files.views import FileFieldForm
from quetsach_portal.people.models.account import User
from tests.portal.files.conftest import PATH
from tests.portal.files.samples import LOG, pdf
from tests.portal.files.samples_http import begin_by, patch, permit
from tests.portal.signing_in import signed_in

pytestmark = pytest.mark.django_db


def test_a_file_goes_over_in_parts_and_on_from_where_it_stopped(
    browser: Client, clerk: User
) -> None:
    raw = random.Random(7).randbytes(50_000).hex().encode()
    began = begin_by(browser, clerk, raw)
    assert began.status_code == 201
    address = began.headers["Location"]
    assert patch(browser, address, 0, raw[:40_000]).headers["Upload-Offset"] == "40000"
    # The line is lost; the same part is sent again, as nobody knows whether it came.
    again = patch(browser, address, 0, raw[:40_000])
    assert (again.status_code, again.headers["Upload-Offset"]) == (409, "40000")
    told = browser.head(address)
    assert (told.status_code, told.headers["Upload-Offset"]) == (200, "40000")
    assert told.headers["Upload-Length"] == str(len(raw))
    assert told.headers["Cache-Control"] == "no-store"
    assert patch(browser, address, 40_000, raw[40_000:]).status_code == 204
    form = FileFieldForm(
        {"upload": began.json()["upload"]}, purpose="evidence", owner_path=PATH, user=clerk
    )
    assert form.is_valid()
    stored = accept_upload(form.given(), purpose="evidence", owner_path=PATH, actor=clerk)
    assert storage.path_of(stored).read_bytes() == raw


def test_another_person_cannot_see_go_on_with_or_end_an_upload(
    browser: Client, clerk: User, other: User
) -> None:
    address = begin_by(browser, clerk, LOG).headers["Location"]
    stranger = signed_in(other)
    assert stranger.head(address).status_code == 404
    assert patch(stranger, address, 0, LOG).status_code == 404
    assert stranger.delete(address).status_code == 404
    assert Upload.objects.get().offset == 0
    nobody = Client()
    assert nobody.head(address).status_code == 302
    assert patch(nobody, address, 0, LOG).status_code == 302
    assert browser.delete(address).status_code == 204
    assert browser.head(address).status_code == 404


@pytest.mark.asvs("V9.1.1")
def test_a_permit_is_for_one_person_and_cannot_be_made_up(
    browser: Client, clerk: User, other: User
) -> None:
    for forged in ("", "x", permit(other), "A" + permit(clerk)[1:]):
        answer = begin_by(browser, clerk, LOG, permit=forged)
        assert answer.status_code == 403
        assert answer.json()["code"] == "P135"
    assert not StoredFile.objects.exists()


def test_a_page_of_another_site_begins_and_sends_nothing(clerk: User, home: Path) -> None:
    """A7: neither a begin nor a part goes through without the token of our own page."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(clerk, backend="quetsach_portal.people.sessions.AccountBackend")
    assert begin_by(strict, clerk, LOG).status_code == 403
    upload = begin_upload(name="a", size=len(LOG), purpose="evidence", owner_path=PATH, actor=clerk)
    address = reverse("files:part", args=[upload.pk])
    assert patch(strict, address, 0, LOG).status_code == 403
    assert strict.delete(address).status_code == 403
    assert Upload.objects.get().offset == 0


@pytest.mark.asvs("V15.3.5")
@pytest.mark.parametrize("offset", ["", "x", "-1", "1e3", "٣", "9" * 40])
def test_an_offset_that_is_no_number_is_a_conflict(
    offset: str, browser: Client, clerk: User
) -> None:
    address = begin_by(browser, clerk, LOG).headers["Location"]
    answer = browser.patch(
        address,
        LOG,
        content_type="application/offset+octet-stream",
        headers={"Upload-Offset": offset.encode().decode("latin-1")},
    )
    assert answer.status_code == 409


def test_the_chooser_works_without_javascript_and_says_what_is_taken(
    clerk: User, home: Path
) -> None:
    form = FileFieldForm(purpose="proof", owner_path=PATH, user=clerk)
    page = str(form["file"])
    assert 'accept=".pdf,' in page
    assert 'type="file"' in page
    assert "20 MB" in form.fields["file"].help_text
    assert "required" not in page
    given = FileFieldForm(
        {},
        {"file": SimpleUploadedFile("a.pdf", pdf())},
        purpose="proof",
        owner_path=PATH,
        user=clerk,
    )
    assert given.is_valid()
    stored = accept_upload(given.given(), purpose="proof", owner_path=PATH, actor=clerk)
    assert stored.state == FileState.ACCEPTED


@pytest.mark.parametrize("data", [{}, {"upload": "not-an-id"}])
def test_a_form_without_a_file_says_so(data: dict[str, str], clerk: User) -> None:
    form = FileFieldForm(data, purpose="proof", owner_path=PATH, user=clerk)
    assert not form.is_valid()
