"""Keep a file that came with a form, in one piece or in parts."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from quetsach_portal.audit.record import record
from quetsach_portal.files import checking, storage
from quetsach_portal.files.checking import filled, look_through
from quetsach_portal.files.kinds import RULES, FileRules, size_text
from quetsach_portal.files.models import FilePurpose, FileState, StoredFile, Upload
from quetsach_portal.files.problems import FileRefused
from quetsach_portal.files.receiving import IncomingFile
from quetsach_portal.files.storage import display_name
from quetsach_portal.files.uploads import refuse_over_limits
from quetsach_portal.people.models.account import User


@dataclass(frozen=True)
class FileUpload:
    """The upload of a form: a file in one piece, or the id of an upload in parts."""

    file: "UploadedFile[bytes] | None" = None
    upload_id: UUID | None = None


def accept_upload(given: FileUpload, *, purpose: str, owner_path: str, actor: User) -> StoredFile:
    """Return the stored file of the upload of a form.

    Errors: FileRefused; P130 when nothing was given.
    """
    if given.upload_id is not None:
        return _keep_parts(given.upload_id, purpose=purpose, owner_path=owner_path, actor=actor)
    if given.file is None:
        raise FileRefused("P130", field="file")
    return store_upload(given.file, purpose=purpose, owner_path=owner_path, actor=actor)


def store_upload(
    upload: "UploadedFile[bytes]", *, purpose: str, owner_path: str, actor: User | None
) -> StoredFile:
    """Return the stored file; its bytes are on disk before its row is.

    Evidence and findings are checked by a job, and come back CHECKING; all else is checked here.
    Errors: FileRefused when it is not of a kind or size that `purpose` takes, or too much.
    Cost: for evidence and findings call it outside a transaction of your own, which would wait.
    """
    rules = RULES[purpose]
    stored = StoredFile(
        purpose=purpose,
        name=display_name(upload.name or ""),
        size=upload.size or 0,
        owner_path=owner_path,
        uploaded_by=actor,
    )
    _refuse_size(stored.size, rules)
    return _kept(stored, lambda place: _bring(upload, place), rules)


def _kept(stored: StoredFile, bring: Callable[[Path], str], rules: FileRules) -> StoredFile:
    """Bring the bytes to their place, check them unless a job does, and write the row."""
    place = storage.new_place(stored.pk)
    try:
        stored.sha256 = bring(place)
        if rules.later:
            stored.state = FileState.CHECKING
        else:
            _check_here(stored, place)
        with transaction.atomic():
            if stored.uploaded_by is not None and stored.purpose != FilePurpose.DOCUMENT:
                refuse_over_limits(stored.uploaded_by, stored.size)
            stored.save(force_insert=True)
            _note("file.kept", stored)
            if rules.later:
                checking.enqueue_check(stored, expected_sha256=stored.sha256)
    except BaseException:
        storage.remove(stored.pk)
        raise
    return stored


def begin_upload(
    *, name: str, size: int, purpose: str, owner_path: str, actor: User, sha256: str = ""
) -> Upload:
    """Return a new upload in parts, of which nothing has arrived.

    Errors: FileRefused for size, limits and room.
    """
    rules = RULES[purpose]
    _refuse_size(size, rules)
    with transaction.atomic():
        refuse_over_limits(actor, size, is_open=True)
        stored = StoredFile.objects.create(
            purpose=purpose,
            name=display_name(name),
            size=size,
            owner_path=owner_path,
            uploaded_by=actor,
        )
        _note("file.upload_begun", stored)
        return Upload.objects.create(
            stored=stored,
            length=size,
            expected_sha256=sha256.lower(),
            deadline=timezone.now() + rules.time_for(size),
        )


def append(upload_id: UUID, *, offset: int, content: bytes, actor: User) -> int:
    """Return how much of an upload is safe on the disk after `content` was written at `offset`.

    Errors: P126 too late, P127 when `offset` is not where it stands, P131 no such upload.
    """
    with transaction.atomic():
        upload = _mine(upload_id, actor)
        if timezone.now() > upload.deadline:
            raise FileRefused("P126")
        if offset != upload.offset or offset + len(content) > upload.length:
            raise FileRefused("P127", offset=upload.offset)
        if content:
            storage.write_at(storage.new_place(upload_id), offset, content)
            upload.offset = offset + len(content)
            upload.save(update_fields=["offset"])
        return upload.offset


def end_upload(upload_id: UUID, *, actor: User) -> None:
    """End an upload that is under way; what has arrived is removed. Errors: P131."""
    with transaction.atomic():
        upload = _mine(upload_id, actor)
        _note("file.upload_ended", upload.stored)
        upload.stored.delete()
        transaction.on_commit(lambda: storage.remove(upload_id))


def _keep_parts(upload_id: UUID, *, purpose: str, owner_path: str, actor: User) -> StoredFile:
    rules = RULES[purpose]
    with transaction.atomic():
        upload = _mine(upload_id, actor)
        stored = upload.stored
        if (stored.purpose, stored.owner_path) != (purpose, owner_path):
            raise FileRefused("P131")
        if upload.offset != upload.length:
            raise FileRefused("P134", offset=upload.offset, field="file")
        if not rules.later:
            return _keep_parts_here(upload)
        # Its age counts from its last part on: the first may have come days ago.
        stored.state, stored.created_at = FileState.CHECKING, timezone.now()
        stored.save(update_fields=["state", "created_at"])
        checking.enqueue_check(stored, expected_sha256=upload.expected_sha256)
        upload.delete()
        _note("file.kept", stored)
    return stored


def _keep_parts_here(upload: Upload) -> StoredFile:
    """Return a new file of the same bytes; the old one stays until all of this is certain."""
    old = upload.stored
    stored = StoredFile(
        purpose=old.purpose,
        name=old.name,
        size=old.size,
        owner_path=old.owner_path,
        uploaded_by=old.uploaded_by,
    )
    parts = storage.place_of(old.pk)
    old_id = old.pk
    expected = upload.expected_sha256
    old.delete()
    transaction.on_commit(lambda: storage.remove(old_id))

    def bring(place: Path) -> str:
        with parts.open("rb") as file:
            storage.write_pieces(place, iter(lambda: file.read(1 << 20), b""))
        with place.open("rb") as file:
            sha256 = storage.digest_of(file)
        if expected and sha256 != expected:
            raise FileRefused("P128")
        return sha256

    return _kept(stored, bring, RULES[stored.purpose])


def _check_here(stored: StoredFile, place: Path) -> None:
    try:
        look = look_through(place, stored)
    except FileRefused as refused:
        if refused.problem.code == "P123":
            # Its caller's transaction goes with this refusal, so nothing could be isolated.
            raise FileRefused("P132", **refused.problem.facts, field="file") from refused
        refused.field = "file"
        raise
    size, sha256 = stored.size, look.sha256
    if look.anew is not None:
        place.unlink()
        storage.write_pieces(place, (look.anew,))
        size, sha256 = len(look.anew), hashlib.sha256(look.anew).hexdigest()
    filled(stored, look, size=size, sha256=sha256)
    stored.state, stored.checked_at = FileState.ACCEPTED, timezone.now()


def _bring(upload: "UploadedFile[bytes]", place: Path) -> str:
    """Bring the bytes of a form's file to their place, and return their digest."""
    if isinstance(upload, IncomingFile):
        came = Path(upload.temporary_file_path())
        with came.open("r+b") as file:
            storage.synced(file)
        came.rename(place)
        return upload.sha256
    digest = hashlib.sha256()

    def pieces() -> Iterator[bytes]:
        for piece in upload.chunks():
            digest.update(piece)
            yield piece

    storage.write_pieces(place, pieces())
    return digest.hexdigest()


def _refuse_size(size: int, rules: FileRules) -> None:
    if size <= 0:
        raise FileRefused("P101", field="file")
    if size > rules.max_bytes:
        limit = size_text(rules.max_bytes)
        raise FileRefused("P102", size=size_text(size), limit=limit, field="file")
    storage.refuse_without_room(size)


def _mine(upload_id: UUID, actor: User) -> Upload:
    """Return the upload, its row locked. Errors: P131 when it is none of this person's."""
    mine = Upload.objects.select_for_update(of=("self",)).filter(stored__uploaded_by=actor)
    upload = mine.filter(pk=upload_id).select_related("stored").first()
    if upload is None:
        raise FileRefused("P131", field="file")
    return upload


def _note(action: str, stored: StoredFile) -> None:
    record(
        action,
        actor=stored.uploaded_by,
        kind="file",
        object_id=stored.pk,
        unit_path=stored.owner_path,
        detail={"purpose": stored.purpose, "size": stored.size},
    )
