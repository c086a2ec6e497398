"""Handing in: begun, added to, sent off once; what is over is over; raw logs are destroyed."""

import os
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import CampaignState, NodeState
from quetsach_portal.files.storage import path_of
from quetsach_portal.intake import actions
from quetsach_portal.intake.folders import findings_folder, store_findings, work_folder
from quetsach_portal.intake.models import Submission, SubmissionKind, SubmissionState
from quetsach_portal.intake.own_tables import add_table, end_table, set_rules
from quetsach_portal.intake.tracing import evidence_of
from quetsach_portal.jobs import worker
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.jobs.worker import JobTable
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.intake.handing_in import (
    CLEAN,
    LOG,
    fresh,
    given,
    hand_in,
    looked_through,
    publish,
)
from tests.portal.working import run_ready
from tests.portal.world import World, make_user

pytestmark = pytest.mark.django_db


def begun(world: World, **more: object) -> Submission:
    facts = {"kind": SubmissionKind.LOGS, "note": "", "token": uuid4()} | more
    actor = world.user("TC01", Role.FOCAL_POINT)
    return actions.begin(
        world.nodes["TC01"],
        upload=given("conn.log", LOG),
        actor=actor,
        **facts,  # type: ignore[arg-type]
    )


def test_E4_a_form_sent_twice_begins_one_submission(world: World) -> None:
    publish(world)
    token = uuid4()
    assert begun(world, token=token).pk == begun(world, token=token).pk
    assert Submission.objects.count() == 1
    row = Submission.objects.get()
    actor = world.user("TC01", Role.FOCAL_POINT)
    actions.send(row, actor=actor)
    actions.send(row, actor=actor)
    run_ready()
    actions.send(row, actor=actor)
    assert Job.objects.filter(kind="intake.sweep").count() == 1
    assert AuditEvent.objects.filter(action="evidence.handed_in").count() == 1


def test_a_token_of_another_node_or_person_begins_nothing_of_theirs(world: World) -> None:
    publish(world)
    token = uuid4()
    begun(world, token=token)
    with pytest.raises(Refused):
        actions.begin(
            world.nodes["TC02"],
            kind=SubmissionKind.LOGS,
            upload=given("x.log", LOG),
            note="",
            token=token,
            actor=world.user("TC02", Role.FOCAL_POINT),
        )


@pytest.mark.parametrize("why", ["campaign", "node", "list"])
def test_where_nothing_can_be_handed_in_nothing_is_kept(world: World, why: str) -> None:
    campaign = publish(world)
    if why == "campaign":
        campaign.state = CampaignState.CLOSED
    elif why == "node":
        world.nodes["TC01"].state = NodeState.MERGED
        world.nodes["TC01"].save()
    else:
        campaign.release_file = None
    campaign.save()
    world.nodes["TC01"].campaign.refresh_from_db()
    with pytest.raises(Refused):
        begun(world)
    assert not Submission.objects.exists()


def test_a_draft_takes_files_and_gives_them_back(world: World) -> None:
    publish(world)
    row, actor = begun(world), world.user("TC01", Role.FOCAL_POINT)
    stored = actions.add_file(row, given("more.log", CLEAN), actor=actor)
    actions.remove_file(row, stored.pk, actor=actor)
    assert row.files.count() == 1
    actions.send(row, actor=actor)
    with pytest.raises(Refused):
        actions.add_file(row, given("late.log", CLEAN), actor=actor)
    with pytest.raises(Refused):
        actions.remove_file(row, row.files.get().pk, actor=actor)
    with pytest.raises(Refused):
        actions.throw_away(row, actor=actor)


@pytest.mark.django_db(transaction=True)
def test_a_draft_thrown_away_is_gone_with_its_bytes(world: World) -> None:
    publish(world)
    row = begun(world)
    stored = row.files.get()
    assert path_of(stored).is_file()
    actions.throw_away(row, actor=world.user("TC01", Role.FOCAL_POINT))
    assert not path_of(stored).exists()
    assert not Submission.objects.exists()
    run_ready()


def test_an_empty_draft_is_not_sent(world: World) -> None:
    publish(world)
    row, actor = begun(world), world.user("TC01", Role.FOCAL_POINT)
    actions.remove_file(row, row.files.get().pk, actor=actor)
    with pytest.raises(Refused):
        actions.send(row, actor=actor)


def test_what_was_looked_through_is_not_looked_through_again(world: World) -> None:
    publish(world)
    row = looked_through(world, {"conn.log": LOG})
    with pytest.raises(Refused):
        actions.retry_sweep(row, actor=row.created_by)


def test_a_job_that_was_given_up_can_be_asked_for_again(world: World) -> None:
    publish(world)
    row = hand_in(world, {"conn.log": LOG})
    while fresh(row).state == SubmissionState.CHECKING:
        assert run_ready(1)
    Job.objects.filter(kind="intake.sweep").update(state=JobState.FAILED)
    actions.retry_sweep(row, actor=row.created_by)
    run_ready()
    assert (fresh(row).state, fresh(row).runs) == (SubmissionState.DONE, 2)


def test_R5_a_person_has_two_heavy_jobs_running_and_the_rest_waits(world: World) -> None:
    mine, other = (make_user(world.units["TC01"], Role.CLERK, f"{n}@x.example") for n in "ab")
    for number in range(50):
        enqueue("heavy", key=f"h:{number}", asked_by_id=mine.pk)
    enqueue("heavy", key="other", asked_by_id=other.pk)
    enqueue("light", key="light", asked_by_id=mine.pk)
    taken = [_claim(f"w{number}") for number in range(10)]
    kinds = sorted(f"{one.kind}:{_asker(one.job_id)}" for one in taken if one is not None)
    assert kinds == sorted(
        [f"heavy:{mine.pk}", f"heavy:{mine.pk}", f"heavy:{other.pk}", f"light:{mine.pk}"]
    )
    first = next(one for one in taken if one is not None and one.kind == "heavy")
    with first.finishing():
        pass
    again = _claim("w11")
    assert again is not None
    assert again.kind == "heavy"
    assert _claim("w12") is None
    assert set(Job.objects.filter(state=JobState.READY).values_list("attempts", flat=True)) == {0}


HEAVY = JobTable({}, heavy=frozenset({"heavy"}))


def _claim(name: str) -> RunningJob | None:
    return worker.claim(HEAVY, name)


def _asker(job_id: int) -> int | None:
    return Job.objects.get(pk=job_id).asked_by_id


def test_raw_logs_are_destroyed_after_their_days_and_findings_stay(world: World) -> None:
    campaign = publish(world)
    owner = world.user("TC", Role.LEAD_OWNER)
    set_rules(campaign, unsigned_allowed=True, unsigned_proves=False, keep_raw_days=7, actor=owner)
    row = looked_through(world, {"conn.log": LOG})
    stored = row.files.get()

    def destroy() -> None:
        enqueue("intake.destroy_raw", key=f"destroy:{uuid4()}")
        run_ready()

    destroy()
    assert path_of(stored).is_file()
    Submission.objects.update(finished_at=timezone.now() - timedelta(days=8))
    destroy()
    destroy()
    assert not path_of(stored).exists()
    row = fresh(row)
    assert row.raw_destroyed_at is not None
    assert (findings_folder(row.findings) / "sightings.parquet").is_file()
    event = AuditEvent.objects.get(action="evidence.destroyed")
    assert event.detail == {"files": [stored.sha256], "after_days": 7}
    with pytest.raises(Refused):
        actions.retry_sweep(row, actor=row.created_by)


def test_what_nobody_knows_is_tidied_away_and_what_is_known_stays(world: World) -> None:
    publish(world)
    row = looked_through(world, {"conn.log": LOG})
    left = work_folder(999)
    (left / "findings").mkdir()
    orphan = findings_folder(store_findings(left / "findings", 999))
    known = findings_folder(row.findings)
    old = timezone.now().timestamp() - 3 * 86_400
    for folder in (orphan, left, known):
        os.utime(folder, (old, old))
    draft = begun(world)
    Submission.objects.filter(pk=draft.pk).update(created_at=timezone.now() - timedelta(days=20))
    enqueue("intake.tidy", key="tidy:1")
    run_ready()
    assert (orphan.exists(), left.exists(), known.exists()) == (False, False, True)
    assert list(Submission.objects.values_list("pk", flat=True)) == [row.pk]


LEASES = """lease 10.0.0.5 {
  starts 1 2022/09/11 20:00:00;
  ends 2 2022/09/20 20:00:00;
  binding state active;
  hardware ethernet 00:17:a4:12:fe:10;
  client-hostname "PC-KT-01";
}
"""
MACHINES = "host_name,mac,unit\nPC-KE-TOAN,00:17:a4:12:fe:10,TC01\n"


def test_own_tables_name_the_machine_until_they_are_ended(world: World) -> None:
    publish(world)
    unit, actor = world.units["TC01"], world.user("TC01", Role.FOCAL_POINT)
    day = date(2022, 9, 1)
    table = add_table(
        unit, kind="inventory", upload=given("may.csv", MACHINES), as_of=day, actor=actor
    )
    add_table(unit, kind="leases", upload=given("dhcpd.leases", LEASES), as_of=day, actor=actor)
    row = looked_through(world, {"conn.log": LOG})
    device = row.summary["devices"][0]
    assert (device["device"], device["grade"]) == ("PC-KE-TOAN", "certain")
    seen = evidence_of(world.nodes["TC01"])
    assert {name: len(paths) for name, paths in seen.items() if paths} == {
        "evidence": 1,
        "leases": 1,
        "inventory": 1,
    }
    end_table(table, actor=actor)
    end_table(table, actor=actor)
    row = looked_through(world, {"conn.log": LOG + CLEAN})
    assert row.summary["devices"][0]["device"] != "PC-KE-TOAN"
    assert AuditEvent.objects.filter(action="table.ended").count() == 1


def test_a_table_that_cannot_be_read_is_told_and_stops_no_sweep(world: World) -> None:
    publish(world)
    unit, actor = world.units["TC01"], world.user("TC01", Role.FOCAL_POINT)
    day = date(2022, 9, 1)
    add_table(unit, kind="inventory", upload=given("x.csv", "a;b\n1;2\n"), as_of=day, actor=actor)
    row = looked_through(world, {"conn.log": LOG})
    assert (row.state, row.devices) == (SubmissionState.DONE, 1)
    codes = [one["code"] for one in row.summary["problems"]]
    assert "E262" in codes


def test_a_table_of_tomorrow_is_refused(world: World) -> None:
    unit, actor = world.units["TC01"], world.user("TC01", Role.FOCAL_POINT)
    day = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused):
        add_table(unit, kind="plan", upload=given("x.csv", "a,b\n1,2\n"), as_of=day, actor=actor)


def test_R5_two_workers_that_take_a_job_at_once_do_not_slip_past_the_cap(world: World) -> None:
    person = make_user(world.units["TC01"], Role.CLERK, "c@x.example")
    jobs = [enqueue("heavy", key=f"h:{number}", asked_by_id=person.pk) for number in range(3)]
    # As both workers have written it down, before either has looked at the other's.
    for job in jobs:
        job.state, job.leased_by, job.attempts = JobState.RUNNING, f"w{job.pk}", 1
        job.save()
    assert [worker._is_too_many(HEAVY, job) for job in jobs] == [False, False, True]
    youngest = Job.objects.get(pk=jobs[2].pk)
    assert (youngest.state, youngest.attempts) == (JobState.READY, 0)
