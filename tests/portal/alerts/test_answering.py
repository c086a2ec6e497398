"""The link answers for its own machines, once, for two weeks; no answer closes a case."""

from datetime import timedelta

import pytest

from quetsach_portal.alerts import answering
from quetsach_portal.alerts.answering import answer_by_link, machines_of
from quetsach_portal.alerts.models import LINK_DAYS, Alert, AlertMail, AlertState
from quetsach_portal.cases.models.case import Case, CaseEvent, Handling
from quetsach_portal.web.acts import Refused
from quetsach_public.limits import PaceLimits
from tests.portal.alerts.alerted import alerted, let_time_go_by
from tests.portal.cases.rows import make_finding
from tests.portal.world import World


@pytest.mark.parametrize("said", ["found", "not-ours", "help", "cleaned"])
def test_an_answer_is_kept_and_closes_no_case(world: World, said: str) -> None:
    (alert,) = alerted(world)
    answer_by_link(AlertMail.objects.get(), alert.pk, said, "ở phòng 3")
    alert = Alert.objects.get()
    assert (alert.state, alert.answer, alert.due_at) == (AlertState.ANSWERED, said, None)
    event = CaseEvent.objects.get(kind="answered")
    assert (event.note, event.by) == ("ở phòng 3", None)
    assert Case.objects.get().closed_at is None
    assert Handling.objects.filter(by=None).count() == (said == "cleaned")


def test_a_remark_is_one_line_that_turns_nothing_around(world: World) -> None:
    (alert,) = alerted(world)
    answer_by_link(AlertMail.objects.get(), alert.pk, "found", "phòng 3\r\n\u202eđã\x1b sạch ")
    assert Alert.objects.get().remark == "phòng 3 đã sạch"
    assert CaseEvent.objects.get(kind="answered").note == "phòng 3 đã sạch"


def test_the_second_answer_is_refused(world: World) -> None:
    (alert,) = alerted(world)
    mail = AlertMail.objects.get()
    answer_by_link(mail, alert.pk, "found")
    with pytest.raises(Refused):
        answer_by_link(mail, alert.pk, "cleaned")
    assert Alert.objects.get().answer == "found"


def test_a_link_answers_for_no_other_machine_and_not_for_ever(world: World) -> None:
    (mine,) = alerted(world)
    (theirs,) = alerted(world, "TC02")
    mail = AlertMail.objects.get(node=world.nodes["TC01"])
    for alert, said in ((theirs, "found"), (mine, "acted"), (mine, "closed")):
        with pytest.raises(Refused):
            answer_by_link(mail, alert.pk, said)
    let_time_go_by(timedelta(days=LINK_DAYS))
    with pytest.raises(Refused):
        answer_by_link(AlertMail.objects.get(pk=mail.pk), mine.pk, "found")


def test_answers_are_limited_by_mail(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "_of_mail", PaceLimits(0.0, 1))
    first, second = alerted(world, count=2)
    mail = AlertMail.objects.get()
    answer_by_link(mail, first.pk, "found")
    with pytest.raises(Refused):
        answer_by_link(mail, second.pk, "found")


def test_machines_are_shown_with_what_was_seen_what_is_open_first(world: World) -> None:
    first, second = alerted(world, count=2)
    make_finding(second.case.device, "te.example")
    answer_by_link(AlertMail.objects.get(kind="at-once"), first.pk, "help")
    shown = machines_of(AlertMail.objects.get(kind="at-once"))
    assert [one.alert.pk for one in shown] == [second.pk, first.pk]
    assert [one.sightings for one in shown] == [6, 3]
    assert shown[0].best == "asked"
    assert shown[0].addresses == second.case.device.addresses
    assert answering.said_of(shown[1].alert) == str(shown[1].alert.get_answer_display())
