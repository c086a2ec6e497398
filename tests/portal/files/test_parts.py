"""Uploads in parts: they survive a lost line, belong to one person, and end some day."""

import hashlib
import random
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.files import storage, uploads
from quetsach_portal.files.actions import (
    FileUpload,
    accept_upload,
    append,
    begin_upload,
    end_upload,
)
from quetsach_portal.files.models import FileState, StoredFile, Upload
from quetsach_portal.files.problems import FileRefused
from quetsach_portal.files.uploads import permit_for
from quetsach_portal.files.views import FileFieldForm
from quetsach_portal.people.models.account import User
from tests.portal.files.conftest import PATH, Keep, bytes_in
from tests.portal.files.samples import LOG, pdf, photo_with_place
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready

pytestmark = pytest.mark.django_db

Begin = Callable[..., Upload]


@pytest.fixture
def begun(home: Path, clerk: User) -> Begin:
    def begin(raw: bytes, name: str = "a.log", purpose: str = "evidence", **more: str) -> Upload:
        return begin_upload(
            name=name, size=len(raw), purpose=purpose, owner_path=PATH, actor=clerk, **more
        )

    return begin


def refused(act) -> str:
    with pytest.raises(FileRefused) as caught:
        act()
    return caught.value.problem.code


def sent(upload: Upload, raw: bytes, actor: User, step: int = 700) -> None:
    for place in range(0, len(raw), step):
        part = raw[place : place + step]
        assert append(upload.pk, offset=place, content=part, actor=actor) == place + len(part)


def finished(
    upload: Upload, actor: User, purpose: str = "evidence", path: str = PATH
) -> StoredFile:
    given = FileUpload(upload_id=upload.pk)
    return accept_upload(given, purpose=purpose, owner_path=path, actor=actor)


def test_parts_become_the_file(begun: Begin, clerk: User, home: Path) -> None:
    upload = begun(LOG, sha256=hashlib.sha256(LOG).hexdigest().upper())
    sent(upload, LOG, clerk)
    stored = finished(upload, clerk)
    assert (stored.pk, stored.state) == (upload.pk, FileState.CHECKING)
    assert not Upload.objects.exists()
    run_ready()
    stored.refresh_from_db()
    assert stored.state == FileState.ACCEPTED
    assert stored.sha256 == hashlib.sha256(LOG).hexdigest()
    assert storage.path_of(stored).read_bytes() == LOG


def test_a_proof_in_parts_is_checked_at_once(
    begun: Begin, clerk: User, home: Path, django_capture_on_commit_callbacks
) -> None:
    raw = photo_with_place()
    upload = begun(raw, "anh.jpg", "proof", sha256=hashlib.sha256(raw).hexdigest())
    sent(upload, raw, clerk)
    with django_capture_on_commit_callbacks(execute=True):
        stored = finished(upload, clerk, "proof")
    assert stored.state == FileState.ACCEPTED
    assert b"Exif" not in storage.path_of(stored).read_bytes()
    assert StoredFile.objects.count() == 1
    assert bytes_in(home) == {stored.pk.hex}


def test_a_refused_proof_in_parts_can_be_tried_no_differently(begun: Begin, clerk: User) -> None:
    upload = begun(b"<html></html>", "a.pdf", "proof")
    sent(upload, b"<html></html>", clerk)
    assert refused(lambda: finished(upload, clerk, "proof")) == "P103"
    assert refused(lambda: finished(upload, clerk, "proof")) == "P103"


@pytest.mark.parametrize("purpose", ["evidence", "proof"])
def test_what_is_not_what_was_sent_is_refused(begun: Begin, clerk: User, purpose: str) -> None:
    upload = begun(pdf() if purpose == "proof" else LOG, "a.pdf", purpose, sha256="0" * 64)
    sent(upload, pdf() if purpose == "proof" else LOG, clerk)
    if purpose == "proof":
        assert refused(lambda: finished(upload, clerk, purpose)) == "P128"
        return
    stored = finished(upload, clerk, purpose)
    run_ready()
    stored.refresh_from_db()
    assert stored.refusal["code"] == "P128"


def test_a_part_goes_only_where_the_last_one_ended(begun: Begin, clerk: User) -> None:
    upload = begun(LOG)
    append(upload.pk, offset=0, content=LOG[:100], actor=clerk)
    for offset in (0, 99, 101, len(LOG)):
        act = lambda at=offset: append(upload.pk, offset=at, content=b"x", actor=clerk)  # noqa: E731
        assert refused(act) == "P127"
    assert refused(lambda: append(upload.pk, offset=100, content=LOG, actor=clerk)) == "P127"
    assert Upload.objects.get().offset == 100


def test_bytes_that_were_written_and_not_counted_are_written_over(
    begun: Begin, clerk: User
) -> None:
    upload = begun(LOG)
    append(upload.pk, offset=0, content=LOG[:100], actor=clerk)
    with storage.place_of(upload.pk).open("ab") as file:
        file.write(b"of a web process that was killed before it could say so")
    sent_rest = append(upload.pk, offset=100, content=LOG[100:], actor=clerk)
    assert sent_rest == len(LOG)
    assert storage.place_of(upload.pk).read_bytes() == LOG


def test_an_upload_is_one_person_s_and_for_what_it_was_begun(
    begun: Begin, clerk: User, other: User
) -> None:
    upload = begun(LOG)
    sent(upload, LOG, clerk)
    assert refused(lambda: append(upload.pk, offset=0, content=b"x", actor=other)) == "P131"
    assert refused(lambda: end_upload(upload.pk, actor=other)) == "P131"
    assert refused(lambda: finished(upload, other)) == "P131"
    assert refused(lambda: finished(upload, clerk, "findings")) == "P131"
    assert refused(lambda: finished(upload, clerk, path="/1/35/")) == "P131"
    assert finished(upload, clerk).state == FileState.CHECKING
    assert refused(lambda: finished(upload, clerk)) == "P131"


def test_an_upload_that_is_not_complete_is_not_taken(begun: Begin, clerk: User) -> None:
    upload = begun(LOG)
    append(upload.pk, offset=0, content=LOG[:-1], actor=clerk)
    assert refused(lambda: finished(upload, clerk)) == "P134"


@pytest.mark.parametrize(("size", "wanted"), [(0, "P101"), (-5, "P101"), ((4 << 30) + 1, "P102")])
def test_F8_a_size_that_cannot_be_is_refused_before_a_byte(
    size: int, wanted: str, home: Path, clerk: User
) -> None:
    act = lambda: begin_upload(  # noqa: E731
        name="a.log", size=size, purpose="evidence", owner_path=PATH, actor=clerk
    )
    assert refused(act) == wanted
    assert not StoredFile.objects.exists()


def test_F8_one_person_has_few_uploads_under_way(begun: Begin, clerk: User) -> None:
    for _number in range(5):
        begun(LOG)
    assert refused(lambda: begun(LOG)) == "P133"
    end_upload(Upload.objects.first().pk, actor=clerk)  # type: ignore[union-attr]
    assert begun(LOG).offset == 0


def test_F8_an_upload_that_takes_too_long_is_ended_and_its_bytes_go(
    begun: Begin, clerk: User, home: Path, django_capture_on_commit_callbacks
) -> None:
    late, good = begun(LOG), begun(LOG)
    for upload in (late, good):
        append(upload.pk, offset=0, content=LOG[:100], actor=clerk)
    Upload.objects.filter(pk=late.pk).update(deadline=timezone.now() - timedelta(seconds=1))
    assert refused(lambda: append(late.pk, offset=100, content=b"x", actor=clerk)) == "P126"
    with django_capture_on_commit_callbacks(execute=True):
        assert uploads.end_late_uploads() == 1
    assert refused(lambda: append(late.pk, offset=100, content=b"x", actor=clerk)) == "P131"
    assert bytes_in(home) == {good.pk.hex}
    assert AuditEvent.objects.filter(action="file.upload_expired").count() == 1


def test_the_time_for_an_upload_grows_with_its_size_and_has_an_end() -> None:
    from quetsach_portal.files.kinds import EVIDENCE, GIB, MIB

    hours = [EVIDENCE.time_for(size) / timedelta(hours=1) for size in (0, 100 * MIB, GIB, 9 * GIB)]
    assert hours == sorted(hours)
    assert hours[0] == 1
    assert hours[2] > 8
    assert hours[3] == 48


def test_bytes_without_a_row_are_removed_after_a_day_and_no_others(
    kept: Keep, begun: Begin, clerk: User, home: Path
) -> None:
    stored = kept(pdf(), "a.pdf")
    upload = begun(LOG)
    append(upload.pk, offset=0, content=LOG[:100], actor=clerk)
    lost = storage.new_place(uuid4())
    lost.write_bytes(b"of an act that was rolled back")
    (storage.incoming_folder() / "x.upload").write_bytes(b"of a form that broke off")
    assert set(uploads.orphans(time.time() - 3600)) == set()
    found = {one.name for one in uploads.orphans(time.time() + 10)}
    assert found == {lost.name, "x.upload"}
    assert {stored.pk.hex, upload.pk.hex} <= bytes_in(home)


# Over HTTP.


@pytest.fixture
def browser(home: Path, clerk: User) -> Client:
    return signed_in(clerk)


def permit(user: User, purpose: str = "evidence") -> str:
    return permit_for(user, purpose=purpose, owner_path=PATH)


def begin_by(browser: Client, user: User, raw: bytes, **more: str):
    data = {"permit": permit(user), "name": "a.log", "size": str(len(raw)), **more}
    return browser.post(reverse("files:begin"), data)


def patch(browser: Client, address: str, offset: int, part: bytes):
    return browser.patch(
        address,
        part,
        content_type="application/offset+octet-stream",
        headers={"Upload-Offset": str(offset)},
    )


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


# The form.


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
