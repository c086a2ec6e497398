"""The database itself guards what is append-only: the list of its triggers, in both engines."""

import pytest
from django.db import connection

SQLITE = {
    "audit_no_delete",
    "audit_no_replace",
    "audit_no_update",
    "case_event_no_update",
    *(
        f"reports_report{table}_no_{act}"
        for table in ("event", "figure", "input", "version")
        for act in ("delete", "update")
    ),
}
POSTGRESQL = {
    "audit_append_only",
    "audit_no_truncate",
    "case_event_append_only",
    *(f"reports_report{table}_append_only" for table in ("event", "figure", "input", "version")),
}


@pytest.mark.django_db
def test_every_append_only_table_has_its_guards() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT DISTINCT tgname FROM pg_trigger WHERE NOT tgisinternal")
        names = {row[0] for row in cursor.fetchall()}
    assert names == (SQLITE if connection.vendor == "sqlite" else POSTGRESQL)
