"""Where the bytes of files lie: under their random id, outside any address."""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.refusal import FileRefused

KEPT_FREE = 1 << 30
"""So much of the disk stays free, for the database above all."""

_PIECE_BYTES = 1 << 20


def path_of(stored: StoredFile) -> Path:
    """Return the place of the bytes of `stored`, be they there or in quarantine."""
    return place_of(stored.pk)


def place_of(file_id: UUID) -> Path:
    """Return where the bytes of the file with this id lie."""
    return files_folder() / file_id.hex[:2] / file_id.hex


def quarantine_of(file_id: UUID) -> Path:
    """Return where the bytes of the file with this id lie in quarantine."""
    return home() / "quarantine" / file_id.hex


def home() -> Path:
    """Return the folder of the portal."""
    return Path(settings.QUETSACH.home)


def files_folder() -> Path:
    """Return the folder below which all files lie."""
    return home() / "files"


def incoming_folder() -> Path:
    """Return the folder in which what comes with a form lies until it is kept; made if missing."""
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
    """Write `content` at `offset`, on the disk when this returns; what lay behind it is gone."""
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
