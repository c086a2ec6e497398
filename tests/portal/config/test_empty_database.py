"""An empty database is made at once, the same as by all its migrations one after the other."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, connections
from django.db.migrations import RunSQL
from django.db.migrations.executor import MigrationExecutor

from quetsach_portal.config import empty_database
from quetsach_portal.config.empty_database import make_tables
from tools.house.schema import structure_of
from tools.walked_schema import digest_of, migrations_digest, packages, read_lock

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="makes databases of its own")


@pytest.fixture
def other(tmp_path: Path, django_db_setup: None, django_db_blocker) -> Iterator[str]:
    """The name of another database, a file that is not there yet."""
    settings = deepcopy(connection.settings_dict)
    settings["NAME"] = str(tmp_path / "other.sqlite3")
    connections.settings["other"] = settings
    with django_db_blocker.unblock():
        yield "other"
        connections["other"].close()
    del connections["other"], connections.settings["other"]


@pytest.mark.django_db
def test_this_database_is_what_the_last_walk_made() -> None:
    migrations, made_with, walked = read_lock()
    assert migrations == migrations_digest(), "python -m tools.walked_schema, and read what it says"
    if made_with != packages():
        pytest.skip(f"walked with {made_with}; python -m tools.walked_schema --check compares")
    assert digest_of(structure_of(connection)) == walked


def test_all_migrations_are_noted_and_the_guards_stand(other: str) -> None:
    assert make_tables(other)
    executor = MigrationExecutor(connections[other])
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    with connections[other].cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditevent VALUES (1, '2026-01-01', 1, '', '', '', 'x', 'x', '', '',"
            " '{}', '', '')"
        )
        with pytest.raises(DatabaseError, match="append-only"):
            cursor.execute("DELETE FROM audit_auditevent")


def test_a_database_with_a_table_is_left_alone(other: str) -> None:
    with closing(sqlite3.connect(connections[other].settings_dict["NAME"])) as file:
        file.execute("CREATE TABLE people (id integer)")
    assert not make_tables(other)
    assert connections[other].introspection.table_names() == ["people"]


def test_a_migration_that_does_what_is_not_known_is_left_to_django(
    other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(empty_database, "CHANGES_ROWS", frozenset())
    assert not make_tables(other)
    assert connections[other].introspection.table_names() == []


def test_what_fails_in_the_middle_leaves_an_empty_database(
    other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(empty_database, "_note_all", broken)
    with pytest.raises(RuntimeError):
        make_tables(other)
    assert connections[other].introspection.table_names() == []


def test_the_operations_that_leave_only_their_state_run_no_sql_of_their_own() -> None:
    assert RunSQL not in empty_database._TELLS_ITS_STATE
