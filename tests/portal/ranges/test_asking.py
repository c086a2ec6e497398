"""Units are told what they have to answer, and offices above who is late."""

from datetime import timedelta

from django.utils import timezone

from quetsach_portal.alerts.models import Alert, AlertState
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.jobs.models import Job
from quetsach_portal.people.models.roles import Role
from quetsach_portal.ranges.allotting import decide
from quetsach_portal.ranges.answering import give_answer
from quetsach_portal.ranges.asking import (
    by_link,
    climb,
    due_of,
    refresh_alert,
    report_late,
    search_again,
    signature_of,
)
from quetsach_portal.ranges.models import Forwarding
from tests.portal.ranges.asked import allotted, approved, asked_of, questions, traced
from tests.portal.working import claim, run_ready
from tests.portal.world import World

LATER = timedelta(days=30)


def _late(forwarding: Forwarding) -> Forwarding:
    Forwarding.objects.filter(pk=forwarding.pk).update(due_at=timezone.now() - LATER)
    forwarding.refresh_from_db()
    return forwarding


def test_what_the_logs_do_not_tell_is_an_alert_with_a_link_until_it_is_answered(
    world: World,
) -> None:
    forwarding = asked_of(world, allotted(world), "TC01")
    assert not Alert.objects.filter(node=forwarding.node).exists()
    traced(forwarding, 1)
    alert = Alert.objects.get(node=forwarding.node)
    assert (alert.node, alert.kind) == (world.nodes["TC01"], "notice")
    assert alert.page == f"/notice/{forwarding.pk}/{signature_of(forwarding)}/"
    assert "203.0.113" not in alert.summary
    give_answer(forwarding, questions(forwarding), "cannot-tell", "NAT", actor=None)
    alert.refresh_from_db()
    assert alert.state == AlertState.CLOSED


def test_a_link_opens_its_own_until_two_weeks_after_the_term(world: World) -> None:
    forwarding = asked_of(world, allotted(world), "TC01")
    good = signature_of(forwarding)
    assert by_link(forwarding.pk, good) == forwarding
    assert by_link(forwarding.pk, "0" * 32) is None
    assert by_link(forwarding.pk + 99, good) is None
    other = asked_of(world, forwarding.batch, "TC02")
    assert by_link(other.pk, good) is None
    Campaign.objects.update(state="closed")
    assert by_link(forwarding.pk, good) is None
    Campaign.objects.update(state="live")
    _late(forwarding)
    assert by_link(forwarding.pk, good) is None


def test_a_late_unit_is_reported_to_the_office_above_then_to_the_lead_office(world: World) -> None:
    approved(world, "TC01A", "203.0.113.1")
    forwarding = _late(asked_of(world, allotted(world), "TC01A"))
    now = timezone.now()
    assert climb(forwarding, now) == world.nodes["TC01"]
    forwarding.refresh_from_db()
    just_due = Forwarding(**{**_fields(forwarding), "due_at": now})
    assert climb(just_due, now) is None
    assert climb(forwarding, now) == world.nodes["TC"]
    forwarding.refresh_from_db()
    assert forwarding.climbed == 2
    told = Alert.objects.filter(key__startswith="notice-late").order_by("pk")
    assert [one.node for one in told] == [world.nodes["TC01"], world.nodes["TC"]]
    assert all("Trường Tiểu học A" in one.summary for one in told)
    give_answer(forwarding, questions(forwarding), "not-ours", "Không phải", actor=None)
    assert {one.state for one in Alert.objects.filter(key__startswith="notice-late")} == {"closed"}


def _fields(forwarding: Forwarding) -> dict[str, object]:
    return {field.attname: getattr(forwarding, field.attname) for field in Forwarding._meta.fields}


def test_directly_below_the_lead_office_it_is_told_once(world: World) -> None:
    forwarding = _late(asked_of(world, allotted(world), "TC02"))
    assert climb(forwarding, timezone.now()) == world.nodes["TC"]
    forwarding.refresh_from_db()
    assert forwarding.climbed == 2


def test_the_job_reports_who_is_late_and_nobody_else(world: World) -> None:
    batch = allotted(world)
    _late(asked_of(world, batch, "TC01"))
    work = claim("w")
    assert work is not None
    report_late(work)
    report_late(work)
    assert Alert.objects.filter(key__startswith="notice-late").count() == 1


def test_the_alert_goes_on_while_something_is_open(world: World) -> None:
    forwarding = asked_of(world, allotted(world), "TC01")
    refresh_alert(forwarding)
    before = Alert.objects.get(node=forwarding.node).summary
    give_answer(forwarding, questions(forwarding)[:1], "cannot-tell", "NAT", actor=None)
    alert = Alert.objects.get(node=forwarding.node)
    assert alert.state == AlertState.RAISED
    assert alert.summary != before


def test_what_is_decided_late_has_a_new_term(world: World) -> None:
    batch = allotted(world)
    assert due_of(batch) > timezone.now() + timedelta(days=4)
    batch.accounts = {"due": (timezone.now() - LATER).isoformat()}
    assert due_of(batch) > timezone.now()


def test_the_lead_office_is_told_what_it_has_to_decide(world: World) -> None:
    batch = allotted(world)
    alert = Alert.objects.get(node=world.nodes["TC"])
    assert alert.page == f"/ranges/notices/{batch.pk}/"
    forwarding = asked_of(world, batch, "TC01")
    give_answer(forwarding, questions(forwarding), "not-ours", "Không phải", actor=None)
    before = alert.summary
    alert.refresh_from_db()
    assert alert.summary != before
    actor = world.user("TC", Role.LEAD_OWNER)
    for address in ("192.0.2.200", "203.0.113.1", "203.0.113.2"):
        decide(batch, address, unit=None, actor=actor)
    alert.refresh_from_db()
    assert alert.state == AlertState.CLOSED


def test_logs_that_come_later_are_searched_for_what_is_open(world: World) -> None:
    batch = allotted(world)
    first, second = asked_of(world, batch, "TC01"), asked_of(world, batch, "TC02")
    run_ready()
    assert search_again(world.nodes["TC01A"]) == 0
    assert search_again(world.nodes["TC01"]) == 1
    first.part.refresh_from_db()
    assert (first.part.state, first.part.runs) == ("waiting", 2)
    assert Job.objects.filter(key=f"cases.trace:{first.part.pk}:2").exists()
    # The offices above have logs of all units below them.
    assert search_again(world.nodes["TC"]) == 2
    give_answer(second, questions(second), "not-ours", "Không phải", actor=None)
    assert search_again(world.nodes["TC02"]) == 0
