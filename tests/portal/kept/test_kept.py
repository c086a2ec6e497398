"""E3: databases that earlier versions made reach this one: nothing is lost, nothing is refused."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

KEPT = sorted(Path(__file__).parent.glob("*.sql"))
OF_THIS_DATABASE = [kept for kept in KEPT if f".{connection.vendor}." in kept.name]

ASKED = """
import json, django
django.setup()
from tools.keep_database import digests
from quetsach_portal.operations.backup.checking import differences_of_home
print(json.dumps([digests(), [[row.kind, row.where] for row in differences_of_home(None)]]))
"""


MISSING = """
import django
django.setup()
from quetsach_portal.config.applied_migrations import missing_migrations
print(len(missing_migrations()))
"""


def run(environment: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    """Run Python in the repository with a portal's environment."""
    return subprocess.run(
        [sys.executable, *words],
        env={**os.environ, "LANGUAGE": "en", **environment},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )


def loaded(kept: Path, home: Path, ours: str) -> dict[str, str]:
    """Load a kept database, and return the environment of a portal on it."""
    home.mkdir()
    settings = "quetsach_portal.config.settings"
    surroundings = {"QUETSACH_HOME": str(home), "DJANGO_SETTINGS_MODULE": settings}
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(home / "portal.sqlite3")) as database:
            database.executescript(kept.read_text())
        return {**surroundings, "DATABASE_URL": ""}
    there = urlsplit(ours)
    host, user = there.query.removeprefix("host="), there.netloc.removesuffix("@")
    access = {**os.environ, "PGHOST": host, "PGUSER": user}
    subprocess.run(["dropdb", "--if-exists", "kept"], env=access, check=True)
    subprocess.run(["createdb", "kept"], env=access, check=True)
    words = ["psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={kept}", "kept"]
    subprocess.run(words, env=access, check=True, stdout=subprocess.DEVNULL)
    return {**surroundings, "DATABASE_URL": ours.replace(there.path, "/kept")}


@pytest.mark.parametrize("kept", OF_THIS_DATABASE, ids=lambda kept: kept.stem)
def test_E3_a_kept_database_reaches_this_version(
    own_database: dict[str, str], tmp_path: Path, kept: Path
) -> None:
    home = tmp_path / "old"
    surroundings = loaded(kept, home, own_database["DATABASE_URL"])
    manage = ["-m", "quetsach_portal.manage"]
    missing = int(run(surroundings, "-c", MISSING).stdout)
    if missing:
        refused = run(surroundings, *manage, "work", "--once")
        assert "E609" in refused.stderr
        assert "quetsach manage migrate" in refused.stderr
    migrated = run(surroundings, *manage, "migrate", "--verbosity", "0")
    assert migrated.returncode == 0, migrated.stderr
    backups = sorted((home / "backups").glob("*"))
    assert [str(backup) in migrated.stdout for backup in backups] == [True] * bool(missing)
    asked = run(surroundings, "-c", ASKED)
    assert asked.returncode == 0, asked.stderr
    digests, differences = json.loads(asked.stdout)
    assert digests == json.loads(kept.with_suffix(".json").read_text())
    # Its files were not kept with it.
    assert [row for row in differences if row[0] != "stored-missing"] == []
    again = run(surroundings, *manage, "migrate", "--verbosity", "0")
    assert again.returncode == 0, again.stderr
    again_there = sorted((home / "backups").glob("*"))
    assert again_there == backups, "nothing was to be changed"


def test_E3_a_database_is_kept_of_both_kinds() -> None:
    engines = {kept.suffixes[0] for kept in KEPT}
    assert engines >= {".sqlite", ".postgresql"}
    assert len(OF_THIS_DATABASE) > 1, "at least one of them is an earlier one"
