"""Acts that no form of the access table does: jobs, files in parts, backups, starts and ends."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach_portal.campaigns.actions import state
from quetsach_portal.campaigns.calendar import actions as calendars
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState, Phase
from quetsach_portal.files import actions as files
from quetsach_portal.files.models import FilePurpose
from quetsach_portal.intake import actions as intake
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.letters.actions import release as releasing
from quetsach_portal.letters.recipients import DeliveryChannels
from quetsach_portal.lifecycle import actions as lifecycle
from quetsach_portal.lists import deciding
from quetsach_portal.operations.backup.checking import differences_of_folder
from quetsach_portal.operations.backup.manifest import read_manifest
from quetsach_portal.operations.backup.writing import back_up
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing import actions as publishing
from quetsach_portal.publishing import counts
from quetsach_portal.reports.documents import actions as documents
from tests.portal.access.publishing import SAID
from tests.portal.faults.job_stories import CAMPAIGN_JOBS, LayOut, leave_mails
from tests.portal.faults.running import Act
from tests.portal.intake.handing_in import LOG, given, hand_in, looked_through, publish
from tests.portal.letters import staged
from tests.portal.lists.versions import fresh, received, second_owner, tried
from tests.portal.reports.acting import submitted
from tests.portal.sensors.heard import heard
from tests.portal.working import run_ready
from tests.portal.world import World

Doing = Callable[[], int]


def work() -> int:
    """Let time pass, and run what is ready; mails have no server here, and wait."""
    earlier = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(state=JobState.RUNNING).update(leased_until=earlier)
    Job.objects.filter(state=JobState.READY).update(run_after=earlier)
    run_ready(handlers={"mail.deliver": leave_mails})
    return 200


def stories(world: World) -> Iterator[Act]:
    """Yield the acts, laid out in `world`."""
    for name, lay_out in JOBS.items():
        yield Act(f"job: {name}", _in(world, lay_out), True, UNSETTLED.get(name, ""))
    for name, lay_out in ACTS.items():
        yield Act(name, _in(world, lay_out))


def _in(world: World, lay_out: Callable[[World], Doing]) -> Callable[[], Doing]:
    return lambda: lay_out(world)


def _evidence_is_swept(world: World) -> Doing:
    publish(world)
    hand_in(world, {"conn.log": LOG})
    return work


def _evidence_begins(world: World) -> Doing:
    publish(world)
    who, token = world.user("TC01", Role.FOCAL_POINT), uuid4()

    def begin() -> int:
        upload = given("conn.log", LOG)
        intake.begin(
            world.nodes["TC01"], kind="logs", upload=upload, note="", token=token, actor=who
        )
        return 200

    return begin


def _raw_logs_are_destroyed(world: World) -> Doing:
    publish(world)
    row = looked_through(world, {"conn.log": LOG})
    type(row).objects.filter(pk=row.pk).update(finished_at=timezone.now() - timedelta(days=4000))
    enqueue("intake.destroy_raw", key="intake.destroy_raw:faults")
    return work


def _document_is_made(world: World) -> Doing:
    documents.request_document(submitted(world, "TC01A"), actor=world.user("TC01A", Role.CLERK))
    return work


def _list_is_received(world: World) -> Doing:
    owner = world.user("TC", Role.LEAD_OWNER)
    from quetsach_portal.lists.receiving import receive

    def hand_in_list() -> int:
        upload = SimpleUploadedFile("list.txt", b"203.0.113.77\nbad.example\n")
        assert world.campaign is not None
        receive(world.campaign, [upload], title="Danh sách mới", actor=owner)
        return 200

    return hand_in_list


def _list_is_checked(world: World) -> Doing:
    received(world, "203.0.113.77\nbad.example\n")
    return work


def _list_is_built(world: World) -> Doing:
    version = tried(world, "203.0.113.77\nbad.example\n")
    owner = world.user("TC", Role.LEAD_OWNER)
    deciding.propose(fresh(version), shrink_reason="", actor=owner, leaves_open=True)
    return work


def _list_comes_in_force(world: World) -> Doing:
    version = tried(world, "203.0.113.77\nbad.example\n")
    owner, second = world.user("TC", Role.LEAD_OWNER), second_owner(world)
    deciding.propose(fresh(version), shrink_reason="", actor=owner, leaves_open=True)
    run_ready()

    def approve() -> int:
        deciding.approve(fresh(version), actor=second)
        return 200

    return approve


def _lists_for_devices(world: World) -> Doing:
    publish(world)
    enqueue("lists.make", key="lists.make:faults")
    return work


def _letter_is_released(world: World) -> Doing:
    for code in ("TC01", "TC02"):
        staged.contact(world.units[code], f"{code.lower()}@xa.example")
    letter = staged.numbered(world)

    def release() -> int:
        releasing.release(
            letter.pk,
            DeliveryChannels(),
            start_mails=True,
            actor=world.user("TC", Role.CLERK),
        )
        return 200

    return release


def _upload_begun(world: World) -> Doing:
    who = world.user("TC01", Role.FOCAL_POINT)

    def begin() -> int:
        _begin(world, who)
        return 200

    return begin


def _begin(world: World, who: object) -> object:
    return files.begin_upload(
        name="conn.log",
        size=len(LOG.encode()),
        purpose=FilePurpose.EVIDENCE,
        owner_path=world.units["TC01"].path,
        actor=who,  # type: ignore[arg-type]
    )


def _upload_goes_on(world: World) -> Doing:
    who = world.user("TC01", Role.FOCAL_POINT)
    number = _begin(world, who).pk  # type: ignore[attr-defined]
    content = LOG.encode()
    files.append(number, offset=0, content=content[:50], actor=who)

    def go_on() -> int:
        files.append(number, offset=50, content=content[50:], actor=who)
        return 200

    return go_on


def _upload_is_kept(world: World) -> Doing:
    who = world.user("TC01", Role.FOCAL_POINT)
    number = _begin(world, who).pk  # type: ignore[attr-defined]
    files.append(number, offset=0, content=LOG.encode(), actor=who)

    def keep() -> int:
        files.accept_upload(
            files.FileUpload(upload_id=number),
            purpose=FilePurpose.EVIDENCE,
            owner_path=world.units["TC01"].path,
            actor=who,
        )
        return 200

    return keep


def _upload_ends(world: World) -> Doing:
    who = world.user("TC01", Role.FOCAL_POINT)
    number = _begin(world, who).pk  # type: ignore[attr-defined]
    files.append(number, offset=0, content=LOG.encode()[:50], actor=who)

    def end() -> int:
        files.end_upload(number, actor=who)
        return 200

    return end


def _shown(world: World) -> None:
    owner = world.user("TC", Role.LEAD_OWNER)
    assert world.campaign is not None
    publishing.save_page(world.campaign, SAID, actor=owner)
    publishing.show(world.campaign, actor=owner)


def _public_folder_is_written(world: World) -> Doing:
    _shown(world)
    Job.objects.filter(state=JobState.READY).exclude(kind="publishing.write").delete()
    enqueue("publishing.write", key="publishing.write:faults")
    return work


def _counts_are_taken(world: World) -> Doing:
    from quetsach_portal.participation import actions as participation
    from quetsach_public.counts import CounterKey, PublicAct
    from tests.portal.publishing.test_counts import sent

    _shown(world)
    Job.objects.filter(state=JobState.READY).delete()
    who = world.user("TC01", Role.FOCAL_POINT)
    codes = {
        code.kind: code.code for code in participation.make_codes(world.nodes["TC01"], actor=who)
    }
    key = CounterKey(PublicAct.JOINED, codes["staff"], timezone.localdate())
    sent(counts.inbox(), (key, 3))
    enqueue("publishing.take_counts", key="publishing.take_counts:faults")
    return work


def _campaign_ends(world: World) -> Doing:
    assert world.campaign is not None
    number = world.campaign.pk
    staged.released(world)
    Campaign.objects.filter(pk=number).update(
        state=CampaignState.CLOSED, closed_at=timezone.now() - timedelta(days=91)
    )
    campaign = Campaign.objects.get(pk=number)
    state.request_archive(campaign, actor=world.user("TC", Role.LEAD_OWNER))

    def archive() -> int:
        lifecycle.archive(
            Campaign.objects.get(pk=number), actor=world.user("TC", Role.LEAD_ANALYST)
        )
        return 200

    return archive


def _closing(world: World) -> Doing:
    assert world.campaign is not None
    number = world.campaign.pk
    Phase.objects.filter(campaign=number).update(due_at=timezone.now() - timedelta(days=1))

    def close() -> int:
        lifecycle.begin_closing(
            Campaign.objects.get(pk=number), actor=world.user("TC", Role.LEAD_OWNER)
        )
        return 200

    return close


def _heartbeat(world: World) -> Doing:
    publish(world)

    def take() -> int:
        heard(world)
        return 200

    return take


def _backup_is_made(world: World) -> Doing:
    _upload_is_kept(world)()
    target = Path(settings.QUETSACH.home) / "backups" / "one"

    def make() -> int:
        if not target.exists():
            back_up(target)
        assert not list(differences_of_folder(target, read_manifest(target)))
        return 200

    return make


def _calendar_of_one_who_left(world: World) -> Doing:
    clerk = world.user("TC01", Role.CLERK)
    calendars.make_feed(world.units["TC01"], name="văn phòng", actor=clerk)
    clerk.assignments.update(valid_to=timezone.localdate())
    enqueue("campaigns.end_calendars", key="campaigns.end_calendars:faults")
    return work


def _laid_out_by(lay_out: LayOut) -> Callable[[World], Doing]:
    def laid(world: World) -> Doing:
        lay_out(world)
        return work

    return laid


def _nightly(kind: str) -> Callable[[World], Doing]:
    def lay_out(world: World) -> Doing:
        publish(world)
        looked_through(world, {"conn.log": LOG})
        submitted(world, "TC01A")
        Job.objects.filter(state=JobState.READY).delete()
        enqueue(kind, key=f"{kind}:faults")
        return work

    return lay_out


NIGHTLY = (
    "audit.verify",
    "campaigns.check_tallies",
    "cases.ask_for_all",
    "dashboards.gather",
    "followup.remind_due",
    "intake.looks",
    "intake.settle_looks",
    "intake.streams",
    "participation.roll",
    "publishing.codes",
    "publishing.documents",
    "publishing.figures",
    "reports.recount",
    "sensors.look_after",
    "worklist.digests",
)

JOBS: dict[str, Callable[[World], Doing]] = {
    "evidence is checked and swept": _evidence_is_swept,
    "raw logs are destroyed": _raw_logs_are_destroyed,
    "a report's files are made": _document_is_made,
    "a list is checked and tried": _list_is_checked,
    "a list is built": _list_is_built,
    "lists for devices are made": _lists_for_devices,
    "the public folder is written": _public_folder_is_written,
    "counts of the public page are taken": _counts_are_taken,
    "calendar addresses of people who left end": _calendar_of_one_who_left,
    **{kind: _nightly(kind) for kind in NIGHTLY},
    **{kind: _laid_out_by(lay_out) for kind, lay_out in CAMPAIGN_JOBS.items()},
}
"""What is done again by the worker, whatever became of the first try."""

UNSETTLED = {"raw logs are destroyed": "stored-missing"}
"""What is destroyed is gone before it is said to be: a destruction that is recorded happened."""

ACTS: dict[str, Callable[[World], Doing]] = {
    "evidence is handed in": _evidence_begins,
    "a list is handed in": _list_is_received,
    "a list comes in force": _list_comes_in_force,
    "a letter is released": _letter_is_released,
    "an upload in parts begins": _upload_begun,
    "an upload in parts goes on": _upload_goes_on,
    "an upload in parts is kept": _upload_is_kept,
    "an upload in parts is stopped": _upload_ends,
    "the closing of a campaign begins": _closing,
    "a campaign is archived": _campaign_ends,
    "a watch reports": _heartbeat,
    "a backup is made": _backup_is_made,
}
"""What a person, a program or the night does once."""


KINDS: dict[str, str] = {
    "audit.verify": "audit.verify",
    "alerts.raise": "evidence is checked and swept",
    "files.check": "evidence is checked and swept",
    "intake.checked": "evidence is checked and swept",
    "intake.sweep": "evidence is checked and swept",
    "cases.judge_node": "evidence is checked and swept",
    "intake.destroy_raw": "raw logs are destroyed",
    "files.expire": "raw logs are destroyed",
    "files.remove_bytes": "raw logs are destroyed",
    "intake.tidy": "raw logs are destroyed",
    "reports.make_document": "a report's files are made",
    "lists.check": "a list is checked and tried",
    "lists.try": "a list is checked and tried",
    "lists.build": "a list is built",
    "lists.make": "lists for devices are made",
    "publishing.write": "the public folder is written",
    "publishing.take_counts": "counts of the public page are taken",
    "campaigns.end_calendars": "calendar addresses of people who left end",
    **{kind: kind for kind in (*NIGHTLY, *CAMPAIGN_JOBS)},
    "lists.follow": "intake.match_again",
}
"""Which kind of job is done by which act; `files.expire` and the like after each act."""

LEFT_OUT: dict[str, str] = {
    "mail.deliver": "killed at each point of its way in tests/portal/mail/test_killed_workers.py",
    "campaigns.make_release": "a release holds the moment it was made: other bytes each time",
    "people.erase": "erases in one transaction, tried in tests/portal/lifecycle/persons",
    "mail.resume": "asks for mail.deliver alone",
    "prints.ask": "asks the fingerprints of watches, which no small world has",
    "rehearsals.make": "a portal of its own in a folder that is moved into place whole",
    "operations.prove_backup": "the backup itself is tried; its trial is a home of its own",
    **dict.fromkeys(
        (
            "dashboards.forget_files",
            "intake.destroy_prints",
            "looks.forget",
            "mail.forget",
            "people.forget",
            "people.forget_news",
            "planted.forget",
            "cases.forget_folders",
            "rehearsals.forget",
            "reports.forget_workbooks",
            "sensors.forget",
        ),
        "deletes rows and files whose time is over, and finds in the next night what it left",
    ),
    **dict.fromkeys(
        (
            "campaigns.freeze",
            "campaigns.dry_run",
            "campaigns.read_letter",
            "campaigns.tell_correction",
            "intake.read_inventory",
            "lists.feeds",
            "lists.renew",
            "planted.look_after",
            "publishing.read_list",
            "ranges.allot",
            "ranges.late",
            "register.waiting",
            "reports.list_changed",
            "reports.read_workbooks",
        ),
        "not laid out yet",
    ),
}
"""Kinds of jobs that are not tried, and why."""
