"""The trail: written with the act, in a chain, and never changed."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import ChainBreak, first_break, record, shortened

pytestmark = pytest.mark.django_db


def write(count: int) -> None:
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


def test_each_act_follows_the_one_before() -> None:
    write(3)
    rows = list(AuditEvent.objects.order_by("seq"))
    assert [row.seq for row in rows] == [1, 2, 3]
    assert rows[1].previous == rows[0].digest
    assert first_break() is None


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


def test_L1_a_chain_that_was_written_anew_is_not_the_one_that_was_noted() -> None:
    write(4)
    noted = AuditEvent.objects.get(seq=4)
    assert first_break((noted.seq, noted.digest)) is None
    assert first_break((2, "0" * 64)) == ChainBreak(2, "not the row that was noted")
    assert first_break((9, "0" * 64)) == ChainBreak(5, "missing at the end")
    said = io.StringIO()
    call_command("audit", "verify", stdout=said)
    head = said.getvalue().split()[-1]
    assert head == f"4:{noted.digest}"
    call_command("audit", "verify", "--expect", head, stdout=said)
    with pytest.raises(CommandError):
        call_command("audit", "verify", "--expect", f"3:{noted.digest}", stdout=said)
    with pytest.raises(CommandError, match="--expect"):
        call_command("audit", "verify", "--expect", "rubbish", stdout=said)


def test_L1_a_row_changed_behind_our_back_is_named() -> None:
    write(4)
    forge("UPDATE audit_auditevent SET actor = 'x' WHERE seq = 3", trigger="audit_no_update")
    assert first_break() == ChainBreak(3, "changed")


@pytest.mark.parametrize(("seq", "reason"), [(2, "missing"), (4, "missing at the end")])
def test_L1_a_row_that_is_gone_is_named(seq: int, reason: str) -> None:
    write(4)
    forge(f"DELETE FROM audit_auditevent WHERE seq = {seq}", trigger="audit_no_delete")
    assert first_break() == ChainBreak(seq, reason)


def test_an_act_outside_a_transaction_is_refused() -> None:
    # The test's own transaction must not count.
    with pytest.raises(transaction.TransactionManagementError):
        connection.in_atomic_block = False
        try:
            record("case.opened", actor=None, kind="case", object_id=1)
        finally:
            connection.in_atomic_block = True


def test_an_act_that_is_rolled_back_leaves_no_row() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("case.opened", actor=None, kind="case", object_id=1)
        raise ZeroDivisionError
    assert not AuditEvent.objects.exists()
    write(1)
    assert first_break() is None


class Forger:
    pk = 7

    def __str__(self) -> str:
        return "An\r\n2026 admin \x1b[31m \u202egod"


def test_L3_a_name_cannot_forge_a_line() -> None:
    with transaction.atomic():
        event = record("user.made", actor=Forger(), kind="user", object_id=7)
    assert event.actor.isprintable()


def test_addresses_are_cut_short() -> None:
    assert shortened("198.51.100.77") == "198.51.100.0"
    assert shortened("2001:db8:1:2::3") == "2001:db8:1::"
    assert shortened("not one") == ""
