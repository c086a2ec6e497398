"""The page of a mail's link needs no account, and looking changes nothing; the office's list."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from quetsach_portal.alerts.mail_texts import link_of
from quetsach_portal.alerts.models import LINK_DAYS, Alert, AlertMail, AlertState
from quetsach_portal.cases.history import event_text
from quetsach_portal.cases.models.case import CaseEvent
from quetsach_portal.people.models.roles import Role
from tests.portal.alerts.alerted import alerted, let_time_go_by
from tests.portal.cases.rows import RAW
from tests.portal.world import World


def path_of(mail: AlertMail) -> str:
    return "/alert/" + link_of(mail).partition("/alert/")[2]


def test_a_program_that_looks_at_the_link_answers_nothing(world: World, client: Client) -> None:
    (alert,) = alerted(world)
    path = path_of(AlertMail.objects.get())
    for act in (client.get, client.head):
        response = act(path)
        assert response.status_code == 200
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert not response.cookies
    assert Alert.objects.get().state == AlertState.RAISED
    text = client.get(path).content.decode()
    assert alert.case.number in text
    assert alert.case.device.label in text
    assert "xau.example" not in text
    assert RAW not in text


def test_an_answer_by_the_link(world: World, client: Client) -> None:
    (alert,) = alerted(world)
    path = path_of(AlertMail.objects.get())
    assert client.post(path, {"alert": alert.pk}).status_code == 422
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    given = {"alert": alert.pk, "answer": "found", "remark": ""}
    assert client.post(path, given, headers=elsewhere).status_code == 403
    assert client.post(path, given).status_code == 302
    assert Alert.objects.get().answer == "found"
    assert client.post(path, given).status_code == 422


def test_a_link_cut_short_is_told(world: World, client: Client) -> None:
    alerted(world)
    path = path_of(AlertMail.objects.get())
    assert client.get(f"{path[:-2]}/").status_code == 410
    assert client.get(f"/alert/999/{'0' * 32}/").status_code == 410


def test_a_link_that_is_over_shows_no_machine(world: World, client: Client) -> None:
    (alert,) = alerted(world)
    path = path_of(AlertMail.objects.get())
    let_time_go_by(timedelta(days=LINK_DAYS))
    for response in (client.get(path), client.post(path, {"alert": alert.pk, "answer": "found"})):
        assert response.status_code == 410
        assert alert.case.device.label not in response.content.decode()


def test_the_list_of_an_office(world: World, client: Client) -> None:
    (alert,) = alerted(world)
    client.force_login(world.user("TC", Role.COMPILER))
    text = client.get("/alerts/").content.decode()
    assert alert.case.number in text
    assert alert.case.device.label not in text
    Alert.objects.update(
        state="answered", answer="help", answered_at=timezone.now(), remark="Máy ở trạm y tế"
    )
    assert "Máy ở trạm y tế" in client.get("/alerts/").content.decode()
    Alert.objects.update(answer="found")
    assert "Máy ở trạm y tế" not in client.get("/alerts/?all=1").content.decode()
    Alert.objects.update(state="closed")
    assert alert.case.number not in client.get("/alerts/").content.decode()
    assert alert.case.number in client.get("/alerts/?all=1").content.decode()


def test_a_unit_answers_under_its_own_account(world: World, client: Client) -> None:
    (alert,) = alerted(world)
    client.force_login(world.user("TC01", Role.TECHNICIAN))
    assert f"/alerts/{alert.pk}/" in client.get("/alerts/").content.decode()
    assert client.get(f"/alerts/{alert.pk}/").status_code == 200
    given = {"alert": alert.pk, "answer": "not-ours", "remark": "máy của bưu điện"}
    assert client.post(f"/alerts/{alert.pk}/", given).status_code == 302
    alert.refresh_from_db()
    assert (alert.answer, alert.remark) == ("not-ours", "máy của bưu điện")
    event = CaseEvent.objects.get(kind="answered")
    assert event.by == world.user("TC01", Role.TECHNICIAN)
    assert event_text(event) == "đơn vị trả lời: không phải máy của đơn vị"
    assert client.get(f"/alerts/{alert.pk}/").status_code == 404
