"""What each table of a database holds: how many rows, and one digest of them in any order."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

_MODULUS = 1 << 256
_AT_ONCE = 2000

TableDigests = Mapping[str, tuple[int, str]]
"""Table -> its rows, and the sum of the SHA-256 of each row, modulo 2^256, in hex."""

_ONE_SPELLING = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
)


@dataclass
class _RowSum:
    """The digest of rows so far."""

    rows: int = 0
    total: int = 0

    def add(self, row: bytes) -> None:
        self.rows += 1
        self.total += int.from_bytes(hashlib.sha256(row).digest(), "big")

    def ended(self) -> tuple[int, str]:
        return self.rows, f"{self.total % _MODULUS:064x}"


def digests_of_sqlite(database: sqlite3.Connection) -> TableDigests:
    """Return what each table of a SQLite database holds. Cost: one pass over all rows."""
    names = [
        name
        for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%'"
            " ESCAPE '!' ORDER BY name"
        )
    ]
    return {name: _sum_of(_rows_of_sqlite(database, name)) for name in names}


def digests_of_postgresql(cursor: Any, tables: Iterable[str]) -> TableDigests:
    """Return what each of `tables` holds; `cursor` is psycopg's, within a transaction.

    The text of COPY does not depend on the version of the server or its settings of today.
    Cost: one pass over all rows.
    """
    for setting in _ONE_SPELLING:
        cursor.execute(setting)
    return {name: _sum_of(_rows_of_postgresql(cursor, name)) for name in sorted(tables)}


def _sum_of(rows: Iterable[bytes]) -> tuple[int, str]:
    row_sum = _RowSum()
    for row in rows:
        row_sum.add(row)
    return row_sum.ended()


def _rows_of_sqlite(database: sqlite3.Connection, name: str) -> Iterator[bytes]:
    encode = msgspec.msgpack.encode
    cursor = database.execute(f"SELECT * FROM {quoted(name)}")  # noqa: S608 - the database's own
    while rows := cursor.fetchmany(_AT_ONCE):
        for row in rows:
            yield encode(row)


def _rows_of_postgresql(cursor: Any, name: str) -> Iterator[bytes]:
    rest = b""
    with cursor.copy(f"COPY {quoted(name)} TO STDOUT") as copy:
        for block in copy:
            *rows, rest = (rest + bytes(block)).split(b"\n")
            yield from rows
    if rest:
        yield rest


def quoted(name: str) -> str:
    """Return the name of a table or column as SQL has it."""
    return '"' + name.replace('"', '""') + '"'
