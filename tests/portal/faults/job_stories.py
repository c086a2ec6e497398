"""Jobs of a running campaign, laid out so that each has something to do."""

from collections.abc import Callable
from datetime import timedelta

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from quetsach_portal.campaigns.actions.changing import ask_change
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.campaigns.models.changes import RunningChangeKind
from quetsach_portal.cases import address_requests, notices
from quetsach_portal.cases.models.notice import NoticeBatch
from quetsach_portal.dashboards import files
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.letters.actions import paper
from quetsach_portal.lifecycle import changing
from quetsach_portal.lists import deciding
from quetsach_portal.people.models.roles import Role
from tests.letters.test_holder import PROSE
from tests.portal.alerts.alerted import alerted, channel_of, let_time_go_by
from tests.portal.campaigns.acting import owner
from tests.portal.intake.handing_in import LOG, looked_through, publish
from tests.portal.letters import staged
from tests.portal.lists.versions import fresh, put_in_force, second_owner, tried
from tests.portal.working import run_ready
from tests.portal.world import World
from tests.sweeping.evidence import HEADER, conn

LayOut = Callable[[World], None]
YESTERDAY = timedelta(days=-1)


def leave_mails(_work: RunningJob) -> None:
    """Leave the mails of a queue where they are: there is no server."""


def _run_all() -> None:
    run_ready(handlers={"mail.deliver": leave_mails})


def _silence_climbs(world: World) -> None:
    world.user("TC01", Role.COMPILER)
    alerted(world, "TC01A", count=2)
    _run_all()
    let_time_go_by(timedelta(days=5))
    enqueue("alerts.look_after", key="alerts.look_after:faults")


def _a_pause_ends(world: World) -> None:
    assert world.campaign is not None
    until = timezone.localdate() + timedelta(days=5)
    kind = RunningChangeKind.PAUSE
    change = ask_change(world.campaign, kind, reason="Bão", until=until, actor=owner(world))
    changing.confirm(change, actor=second_owner(world))
    _run_all()
    Campaign.objects.update(paused_until=timezone.localdate())
    enqueue("campaigns.end_pauses", key="campaigns.end_pauses:faults")


def _units_are_told_of_a_change(world: World) -> None:
    CampaignNode.objects.update(told_at=timezone.now() - timedelta(days=3))
    _a_pause_ends(world)
    Job.objects.filter(state=JobState.READY).delete()
    changing.run_again(Campaign.objects.get(paused_until__isnull=False), actor=None)


def _the_silent_are_told_of(_world: World) -> None:
    CampaignNode.objects.update(told_at=timezone.now() - timedelta(days=30))
    enqueue("followup.escalate", key="followup.escalate:faults")


def _a_table_of_the_subtree(world: World) -> None:
    node = CampaignNode.objects.get(unit=world.units["TC"], campaign=world.campaign)
    files.request_file(node, None, "csv", actor=world.user("TC", Role.COMPILER))


def _letters_on_paper(world: World) -> None:
    letter = staged.released(world)
    _run_all()
    paper.request_sheets(letter.pk, actor=world.user("TC", Role.CLERK))


def _a_decision_ends(world: World) -> None:
    version = put_in_force(world, "bad.example\n8.8.8.8\n", **{"8.8.8.8": "thư của bộ"})
    looked_through(world, {"conn.log": HEADER + conn(5, "10.0.0.7", "8.8.8.8")})
    version.doubtful.update(until=timezone.localdate() + YESTERDAY)
    enqueue("lists.expire", key="lists.expire:faults")


def _evidence_meets_a_new_list(world: World) -> None:
    publish(world)
    looked_through(world, {"conn.log": LOG})
    version = tried(world, "203.0.113.77\nbad.example\nnew.example\n")
    first, second = world.user("TC", Role.LEAD_OWNER), second_owner(world)
    deciding.propose(fresh(version), shrink_reason="", actor=first, leaves_open=True)
    _run_all()
    deciding.approve(fresh(version), actor=second)


def _a_forgotten_password(world: World) -> None:
    cache.clear()
    email = world.user("TC01", Role.CLERK).email
    Client().post("/account/password/reset/", {"email": email})


def _a_wrong_password(world: World) -> None:
    cache.clear()
    email = world.user("TC01", Role.CLERK).email
    Client().post("/account/login/", {"login": email, "password": "không đúng"})


def _a_notice_is_traced(world: World) -> None:
    publish(world)
    node = CampaignNode.objects.get(unit=world.units["TC01"], campaign=world.campaign)
    table = b"time,address,port\n2022-09-13T09:00:00+07:00,198.51.100.7,40000\n"
    notices.hand_in(
        node,
        upload=SimpleUploadedFile("canh-bao.csv", table),
        source=NoticeBatch.Source.NOTICES.value,
        actor=world.user("TC01", Role.FOCAL_POINT),
    )


def _a_letter_asks_who_used_an_address(world: World) -> None:
    publish(world)
    node = CampaignNode.objects.get(unit=world.units["TC01"], campaign=world.campaign)
    address_requests.hand_in(
        node,
        upload=SimpleUploadedFile("van-ban.txt", PROSE.encode()),
        zone="",
        actor=world.user("TC01", Role.FOCAL_POINT),
    )


def _a_channel_is_told(world: World) -> None:
    channel_of(world, "TC01", "json://198.51.100.9/alerts")
    alerted(world, "TC01")


def _a_dry_run_of_mails(world: World) -> None:
    letter = staged.numbered(world)
    client = Client()
    client.force_login(world.user("TC", Role.CLERK))
    client.post(reverse("letters:request_dry_run", args=[letter.pk]))


CAMPAIGN_JOBS: dict[str, LayOut] = {
    "alerts.look_after": _silence_climbs,
    "alerts.send": _a_channel_is_told,
    "campaigns.end_pauses": _a_pause_ends,
    "campaigns.tell_change": _units_are_told_of_a_change,
    "cases.answer_request": _a_letter_asks_who_used_an_address,
    "cases.trace": _a_notice_is_traced,
    "dashboards.write_subtree": _a_table_of_the_subtree,
    "followup.escalate": _the_silent_are_told_of,
    "intake.match_again": _evidence_meets_a_new_list,
    "letters.dry_run": _a_dry_run_of_mails,
    "letters.sheets": _letters_on_paper,
    "lists.expire": _a_decision_ends,
    "people.forgotten": _a_forgotten_password,
    "people.sign-in": _a_wrong_password,
}
"""What lays a job out, by its kind; the job itself then waits in the queue."""
