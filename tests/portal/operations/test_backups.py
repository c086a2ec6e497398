"""E2: a backup is restored on an empty host, holds every row and file, and its chain is whole."""

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils.translation import override

from quetsach_portal.files.models import StoredFile
from tests.portal.cases.rows import make_file
from tests.portal.reports.acting import submitted
from tests.portal.world import make_world


def manage(environment: dict[str, str], *commands: Sequence[str]) -> None:
    """Run commands one after the other in a process of its own, which must end well."""
    runs = f"from quetsach_portal.manage import main; [main(list(one)) for one in {commands!r}]"
    ended = subprocess.run(
        [sys.executable, "-c", runs],
        env={**os.environ, **environment, "LANGUAGE": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


def restored(backup: Path, home: Path, ours: str) -> dict[str, str]:
    """Do what docs/deploying.md says, and return the environment of the restored portal."""
    home.mkdir()
    with tarfile.open(backup / "home.tar") as tar:
        tar.extractall(home, filter="data")
    if connection.vendor == "sqlite":
        shutil.copy(backup / "portal.sqlite3", home)
        return {"QUETSACH_HOME": str(home), "DATABASE_URL": ""}
    there = urlsplit(ours)
    host, user = there.query.removeprefix("host="), there.netloc.removesuffix("@")
    whose = {**os.environ, "PGHOST": host, "PGUSER": user}
    subprocess.run(["dropdb", "--if-exists", "restored"], env=whose, check=True)
    subprocess.run(["createdb", "restored"], env=whose, check=True)
    words = ["pg_restore", "--no-owner", "--dbname=restored", str(backup / "portal.dump")]
    subprocess.run(words, env=whose, check=True)
    url = ours.replace(there.path, "/restored")
    return {"QUETSACH_HOME": str(home), "DATABASE_URL": url}


def test_E2_a_backup_restored_on_an_empty_host_is_whole(
    own_database: dict[str, str], home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = make_world()
    submitted(world, "TC01")
    make_file(world, "TC01")
    kept = tmp_path / "kept"
    call_command("backup", str(kept))
    head = capsys.readouterr().out.rsplit(" ", 1)[-1].strip()
    assert kept.stat().st_mode & 0o077 == 0
    # What is done after the backup is not in it.
    make_file(world, "TC02")

    there = restored(kept, tmp_path / "new", own_database["DATABASE_URL"])
    manage(there, ("backup", "--check", str(kept)), ("audit", "verify", "--expect", head))
    old = StoredFile.objects.earliest("created_at")
    names = {one.name for one in (tmp_path / "new").rglob("*") if one.is_file()}
    assert old.pk.hex in names

    with pytest.raises(CommandError, match="files_storedfile: 1 -> 2"):
        call_command("backup", str(kept), check=True)
    with pytest.raises(CommandError):
        call_command("backup", str(kept))
    with pytest.raises(CommandError, match="no complete backup"), override("en"):
        call_command("backup", str(tmp_path), check=True)
