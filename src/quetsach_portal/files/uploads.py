"""The job that ends uploads whose time is over, and removes bytes that belong to no file."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.db.models.fields.related import ForeignObjectRel
from django.utils import timezone

from quetsach_portal.audit.record import record
from quetsach_portal.files import storage
from quetsach_portal.files.kinds import PER_USER, UserLimits, size_text
from quetsach_portal.files.models import FilePurpose, FileState, StoredFile, Upload
from quetsach_portal.files.problems import FileRefused
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.people.models.account import User

KIND = "files.expire"

_ORPHAN_S = 24 * 3600
"""Bytes are on disk before their row; the longest time between the two."""

_BATCH = 500

_READ_BY_JOBS = {"lists.follow": "old"}
"""Kinds of jobs that read a file named in their payload alone: its key there."""

_UNDONE = (JobState.READY, JobState.RUNNING, JobState.FAILED)


def expire(work: RunningJob) -> None:
    """End what is over and remove what nothing points at."""
    end_late_uploads()
    forget_unclaimed()
    for orphan in orphans(time.time() - _ORPHAN_S, work):
        orphan.unlink(missing_ok=True)


def end_late_uploads() -> int:
    """Return how many uploads were ended because their time was over."""
    late = Upload.objects.filter(deadline__lt=timezone.now())
    return sum(map(_end, list(late.values_list("pk", flat=True))))


def forget_unclaimed() -> int:
    """Return how many files were removed that a day after they came no row points at.

    A file is often kept before the act that hands it in, which then was refused or stopped. What
    lies in quarantine stays for whoever looks into it, and what a job is to read stays for it.
    """
    return sum(map(_forget, list(_unclaimed().values_list("pk", flat=True))))


def _unclaimed() -> QuerySet[StoredFile]:
    settled = (FileState.CHECKING, FileState.ACCEPTED, FileState.REFUSED)
    day_ago = timezone.now() - timedelta(seconds=_ORPHAN_S)
    rows = StoredFile.objects.filter(state__in=settled, created_at__lt=day_ago)
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel):
            pointing = relation.related_model._base_manager.filter(
                **{relation.field.name: OuterRef("pk")}
            )
            rows = rows.exclude(Exists(pointing))
    return rows.exclude(pk__in=_awaited_by_jobs())


def _awaited_by_jobs() -> set[UUID]:
    """Return the files that jobs still have to read and no row may name any more."""
    ids: set[UUID] = set()
    for kind, name in _READ_BY_JOBS.items():
        jobs = Job.objects.filter(kind=kind, state__in=_UNDONE)
        payloads = jobs.values_list("payload", flat=True)
        ids.update(UUID(payload[name]) for payload in payloads if payload.get(name))
    return ids


def _forget(file_id: UUID) -> int:
    with transaction.atomic():
        stored = StoredFile.objects.select_for_update().filter(pk=file_id).first()
        # Asked again under the lock: an act may have handed it in meanwhile.
        if stored is None or not _unclaimed().filter(pk=file_id).exists():
            return 0
        record(
            "file.unclaimed",
            actor=None,
            kind="file",
            object_id=file_id,
            unit_path=stored.owner_path,
            detail={"purpose": stored.purpose, "size": stored.size, "sha256": stored.sha256},
        )
        stored.delete()
        transaction.on_commit(lambda: storage.remove(file_id))
    return 1


def orphans(before: float, work: RunningJob | None = None) -> Iterator[Path]:
    """Yield files last changed before `before` that no row points at, or only one of a
    file that was refused or removed.

    Units: `before` in seconds since 1970.
    """
    for place in _plain_files(storage.incoming_folder()):
        if place.stat().st_mtime < before:
            yield place
    for folder in sorted(storage.files_folder().glob("*/")):
        old = (place for place in _plain_files(folder) if place.stat().st_mtime < before)
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
    ids = [UUID(hex=place.name) for place in places]
    kept = StoredFile.objects.filter(pk__in=ids)
    kept = kept.exclude(state__in=[FileState.REFUSED, FileState.REMOVED])
    names = {file_id.hex for file_id in kept.values_list("pk", flat=True)}
    yield from (place for place in places if place.name not in names)


def _plain_files(folder: Path) -> Iterator[Path]:
    return filter(Path.is_file, folder.iterdir())


def _batches(places: Iterator[Path]) -> Iterator[list[Path]]:
    while some := list(islice(places, _BATCH)):
        yield some


# How much one person may upload; asked within the transaction that adds to it.


def refuse_over_limits(
    actor: User, size: int, *, is_open: bool = False, limits: UserLimits = PER_USER
) -> None:
    """Refuse a further file of `size` bytes by `actor` when one of the limits would be passed.

    Shapes: `is_open` for an upload in parts that begins.
    Errors: P124 files a day, P125 bytes a month, P133 uploads at once.
    """
    # Two requests of one person queue here, so that neither slips past the other's count.
    User.objects.select_for_update().get(pk=actor.pk)
    now = timezone.now()
    mine = StoredFile.objects.filter(uploaded_by=actor).exclude(purpose=FilePurpose.DOCUMENT)
    if mine.filter(created_at__gt=now - timedelta(days=1)).count() >= limits.files_a_day:
        raise FileRefused("P124", limit=limits.files_a_day)
    month = mine.filter(created_at__gt=now - timedelta(days=30))
    used = month.aggregate(all=Sum("size"))["all"] or 0
    if used + size > limits.bytes_a_month:
        raise FileRefused("P125", limit=size_text(limits.bytes_a_month))
    receiving = mine.filter(state=FileState.RECEIVING)
    if is_open and receiving.count() >= limits.open_uploads:
        raise FileRefused("P133", limit=limits.open_uploads)


# A permit to upload in parts: signed when the page was shown, for one person and one purpose.

_SALT = "quetsach.files.permit"
_VALID_S = 12 * 3600


@dataclass(frozen=True)
class Permit:
    """What the uploads of a page are for, and for whom."""

    purpose: str
    owner_path: str


def permit_for(user: User, *, purpose: str, owner_path: str) -> str:
    """Return the signed text that the page carries."""
    return signing.dumps([user.pk, purpose, owner_path], salt=_SALT)


def read_permit(text: str, user: User) -> Permit:
    """Return the permit. Errors: P135 when it is forged, too old, or another person's."""
    try:
        user_id, purpose, owner_path = signing.loads(text, salt=_SALT, max_age=_VALID_S)
    except (signing.BadSignature, ValueError, TypeError) as err:
        raise FileRefused("P135") from err
    if user_id != user.pk:
        raise FileRefused("P135")
    return Permit(purpose, owner_path)
