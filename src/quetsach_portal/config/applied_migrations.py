"""Which migrations a database has had, held against those of this version."""

from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from quetsach.api.problems import QuetsachError

EARLIER_LABELS = frozenset(
    {"calendars", "handouts", "oversight", "public_figures", "rechecks", "rights", "today"}
)
"""Apps of the portal before its first release: their migrations show such a database."""
_MOST_NAMED = 3


def refuse_other_database() -> None:
    """Return when every migration that the database has had is one of this version.

    A migration is known by its app and name. The 0001 of this version were written anew before the
    first release; a database from before is known by apps or migrations that are no more.
    Errors: QuetsachError E604, before anything is changed.
    """
    recorder = MigrationRecorder(connection)
    if not recorder.has_table():
        return
    ours = {config.label for config in apps.get_app_configs() if _is_ours(config.name)}
    own_migrations = {(label, name) for label in ours for name in _names_of(label)}
    foreign = sorted(
        key
        for key in recorder.applied_migrations()
        if key[0] in ours | EARLIER_LABELS and key not in own_migrations
    )
    if foreign:
        names = ", ".join(f"{label}.{name}" for label, name in foreign[:_MOST_NAMED])
        raise QuetsachError("E604", str(connection.settings_dict["NAME"]), reason=names)


def is_empty() -> bool:
    """Return whether the database has had no migration at all."""
    return not MigrationRecorder(connection).has_table()


def missing_migrations() -> list[str]:
    """Return the migrations that the database has not had, in their order. Cost: a few queries."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _is_back in plan]


def refuse_earlier_database() -> None:
    """Return when the database has had every migration of this version.

    Errors: QuetsachError E609 says how many are missing and the command to type.
    """
    missing = missing_migrations()
    if missing:
        names = ", ".join(missing[:_MOST_NAMED])
        place = str(connection.settings_dict["NAME"])
        raise QuetsachError("E609", place, count=len(missing), reason=names)


def _is_ours(name: str) -> bool:
    return name.startswith("quetsach_portal.")


def _names_of(label: str) -> set[str]:
    folder = apps.get_app_config(label).path
    return {path.stem for path in Path(folder, "migrations").glob("0*.py")}
