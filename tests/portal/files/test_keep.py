"""Files of plain forms: what is kept, what leaves no trace, and what a job looks through later."""

import hashlib
import io
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.files import storage, uploads
from quetsach_portal.files.actions import FileUpload, accept_upload, store_upload
from quetsach_portal.files.kinds import UserLimits
from quetsach_portal.files.models import FileScanResult, FileState, StoredFile
from quetsach_portal.files.problems import FileRefused
from quetsach_portal.jobs.models import Job
from quetsach_portal.people.models.account import User
from tests.portal.files.conftest import PATH, Keep, bytes_in
from tests.portal.files.samples import (
    EICAR,
    LOG,
    MIB,
    pdf,
    photo_with_place,
    shortly,
    workbook,
    zipped,
)
from tests.portal.working import run_ready

pytestmark = pytest.mark.django_db


def refused(act) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        act()
    return caught.value


def test_a_proof_is_kept_as_it_is_under_a_random_name(kept: Keep, home: Path) -> None:
    stored = StoredFile.objects.get(pk=kept(pdf(), "Biên bản.pdf").pk)
    assert (stored.state, stored.kind, stored.name) == (FileState.ACCEPTED, "pdf", "Biên bản.pdf")
    assert stored.sha256 == hashlib.sha256(pdf()).hexdigest()
    assert storage.path_of(stored).read_bytes() == pdf()
    assert bytes_in(home) == {stored.pk.hex}
    event = AuditEvent.objects.get()
    assert (event.action, event.object_id, event.unit_path) == ("file.kept", str(stored.pk), PATH)
    assert "Biên bản" not in str(event.detail)


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


def test_F4_remarks_on_a_workbook_are_kept_and_told(kept: Keep) -> None:
    stored = StoredFile.objects.get(pk=kept(workbook(hidden=True), "a.xlsx", "register").pk)
    assert [one.code for one in stored.remark_list] == ["P141"]
    assert "Ghi chú" in stored.remark_list[0].what()


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
    found = refused(lambda: kept(raw, name))
    assert found.problem.code == wanted
    assert found.field == "file"
    assert found.told
    assert not StoredFile.objects.exists()
    assert not AuditEvent.objects.exists()
    assert bytes_in(home) == set()


def test_F11_a_proof_that_is_the_test_file_is_not_stored(kept: Keep, home: Path) -> None:
    found = refused(lambda: kept(EICAR, "a.pdf"))
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


def test_F8_500_files_of_one_person_meet_the_limit_and_others_do_not(
    kept: Keep, clerk: User, other: User
) -> None:
    StoredFile.objects.bulk_create(
        StoredFile(purpose="proof", name="a", owner_path=PATH, uploaded_by=clerk)
        for _number in range(200)
    )
    found = refused(lambda: kept(pdf(), "a.pdf"))
    assert found.problem.code == "P124"
    assert "200" in found.told
    assert kept(pdf(), "a.pdf", actor=other).state == FileState.ACCEPTED


def test_F8_the_bytes_of_a_month_are_limited(kept: Keep, clerk: User) -> None:
    kept(pdf(), "a.pdf")
    few = UserLimits(bytes_a_month=len(pdf()) + 10)
    with transaction.atomic():
        uploads.refuse_over_limits(clerk, 10, limits=few)
        found = refused(lambda: uploads.refuse_over_limits(clerk, 11, limits=few))
    assert found.problem.code == "P125"


def test_the_portal_s_own_documents_count_for_nobody(kept: Keep, clerk: User) -> None:
    StoredFile.objects.bulk_create(
        StoredFile(purpose="document", name="a", owner_path=PATH, uploaded_by=clerk)
        for _number in range(500)
    )
    assert kept(pdf(), "cong-van.pdf", "document").state == FileState.ACCEPTED
    assert kept(pdf(), "a.pdf").state == FileState.ACCEPTED


def test_F8_without_room_on_the_disk_nothing_is_begun(kept: Keep, monkeypatch) -> None:
    monkeypatch.setattr(storage, "KEPT_FREE", 1 << 60)
    assert refused(lambda: kept(pdf(), "a.pdf")).problem.code == "P129"


def test_an_accepted_file_without_a_digest_is_impossible(kept: Keep) -> None:
    stored = kept(pdf(), "a.pdf")
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(pk=stored.pk).update(sha256="")


def test_nothing_given_is_told(home: Path, clerk: User) -> None:
    act = lambda: accept_upload(FileUpload(), purpose="proof", owner_path=PATH, actor=clerk)  # noqa: E731
    assert refused(act).problem.code == "P130"


# Evidence: kept at once, looked through by a job.


def test_evidence_waits_for_its_job_and_is_accepted_by_it(kept: Keep) -> None:
    stored = kept(zipped({"fw1/conn.log": LOG}), "nhat-ky.zip", "evidence")
    assert (stored.state, Job.objects.get().kind) == (FileState.CHECKING, "files.check")
    assert run_ready(1) == 1
    stored.refresh_from_db()
    assert (stored.state, stored.kind) == (FileState.ACCEPTED, "zip")
    assert stored.scan == FileScanResult.NOT_SCANNED
    follow = Job.objects.get(kind="intake.checked")
    assert follow.payload == {"file": str(stored.pk)}
    assert set(AuditEvent.objects.values_list("action", flat=True)) == {
        "file.kept",
        "file.accepted",
    }


def test_refused_evidence_says_why_and_its_bytes_go(
    kept: Keep, home: Path, django_capture_on_commit_callbacks
) -> None:
    stored = kept(zipped({"a.zip": zipped({"b": LOG})}), "nhat-ky.zip", "evidence")
    with django_capture_on_commit_callbacks(execute=True):
        run_ready()
    stored.refresh_from_db()
    assert (stored.state, stored.refusal["code"]) == (FileState.REFUSED, "P110")
    assert "a.zip" in stored.told
    assert bytes_in(home) == set()


def test_F11_eicar_as_evidence_is_isolated_and_the_uploader_told(kept: Keep, home: Path) -> None:
    stored = kept(zipped({"mau.com": EICAR}), "nhat-ky.zip", "evidence")
    run_ready()
    stored.refresh_from_db()
    assert (stored.state, stored.scan) == (FileState.QUARANTINED, FileScanResult.FOUND)
    assert "EICAR" in stored.told
    assert "cách ly" in stored.told
    assert not storage.path_of(stored).exists()
    assert storage.quarantine_of(stored.pk).exists()
    assert AuditEvent.objects.filter(action="file.quarantined").count() == 1


def test_F11_a_worker_that_died_after_isolating_is_followed_by_one_that_says_so(
    kept: Keep, home: Path
) -> None:
    stored = kept(EICAR, "mau.log", "evidence")
    storage.isolate(stored.pk)
    run_ready()
    stored.refresh_from_db()
    assert stored.state == FileState.QUARANTINED


def test_bytes_that_are_gone_are_told(kept: Keep) -> None:
    stored = kept(LOG, "a.log", "evidence")
    storage.remove(stored.pk)
    run_ready()
    stored.refresh_from_db()
    assert (stored.state, stored.refusal["code"]) == (FileState.REFUSED, "P131")


def test_bytes_that_changed_since_they_came_are_refused(kept: Keep) -> None:
    stored = kept(LOG, "a.log", "evidence")
    storage.path_of(stored).write_bytes(LOG[1:])
    run_ready()
    stored.refresh_from_db()
    assert (stored.state, stored.refusal["code"]) == (FileState.REFUSED, "P128")


def test_a_check_that_runs_twice_changes_nothing_the_second_time(kept: Keep) -> None:
    stored = kept(LOG, "a.log", "evidence")
    run_ready()
    Job.objects.update(state="ready")
    run_ready()
    assert AuditEvent.objects.filter(action="file.accepted").count() == 1
    assert StoredFile.objects.get(pk=stored.pk).state == FileState.ACCEPTED
