"""The trail: written with the act, in a chain, and never changed."""

import pytest
from django.db import connection, transaction

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import ChainBreak, first_break, record, shortened
from tests.portal.audit.trail import forge, write

pytestmark = pytest.mark.django_db


def test_each_act_follows_the_one_before() -> None:
    write(3)
    rows = list(AuditEvent.objects.order_by("seq"))
    assert [row.seq for row in rows] == [1, 2, 3]
    assert rows[1].previous == rows[0].digest
    assert first_break() is None


@pytest.mark.asvs("V11.4.3", "V16.4.2")
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


@pytest.mark.asvs("V2.3.3", "V16.5.3")
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
