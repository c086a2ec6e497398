"""What happens to cases raises alerts, once each, and their unit is told at once, in one mail."""

from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from quetsach_portal.alerts.models import Alert, AlertKind, AlertMail, AlertState
from quetsach_portal.alerts.raising import ONE_MAIL_IN, raise_about, raise_for, tell
from quetsach_portal.campaigns.models.campaign import CampaignState
from quetsach_portal.cases import history
from quetsach_portal.cases.attaching import AttachResult, attach
from quetsach_portal.people.models.roles import Role
from tests.portal.alerts.alerted import LONG_AGO, alerted, let_time_go_by, node, opened
from tests.portal.cases.sweeps import BAD, findings_of
from tests.portal.working import run_ready
from tests.portal.world import World


def taken_in(world: World, place: Path) -> AttachResult:
    """Take the findings of a log with one bad contact in for the commune."""
    return attach(
        campaign=world.campaign,
        node=world.nodes["TC01"],
        folder=findings_of(place, days=[2], contacts=[(2, "10.1.1.11", BAD)]),
        source="nộp tay",
        actor=None,
    )


def test_findings_that_open_a_case_send_a_mail_in_the_same_run(
    world: World, sink, tmp_path: Path
) -> None:
    assert taken_in(world, tmp_path).new == 1
    run_ready()
    alert = Alert.objects.get()
    assert (alert.kind, alert.state) == (AlertKind.NEW, AlertState.TOLD)
    assert sink.recipients() == ["tc01@coquan.example"]
    run_ready()
    assert Alert.objects.count() == 1


def test_doing_it_again_raises_nothing(world: World) -> None:
    opened(world)
    opened(world)
    assert len(raise_for(node(world, "TC01"), LONG_AGO)) == 2
    assert raise_for(node(world, "TC01"), LONG_AGO) == []
    assert raise_for(node(world, "TC02"), LONG_AGO) == []


def test_what_happened_before_raises_nothing(world: World) -> None:
    opened(world)
    assert raise_for(node(world, "TC01"), timezone.now() + timedelta(seconds=1)) == []


def test_a_machine_that_comes_back_is_told_again_once_the_first_alert_is_over(
    world: World,
) -> None:
    (first,) = alerted(world)
    history.note(first.case, "recurred", by=None)
    assert raise_for(node(world, "TC01"), LONG_AGO) == []
    Alert.objects.update(state=AlertState.CLOSED)
    (again,) = raise_for(node(world, "TC01"), LONG_AGO)
    assert again.kind == AlertKind.RECURRED


def test_a_case_that_people_reopen_is_no_alert_and_neither_is_a_closed_one(world: World) -> None:
    case = opened(world, kind="judged")
    history.note(case, "reopened", by=None, detail={"because": "verifier"})
    closed = opened(world)
    closed.closed_at, closed.outcome = timezone.now(), "false-alarm"
    closed.save()
    assert raise_for(node(world, "TC01"), LONG_AGO) == []
    history.note(case, "reopened", by=None, detail={"because": "sighting"})
    assert len(raise_for(node(world, "TC01"), LONG_AGO)) == 1


def test_500_machines_are_one_mail_and_later_ones_wait_a_quarter_of_an_hour(world: World) -> None:
    alerted(world, count=20)
    assert AlertMail.objects.get().alerts.count() == 20
    alerted(world, count=2)
    assert AlertMail.objects.count() == 1
    let_time_go_by(ONE_MAIL_IN)
    mail = tell(node(world, "TC01"))
    assert mail is not None
    assert mail.alerts.count() == 2
    assert tell(node(world, "TC01")) is None


def test_a_mail_about_another_matter_holds_back_none_about_a_machine(world: World) -> None:
    unit = node(world, "TC01")
    raise_about(unit, AlertKind.NOTICE, "notice:1", "one notice")
    about_notice = tell(unit)
    assert about_notice is not None
    alerted(world)
    about_machine = AlertMail.objects.exclude(pk=about_notice.pk).get()
    assert about_machine.alerts.get().case is not None
    raise_about(unit, AlertKind.NOTICE, "notice:2", "another notice")
    assert tell(unit) is None


def test_a_server_that_knows_no_such_address_makes_the_next_one_told(world: World, sink) -> None:
    technician = world.user("TC01", Role.TECHNICIAN).email
    sink.recipient_reply = lambda to: "550 no such user" if to == technician else ""
    alerted(world)
    run_ready()
    assert AlertMail.objects.get().state == "failed"
    tell(node(world, "TC01"))
    run_ready()
    assert sink.recipients() == ["tc01@coquan.example"]
    assert Alert.objects.get().state == AlertState.TOLD


def test_an_address_that_failed_once_is_mailed_about_the_next_machine(world: World) -> None:
    alerted(world)
    AlertMail.objects.update(state="failed")
    Alert.objects.update(state=AlertState.CLOSED)
    alerted(world)
    assert AlertMail.objects.filter(state="queued").get().address == "tc01@coquan.example"


def test_a_unit_that_no_mail_reaches_is_due_at_once(world: World) -> None:
    opened(world, "TC01A")
    raise_for(node(world, "TC01A"), LONG_AGO)
    assert tell(node(world, "TC01A")) is None
    assert Alert.objects.get().due_at <= timezone.now()


def test_a_campaign_that_does_not_run_alerts_nobody(world: World, tmp_path: Path) -> None:
    world.campaign.state = CampaignState.CLOSING
    world.campaign.save()
    taken_in(world, tmp_path)
    run_ready()
    assert not Alert.objects.exists()
