"""What an error of the database means, asked of real databases that refuse."""

import sqlite3
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError
from django.db.utils import ConnectionHandler

from quetsach_portal.web.database_state import DatabaseTrouble, trouble_of

pytestmark = pytest.mark.django_db


def opened(path: Path | str, **options: object) -> object:
    place = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": options}
    return ConnectionHandler({"default": place})["default"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "some.sqlite3") as database:
        database.execute("CREATE TABLE some (a UNIQUE)")
        database.execute("INSERT INTO some VALUES ('x')")
    database.close()
    return tmp_path / "some.sqlite3"


def error_of(connection: object, statement: str) -> DatabaseError:
    with pytest.raises(DatabaseError) as caught, connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()
    return caught.value


INSERT = "INSERT INTO some SELECT hex(zeroblob(500000))"


def test_a_locked_database_is_away(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert trouble_of(error_of(opened(path, timeout=0), INSERT)) == DatabaseTrouble.AWAY
    other.close()


def test_a_database_that_cannot_be_opened_is_away(tmp_path: Path) -> None:
    error = error_of(opened(tmp_path / "missing" / "some.sqlite3"), "SELECT 1")
    assert trouble_of(error) == DatabaseTrouble.AWAY


def test_a_full_disk_and_a_database_for_reading_are_not_written(path: Path) -> None:
    full = opened(path, init_command="PRAGMA max_page_count = 4")
    assert trouble_of(error_of(full, INSERT)) == DatabaseTrouble.NOT_WRITTEN
    only_read = opened(f"file:{path}?mode=ro", uri=True)
    assert trouble_of(error_of(only_read, INSERT)) == DatabaseTrouble.NOT_WRITTEN


def test_a_wrong_question_is_no_trouble_of_the_database(path: Path) -> None:
    assert trouble_of(error_of(opened(path), "SELECT * FROM missing")) is None
    twice = error_of(opened(path), "INSERT INTO some VALUES ('x')")
    assert isinstance(twice, IntegrityError)
    assert trouble_of(twice) is None
    assert trouble_of(ValueError("x")) is None
    assert trouble_of(None) is None


def test_a_server_that_nobody_runs_is_away(tmp_path: Path) -> None:
    place = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "postgres",
        "HOST": str(tmp_path),
        "OPTIONS": {},
    }
    connection = ConnectionHandler({"default": place})["default"]
    with pytest.raises(OperationalError) as caught:
        connection.ensure_connection()
    assert trouble_of(caught.value) == DatabaseTrouble.AWAY
    later = RuntimeError("what a handler makes of it")
    later.__cause__ = caught.value
    assert trouble_of(later) == DatabaseTrouble.AWAY
