"""Storage of the bytes of files: under their random id, outside any address."""

import contextlib
import hashlib
import os
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404
from django.utils.http import content_disposition_header

from quetsach_portal.files.models import FileState, StoredFile, Upload
from quetsach_portal.files.problems import FileRefused
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.people.models.account import User

KEPT_FREE = 1 << 30
"""So much of the disk stays free, for the database above all."""

_PIECE_BYTES = 1 << 20


def path_of(stored: StoredFile) -> Path:
    """Return the place of the bytes of `stored`, be they there or in quarantine."""
    return place_of(stored.pk)


def place_of(file_id: UUID) -> Path:
    """Return the path of the bytes of the file with this id."""
    return files_folder() / file_id.hex[:2] / file_id.hex


def quarantine_of(file_id: UUID) -> Path:
    """Return the path in quarantine of the bytes of the file with this id."""
    return home() / "quarantine" / file_id.hex


def home() -> Path:
    """Return the folder of the portal."""
    return Path(settings.QUETSACH.home)


def files_folder() -> Path:
    """Return the folder of all files."""
    return home() / "files"


def incoming_folder() -> Path:
    """Return the folder for incoming uploads until they are stored; made if missing."""
    folder = home() / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def new_place(file_id: UUID) -> Path:
    """Return where the bytes of a new file go; its folder is there afterwards."""
    place = place_of(file_id)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def refuse_without_room(size: int) -> None:
    """Errors: P129 when the disk has no room for `size` bytes more."""
    folder = incoming_folder()
    if shutil.disk_usage(folder).free - KEPT_FREE < size:
        raise FileRefused("P129")


def write_pieces(place: Path, pieces: Iterable[bytes]) -> None:
    """Write a new file, on the disk when this returns. Errors: FileExistsError."""
    with place.open("xb") as file:
        for piece in pieces:
            file.write(piece)
        synced(file)


def write_at(place: Path, offset: int, content: bytes) -> None:
    """Write `content` at `offset`, on the disk when this returns; anything behind it is cut off."""
    with place.open("r+b" if place.exists() else "xb") as file:
        file.seek(offset)
        file.write(content)
        file.truncate()
        synced(file)


def digest_of(file: BinaryIO, renew: Callable[[int], None] | None = None) -> str:
    """Return the SHA-256 of a file; calls `renew` with how far it is. Cost: a piece of memory."""
    digest = hashlib.sha256()
    file.seek(0)
    done = 0
    while piece := file.read(_PIECE_BYTES):
        digest.update(piece)
        done += len(piece)
        if renew is not None and not done % (64 * _PIECE_BYTES):
            renew(done)
    return digest.hexdigest()


def isolate(file_id: UUID) -> None:
    """Move the bytes into quarantine, where no page and no job looks; again is the same as once."""
    target = quarantine_of(file_id)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        place_of(file_id).replace(target)
        target.chmod(0o400)


def remove(file_id: UUID) -> None:
    """Remove the bytes; again is the same as once."""
    place_of(file_id).unlink(missing_ok=True)


def synced(file: BinaryIO) -> None:
    """Return when what was written is on the disk."""
    file.flush()
    os.fsync(file.fileno())


# Files whose purpose has ended: bytes, name and uploader go; size and digest stay as proof.


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


def remove_bytes(work: RunningJob) -> None:
    """Remove the bytes of forgotten files, also from quarantine; again is the same as once."""
    for number in work.payload["ids"]:
        file_id = UUID(hex=str(number))
        remove(file_id)
        quarantine_of(file_id).unlink(missing_ok=True)


# The name a file came with: it is only ever shown; a file is kept under its random id.


LONGEST_NAME_BYTES = 255
_LONGEST_ENDING_BYTES = 20
_UNNAMED = "file"
_NOT_IN_WINDOWS = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control signs, signs without a shape (turns of direction among them), and no signs at all."""


def display_name(given: str) -> str:
    """Return the name that may be shown and saved for a file that came as `given`.

    It is NFC, one line without hidden signs, without a path, no longer than 255 bytes, and its
    ending is kept.
    """
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    visible = "".join(sign for sign in last if unicodedata.category(sign) not in _HIDDEN_CATEGORIES)
    plain = " ".join(_NOT_IN_WINDOWS.sub("_", visible).split()).strip(". ")
    named = unicodedata.normalize("NFC", plain) or _UNNAMED
    return _shortened(f"_{named}" if _DEVICES.match(named) else named)


def ending_of(name: str) -> str:
    """Return how a name ends, in small letters and without the dot; "" for no ending."""
    stem, dot, ending = name.rpartition(".")
    return ending.casefold() if dot and stem else ""


def attachment_header(name: str) -> str:
    """Return the Content-Disposition that saves a file under `name` and never shows it."""
    header = content_disposition_header(True, display_name(name))
    assert header is not None
    return header


def _shortened(name: str) -> str:
    if len(name.encode()) <= LONGEST_NAME_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    tail = dot + ending
    if not stem or len(tail.encode()) > _LONGEST_ENDING_BYTES:
        stem, tail = name, ""
    kept = stem.encode()[: LONGEST_NAME_BYTES - len(tail.encode())]
    return kept.decode("utf-8", "ignore").rstrip(". ") + tail


def upload_of(actor: User, upload_id: UUID) -> Upload:
    """Return the person's own upload that is under way. Errors: P131."""
    upload = Upload.objects.filter(pk=upload_id, stored__uploaded_by=actor).first()
    if upload is None:
        raise FileRefused("P131")
    return upload


# Hand a file out: always as an attachment, never as a page.


def attachment(stored: StoredFile) -> FileResponse:
    """Return the response that hands `stored` out. Errors: Http404 unless it was accepted."""
    if stored.state != FileState.ACCEPTED:
        raise Http404
    return as_attachment(path_of(stored), stored.name)


def as_attachment(place: Path, name: str) -> FileResponse:
    """Return the response that saves the bytes at `place` under `name`. Errors: OSError."""
    response = FileResponse(place.open("rb"))
    # Afterwards: the class guesses a type by the name, and a browser would show HTML.
    for header, text in {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": attachment_header(name),
        "X-Content-Type-Options": "nosniff",
        # Whatever a browser makes of it: no script, no form, no origin of ours.
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }.items():
        response.headers[header] = text
    return response
