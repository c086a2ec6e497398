"""Restore a backup into an empty place, and try one in a scratch home that is thrown away."""

import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

import msgspec
from django.db import connection

from quetsach.api.problems import QuetsachError
from quetsach_portal.operations.backup.checking import differences_of_folder
from quetsach_portal.operations.backup.differences import BackupDifferences, collected
from quetsach_portal.operations.backup.manifest import FILES, BackupManifest, read_manifest
from quetsach_portal.operations.backup.writing import DUMP_FILE, run_for_postgresql

MADE_BY_ITSELF = ("portal.sqlite3", "portal.sqlite3-wal", "portal.sqlite3-shm", "secret.key")
"""What a command makes of a home that is not there yet, before it does anything."""

_LONGEST = 6 * 3600
"""So many seconds a check may take."""


def restore(folder: Path, home: Path, database_url: str = "") -> BackupManifest:
    """Put the backup in `folder` into the empty `home`, and its dump into an empty database.

    Shapes: `database_url` as DATABASE_URL, "" for SQLite in the home.
    Errors: E607 for the backup; E608 when the place is not empty, the backup is damaged or of
    another kind of database; E606. The home is there whole or not at all.
    """
    manifest = read_manifest(folder)
    is_dump = manifest.database == DUMP_FILE
    if is_dump != database_url.startswith("postgres"):
        raise QuetsachError("E608", str(folder), reason=f"DATABASE_URL: {manifest.database}")
    damages = collected(differences_of_folder(folder, manifest))
    if damages.count:
        raise QuetsachError("E608", str(folder), reason=str(damages.named[0]))
    _refuse_full(home)
    # Within the home: its user may write nothing beside it, and it may be a disk of its own.
    draft = home / f"{_DRAFT}{token_hex(4)}"
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.mkdir(mode=0o700)
        with tarfile.open(folder / FILES) as tar:
            tar.extractall(draft, filter="data")
        for path in draft.iterdir():
            # What others may read is what the public plane serves.
            if path.is_dir() and path.name != "public":
                path.chmod(0o700)
        if is_dump:
            _load_dump(folder / DUMP_FILE, database_url)
        else:
            shutil.copyfile(folder / manifest.database, draft / manifest.database)
            (draft / manifest.database).chmod(0o600)
        _take_place(draft, home)
    except (OSError, tarfile.TarError) as error:
        raise QuetsachError("E608", str(home), reason=str(error)) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return manifest


_DRAFT = ".restore-partial-"


def _refuse_full(home: Path) -> None:
    if not home.exists():
        return
    for left in home.glob(f"{_DRAFT}*"):
        shutil.rmtree(left, ignore_errors=True)
    allowed = (*MADE_BY_ITSELF, "lost+found", "backups")
    others = [path.name for path in home.iterdir() if path.name not in allowed]
    database = home / "portal.sqlite3"
    if not others and database.exists() and database.stat().st_size:
        others = [database.name]
    if others:
        raise QuetsachError("E608", str(home), reason=f"{others[0]} is there already")


def _take_place(draft: Path, home: Path) -> None:
    """Move what was restored up into the home; the database, which makes it a portal, is last."""
    for name in MADE_BY_ITSELF:
        (home / name).unlink(missing_ok=True)
    entries = sorted(draft.iterdir(), key=lambda path: path.suffix == ".sqlite3")
    for number, path in enumerate(entries):
        try:
            path.rename(home / path.name)
        except OSError:
            for earlier in entries[:number]:
                (home / earlier.name).rename(earlier)
            raise


def _load_dump(dump: Path, database_url: str) -> None:
    place = _access(database_url)
    words = ["pg_restore", "--no-owner", "--exit-on-error", "--single-transaction"]
    run_for_postgresql([*words, f"--dbname={place['NAME']}", str(dump)], place)
    run_for_postgresql(["psql", "--quiet", "--command=ANALYZE", str(place["NAME"])], place)


def _access(database_url: str) -> dict[str, str]:
    """Return the way into a database, as Django's setting has it."""
    parts = urlsplit(database_url)
    host = dict(parse_qsl(parts.query)).get("host", parts.hostname or "")
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
    }


def try_backup(
    folder: Path, scratch: Path | None = None, renew: Callable[[], None] | None = None
) -> BackupDifferences:
    """Restore the backup in `folder` into a scratch home, check that, and throw it away.

    Shapes: `scratch` is where the home goes, the system's folder for such without it; `renew` is
    called each second. Damages of the backup's own files end it: nothing is restored then.
    Errors: E606, E607, E608.
    """
    manifest = read_manifest(folder)
    damages = collected(differences_of_folder(folder, manifest))
    if damages.count:
        return damages
    if scratch is not None:
        scratch.mkdir(parents=True, exist_ok=True)
    place = Path(mkdtemp(prefix="quetsach-proof-", dir=scratch))
    try:
        with _scratch_database(manifest) as database_url:
            restore(folder, place / "home", database_url)
            return check_home(folder, place / "home", database_url, renew)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def check_home(
    folder: Path,
    home: Path,
    database_url: str,
    renew: Callable[[], None] | None = None,
    *,
    is_kept: bool = False,
) -> BackupDifferences:
    """Return where the home, restored and not yet started, is unlike the backup in `folder`.

    In a process of its own, whose database is the restored one. One that `is_kept` gets an act in
    its trail: what was done after the backup is lost, and who carries such a row is to know why.
    Errors: E608 when that process fails.
    """
    words = ["backup", str(folder.resolve()), "--check", "--here", "--json"]
    words += ["--restored"] if is_kept else []
    command = [sys.executable, "-P", "-m", "quetsach_portal.manage", *words]
    place = {"QUETSACH_HOME": str(home), "DATABASE_URL": database_url}
    with TemporaryDirectory(prefix="quetsach-check-") as place_of_output:
        output, problems = Path(place_of_output, "check.json"), Path(place_of_output, "check.txt")
        with output.open("wb") as out, problems.open("wb") as err:
            child = subprocess.Popen(command, env={**os.environ, **place}, stdout=out, stderr=err)
            _wait(child, renew)
        try:
            return msgspec.json.decode(output.read_bytes(), type=BackupDifferences)
        except msgspec.MsgspecError as error:
            reason = problems.read_text(errors="replace").strip()[-300:]
            raise QuetsachError("E608", str(home), reason=reason) from error


def _wait(child: "subprocess.Popen[bytes]", renew: Callable[[], None] | None) -> None:
    end = time.monotonic() + _LONGEST
    try:
        while True:
            try:
                child.wait(timeout=1)
                return
            except subprocess.TimeoutExpired:
                if time.monotonic() > end:
                    raise QuetsachError("E608", "check", reason=f"> {_LONGEST} s") from None
                if renew is not None:
                    renew()
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()


@contextmanager
def _scratch_database(manifest: BackupManifest) -> Iterator[str]:
    """Make an empty database beside the portal's, where the backup is a dump; "" for SQLite."""
    if manifest.database != DUMP_FILE:
        yield ""
        return
    if connection.vendor != "postgresql":
        raise QuetsachError("E608", manifest.database, reason="DATABASE_URL: postgresql://")
    name = f"quetsach_proof_{token_hex(6)}"
    _on_server(f'CREATE DATABASE "{name}"')
    try:
        yield _url_of(name)
    finally:
        _on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_server(statement: str) -> None:
    """Run a statement that no transaction may hold, on a connection of its own."""
    import psycopg

    place: dict[str, Any] = connection.get_connection_params()
    access = {
        key: place[key] for key in ("dbname", "user", "password", "host", "port") if key in place
    }
    try:
        with closing(psycopg.connect(**access, autocommit=True)) as server:
            server.execute(statement)
    except psycopg.Error as error:
        raise QuetsachError("E606", "CREATE DATABASE", reason=str(error).strip()) from error


def _url_of(name: str) -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{name}"))
