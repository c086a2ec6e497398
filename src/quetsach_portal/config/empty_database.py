"""The tables of an empty database, made at once from where all its migrations end.

Django walks through migrations one by one and renders all models anew after each, which takes far
longer than making the tables. What the walk ends with is known before: the state after the last
migration. Its tables are made as a single migration would make them, the Python that sets something
up is run, and every migration is noted as applied.
"""

from collections.abc import Iterable
from itertools import chain

from django.db import connections, router
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterIndexTogether,
    AlterModelManagers,
    AlterModelOptions,
    AlterModelTable,
    AlterOrderWithRespectTo,
    AlterUniqueTogether,
    CreateModel,
    DeleteModel,
    RemoveConstraint,
    RemoveField,
    RemoveIndex,
    RenameField,
    RenameIndex,
    RenameModel,
)
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

SETS_UP = frozenset(
    {("audit", "0001_initial"), ("cases", "0001_initial"), ("reports", "0001_initial")}
)
"""Ours whose Python adds triggers, and rows that are there from the beginning.

What such Python names must outlive all later migrations.
"""

CHANGES_ROWS = frozenset(
    {
        ("account", "0006_emailaddress_lower"),
        ("account", "0008_emailaddress_unique_primary_email_fixup"),
        ("auth", "0011_update_proxy_permissions"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("units", "0004_keep_contacts"),
        ("campaigns", "0003_old_names"),
        ("lists", "0002_lists_in_use"),
        ("cases", "0006_restored"),
    }
)
"""Those whose Python changes rows that are there: in an empty database none."""

_TELLS_ITS_STATE = frozenset(
    {
        AddConstraint,
        AddField,
        AddIndex,
        AlterField,
        AlterIndexTogether,
        AlterModelManagers,
        AlterModelOptions,
        AlterModelTable,
        AlterOrderWithRespectTo,
        AlterUniqueTogether,
        CreateModel,
        DeleteModel,
        RemoveConstraint,
        RemoveField,
        RemoveIndex,
        RenameField,
        RenameIndex,
        RenameModel,
    }
)
"""Operations that leave in the database nothing but what the state says afterwards."""


def make_tables(database: str) -> bool:
    """Make all tables in `database`, in one transaction; return whether that was done.

    Not done, and left to Django's own way, where a table is there already, or where a migration
    does what is not known here, as in another version of a package.
    """
    connection = connections[database]
    if connection.introspection.table_names():
        return False
    # Without a connection: what this database has had is known to be nothing.
    loader = MigrationLoader(None)
    migrations = _in_order(loader)
    if not all(map(_is_known, migrations)):
        return False
    state = loader.project_state()
    with connection.schema_editor(atomic=True) as editor:
        _create_all(editor, state)
        for migration in migrations:
            if (migration.app_label, migration.name) in SETS_UP:
                _set_up(migration, editor, state)
        _note_all(editor, migrations)
    return True


def _in_order(loader: MigrationLoader) -> list[Migration]:
    """Return all migrations in the order in which Django would apply them."""
    plans = map(loader.graph.forwards_plan, loader.graph.leaf_nodes())
    return [loader.graph.nodes[key] for key in dict.fromkeys(chain.from_iterable(plans))]


def _is_known(migration: Migration) -> bool:
    is_listed = (migration.app_label, migration.name) in SETS_UP | CHANGES_ROWS
    return is_listed or all(type(one) in _TELLS_ITS_STATE for one in migration.operations)


def _create_all(editor: BaseDatabaseSchemaEditor, state: ProjectState) -> None:
    connection = editor.connection
    for model in state.apps.get_models():
        is_here = router.allow_migrate_model(connection.alias, model)
        if is_here and model._meta.can_migrate(connection):
            editor.create_model(model)
    # Keys to other tables wait until all are there; what is set up comes after both.
    for statement in editor.deferred_sql:
        editor.execute(statement)
    editor.deferred_sql.clear()


def _set_up(migration: Migration, editor: BaseDatabaseSchemaEditor, state: ProjectState) -> None:
    for operation in migration.operations:
        if type(operation) not in _TELLS_ITS_STATE:
            operation.database_forwards(migration.app_label, editor, state, state)


def _note_all(editor: BaseDatabaseSchemaEditor, migrations: Iterable[Migration]) -> None:
    noted = MigrationRecorder(editor.connection).Migration
    editor.create_model(noted)
    rows = [noted(app=one.app_label, name=one.name) for one in migrations]
    noted.objects.using(editor.connection.alias).bulk_create(rows)
