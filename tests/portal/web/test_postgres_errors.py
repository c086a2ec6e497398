"""What PostgreSQL's own errors mean, and an act whose connection ends at each of its questions."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from quetsach_portal.cases.models.case import Handling
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.database_state import DatabaseTrouble, trouble_of
from tests.portal.cases import rows
from tests.portal.databases import address_of_test_database
from tests.portal.signing_in import signed_in
from tests.portal.world import make_world
from tests.whole import daily

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL's own errors"),
]
Ask = Callable[..., Any]


@pytest.mark.parametrize(
    ("before", "question", "means"),
    [
        ("SET LOCAL statement_timeout = 1", "SELECT pg_sleep(5)", DatabaseTrouble.AWAY),
        ("SET LOCAL transaction_read_only = on", "CREATE TABLE x ()", DatabaseTrouble.NOT_WRITTEN),
        ("SELECT 1", "SELECT pg_terminate_backend(pg_backend_pid())", DatabaseTrouble.AWAY),
        ("SELECT 1", "DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$", DatabaseTrouble.AWAY),
        ("SELECT 1", "DO $$ BEGIN RAISE SQLSTATE '40001'; END $$", DatabaseTrouble.AWAY),
        ("SELECT 1", "DO $$ BEGIN RAISE SQLSTATE '53100'; END $$", DatabaseTrouble.NOT_WRITTEN),
        ("SELECT 1", "DO $$ BEGIN RAISE SQLSTATE '53300'; END $$", DatabaseTrouble.AWAY),
        ("SELECT 1", "DO $$ BEGIN RAISE SQLSTATE '58030'; END $$", DatabaseTrouble.AWAY),
        ("SELECT 1", "SELECT 1 / 0", None),
        ("SELECT 1", "SELECT * FROM missing", None),
    ],
)
def test_an_error_says_whether_it_is_the_questions_or_the_servers(
    before: str, question: str, means: DatabaseTrouble | None
) -> None:
    with (
        pytest.raises(DatabaseError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(before)
        cursor.execute(question)
    connection.close()
    assert trouble_of(caught.value) == means


class _Ending:
    """Lets the server end this connection before the question with this number."""

    def __init__(self, number: int) -> None:
        self.left, self.has_ended = number, False

    def __call__(self, ask: Ask, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.left == 0:
            self.has_ended = True
            own = connection.connection.info.backend_pid
            with psycopg.connect(address_of_test_database(), autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", [own])
        self.left -= 1
        return ask(sql, params, many, context)


def test_an_act_whose_connection_ends_anywhere_is_done_once_when_it_is_sent_again() -> None:
    world = make_world()
    client: Client = signed_in(world.user("TC01", Role.TECHNICIAN))
    client.raise_request_exception = False
    number, tried = 0, 0
    while True:
        case = rows.make_case(world, "TC01", f"192.0.2.{number + 1}")
        form = {"version": case.version}
        ending = _Ending(number)
        with connection.execute_wrapper(ending):
            answer = client.post(f"/cases/{case.pk}/steps/disconnect", form)
        if not ending.has_ended:
            break
        connection.close()
        tried += 1
        assert answer.status_code in (302, 503), number
        kept = Handling.objects.filter(case=case).count()
        assert kept == (answer.status_code == 302)
        if not kept:
            assert client.post(f"/cases/{case.pk}/steps/disconnect", form).status_code == 302
        assert Handling.objects.filter(case=case).count() == 1
        number += daily(9, whole=1)
    assert answer.status_code == 302
    assert tried >= 3
