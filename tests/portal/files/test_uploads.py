"""How much one person may upload, and what is removed when its time is over."""

import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.files import storage, uploads
from quetsach_portal.files.actions import FileUpload, accept_upload, append
from quetsach_portal.files.kinds import UserLimits
from quetsach_portal.files.models import FileState, StoredFile, Upload
from quetsach_portal.followup.models import Method, Receipt
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.people.models.account import User
from tests.portal.files.conftest import PATH, Begin, Keep, bytes_in
from tests.portal.files.samples import (
    LOG,
    code_of,
    pdf,
    refusal_of,
)
from tests.portal.intake.handing_in import hand_in, publish
from tests.portal.working import run_ready
from tests.portal.world import World

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


def test_a_file_that_its_act_never_handed_in_goes_after_a_day_and_no_other(
    kept: Keep,
    begun: Begin,
    clerk: User,
    world: World,
    home: Path,
    django_capture_on_commit_callbacks,
) -> None:
    lost, young = (kept(LOG, "a.log", "evidence") for _turn in range(2))
    proof, upload = kept(pdf(), "a.pdf"), begun(LOG)
    Receipt.objects.create(
        node=world.nodes["TC01"],
        by=clerk,
        method=Method.ON_BEHALF,
        received_at=timezone.now(),
        proof=proof,
    )
    publish(world)
    row = hand_in(world, {"conn.log": LOG})
    StoredFile.objects.exclude(pk=young.pk).update(created_at=timezone.now() - timedelta(hours=25))
    with django_capture_on_commit_callbacks(execute=True):
        assert uploads.forget_unclaimed() == 1
    there = {young.pk, proof.pk, upload.pk, *row.files.values_list("pk", flat=True)}
    there.add(Campaign.objects.get().release_file_id)
    assert set(StoredFile.objects.values_list("pk", flat=True)) == there
    assert lost.pk.hex not in bytes_in(home)
    assert AuditEvent.objects.filter(action="file.unclaimed").count() == 1
    # Its check, if no worker had come to it, finds nothing to do.
    run_ready()
    assert not Job.objects.filter(kind="files.check", state=JobState.FAILED).exists()


@pytest.mark.parametrize("state", [JobState.READY, JobState.RUNNING, JobState.FAILED])
def test_a_list_that_a_job_has_still_to_read_stays_until_the_job_is_done(
    kept: Keep, state: JobState
) -> None:
    old = kept(LOG, "a.log", "evidence")
    StoredFile.objects.update(created_at=timezone.now() - timedelta(hours=25))
    for number, before in enumerate((str(old.pk), None)):
        payload = {"version": 1, "old": before}
        Job.objects.create(kind="lists.follow", key=f"x:{number}", payload=payload, state=state)
    assert uploads.forget_unclaimed() == 0
    Job.objects.update(state=JobState.DONE)
    assert uploads.forget_unclaimed() == 1


def test_a_file_that_was_handed_in_meanwhile_stays(
    kept: Keep, clerk: User, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = kept(pdf(), "a.pdf")
    StoredFile.objects.update(created_at=timezone.now() - timedelta(hours=25))
    forget = uploads._forget

    def handed_in_first(file_id: UUID) -> int:
        Receipt.objects.create(
            node=world.nodes["TC01"],
            by=clerk,
            method=Method.ON_BEHALF,
            received_at=timezone.now(),
            proof=lost,
        )
        return forget(file_id)

    monkeypatch.setattr(uploads, "_forget", handed_in_first)
    assert uploads.forget_unclaimed() == 0
    assert StoredFile.objects.filter(pk=lost.pk).exists()


def test_the_age_of_an_upload_in_parts_counts_from_its_end(begun: Begin, clerk: User) -> None:
    upload = begun(LOG)
    StoredFile.objects.update(created_at=timezone.now() - timedelta(hours=30))
    append(upload.pk, offset=0, content=LOG, actor=clerk)
    whole = FileUpload(upload_id=upload.pk)
    accept_upload(whole, purpose="evidence", owner_path=PATH, actor=clerk)
    assert uploads.forget_unclaimed() == 0
