"""A decision ends with its day, by itself and once; who decided is told."""

from datetime import timedelta

from django.utils import timezone

from quetsach_portal.alerts.models import Alert, AlertState
from quetsach_portal.cases.models.case import Case
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.lists import deciding, holding
from quetsach_portal.lists.models import HoldState, ListHold, ListVersion
from quetsach_portal.mail.models import OutboxMail
from quetsach_portal.people.models.roles import Role
from quetsach_portal.worklist.preparation import preparation
from tests.portal.intake.handing_in import looked_through
from tests.portal.lists.versions import fresh, put_in_force, second_owner, tried
from tests.portal.working import run_ready
from tests.portal.world import World
from tests.sweeping.evidence import HEADER, conn

YESTERDAY = timedelta(days=-1)


def _expired(key: str) -> None:
    enqueue("lists.expire", key=key)
    run_ready()


def test_a_row_kept_accuses_nobody_after_its_day(world: World) -> None:
    version = put_in_force(world, "bad.example\n8.8.8.8\n", **{"8.8.8.8": "thư của bộ"})
    looked_through(world, {"conn.log": HEADER + conn(5, "10.0.0.7", "8.8.8.8")})
    assert Case.objects.get().outcome == ""
    _expired("before")
    assert Case.objects.get().outcome == ""
    version.doubtful.update(until=timezone.localdate() + YESTERDAY)
    sent = OutboxMail.objects.count()
    _expired("after")
    assert Case.objects.get().outcome == "withdrawn"
    row = version.doubtful.get()
    assert (row.decision, row.expired_at is not None) == ("keep", True)
    assert Alert.objects.filter(key__startswith="expired:").count() == 1
    people = {world.user("TC", Role.LEAD_OWNER).email, second_owner(world).email}
    told = OutboxMail.objects.filter(to__in=people)
    assert {mail.to for mail in told} == people
    again = OutboxMail.objects.count()
    assert again > sent
    release = fresh(version).release_id
    _expired("twice")
    assert (OutboxMail.objects.count(), fresh(version).release_id) == (again, release)


def test_a_row_left_out_is_doubtful_again_and_decided_anew_in_the_next_version(
    world: World,
) -> None:
    version = tried(world, "bad.example\n8.8.8.8\n")
    owner = world.user("TC", Role.LEAD_OWNER)
    deciding.follow_proposals(version, actor=owner)
    version.doubtful.update(until=timezone.localdate() + YESTERDAY)
    _expired("open")
    assert version.doubtful.get().decision == ""


def _on_hold(world: World) -> ListVersion:
    version = put_in_force(world, "bad.example\n")
    holding.hold(
        version, "bad.example", reason="vì", until=None, actor=world.user("TC", Role.LEAD_OWNER)
    )
    run_ready()
    assert fresh(version).in_use_id is not None
    return version


def test_a_confirmed_hold_ends_with_its_day(world: World) -> None:
    version = _on_hold(world)
    holding.settle(ListHold.objects.get(), confirms=True, actor=second_owner(world))
    ListHold.objects.update(until=timezone.localdate() + YESTERDAY)
    _expired("hold")
    assert ListHold.objects.get().state == HoldState.OVER
    assert fresh(version).in_use_id is None


def test_silence_decides_on_no_hold_and_the_lead_office_is_reminded(world: World) -> None:
    version = _on_hold(world)
    reminders = Alert.objects.filter(key__startswith=holding.UNDECIDED)
    _expired("young")
    assert not reminders.exists()
    ListHold.objects.update(
        at=timezone.now() - timedelta(days=15), until=timezone.localdate() + YESTERDAY
    )
    for time in range(2):
        _expired(f"old-{time}")
    assert ListHold.objects.get().state == HoldState.OPEN
    assert fresh(version).in_use_id is not None
    alert = reminders.get()
    assert (alert.node, alert.state != AlertState.CLOSED) == (world.nodes["TC"], True)
    tasks = preparation(world.campaign)
    assert [task.title for task in tasks if "bad.example" in task.title]
    holding.settle(ListHold.objects.get(), confirms=True, actor=second_owner(world))
    assert reminders.get().state == AlertState.CLOSED
    assert not [task for task in preparation(world.campaign) if "bad.example" in task.title]
