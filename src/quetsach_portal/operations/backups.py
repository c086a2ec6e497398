"""A backup: the database at one moment, the files of the home, and what a restored one must hold.

The database comes first: files have random names and never change, so what its rows name is there.
"""

import json
import os
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from quetsach_portal.audit.record import ChainBreak, first_break
from quetsach_portal.intake.prints import SECRETS_FOLDER

TOLD, FILES = "backup.json", "home.tar"

NOT_KEPT = ("static", "lists", SECRETS_FOLDER)
"""Folders of the home that the portal makes anew by itself, and secrets that can be forgotten."""


@dataclass(frozen=True)
class Backup:
    """What was kept: when, the database's file, the head of the trail, rows by table."""

    at: str
    database: str
    head: tuple[int, str]
    rows: dict[str, int]


def back_up(target: Path) -> Backup:
    """Write a backup into the new folder `target`, which only its owner reads.

    Errors: FileExistsError; CalledProcessError and FileNotFoundError of pg_dump.
    """
    target.mkdir(mode=0o700, parents=True)
    at = timezone.localtime().isoformat()
    keep = _keep_file if connection.vendor == "sqlite" else _keep_dump
    kept = Backup(at, *keep(target))
    with tarfile.open(target / FILES, "w") as tar:
        for path in _files(settings.QUETSACH.home):
            # What is being written, or was purged meanwhile, is no row's file.
            with suppress(FileNotFoundError):
                tar.add(path, path.relative_to(settings.QUETSACH.home))
    (target / TOLD).write_text(json.dumps(asdict(kept), indent=1))
    return kept


@dataclass(frozen=True)
class BackupCheck:
    """How this portal stands against a backup: tables with other counts, the first broken row."""

    rows: int
    other: dict[str, tuple[int, int]]
    broken: ChainBreak | None


def compare_with_backup(target: Path) -> BackupCheck:
    """Hold the portal, restored and not yet started, against the backup in `target`."""
    manifest = json.loads((target / TOLD).read_text())
    with connection.cursor() as cursor:
        now = _counted(cursor, connection.introspection.table_names(cursor))
    names = sorted(manifest["rows"].keys() | now.keys())
    pairs = {name: (manifest["rows"].get(name, 0), now.get(name, 0)) for name in names}
    other = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    seq, digest = manifest["head"]
    return BackupCheck(sum(now.values()), other, first_break((seq, digest)))


def _keep_file(target: Path) -> tuple[str, tuple[int, str], dict[str, int]]:
    name = "portal.sqlite3"
    # A connection of its own: from one that is writing, SQLite would wait for itself for ever.
    place = Path(connection.settings_dict["NAME"]).resolve()
    with (
        closing(sqlite3.connect(f"{place.as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(target / name)) as copy,
    ):
        source.backup(copy)
        # One file and no log beside it, whatever the portal's own mode is.
        copy.execute("PRAGMA journal_mode=DELETE")
        cursor = copy.cursor()
        return name, _head(cursor), _counted(cursor, connection.introspection.table_names())


def _keep_dump(target: Path) -> tuple[str, tuple[int, str], dict[str, int]]:
    name, place = "portal.dump", connection.settings_dict
    words = ["pg_dump", "--format=custom", "--no-owner", f"--file={target / name}"]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        # The dump and the counts see the same moment.
        cursor.execute("SELECT pg_export_snapshot()")
        words.append(f"--snapshot={cursor.fetchone()[0]}")
        names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
        access = {name: str(place[ours]) for name, ours in names.items() if place[ours]}
        subprocess.run([*words, str(place["NAME"])], env={**os.environ, **access}, check=True)
        counted = _counted(cursor, connection.introspection.table_names(cursor))
        return name, _head(cursor), counted


def _head(cursor: Any) -> tuple[int, str]:
    cursor.execute("SELECT seq, digest FROM audit_auditevent ORDER BY seq DESC LIMIT 1")
    seq, digest = cursor.fetchone() or (0, "")
    return int(seq), str(digest)


def _counted(cursor: Any, tables: list[str]) -> dict[str, int]:
    counts = {}
    for table in sorted(tables):
        cursor.execute(f'SELECT COUNT(*) FROM "{table}"')  # noqa: S608 - the database's own name
        counts[table] = int(cursor.fetchone()[0])
    return counts


def _files(home: Path) -> Iterator[Path]:
    database = str(connection.settings_dict["NAME"])
    for folder, inner, names in os.walk(home):
        here = Path(folder)
        if here == home:
            inner[:] = [one for one in inner if one not in NOT_KEPT]
        for name in sorted(names):
            path = here / name
            if not str(path).startswith(database):
                yield path
