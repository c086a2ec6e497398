"""A mail about machines tells whoever reads it on its way only that there is something."""

import pytest

from quetsach_portal.alerts.mail_texts import link_of, signature_of
from quetsach_portal.alerts.mails import by_link, compose
from quetsach_portal.alerts.models import Alert, AlertMail, AlertState
from quetsach_portal.mail.message import MailNotNeeded
from quetsach_portal.people.models.roles import Role
from tests.portal.alerts.alerted import alerted
from tests.portal.working import run_ready
from tests.portal.world import World


def test_it_holds_no_machine_no_address_no_person_and_no_indicator(world: World) -> None:
    alerts = alerted(world, count=25)
    world.user("TC01", Role.TECHNICIAN)
    mail = AlertMail.objects.get()
    draft = compose(mail.pk)
    text = f"{draft.subject}\n{draft.body}"
    for alert in alerts:
        device = alert.case.device
        assert not any(secret in text for secret in (device.label, device.key, "xau.example"))
        assert alert.case.number in text or alert is not alerts[0]
    assert "192.0.2" not in text
    assert "Technician" not in text
    assert "25" in draft.subject
    assert "và 5" in draft.body
    assert link_of(mail) in draft.body


def test_what_was_answered_before_it_goes_out_is_not_mailed(world: World, sink) -> None:
    alerted(world)
    Alert.objects.update(state=AlertState.CLOSED)
    with pytest.raises(MailNotNeeded):
        compose(AlertMail.objects.get().pk)
    run_ready()
    assert sink.recipients() == []
    with pytest.raises(MailNotNeeded):
        compose(0)


def test_a_mail_that_arrived_makes_its_alerts_told(world: World, sink) -> None:
    alerted(world, count=2)
    sink.recipient_reply = lambda address: "451 later"
    run_ready()
    assert set(Alert.objects.values_list("state", flat=True)) == {AlertState.RAISED}
    assert AlertMail.objects.get().problem == "451 later"


def test_only_the_whole_link_opens(world: World) -> None:
    alerted(world)
    mail = AlertMail.objects.get()
    right = signature_of(mail)
    assert by_link(mail.pk, right) == mail
    assert by_link(mail.pk, right[:-1] + ("0" if right[-1] != "0" else "1")) is None
    assert by_link(mail.pk, "") is None
    assert by_link(mail.pk + 1, right) is None
    AlertMail.objects.update(secret="f" * 32)
    assert by_link(mail.pk, right) is None


def test_technicians_are_mailed_before_focal_points_before_the_letters_address(
    world: World,
) -> None:
    focal = world.user("TC01", Role.FOCAL_POINT).email
    alerted(world)
    assert AlertMail.objects.get().address == focal
    world.user("TC02", Role.FOCAL_POINT)
    technician = world.user("TC02", Role.TECHNICIAN).email
    alerted(world, "TC02")
    assert AlertMail.objects.latest("pk").address == technician
