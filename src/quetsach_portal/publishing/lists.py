"""The rows of lists on disk, named by their digest; only what an owner took over is used."""

import hashlib
from pathlib import Path

import msgspec
from django.conf import settings

from quetsach_portal.publishing.folder import put

Rows = list[list[str]]


def keep_rows(rows: Rows) -> str:
    """Keep `rows` and return the digest by which they are found again."""
    data = msgspec.json.encode(rows)
    digest = hashlib.sha256(data).hexdigest()
    path = _path(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    put(path, data)
    return digest


def rows_of(digest: str) -> Rows:
    """Return the rows that were kept; none for "". Errors: OSError; ValueError for other bytes."""
    if not digest:
        return []
    data = _path(digest).read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError(digest)
    return msgspec.json.decode(data, type=Rows)


def forget_rows(digest: str) -> None:
    """Remove rows that no list needs any more."""
    _path(digest).unlink(missing_ok=True)


def _path(digest: str) -> Path:
    home: Path = settings.QUETSACH.home
    return home / "public-lists" / f"{digest}.json"
