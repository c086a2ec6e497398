"""Both ways to an empty database are compared by what they made."""

from tools.house.schema import of_sqlite
from tools.walked_schema import differences, digest_of

PEOPLE = 'CREATE TABLE "people" ("id" integer NOT NULL PRIMARY KEY, "name" text NOT NULL)'
TURNED = 'CREATE TABLE "people" ("name" text NOT NULL, "id" integer NOT NULL PRIMARY KEY)'
GUARD = "CREATE TRIGGER guard BEFORE DELETE ON people BEGIN SELECT 1; END"


def made(*objects: tuple[str, str]) -> dict[str, dict[str, object]]:
    return of_sqlite((kind, "guard", "people", sql) for kind, sql in objects)


def test_the_order_of_columns_is_no_difference() -> None:
    first, second = made(("table", PEOPLE)), made(("table", TURNED))
    assert list(differences(first, second)) == []
    assert digest_of(first) == digest_of(second)


def test_a_lost_trigger_and_another_type_are_named() -> None:
    first = made(("table", PEOPLE), ("trigger", GUARD))
    second = made(("table", PEOPLE.replace("text", "varchar(9)")))
    lines = list(differences(first, second))
    assert len(lines) == 3
    assert "people.name: text NOT NULL by the walk, varchar(9) NOT NULL" in lines
    assert digest_of(first) != digest_of(second)
