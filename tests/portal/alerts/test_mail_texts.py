"""A matter without case: a log that fell silent, lost lines, the list, a notice."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from quetsach_portal.alerts.answering import answer_alert, answers_to
from quetsach_portal.alerts.mail_texts import link_of
from quetsach_portal.alerts.mails import compose
from quetsach_portal.alerts.models import Alert, AlertKind, AlertMail, AlertState
from quetsach_portal.alerts.queries import today_for_office
from quetsach_portal.alerts.raising import end_about, raise_about, raise_for, tell
from quetsach_portal.alerts.retention import settle
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.web.acts import Refused
from tests.portal.alerts.alerted import LONG_AGO, node, opened
from tests.portal.world import World

SILENT = "sensor:7:eve.json"


def silent(world: World) -> Alert:
    """Return the alert of TC01 about a log that fell silent."""
    words = "eve.json của máy PC-SECRET im lặng từ 7 giờ"
    return raise_about(node(world, "TC01"), AlertKind.DEAD_SENSOR, SILENT, words, "/giam-sat/")


def test_while_it_lasts_it_is_one_alert(world: World) -> None:
    first = silent(world)
    later = raise_about(node(world, "TC01"), AlertKind.DEAD_SENSOR, SILENT, "khác\ndòng")
    assert later.pk == first.pk
    assert later.summary == "khác dòng"
    answer_alert(first.pk, "seen", "", actor=None)
    assert silent(world).state == AlertState.ANSWERED
    assert end_about(first.node, SILENT) == 1
    assert end_about(first.node, SILENT) == 0
    assert silent(world).pk != first.pk


def test_the_mail_is_thin_and_its_page_is_not(world: World, client: Client) -> None:
    opened(world)
    raise_for(node(world, "TC01"), LONG_AGO)
    alert = silent(world)
    mail = tell(node(world, "TC01"))
    assert mail is not None
    draft = compose(mail.pk)
    text = f"{draft.subject}\n{draft.body}"
    assert "PC-SECRET" not in text
    assert "eve.json" not in text
    assert "2 việc" in draft.subject
    path = "/alert/" + link_of(mail).partition("/alert/")[2]
    page = client.get(path).content.decode()
    assert "PC-SECRET" in page
    assert "/giam-sat/" in page
    given = {"alert": alert.pk, "answer": "seen", "remark": ""}
    assert client.post(path, given).status_code == 302
    assert client.post(path, {**given, "answer": "cleaned"}).status_code == 422
    alert.refresh_from_db()
    assert alert.answer == "seen"


def test_a_matter_is_no_machine(world: World) -> None:
    alert = silent(world)
    assert "cleaned" not in answers_to(alert)
    with pytest.raises(Refused):
        answer_alert(alert.pk, "cleaned", "", actor=None)
    assert settle([alert]) == 0
    assert str(alert) == f"dead-sensor: {SILENT}"
    for wrong in ({"key": ""}, {"case": opened(world)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Alert.objects.filter(pk=alert.pk).update(**wrong)


def test_who_asks_for_help_is_mailed_to_the_office(world: World) -> None:
    alert = silent(world)
    answer_alert(alert.pk, "help", "không rõ", actor=None)
    mail = AlertMail.objects.get(kind="help")
    assert mail.address.endswith("tc@coquan.example")
    draft = compose(mail.pk)
    assert "PC-SECRET" not in draft.body
    assert "không rõ" not in draft.body
    lead = scope_of(world.user("TC", Role.COMPILER))
    assert [task.hint for task in today_for_office(lead)] == ["1"]
    end_about(alert.node, SILENT)
    assert today_for_office(lead) == []
