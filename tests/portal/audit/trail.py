"""Rows of the trail for tests, and somebody who changes them with the database's own rights."""

from django.db import connection, transaction

from quetsach_portal.audit.record import record


def write(count: int) -> None:
    """Record so many acts."""
    for number in range(count):
        with transaction.atomic():
            record("case.opened", actor=None, kind="case", object_id=number, detail={"n": [0, 1]})


def forge(statement: str, *, trigger: str) -> None:
    """Change the table as somebody with the database's own rights could."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER {trigger}")
        else:
            cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER audit_append_only")
        cursor.execute(statement)
