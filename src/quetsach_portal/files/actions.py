"""Keep a file that came with a form."""

import hashlib
import os
from typing import BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from quetsach_portal.audit.record import record
from quetsach_portal.files.models import FileState, StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.people.models import User


def keep(
    upload: "UploadedFile[bytes]", *, purpose: str, owner_path: str, actor: User | None
) -> StoredFile:
    """Return the stored file; its bytes are on disk before its row is.

    Errors: Refused when it is not of a kind or size that `purpose` takes.
    """
    stored = StoredFile(
        purpose=purpose,
        name=(upload.name or "file")[:255],
        size=upload.size or 0,
        owner_path=owner_path,
        uploaded_by=actor,
        state=FileState.ACCEPTED,
    )
    target = path_of(stored)
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("xb") as file:
        for chunk in upload.chunks():
            digest.update(chunk)
            file.write(chunk)
        _sync(file)
    stored.sha256 = digest.hexdigest()
    with transaction.atomic():
        stored.save(force_insert=True)
        record("file.kept", actor=actor, kind="file", object_id=stored.pk, unit_path=owner_path)
    return stored


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
