"""Write a backup: the database at one moment, then the files of the home.

The database comes first: files have random names and never change, so what its rows name is there.
All is written into a folder beside the target, synced and renamed: there is a whole backup or none.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, suppress
from importlib.metadata import version
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO

import msgspec
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from quetsach.api.problems import QuetsachError
from quetsach_portal.audit.anchors import locked_folder
from quetsach_portal.intake.prints import SECRETS_FOLDER
from quetsach_portal.operations.backup.manifest import (
    FILES,
    FORMAT,
    MANIFEST,
    BackupManifest,
    FileDigest,
    digest_of_file,
)
from quetsach_portal.operations.backup.tables import (
    TableDigests,
    digests_of_postgresql,
    digests_of_sqlite,
)

SQLITE_FILE, DUMP_FILE = "portal.sqlite3", "portal.dump"

NOT_KEPT = (
    *(
        "static",
        "lists",
        "incoming",
        "rehearsals",
        "backups",
        "beats",
        "request-figures",
        "mails-about-accounts",
    ),
    SECRETS_FOLDER,
)
"""Folders of the home that the portal makes anew by itself, and secrets that can be forgotten."""

NO_FILES = ("running.lock", "not-written")
"""Signs of a portal that runs, which a restored one has not."""

_DRAFT = ".backup-partial-"


def back_up(target: Path) -> BackupManifest:
    """Write a backup into the new folder `target`, which only its owner reads.

    Errors: E605 when something is there already or the disk refuses, E606 where pg_dump fails; no
    half backup is left. Cost: reads the database twice and every file of the home once.
    """
    if os.path.lexists(target):
        raise QuetsachError("E605", str(target), reason="File exists")
    draft = target.with_name(f".{target.name}{_DRAFT}{token_hex(4)}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as locks:
            with locked_folder(target.parent):
                _clear_drafts(target.parent)
                draft.mkdir(mode=0o700)
                # Until its name is no draft's any more: who clears drafts passes over it.
                locks.enter_context(locked_folder(draft))
            try:
                manifest = _write(draft)
                _sync_folder(draft)
                draft.rename(target)
                _sync_folder(target.parent)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
    except (OSError, tarfile.TarError) as error:
        raise QuetsachError("E605", str(target), reason=_reason(error)) from error
    return manifest


def _clear_drafts(folder: Path) -> None:
    """Remove what killed backups left; a draft that is being written is locked."""
    for draft in folder.glob(f".*{_DRAFT}*"):
        with suppress(OSError), locked_folder(draft, waits=False):
            shutil.rmtree(draft, ignore_errors=True)


def _write(draft: Path) -> BackupManifest:
    at = timezone.localtime().isoformat()
    keep = _keep_file if connection.vendor == "sqlite" else _keep_dump
    name, head, tables = keep(draft)
    files, changing = _keep_files(draft / FILES)
    for part in (name, FILES):
        _sync(draft / part)
    manifest = BackupManifest(
        at=at,
        database=name,
        head=head,
        format=FORMAT,
        version=version("quetsach"),
        tables=dict(tables),
        parts={part: digest_of_file(draft / part) for part in (name, FILES)},
        files=files,
        changing=changing,
    )
    content = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    (draft / MANIFEST).write_bytes(content)
    _sync(draft / MANIFEST)
    return manifest


def _keep_file(draft: Path) -> tuple[str, tuple[int, str], TableDigests]:
    # A connection of its own: from one that is writing, SQLite would wait for itself for ever.
    place = Path(connection.settings_dict["NAME"]).resolve()
    try:
        with (
            closing(sqlite3.connect(f"{place.as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(draft / SQLITE_FILE)) as copy,
        ):
            source.backup(copy)
            # One file and no log beside it, whatever the portal's own mode is.
            copy.execute("PRAGMA journal_mode=DELETE")
            head = copy.execute(_HEAD).fetchone() or (0, "")
            return SQLITE_FILE, (int(head[0]), str(head[1])), digests_of_sqlite(copy)
    except sqlite3.Error as error:
        raise QuetsachError("E605", str(place), reason=str(error)) from error


def _keep_dump(draft: Path) -> tuple[str, tuple[int, str], TableDigests]:
    place = connection.settings_dict
    words = ["pg_dump", "--format=custom", "--no-owner", f"--file={draft / DUMP_FILE}"]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        # The dump and the digests see the same moment.
        cursor.execute("SELECT pg_export_snapshot()")
        words.append(f"--snapshot={cursor.fetchone()[0]}")
        run_for_postgresql([*words, str(place["NAME"])], place)
        cursor.execute(_HEAD)
        seq, digest = cursor.fetchone() or (0, "")
        tables = connection.introspection.table_names(cursor)
        return DUMP_FILE, (int(seq), str(digest)), digests_of_postgresql(cursor.cursor, tables)


_HEAD = "SELECT seq, digest FROM audit_auditevent ORDER BY seq DESC LIMIT 1"


def run_for_postgresql(words: list[str], place: Mapping[str, Any]) -> None:
    """Run a program of PostgreSQL with the way into a database; `place` is Django's setting for it.

    Errors: E606.
    """
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    access = {name: str(place[ours]) for name, ours in names.items() if place.get(ours)}
    try:
        ended = subprocess.run(
            words, env={**os.environ, **access}, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise QuetsachError("E606", words[0], reason=_reason(error)) from error
    if ended.returncode:
        raise QuetsachError("E606", words[0], reason=ended.stderr.strip()[-300:])


def _keep_files(place: Path) -> tuple[dict[str, FileDigest], list[str]]:
    """Write the tar; return the digests of its files, and which of them were being written."""
    files: dict[str, FileDigest] = {}
    changing: list[str] = []
    home = Path(settings.QUETSACH.home)
    with tarfile.open(place, "w") as tar:
        for path in files_below(home):
            # What is being written, or was purged meanwhile, is no row's file.
            with suppress(FileNotFoundError), path.open("rb") as file:
                name = path.relative_to(home).as_posix()
                facts = tar.gettarinfo(arcname=name, fileobj=file)
                reader = _DigestingReader(file, facts.size)
                tar.addfile(facts, reader)  # type: ignore[arg-type]  # it asks for read alone
                if facts.islnk():
                    # The same bytes as a file before it, kept once.
                    files[name] = files[facts.linkname]
                    continue
                files[name] = FileDigest(facts.size, reader.digest.hexdigest())
                if reader.was_cut:
                    changing.append(name)
    return files, changing


class _DigestingReader:
    """Reads exactly so many bytes, with their digest; what was cut off meanwhile reads as zeros."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self.digest = hashlib.sha256()
        self.was_cut = False
        self._file = file
        self._left = size

    def read(self, size: int) -> bytes:
        count = min(size, self._left)
        piece = self._file.read(count)
        if len(piece) < count:
            self.was_cut = True
            piece += bytes(count - len(piece))
        self._left -= count
        self.digest.update(piece)
        return piece


def files_below(home: Path) -> Iterator[Path]:
    """Yield the plain files of the home that a backup keeps, without the database's own."""
    database = str(connection.settings_dict["NAME"])
    backups = settings.QUETSACH.backups
    no_place = None if backups is None else backups.resolve()
    for folder, inner, names in os.walk(home):
        here = Path(folder)
        if here == home:
            inner[:] = [name for name in inner if name not in NOT_KEPT]
        # No backup holds another one, wherever in the home they are written.
        inner[:] = [name for name in inner if (here / name).resolve() != no_place]
        for name in sorted(names):
            path = here / name
            is_own = str(path).startswith(database) or (here == home and name in NO_FILES)
            if not is_own and path.is_file() and not path.is_symlink():
                yield path


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _reason(error: Exception) -> str:
    text = error.strerror if isinstance(error, OSError) else str(error)
    return text or type(error).__name__
