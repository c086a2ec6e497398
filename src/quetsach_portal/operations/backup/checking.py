"""Check a backup's own files, and a home against what its database and a backup say of it.

Everything is read again and computed again: nothing that was counted before is believed.
"""

import hashlib
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from quetsach.api.findings import digest_of_manifest
from quetsach_portal.audit.record import first_break
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.cases.attaching import KEPT
from quetsach_portal.cases.attaching import path_of as case_folder
from quetsach_portal.cases.models.coverage import FolderRead
from quetsach_portal.files.models import FileState, StoredFile
from quetsach_portal.files.storage import place_of, quarantine_of
from quetsach_portal.intake.folders import findings_folder
from quetsach_portal.intake.models import Submission
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.operations.backup.differences import BackupDifference
from quetsach_portal.operations.backup.manifest import (
    FILES,
    BackupManifest,
    FileDigest,
    digest_of,
    digest_of_file,
)
from quetsach_portal.operations.backup.tables import (
    TableDigests,
    digests_of_postgresql,
    digests_of_sqlite,
    quoted,
)
from quetsach_portal.reports.models.report import ReportVersion
from quetsach_portal.reports.totals.recount import suspicious

_AT_ONCE = 2000


def differences_of_folder(folder: Path, manifest: BackupManifest) -> Iterator[BackupDifference]:
    """Yield where the files of a backup are not what its manifest says.

    Cost: reads the whole backup once, and the archive a second time.
    """
    for name, kept in manifest.parts.items():
        yield from _unlike(folder / name, kept, ("part-missing", "part-changed"), name)
    if not manifest.parts:
        for name in (manifest.database, FILES):
            if not (folder / name).is_file():
                yield BackupDifference("part-missing", name)
    if (folder / FILES).is_file():
        yield from _unlike_in_tar(folder / FILES, manifest)
    place = folder / manifest.database
    if place.suffix == ".sqlite3" and place.is_file():
        yield from _damage_of_sqlite(place)


def _unlike_in_tar(place: Path, manifest: BackupManifest) -> Iterator[BackupDifference]:
    waiting = dict(manifest.files)
    try:
        with tarfile.open(place) as tar:
            for member in tar:
                opened = tar.extractfile(member) if member.isreg() or member.islnk() else None
                kept = waiting.pop(member.name, None)
                if opened is None or kept is None:
                    # A name twice, a link, a file beside those listed: it would be restored too.
                    if manifest.format > 1:
                        yield BackupDifference("file-unlisted", member.name)
                    continue
                with opened:
                    now = digest_of(opened)
                if now != kept:
                    yield BackupDifference("file-changed", member.name, _told(kept), _told(now))
    except (tarfile.TarError, OSError, EOFError) as error:
        yield BackupDifference("tar-damaged", place.name, now=str(error) or type(error).__name__)
    for name, kept in waiting.items():
        yield BackupDifference("file-missing", name, _told(kept))


def differences_of_home(manifest: BackupManifest | None) -> Iterator[BackupDifference]:
    """Yield where this home is not what its database, or the backup of `manifest`, says.

    It is asked of a home that was restored and not yet started; of one that runs, `manifest` is
    None, and only what must hold at any time is looked at. A database of an earlier version is
    compared as it was, then brought to this version before its figures are added up.
    Cost: reads the whole database twice and every file once.
    """
    if connection.vendor == "sqlite":
        yield from _damage_of_sqlite(Path(connection.settings_dict["NAME"]))
    else:
        yield from _damage_of_postgresql()
    if manifest is not None:
        yield from _unlike_tables(manifest)
        for name, kept in manifest.files.items():
            place = Path(settings.QUETSACH.home) / name
            yield from _unlike(place, kept, ("file-missing", "file-changed"), name)
        call_command("migrate", verbosity=0, no_backup=True, stdout=StringIO())
    yield from _stored_files()
    yield from _findings()
    yield from _figures()
    broken = first_break(None if manifest is None else manifest.head)
    if broken is not None:
        yield BackupDifference("trail", f"#{broken.seq}", now=broken.reason)


def _damage_of_sqlite(place: Path) -> Iterator[BackupDifference]:
    address = f"{place.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            for (line,) in database.execute("PRAGMA integrity_check"):
                if line != "ok":
                    yield BackupDifference("database-damaged", place.name, now=str(line))
            for table, row, parent, _key in database.execute("PRAGMA foreign_key_check"):
                yield BackupDifference("database-damaged", f"{table}:{row}", then=str(parent))
    except sqlite3.Error as error:
        yield BackupDifference("database-damaged", place.name, now=str(error))


_FOREIGN_KEYS = """
SELECT c.conname, c.conrelid::regclass::text, c.confrelid::regclass::text,
       array(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY AS k(n, i)
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.i),
       array(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY AS k(n, i)
             JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY k.i)
FROM pg_constraint c
JOIN pg_namespace n ON n.oid = c.connamespace AND n.nspname = current_schema()
WHERE c.contype = 'f' ORDER BY 1
"""
_INDEXES = """
SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
JOIN pg_am m ON m.oid = c.relam AND m.amname = 'btree' ORDER BY 1
"""


def _damage_of_postgresql() -> Iterator[BackupDifference]:
    """Yield rows without the row they point to; and, where amcheck is there, damaged indexes."""
    with connection.cursor() as cursor:
        cursor.execute(_FOREIGN_KEYS)
        for name, child, parent, columns, keys in cursor.fetchall():
            pairs = list(zip(columns, keys, strict=True))
            on = " AND ".join(f"c.{quoted(one)} = p.{quoted(key)}" for one, key in pairs)
            is_set = " AND ".join(f"c.{quoted(one)} IS NOT NULL" for one, _key in pairs)
            cursor.execute(
                f"SELECT count(*) FROM {child} c WHERE {is_set} AND NOT EXISTS "  # noqa: S608
                f"(SELECT 1 FROM {parent} p WHERE {on})"
            )
            if (orphans := cursor.fetchone()[0]) > 0:
                yield BackupDifference("database-damaged", name, then="0", now=str(orphans))
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'amcheck'")
        if cursor.fetchone() is None:
            return
        cursor.execute(_INDEXES)
        for (name,) in cursor.fetchall():
            try:
                with transaction.atomic():
                    cursor.execute("SELECT bt_index_check(%s::regclass)", [name])
            except DatabaseError as error:
                # XX001 and XX002: damaged data, a damaged index. Without the right to ask (42501)
                # nothing is known of it, and nothing is said.
                if str(getattr(error.__cause__, "sqlstate", "")).startswith("XX"):
                    yield BackupDifference("database-damaged", name, now=str(error).splitlines()[0])


def _unlike_tables(manifest: BackupManifest) -> Iterator[BackupDifference]:
    now = _tables_now()
    then = manifest.row_counts()
    for name in sorted(then.keys() | now.keys()):
        rows, digest = now.get(name, (0, ""))
        if rows != then.get(name, 0):
            yield BackupDifference("rows", name, str(then.get(name, 0)), str(rows))
        elif name in manifest.tables and manifest.tables[name][1] != digest:
            yield BackupDifference("content", name, manifest.tables[name][1][:12], digest[:12])


def _tables_now() -> TableDigests:
    if connection.vendor == "sqlite":
        address = f"{Path(connection.settings_dict['NAME']).resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as database:
            return digests_of_sqlite(database)
    with transaction.atomic(), connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        return digests_of_postgresql(cursor.cursor, names)


def _stored_files() -> Iterator[BackupDifference]:
    """Hold the bytes of every file that the database names against their size and SHA-256."""
    kept = (FileState.ACCEPTED, FileState.QUARANTINED)
    rows = StoredFile.objects.filter(state__in=kept).exclude(sha256="")
    # Of raw logs whose time is over the rows alone are kept.
    rows = rows.exclude(submissions__raw_destroyed_at__isnull=False)
    fields = rows.values_list("pk", "state", "size", "sha256")
    for file_id, state, size, sha256 in fields.iterator(chunk_size=_AT_ONCE):
        place = quarantine_of(file_id) if state == FileState.QUARANTINED else place_of(file_id)
        kinds = ("stored-missing", "stored-changed")
        yield from _unlike(place, FileDigest(size, sha256), kinds, file_id.hex)


def _findings() -> Iterator[BackupDifference]:
    """Hold kept findings against the digest by which the database knows them."""
    submitted = Submission.objects.exclude(findings="").exclude(manifest_digest="")
    for name, digest in submitted.values_list("findings", "manifest_digest"):
        yield from _unlike_findings(findings_folder(name), digest, whole=True)
    for digest in FolderRead.objects.values_list("digest", flat=True).distinct():
        yield from _unlike_findings(case_folder(digest), f"sha256:{digest}", whole=False)


_NO_FINDINGS = (
    *(OSError, msgspec.MsgspecError, UnicodeError, RecursionError),
    *(KeyError, AttributeError, TypeError),
)
"""What reading a damaged manifest ends with."""


def _unlike_findings(folder: Path, digest: str, *, whole: bool) -> Iterator[BackupDifference]:
    where = f"{folder.parent.name}/{folder.name}"
    try:
        content = (folder / "manifest.json").read_bytes()
        manifest = msgspec.json.decode(content, type=dict[str, Any])
        now = digest_of_manifest(manifest)
        if now != digest:
            yield BackupDifference("findings", where, digest[:20], now[:20])
        for name, kept in manifest["files"].items():
            if not whole and name not in KEPT:
                continue
            if digest_of_file(folder / name).sha256 != kept:
                yield BackupDifference("findings", f"{where}/{name}", str(kept)[:12])
    except _NO_FINDINGS as error:
        yield BackupDifference("findings", where, digest[:20], type(error).__name__)


def _figures() -> Iterator[BackupDifference]:
    """Add every counter and report up again."""
    for campaign in Campaign.objects.exclude(state=CampaignState.DRAFT).order_by("pk"):
        for wrong in recount(campaign):
            where = f"{campaign.pk}/{wrong.node}/{wrong.phase or '-'}/{wrong.figure}"
            yield BackupDifference("counter", where, str(wrong.stored), str(wrong.counted))
        for version in sorted(set(suspicious(campaign))):
            yield BackupDifference("figure", f"{campaign.pk}/{version}")
    payloads = ReportVersion.objects.values_list("pk", "sha256", "payload")
    for version, sha256, payload in payloads.iterator(chunk_size=500):
        now = hashlib.sha256(payload.encode()).hexdigest()
        if now != sha256:
            yield BackupDifference("report", str(version), sha256[:12], now[:12])


def _unlike(
    place: Path, kept: FileDigest, kinds: tuple[str, str], where: str
) -> Iterator[BackupDifference]:
    missing, changed = kinds
    try:
        now = digest_of_file(place)
    except OSError as error:
        yield BackupDifference(missing, where, _told(kept), error.strerror or "")
        return
    if now != kept:
        yield BackupDifference(changed, where, _told(kept), _told(now))


def _told(kept: FileDigest) -> str:
    return f"{kept.size} B {kept.sha256[:12]}"
