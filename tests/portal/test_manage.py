"""The portal's commands: what is said before one runs."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("words", [["audit", "verify"], ["work", "--once"]])
def test_without_a_portal_the_next_step_is_said(words: list[str], tmp_path: Path) -> None:
    home = tmp_path / "none"
    ended = subprocess.run(
        [sys.executable, "-m", "quetsach_portal.manage", *words],
        capture_output=True,
        text=True,
        env={**os.environ, "QUETSACH_HOME": str(home), "DATABASE_URL": "", "LANGUAGE": "en"},
        cwd=ROOT,
    )
    assert ended.returncode == 1
    assert "QUETSACH_HOME" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (home / "db.sqlite3").exists()


EARLIER = [("rights", "0001_initial"), ("audit", "0002_append_only"), ("reports", "9001_later")]


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
