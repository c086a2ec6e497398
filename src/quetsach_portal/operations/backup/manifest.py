"""`backup.json`: what a backup holds, with the size and digest of every part and every file."""

import hashlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from quetsach.api.problems import QuetsachError

if TYPE_CHECKING:
    from _typeshed import SupportsRead

MANIFEST, FILES = "backup.json", "home.tar"
FORMAT = 2
"""Format 1 had neither `format` nor digests: only the number of rows of each table."""

PIECE = 1 << 20


class FileDigest(msgspec.Struct, frozen=True):
    """The size of a file in bytes and its SHA-256 in hex."""

    size: int
    sha256: str


class BackupManifest(msgspec.Struct, frozen=True, kw_only=True):
    """What was kept.

    Shapes: `at` is ISO 8601 with offset; `head` is number and digest of the last row of the trail;
    `tables` as in `tables.TableDigests`; `parts` are the files of the backup itself, `files` those
    in `home.tar`, by their path below the home; `changing` are files that were being written, of
    which the tar holds a beginning. Of format 1 only `rows` stands in place of the digests.
    """

    at: str
    database: str
    head: tuple[int, str]
    format: int = 1
    version: str = ""
    rows: dict[str, int] = {}
    tables: dict[str, tuple[int, str]] = {}
    parts: dict[str, FileDigest] = {}
    files: dict[str, FileDigest] = {}
    changing: list[str] = []

    def row_counts(self) -> dict[str, int]:
        """Return how many rows each table had, of either format."""
        return {name: rows for name, (rows, _sum) in self.tables.items()} or dict(self.rows)


def read_manifest(folder: Path) -> BackupManifest:
    """Return the manifest of the backup in `folder`. Errors: E607."""
    path = folder / MANIFEST
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=BackupManifest)
    except FileNotFoundError as error:
        raise QuetsachError("E607", str(folder), reason=MANIFEST) from error
    except (OSError, msgspec.MsgspecError, UnicodeError) as error:
        raise QuetsachError("E607", str(path), reason=type(error).__name__) from error
    if manifest.format > FORMAT:
        raise QuetsachError("E607", str(path), reason=f"format {manifest.format}")
    # Whoever can write to the disk of the backups writes these names.
    for name in (manifest.database, *manifest.parts, *manifest.files):
        if not _stays_below(name) or ("/" in name and name not in manifest.files):
            raise QuetsachError("E607", str(path), reason=f"name {name[:80]!r}")
    return manifest


def _stays_below(name: str) -> bool:
    """Return whether `name` names something in the folder that it is looked for in, or below it."""
    place = PurePosixPath(name)
    return str(place) == name != "." and not place.is_absolute() and ".." not in place.parts


def digest_of_file(path: Path) -> FileDigest:
    """Return size and digest of a file. Errors: OSError."""
    with path.open("rb") as file:
        return digest_of(file)


def digest_of(file: "SupportsRead[bytes]") -> FileDigest:
    """Return size and digest of what is left of `file`. Cost: memory of one piece."""
    digest, size = hashlib.sha256(), 0
    while piece := file.read(PIECE):
        digest.update(piece)
        size += len(piece)
    return FileDigest(size, digest.hexdigest())
