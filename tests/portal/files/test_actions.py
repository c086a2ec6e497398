"""Files of forms, in one piece and in parts: what is kept, and what leaves no trace."""

import hashlib
import io
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.files import storage
from quetsach_portal.files.actions import (
    FileUpload,
    accept_upload,
    append,
    begin_upload,
    end_upload,
    store_upload,
)
from quetsach_portal.files.models import FileState, StoredFile, Upload
from quetsach_portal.people.models.account import User
from tests.portal.files.conftest import PATH, Begin, Keep, bytes_in
from tests.portal.files.samples import (
    EICAR,
    LOG,
    MIB,
    code_of,
    pdf,
    photo_with_place,
    refusal_of,
    shortly,
    zipped,
)
from tests.portal.working import run_ready

pytestmark = pytest.mark.django_db


@pytest.mark.asvs("V5.3.1")
def test_a_proof_is_kept_as_it_is_under_a_random_name(kept: Keep, home: Path) -> None:
    stored = StoredFile.objects.get(pk=kept(pdf(), "Biên bản.pdf").pk)
    assert (stored.state, stored.kind, stored.name) == (FileState.ACCEPTED, "pdf", "Biên bản.pdf")
    assert stored.sha256 == hashlib.sha256(pdf()).hexdigest()
    assert storage.path_of(stored).read_bytes() == pdf()
    assert bytes_in(home) == {stored.pk.hex}
    event = AuditEvent.objects.get()
    assert (event.action, event.object_id, event.unit_path) == ("file.kept", str(stored.pk), PATH)
    assert "Biên bản" not in str(event.detail)


@pytest.mark.asvs("V5.3.2")
def test_F10_no_name_from_outside_becomes_a_path(kept: Keep, home: Path) -> None:
    for name in ("../../x.pdf", "a\r\nSet-Cookie: x.pdf", "x" * 300 + ".pdf", "a\u202efdp.pdf"):
        stored = kept(pdf(), name)
        assert storage.path_of(stored).is_relative_to(home / "files")
        assert stored.name.endswith(".pdf")
        assert stored.name.isprintable()
    assert all(len(UUID(hex=one).hex) == 32 for one in bytes_in(home))


def test_F9_a_photo_is_kept_without_its_place(kept: Keep) -> None:
    stored = kept(photo_with_place(), "anh.jpg")
    content = storage.path_of(stored).read_bytes()
    assert b"Exif" not in content
    assert Image.open(io.BytesIO(content)).size == (20, 40)
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert stored.size == len(content)


@pytest.mark.parametrize(
    ("raw", "name", "wanted"),
    [
        (b"<html></html>", "a.pdf", "P103"),
        (b"", "a.pdf", "P101"),
        (bytes(20 * MIB + 1), "a.pdf", "P102"),
        (b"%PDF-1.7 %%EOF" + zipped({"a": b"b"}), "a.pdf", "P105"),
    ],
    ids=shortly,
)
def test_F8_what_is_refused_leaves_no_row_and_no_byte(
    raw: bytes, name: str, wanted: str, kept: Keep, home: Path
) -> None:
    found = refusal_of(lambda: kept(raw, name))
    assert found.problem.code == wanted
    assert found.field == "file"
    assert found.told
    assert not StoredFile.objects.exists()
    assert not AuditEvent.objects.exists()
    assert bytes_in(home) == set()


def test_F11_a_proof_that_is_the_test_file_is_not_stored(kept: Keep, home: Path) -> None:
    found = refusal_of(lambda: kept(EICAR, "a.pdf"))
    assert found.problem.code == "P132"
    assert "EICAR" in found.told
    assert bytes_in(home) == set()


def test_a_row_that_cannot_be_written_leaves_no_byte(home: Path, clerk: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        store_upload(
            SimpleUploadedFile("a.pdf", pdf()),
            purpose="proof",
            owner_path=None,  # type: ignore[arg-type]
            actor=clerk,
        )
    assert bytes_in(home) == set()


def test_nothing_given_is_told(home: Path, clerk: User) -> None:
    act = lambda: accept_upload(FileUpload(), purpose="proof", owner_path=PATH, actor=clerk)  # noqa: E731
    assert refusal_of(act).problem.code == "P130"


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
    assert code_of(lambda: finished(upload, clerk, "proof")) == "P103"
    assert code_of(lambda: finished(upload, clerk, "proof")) == "P103"


@pytest.mark.parametrize("purpose", ["evidence", "proof"])
def test_what_is_not_what_was_sent_is_refused(begun: Begin, clerk: User, purpose: str) -> None:
    upload = begun(pdf() if purpose == "proof" else LOG, "a.pdf", purpose, sha256="0" * 64)
    sent(upload, pdf() if purpose == "proof" else LOG, clerk)
    if purpose == "proof":
        assert code_of(lambda: finished(upload, clerk, purpose)) == "P128"
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
        assert code_of(act) == "P127"
    assert code_of(lambda: append(upload.pk, offset=100, content=LOG, actor=clerk)) == "P127"
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
    assert code_of(lambda: append(upload.pk, offset=0, content=b"x", actor=other)) == "P131"
    assert code_of(lambda: end_upload(upload.pk, actor=other)) == "P131"
    assert code_of(lambda: finished(upload, other)) == "P131"
    assert code_of(lambda: finished(upload, clerk, "findings")) == "P131"
    assert code_of(lambda: finished(upload, clerk, path="/1/35/")) == "P131"
    assert finished(upload, clerk).state == FileState.CHECKING
    assert code_of(lambda: finished(upload, clerk)) == "P131"


def test_an_upload_that_is_not_complete_is_not_taken(begun: Begin, clerk: User) -> None:
    upload = begun(LOG)
    append(upload.pk, offset=0, content=LOG[:-1], actor=clerk)
    assert code_of(lambda: finished(upload, clerk)) == "P134"


@pytest.mark.parametrize(("size", "wanted"), [(0, "P101"), (-5, "P101"), ((4 << 30) + 1, "P102")])
def test_F8_a_size_that_cannot_be_is_refused_before_a_byte(
    size: int, wanted: str, home: Path, clerk: User
) -> None:
    act = lambda: begin_upload(  # noqa: E731
        name="a.log", size=size, purpose="evidence", owner_path=PATH, actor=clerk
    )
    assert code_of(act) == wanted
    assert not StoredFile.objects.exists()


def test_F8_one_person_has_few_uploads_under_way(begun: Begin, clerk: User) -> None:
    for _number in range(5):
        begun(LOG)
    assert code_of(lambda: begun(LOG)) == "P133"
    end_upload(Upload.objects.first().pk, actor=clerk)  # type: ignore[union-attr]
    assert begun(LOG).offset == 0
