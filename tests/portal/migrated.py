"""The empty test database: migrated by one worker, copied by the others.

Walking all migrations takes a worker longer than most files of tests. What is copied is the very
database that they made; Django still looks whether a migration is missing in it.
"""

import fcntl
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from django.db import connection
from django.test.utils import setup_databases, teardown_databases

Databases = list[tuple[object, str, bool]]

TEMPLATE = "quetsach_migrated"


@contextmanager
def created_database(
    shared: Path, unblocked: Callable[[], AbstractContextManager[None]]
) -> Iterator[None]:
    """Have the test database; `shared` is a folder that all workers of this run see.

    `unblocked` opens databases for what is done within it.
    """
    made = shared / f"{TEMPLATE}.{connection.vendor}"
    with unblocked(), _alone(shared):
        is_first = not made.exists()
        databases = _migrated(made) if is_first else _copied(made)
    yield
    with unblocked(), _alone(shared):
        if is_first:
            _forget(made)
        teardown_databases(databases, verbosity=0)


@contextmanager
def _alone(shared: Path) -> Iterator[None]:
    with (shared / f"{TEMPLATE}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrated(made: Path) -> Databases:
    databases = setup_databases(verbosity=0, interactive=False, serialized_aliases=())
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        part = made.with_suffix(".part")
        with closing(sqlite3.connect(name)) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
        part.rename(made)
    else:
        connection.close()  # a template is copied while nobody is connected to it
        _on_server(
            f"DROP DATABASE IF EXISTS {TEMPLATE}",
            f"CREATE DATABASE {TEMPLATE} TEMPLATE {connection.ops.quote_name(name)}",
        )
        made.touch()
    return databases


def _copied(made: Path) -> Databases:
    if connection.vendor == "sqlite":
        shutil.copyfile(made, connection.settings_dict["TEST"]["NAME"])
    else:
        connection.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE
    is_there = connection.vendor == "sqlite"
    return setup_databases(verbosity=0, interactive=False, keepdb=is_there, serialized_aliases=())


def _forget(made: Path) -> None:
    made.unlink()
    if connection.vendor != "sqlite":
        _on_server(f"DROP DATABASE {TEMPLATE}")


def _on_server(*statements: str) -> None:
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
