"""A database that another version made is refused with a code, and nothing in it changes."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from quetsach.api.problems import QuetsachError
from quetsach_portal.config.applied_migrations import refuse_other_database

EARLIER = [("rights", "0001_initial"), ("audit", "0002_append_only"), ("reports", "9001_later")]


@pytest.mark.django_db
def test_the_database_of_this_version_is_taken() -> None:
    refuse_other_database()


@pytest.mark.django_db
@pytest.mark.parametrize(("app", "name"), EARLIER)
def test_a_migration_of_another_version_is_refused(app: str, name: str) -> None:
    MigrationRecorder(connection).record_applied(app, name)
    with pytest.raises(QuetsachError, match=f"{app}.{name}") as caught:
        refuse_other_database()
    assert caught.value.problem.code == "E604"


@pytest.mark.django_db
def test_apps_of_others_are_none_of_our_concern() -> None:
    MigrationRecorder(connection).record_applied("somebodys_app", "0007_theirs")
    refuse_other_database()


@pytest.mark.parametrize("command", ["migrate", "serve", "work"])
def test_the_command_line_says_the_code_and_leaves_the_file(tmp_path: Path, command: str) -> None:
    file = tmp_path / "portal.sqlite3"
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE audit_auditevent (id integer)")
        columns = "id integer PRIMARY KEY, app text, name text, applied text"
        database.execute(f"CREATE TABLE django_migrations ({columns})")
        rows = "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, '2026-01-01')"
        database.executemany(rows, EARLIER)
        before = list(database.iterdump())
    database.close()
    ended = subprocess.run(
        [sys.executable, "-m", "quetsach_portal.manage", command],
        env={"QUETSACH_HOME": str(tmp_path), "PATH": "", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith("E604 ")
    assert "No migrations to apply" not in ended.stdout
    with sqlite3.connect(file) as database:
        assert list(database.iterdump()) == before
    database.close()
