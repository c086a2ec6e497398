"""The tables of the trail: the database refuses every change of a row."""

import pytest
from django.db import DatabaseError, connection, transaction

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import first_break
from tests.portal.audit.trail import write

pytestmark = pytest.mark.django_db


def test_L1_the_database_refuses_to_change_or_delete_a_row() -> None:
    write(2)
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.filter(seq=1).update(actor="nobody")
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.filter(seq=1).delete()


def test_L1_the_database_refuses_to_replace_a_row_or_to_empty_the_trail() -> None:
    write(2)
    if connection.vendor == "sqlite":
        columns = "seq, at, actor, acting_for, ip, action, object_kind, object_id, unit_path"
        statement = (
            f"INSERT OR REPLACE INTO audit_auditevent ({columns}, detail, previous, digest) "
            f"SELECT {columns}, detail, previous, 'x' FROM audit_auditevent WHERE seq = 1"
        )
    else:
        statement = "TRUNCATE audit_auditevent CASCADE"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert first_break() is None
