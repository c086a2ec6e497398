"""The job that looks through large files: evidence and findings."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quetsach_portal.audit.record import record
from quetsach_portal.files import storage
from quetsach_portal.files.looking import filled, look_through
from quetsach_portal.files.models import FileState, ScanResult, StoredFile
from quetsach_portal.files.refusal import FileRefused
from quetsach_portal.jobs.enqueue import enqueue
from quetsach_portal.jobs.models import Job
from quetsach_portal.jobs.work import Work

KIND = "files.check"


def ask(stored: StoredFile, *, expected_sha256: str) -> Job:
    """Return the job that will look through `stored`, asked for in the caller's transaction.

    Shapes: `expected_sha256` is what the bytes must come to, "" where nobody has said it.
    """
    return enqueue(
        KIND,
        key=f"{KIND}:{stored.pk}",
        payload={"file": str(stored.pk), "sha256": expected_sha256},
        asked_by_id=None if stored.uploaded_by is None else stored.uploaded_by.pk,
        unit_path=stored.owner_path,
    )


def check_file(work: Work, *, follows: Mapping[str, str]) -> None:
    """Look through one file and say how it ended; a second run of the same job changes nothing.

    Shapes: `follows` has, by purpose, the kind of the job that is enqueued then.
    """
    stored = StoredFile.objects.get(pk=UUID(work.payload["file"]))
    if stored.state != FileState.CHECKING:
        return
    place = storage.place_of(stored.pk)
    if not place.exists():
        # A run before this one was ended between moving the bytes and saying so.
        place = storage.quarantine_of(stored.pk)
    try:
        seen = look_through(
            place,
            stored,
            expected_sha256=work.payload["sha256"],
            renew=lambda done: work.progress(done, 2 * stored.size),
        )
    except FileNotFoundError:
        _end(work, stored, FileRefused("P131"), follows)
    except FileRefused as refused:
        _end(work, stored, refused, follows)
    else:
        filled(stored, seen, size=stored.size, sha256=seen.sha256)
        stored.state = FileState.ACCEPTED
        _write(work, stored, "file.accepted", follows)


def _end(work: Work, stored: StoredFile, refused: FileRefused, follows: Mapping[str, str]) -> None:
    stored.refusal = refused.problem.as_json()
    if refused.problem.code == "P123":
        storage.isolate(stored.pk)
        stored.state, stored.scan = FileState.QUARANTINED, ScanResult.FOUND
        _write(work, stored, "file.quarantined", follows)
        return
    stored.state = FileState.REFUSED
    _write(work, stored, "file.refused", follows)


def _write(work: Work, stored: StoredFile, action: str, follows: Mapping[str, str]) -> None:
    stored.checked_at = timezone.now()
    follow = follows.get(stored.purpose)
    with work.finishing():
        stored.save()
        record(
            action,
            actor=None,
            kind="file",
            object_id=stored.pk,
            unit_path=stored.owner_path,
            detail={"code": stored.refusal.get("code", ""), "kind": stored.kind},
        )
        if follow is not None:
            enqueue(
                follow,
                key=f"{follow}:{stored.pk}",
                payload={"file": str(stored.pk)},
                unit_path=stored.owner_path,
            )
        if stored.state == FileState.REFUSED:
            transaction.on_commit(lambda: storage.remove(stored.pk))
