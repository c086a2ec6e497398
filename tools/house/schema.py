"""The structure of the portal's database, as its migrations make it, table by table.

`python -m tools.house.schema FILE` migrates the empty database of DATABASE_URL (SQLite in
QUETSACH_HOME without it) and writes {table: {part: structure}} as JSON. Names of constraints and
indexes stand apart from what they say, in the part "names", for they follow the names of tables.
"""

import json
import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import django

Structure = dict[str, dict[str, Any]]

POSTGRES_PARTS = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
            || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
            || CASE a.attidentity WHEN '' THEN '' ELSE ' IDENTITY ' || a.attidentity::text END
            || COALESCE(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
            AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraints": """
        SELECT c.relname, n.conname, pg_get_constraintdef(n.oid)
        FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid
        WHERE c.relnamespace = 'public'::regnamespace AND n.contype IN ('p', 'u', 'c', 'f', 'x')""",
    "indexes": """
        SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'""",
    "triggers": """
        SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid) || ': ' || p.prosrc
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal""",
}
"""For each part (table, name, what it says), in the words of PostgreSQL itself."""


def structure() -> Structure:
    """Migrate the database of the settings and return its structure."""
    set_up()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    return structure_of(connection)


def set_up() -> None:
    """Load the portal with the settings of the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quetsach_portal.config.settings")
    django.setup()


def structure_of(connection: Any) -> Structure:
    """Return the structure of the database that Django's `connection` leads to."""
    with connection.cursor() as cursor:

        def rows(query: str) -> list[tuple[Any, ...]]:
            cursor.execute(query)
            return list(cursor.fetchall())

        if connection.vendor == "sqlite":
            return of_sqlite(rows("SELECT type, name, tbl_name, sql FROM sqlite_master"))
        return _of_postgres(rows)


def _of_postgres(rows: Any) -> Structure:
    tables: Structure = {}
    for part, query in POSTGRES_PARTS.items():
        for table, name, text in rows(query):
            _add(tables.setdefault(table, {}), part, name, text)
    return tables


def of_sqlite(objects: Iterable[tuple[Any, ...]]) -> Structure:
    """Return the structure that (type, name, table, SQL) of each object in SQLite tells."""
    tables: Structure = {}
    for kind, name, table, sql in objects:
        if table.startswith("sqlite_"):
            continue
        parts = tables.setdefault(table, {})
        if kind == "table":
            for item in split_definition(sql):
                _add_item(parts, item)
        elif sql is not None:
            _add(parts, "indexes" if kind == "index" else "triggers", name, sql)
    return tables


def split_definition(sql: str) -> list[str]:
    """Return the columns and constraints between the outer parentheses of CREATE TABLE."""
    inside = sql[sql.index("(") + 1 : sql.rindex(")")]
    items, depth, quote, begin = [], 0, "", 0
    for place, character in enumerate(inside):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == "," and depth == 0:
            items.append(inside[begin:place])
            begin = place + 1
    return [item.strip() for item in (*items, inside[begin:])]


def _add_item(parts: dict[str, Any], item: str) -> None:
    constraint = re.match(r'CONSTRAINT "([^"]+)" (.*)', item, re.DOTALL)
    column = re.match(r'"([^"]+)" (.*)', item, re.DOTALL)
    if constraint:
        _add(parts, "constraints", constraint[1], constraint[2])
    elif column:
        _add(parts, "columns", column[1], column[2])
    else:
        _add(parts, "constraints", "", item)


def _add(parts: dict[str, Any], part: str, name: str, text: str) -> None:
    """Note what a column, constraint, index or trigger says; all but a column's name apart."""
    text = " ".join(text.split())
    if part == "columns":
        parts.setdefault(part, {})[name] = text
        return
    if name:
        parts.setdefault("names", []).append(f"{part} {name}")
        parts["names"].sort()
        text = re.sub(rf'"?\b{re.escape(name)}\b"?', "#", text)
    parts.setdefault(part, []).append(text)
    parts[part].sort()


def flat(tables: Structure) -> dict[str, str]:
    """Return a line for each column, constraint, index and trigger: what it is -> what it says."""
    lines: dict[str, str] = {}
    for table, parts in tables.items():
        for column, text in parts.get("columns", {}).items():
            lines[f"{table}.{column}"] = text
        for part, texts in parts.items():
            if part != "columns":
                lines.update(_numbered(f"{table} {part}", texts))
    return lines


def renamed(lines: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """Return the lines of `flat` as they are when tables have new names, old to new in `names`.

    Without the names of constraints and indexes, which follow those of their tables.
    """
    pattern = re.compile(r"(?<![\w.])(" + "|".join(map(re.escape, names)) + r")(?!\w)")
    return {
        pattern.sub(lambda match: names[match[1]], line): pattern.sub(
            lambda match: names[match[1]], text
        )
        for line, text in without_names(lines).items()
    }


def without_names(lines: Mapping[str, str]) -> dict[str, str]:
    """Return the lines of `flat` without the names of constraints and indexes."""
    return {line: text for line, text in lines.items() if not re.match(r"\w+ names: ", line)}


def _numbered(what: str, texts: Iterable[str]) -> dict[str, str]:
    counts: dict[str, int] = {}
    for text in texts:
        counts[f"{what}: {text}"] = counts.get(f"{what}: {text}", 0) + 1
    return {text: str(count) for text, count in counts.items()}


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(structure(), sort_keys=True, ensure_ascii=False))
