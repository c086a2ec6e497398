"""The database itself refuses to change or remove what a version of a report says."""

from typing import Any

from django.db import migrations

CONTENT = (
    "slot_id, n, kind, reason_code, reason, form_id, tree_rev, payload, sha256, prev_sha256, "
    "is_late, key, author_id, created_at"
)
TABLES = {
    "reports_reportversion": f"UPDATE OF {CONTENT}",
    "reports_reportfigure": "UPDATE",
    "reports_reportinput": "UPDATE",
    "reports_reportevent": "UPDATE",
}
TOLD = "a version of a report never changes"

SQLITE = tuple(
    statement
    for table, change in TABLES.items()
    for statement in (
        f"CREATE TRIGGER {table}_no_update BEFORE {change} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{TOLD}'); END",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{TOLD}'); END",
    )
)
POSTGRESQL = (
    "CREATE FUNCTION reports_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{TOLD}'; END $$",
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE {change} OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION reports_append_only()"
        for table, change in TABLES.items()
    ),
)


def guard(apps: Any, schema_editor: Any) -> None:
    """Add the triggers of this database."""
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


def unguard(apps: Any, schema_editor: Any) -> None:
    """Take them away again, so that the step can be done anew."""
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {table}_no_update")
            schema_editor.execute(f"DROP TRIGGER {table}_no_delete")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    if schema_editor.connection.vendor != "sqlite":
        schema_editor.execute("DROP FUNCTION reports_append_only()")


class Migration(migrations.Migration):
    """Guard the versions."""

    dependencies = [("reports", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]
