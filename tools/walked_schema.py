"""An empty database has the same structure, made at once or by walking through all migrations.

`python -m tools.walked_schema` makes the empty database of DATABASE_URL (SQLite in QUETSACH_HOME
without it) both ways, half a minute, and prints what differs. Of SQLite it keeps the digest of what
the walk made in walked_schema.lock, by which each run of the tests knows it without the walk; with
`--check` it writes nothing.
"""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from tools.frozen_migrations import LOCK as MIGRATIONS
from tools.house.schema import Structure, flat, set_up, structure_of

ROOT = Path(__file__).parents[1]
LOCK = Path("tools/walked_schema.lock")
PACKAGES = ("django", "django-allauth")
"""Whose migrations, and whose way of making tables, ours are made with."""


def packages() -> str:
    """Return the versions on which the structure depends."""
    return " ".join(f"{name} {version(name)}" for name in PACKAGES)


def migrations_digest() -> str:
    """Return the digest of our own migrations."""
    return hashlib.sha256((ROOT / MIGRATIONS).read_bytes()).hexdigest()


def digest_of(structure: Structure) -> str:
    """Return the digest of a structure, whatever the order of its columns."""
    return hashlib.sha256(json.dumps(structure, sort_keys=True).encode()).hexdigest()


def read_lock() -> tuple[str, str, str]:
    """Return the migrations, the packages and the structure that the last walk had."""
    migrations, made_with, structure = (ROOT / LOCK).read_text().splitlines()
    return migrations, made_with, structure


def both_ways() -> tuple[Structure, Structure]:
    """Return the structure after the walk, and that made at once, in the same empty database."""
    from django.core.management import call_command
    from django.core.management.commands.migrate import Command as WalkAll
    from django.db import connection

    call_command(WalkAll(), verbosity=0)
    walked = structure_of(connection)
    _empty()
    call_command("migrate", verbosity=0)
    return walked, structure_of(connection)


def _empty() -> None:
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.close()
        Path(connection.settings_dict["NAME"]).unlink()
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def differences(walked: Structure, at_once: Structure) -> Iterator[str]:
    """Return a line for each column, constraint, index or trigger that is not in both."""
    first, second = flat(walked), flat(at_once)
    for what in sorted(first.keys() | second.keys()):
        if first.get(what) != second.get(what):
            yield f"{what}: {first.get(what, 'nothing')} by the walk, {second.get(what, 'nothing')}"


def main(arguments: Sequence[str]) -> int:
    """Make, compare, keep; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("QUETSACH_HOME", folder)
        set_up()
        from django.db import connection

        walked, at_once = both_ways()
        problems = list(differences(walked, at_once))
        connection.close()
        if connection.vendor == "sqlite" and not problems and "--check" not in arguments:
            lines = (migrations_digest(), packages(), digest_of(walked))
            (ROOT / LOCK).write_text("".join(f"{line}\n" for line in lines))
    for problem in problems:
        print(problem, file=sys.stderr)
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
