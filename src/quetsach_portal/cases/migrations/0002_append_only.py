"""The database itself refuses to change a line of a case's history."""

from typing import Any

from django.db import migrations

SQLITE = (
    "CREATE TRIGGER case_event_no_update BEFORE UPDATE ON cases_caseevent "
    "BEGIN SELECT RAISE(ABORT, 'the history of a case is append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION case_event_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the history of a case is append-only'; END $$",
    "CREATE TRIGGER case_event_append_only BEFORE UPDATE ON cases_caseevent "
    "FOR EACH ROW EXECUTE FUNCTION case_event_append_only()",
)


def guard(apps: Any, schema_editor: Any) -> None:
    """Add the trigger of this database."""
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Guard the history."""

    dependencies = [("cases", "0001_initial")]

    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
