"""Rows of the trail for tests, and somebody who changes them with the database's own rights."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from quetsach_portal.audit.models import AuditEvent, ChainHead
from quetsach_portal.audit.record import digest_of, record


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


def rewrite(actor: str, *, upto: int | None = None) -> None:
    """Write the whole chain anew with another actor in row 2, as who has the database could.

    Every digest is right afterwards, by the real function; rows behind `upto` are cut off.
    """
    events = list(AuditEvent.objects.order_by("seq")[:upto])
    gone = [event.seq for event in events]
    with unguarded():
        AuditEvent.objects.exclude(seq__in=gone).delete()
        previous = ""
        for event in events:
            event.previous = previous
            if event.seq == 2:
                event.actor = actor
            previous = digest_of(event)
            fields = {"previous": event.previous, "actor": event.actor, "digest": previous}
            AuditEvent.objects.filter(pk=event.pk).update(**fields)
        ChainHead.objects.update(seq=events[-1].seq, digest=previous)


@contextmanager
def unguarded() -> Iterator[None]:
    """Take the guards of the trail away for a while."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
            yield
            cursor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER USER")
            return
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
            ["audit_auditevent"],
        )
        guards = cursor.fetchall()
        for name, _sql in guards:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _name, sql in guards:
            cursor.execute(sql)
