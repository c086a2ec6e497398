"""E2: the digest of a table: in any order the same, with any changed value another."""

import sqlite3

from quetsach_portal.operations.backup.tables import digests_of_sqlite, quoted


def database(*rows: tuple[object, ...]) -> sqlite3.Connection:
    made = sqlite3.connect(":memory:")
    made.execute('CREATE TABLE "a ""b" (x, y)')
    made.execute("CREATE TABLE empty (x INTEGER PRIMARY KEY AUTOINCREMENT)")
    made.executemany('INSERT INTO "a ""b" VALUES (?, ?)', rows)
    return made


def test_E2_a_digest_holds_the_rows_in_any_order() -> None:
    rows = [(1, "Trà Cú"), (2.5, None), (3, b"\x00")]
    digests = digests_of_sqlite(database(*rows))
    assert set(digests) == {'a "b', "empty"}
    assert digests['a "b'][0] == 3
    assert digests["empty"] == (0, "0" * 64)
    assert digests == digests_of_sqlite(database(*reversed(rows)))
    for changed in [(1.0, "Trà Cú"), (1, "Trà Cu"), ("1", "Trà Cú"), (1, None)]:
        assert digests_of_sqlite(database(changed, *rows[1:])) != digests
    assert digests_of_sqlite(database(*rows, rows[0])) != digests
    assert digests_of_sqlite(database(rows[0], rows[0])) != digests_of_sqlite(database())
    assert quoted('a "b') == '"a ""b"'
