"""E2: one command restores a backup to another place and machine."""

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from quetsach_portal.files.models import StoredFile
from quetsach_portal.operations.backup.manifest import read_manifest
from tests.portal.operations.commands import manage


def empty_database(ours: str) -> str:
    """Return the address of an empty database beside ours; "" where SQLite keeps it."""
    if connection.vendor == "sqlite":
        return ""
    there = urlsplit(ours)
    host, user = there.query.removeprefix("host="), there.netloc.removesuffix("@")
    access = {**os.environ, "PGHOST": host, "PGUSER": user}
    subprocess.run(["dropdb", "--if-exists", "restored"], env=access, check=True)
    subprocess.run(["createdb", "restored"], env=access, check=True)
    return ours.replace(there.path, "/restored")


def test_E2_one_command_restores_to_another_place(
    own_database: dict[str, str], home: Path, tmp_path: Path, backup: Path
) -> None:
    # What is done after the backup is not in it.
    StoredFile.objects.all().update(name="later")
    address = empty_database(own_database["DATABASE_URL"])
    there = tmp_path / "elsewhere" / "home"
    words = ["restore", str(backup), "--home", str(there)]
    ended = manage(own_database, *words, *(["--database", address] if address else []))
    assert ended.returncode == 0, ended.stderr
    assert "0 differences" in ended.stdout
    restored = {"QUETSACH_HOME": str(there), "DATABASE_URL": address}
    seq, digest = read_manifest(backup).head
    verified = manage(restored, "audit", "verify", "--expect", f"{seq}:{digest}")
    assert verified.returncode == 0, verified.stderr
    times = re.findall(r"\d{4}-\d\d-\d\dT[\d:]{8}(\S+?)[ :]", verified.stdout + " ")
    assert times == ["+07", "+07"], "the backup's time and that of the restoration, in one zone"
    assert {path.name for path in there.rglob("*")} >= {StoredFile.objects.get().pk.hex}
    assert StoredFile.objects.get().name == "later"
    # A place that holds something is left alone.
    # No password on the command line: the address comes from the environment.
    here = {**own_database, "DATABASE_URL": address}
    again = manage(here, *words, *(["--database"] if address else []))
    assert again.returncode == 1
    assert "E608" in again.stderr
