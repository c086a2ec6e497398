"""Changes behind the portal's back, which a check must name."""

import tarfile
from collections.abc import Callable
from pathlib import Path

from django.db import connection

from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.operations.backup.manifest import FILES, read_manifest


def change(statement: str, *values: object) -> None:
    """Change rows behind the portal's back, past the guards of its tables."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(statement, values)
            cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        guards = cursor.fetchall()
        for name, _sql in guards:
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute(statement, values)
        for _name, sql in guards:
            cursor.execute(sql)


def changed(table: str, column: str, value: str) -> Callable[[], Callable[[], None]]:
    """Return what sets a column of a table's first row, and returns what takes that back."""

    def damage() -> Callable[[], None]:
        with connection.cursor() as cursor:
            key = connection.introspection.get_primary_key_column(cursor, table)
            cursor.execute(f"SELECT {key}, {column} FROM {table} ORDER BY {key} LIMIT 1")
            number, old = cursor.fetchone()
        statement = f"UPDATE {table} SET {column} = {value} WHERE {key} = %s"
        change(statement, number)
        return lambda: change(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", old, number)

    return damage


def cut_tar(backup: Path) -> None:
    with (backup / FILES).open("r+b") as file:
        file.truncate(700)


def no_tar(backup: Path) -> None:
    (backup / FILES).unlink()


def other_byte_in_tar(backup: Path) -> None:
    content = path_of(StoredFile.objects.get()).read_bytes()
    place = backup / FILES
    place.write_bytes(place.read_bytes().replace(content, bytes(len(content)), 1))


def added_to_tar(backup: Path) -> None:
    with tarfile.open(backup / FILES, "a") as tar:
        facts = tarfile.TarInfo("keys/of-somebody.pub.pem")
        tar.addfile(facts)


def other_bytes_behind_in_tar(backup: Path) -> None:
    with tarfile.open(backup / FILES, "a") as tar:
        facts = tarfile.TarInfo(next(iter(read_manifest(backup).files)))
        tar.addfile(facts)


def linked_in_tar(backup: Path) -> None:
    with tarfile.open(backup / FILES, "a") as tar:
        facts = tarfile.TarInfo("portal.sqlite3")
        facts.type, facts.linkname = tarfile.SYMTYPE, "elsewhere"
        tar.addfile(facts)


def cut_database(backup: Path) -> None:
    place = backup / read_manifest(backup).database
    place.write_bytes(place.read_bytes()[:-5000])
