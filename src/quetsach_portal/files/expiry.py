"""The job that ends uploads whose time is over, and removes bytes that belong to no file."""

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quetsach_portal.audit.record import record
from quetsach_portal.files import storage
from quetsach_portal.files.models import FileState, StoredFile, Upload
from quetsach_portal.jobs.work import Work

KIND = "files.expire"
EVERY_S = 3600

_ORPHAN_S = 24 * 3600
"""Bytes are on disk before their row is; so long may lie between the two at most."""

_BATCH = 500


def expire(work: Work) -> None:
    """End what is over and remove what nothing points at."""
    end_late_uploads()
    for orphan in orphans(time.time() - _ORPHAN_S, work):
        orphan.unlink(missing_ok=True)


def end_late_uploads() -> int:
    """Return how many uploads were ended because their time was over."""
    ended = 0
    for upload_id in list(
        Upload.objects.filter(deadline__lt=timezone.now()).values_list("pk", flat=True)
    ):
        ended += _end(upload_id)
    return ended


def orphans(before: float, work: Work | None = None) -> Iterator[Path]:
    """Yield files last changed before `before` that no row points at, or only refused ones.

    Units: `before` in seconds since 1970.
    """
    for place in _plain_files(storage.incoming_folder()):
        if place.stat().st_mtime < before:
            yield place
    for folder in sorted(storage.files_folder().glob("*/")):
        old = (one for one in _plain_files(folder) if one.stat().st_mtime < before)
        for some in _batches(old):
            yield from _without_row(some)
        if work is not None:
            work.renew()


def _end(upload_id: UUID) -> int:
    with transaction.atomic():
        late = Upload.objects.select_for_update(of=("self",)).select_related("stored")
        upload = late.filter(pk=upload_id, deadline__lt=timezone.now()).first()
        if upload is None:
            return 0
        stored = upload.stored
        record(
            "file.upload_expired",
            actor=None,
            kind="file",
            object_id=stored.pk,
            unit_path=stored.owner_path,
            detail={"offset": upload.offset, "length": upload.length},
        )
        stored.delete()
        transaction.on_commit(lambda: storage.remove(upload_id))
    return 1


def _without_row(places: list[Path]) -> Iterator[Path]:
    ids = [UUID(hex=one.name) for one in places]
    kept = StoredFile.objects.filter(pk__in=ids).exclude(state=FileState.REFUSED)
    known = {one.hex for one in kept.values_list("pk", flat=True)}
    yield from (one for one in places if one.name not in known)


def _plain_files(folder: Path) -> Iterator[Path]:
    return (one for one in folder.iterdir() if one.is_file())


def _batches(places: Iterator[Path]) -> Iterator[list[Path]]:
    while some := list(islice(places, _BATCH)):
        yield some
