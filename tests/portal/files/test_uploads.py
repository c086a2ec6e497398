"""How much one person may upload, and what is removed when its time is over."""

import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.files import storage, uploads
from quetsach_portal.files.actions import (
    append,
)
from quetsach_portal.files.kinds import UserLimits
from quetsach_portal.files.models import FileState, StoredFile, Upload
from quetsach_portal.people.models.account import User
from tests.portal.files.conftest import PATH, Begin, Keep, bytes_in
from tests.portal.files.samples import (
    LOG,
    code_of,
    pdf,
    refusal_of,
)

pytestmark = pytest.mark.django_db


@pytest.mark.asvs("V5.2.4", "V2.4.1")
def test_F8_500_files_of_one_person_meet_the_limit_and_others_do_not(
    kept: Keep, clerk: User, other: User
) -> None:
    StoredFile.objects.bulk_create(
        StoredFile(purpose="proof", name="a", owner_path=PATH, uploaded_by=clerk)
        for _number in range(200)
    )
    found = refusal_of(lambda: kept(pdf(), "a.pdf"))
    assert found.problem.code == "P124"
    assert "200" in found.told
    assert kept(pdf(), "a.pdf", actor=other).state == FileState.ACCEPTED


@pytest.mark.asvs("V2.3.2")
def test_F8_the_bytes_of_a_month_are_limited(kept: Keep, clerk: User) -> None:
    kept(pdf(), "a.pdf")
    few = UserLimits(bytes_a_month=len(pdf()) + 10)
    with transaction.atomic():
        uploads.refuse_over_limits(clerk, 10, limits=few)
        found = refusal_of(lambda: uploads.refuse_over_limits(clerk, 11, limits=few))
    assert found.problem.code == "P125"


def test_the_portal_s_own_documents_count_for_nobody(kept: Keep, clerk: User) -> None:
    StoredFile.objects.bulk_create(
        StoredFile(purpose="document", name="a", owner_path=PATH, uploaded_by=clerk)
        for _number in range(500)
    )
    assert kept(pdf(), "cong-van.pdf", "document").state == FileState.ACCEPTED
    assert kept(pdf(), "a.pdf").state == FileState.ACCEPTED


def test_F8_an_upload_that_takes_too_long_is_ended_and_its_bytes_go(
    begun: Begin, clerk: User, home: Path, django_capture_on_commit_callbacks
) -> None:
    late, good = begun(LOG), begun(LOG)
    for upload in (late, good):
        append(upload.pk, offset=0, content=LOG[:100], actor=clerk)
    Upload.objects.filter(pk=late.pk).update(deadline=timezone.now() - timedelta(seconds=1))
    assert code_of(lambda: append(late.pk, offset=100, content=b"x", actor=clerk)) == "P126"
    with django_capture_on_commit_callbacks(execute=True):
        assert uploads.end_late_uploads() == 1
    assert code_of(lambda: append(late.pk, offset=100, content=b"x", actor=clerk)) == "P131"
    assert bytes_in(home) == {good.pk.hex}
    assert AuditEvent.objects.filter(action="file.upload_expired").count() == 1


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
