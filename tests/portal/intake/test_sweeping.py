"""Logs are swept apart, with the campaign's list, and become cases and covered days."""

import gzip
import io
import random
import signal
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from quetsach.sandbox.contract import EndedFromOutside
from quetsach_portal.cases.models.case import Case
from quetsach_portal.files.storage import path_of
from quetsach_portal.intake import sandboxed, sweeping
from quetsach_portal.intake.boundary import SweepOutcome, SweepTask
from quetsach_portal.intake.folders import (
    abandoned_work,
    findings_folder,
    stored_findings,
)
from quetsach_portal.intake.models import CoverageDay, Submission, SubmissionState
from quetsach_portal.jobs.models import Job, JobState
from tests.portal.intake.handing_in import (
    CLEAN,
    LOG,
    fresh,
    hand_in,
    looked_through,
    publish,
)
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_logs_become_findings_cases_and_covered_days(world: World) -> None:
    publish(world)
    row = looked_through(world, {"conn.log": LOG})
    assert (row.state, row.told) == (SubmissionState.DONE, {})
    assert (row.lines, row.devices, row.sightings) == (len(LOG.splitlines()), 1, 1)
    assert (row.days, row.first_day, row.last_day) == (2, date(2022, 9, 12), date(2022, 9, 14))
    assert row.is_campaigns_list
    assert (findings_folder(row.findings) / "report.html").is_file()
    case = Case.objects.get()
    assert (case.node, case.device.key) == (world.nodes["TC01"], "10.0.0.5")
    days = CoverageDay.objects.filter(node=row.node).values_list("day", "kind", "lines", "alive")
    assert sorted(days) == [
        (date(2022, 9, 12), "connection", 2, 2),
        (date(2022, 9, 14), "connection", 1, 1),
    ]
    assert list(abandoned_work()) == []
    assert row.summary["sources"][0]["path"] == "evidence/conn.log"


def test_no_find_is_recorded_with_what_was_looked_at(world: World) -> None:
    publish(world)
    row = looked_through(world, {"conn.log": CLEAN})
    assert (row.state, row.devices, row.days) == (SubmissionState.DONE, 0, 1)
    assert not Case.objects.exists()


def test_a_list_that_was_changed_on_the_disk_is_not_used(world: World) -> None:
    campaign = publish(world)
    assert campaign.release_file is not None
    row = hand_in(world, {"conn.log": LOG})
    place = path_of(campaign.release_file)
    place.write_bytes(place.read_bytes().replace(b"203.0.113.77", b"203.0.113.78"))
    run_ready()
    row = fresh(row)
    assert (row.state, row.told["code"]) == (SubmissionState.FAILED, "H204")
    assert not Case.objects.exists()
    assert row.findings == ""


def test_what_could_not_be_read_is_named_and_the_rest_counts(world: World) -> None:
    publish(world)
    row = looked_through(world, {"conn.log": LOG, "cut.gz": b"\x1f\x8b\x08" + b"\x00" * 30})
    assert row.state in (SubmissionState.DONE, SubmissionState.REFUSED)
    if row.state == SubmissionState.DONE:
        assert row.problems == 1


def test_the_job_ends_with_the_outcome(world: World) -> None:
    publish(world)
    row = looked_through(world, {"conn.log": LOG})
    assert row.job is not None
    assert row.job.state == JobState.DONE
    # Without a mail server the mail about the machine waits.
    assert not Job.objects.exclude(state=JobState.DONE).exclude(kind="mail.deliver").exists()
    assert len(list(stored_findings())) == Submission.objects.count() == 1


@pytest.mark.new_process
@pytest.mark.django_db
def test_F5_a_zip_that_swells_is_stopped_and_nothing_is_counted(world: World) -> None:
    publish(world)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"{number}.log", b"\0" * (64 << 20))
    row = looked_through(world, {"logs.zip": packed.getvalue()})
    assert row.state == SubmissionState.REFUSED
    assert not row.findings
    assert list(abandoned_work()) == []


@pytest.mark.new_process
@pytest.mark.django_db
def test_a_process_that_is_ended_from_outside_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(world)
    row = hand_in(world, {"conn.log": LOG})
    tries = []
    real = sandboxed.look_through

    def killed_once(task: SweepTask, folder: Path, on_progress) -> SweepOutcome:
        tries.append(folder)
        if len(tries) == 1:
            raise EndedFromOutside(signal.SIGKILL)
        return real(task, folder, on_progress)

    monkeypatch.setattr(sweeping, "look_through", killed_once)
    run_ready()
    Job.objects.update(run_after=timezone.now())
    run_ready()
    assert len(set(tries)) == 2
    row = Submission.objects.get(pk=row.pk)
    assert (row.state, row.devices) == (SubmissionState.DONE, 1)


@pytest.mark.parametrize("kept", [0, 9, 300])
def test_a_cut_log_in_an_archive_is_named_and_the_others_are_read(world: World, kept: int) -> None:
    publish(world)
    # What cannot be packed any smaller: the end is missing long before all was told.
    noise = random.Random(7).randbytes(20_000).hex().encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("conn.log", LOG)
        archive.writestr("dns.log.gz", gzip.compress(noise)[: 10 + kept])
    row = looked_through(world, {"nhat-ky.zip": packed.getvalue()})
    assert row.state == SubmissionState.DONE, row.told
    assert (row.sightings > 0, row.problems > 0) == (True, True)
    assert "dns.log.gz" in str(row.summary)
