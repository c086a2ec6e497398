"""Files whose purpose has ended: bytes, name and uploader go; size and digest stay as proof."""

from collections.abc import Iterable
from uuid import UUID

from quetsach_portal.files import storage
from quetsach_portal.files.models import FileState, StoredFile
from quetsach_portal.jobs.enqueue import enqueue
from quetsach_portal.jobs.work import Work

KIND = "files.remove_bytes"

_A_JOB = 500
"""So many files one job removes."""


def forget(ids: Iterable[UUID]) -> int:
    """Forget the files with these ids, and return how many were still there.

    The bytes are removed by a job after the caller's transaction, which must be open.
    """
    known = StoredFile.objects.filter(pk__in=list(ids)).exclude(state=FileState.REMOVED)
    gone = sorted(known.select_for_update().values_list("pk", flat=True))
    for start in range(0, len(gone), _A_JOB):
        some = gone[start : start + _A_JOB]
        StoredFile.objects.filter(pk__in=some).update(
            state=FileState.REMOVED, name="", uploaded_by=None, remarks=[], refusal={}
        )
        payload = {"ids": [one.hex for one in some]}
        enqueue(KIND, key=f"{KIND}:{some[0].hex}", payload=payload)
    return len(gone)


def remove_bytes(work: Work) -> None:
    """Remove the bytes of forgotten files, also from quarantine; again is the same as once."""
    for number in work.payload["ids"]:
        file_id = UUID(hex=str(number))
        storage.remove(file_id)
        storage.quarantine_of(file_id).unlink(missing_ok=True)
