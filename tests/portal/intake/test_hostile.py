"""Evidence made to do harm harms neither the worker nor the portal, and people are told."""

import gzip
import io
import signal
import zipfile
from pathlib import Path

import msgspec
import pytest
from django.test import Client
from django.utils import timezone

from quetsach.sandbox.contract import EndedFromOutside, SandboxLimits, SandboxProgress
from quetsach_portal.cases.models.case import Case
from quetsach_portal.files.models import FileState
from quetsach_portal.intake import sandboxed, sweeping
from quetsach_portal.intake.boundary import EVIDENCE, SweepOutcome, SweepTask
from quetsach_portal.intake.folders import abandoned_work, lay_out, plain_name, sha256_of
from quetsach_portal.intake.models import Submission, SubmissionState
from quetsach_portal.jobs.models import Job
from quetsach_portal.jobs.queue import LeaseLost
from quetsach_portal.people.models.roles import Role
from tests.portal.intake.handing_in import (
    LOG,
    hand_in,
    looked_through,
    publish,
    release_bytes,
)
from tests.portal.working import run_ready
from tests.portal.world import World
from tests.sandbox.planted import assert_clean, plant

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

# What a process may use is what they try.
pytestmark = pytest.mark.new_process


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


@pytest.mark.django_db
def test_F11_eicar_is_in_quarantine_its_uploader_told_and_nobody_downloads_it(
    world: World, client_of
) -> None:
    publish(world)
    row = looked_through(world, {"conn.log": LOG, "bad.log": EICAR})
    assert row.state == SubmissionState.QUARANTINED
    bad = row.files.get(state=FileState.QUARANTINED)
    for code, role in (("TC01", Role.FOCAL_POINT), ("TC", Role.LEAD_OWNER)):
        client: Client = client_of(code, role)
        assert client.get(f"/files/{bad.pk}").status_code == 404
    page = client_of("TC01", Role.FOCAL_POINT).get(f"/evidence/{row.pk}/")
    assert "EICAR" in page.content.decode()
    assert "cách ly" in page.content.decode()
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_F12_the_report_is_an_attachment_in_a_sandbox(world: World, client_of) -> None:
    publish(world)
    row = looked_through(world, {"conn.log": LOG})
    answer = client_of("TC01", Role.TECHNICIAN).get(f"/evidence/{row.pk}/report")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert b"".join(answer.streaming_content).startswith(b"<!")


@pytest.mark.django_db
def test_F10_names_of_files_lead_nowhere_and_stand_plain_on_the_page(
    world: World, client_of, home: Path
) -> None:
    publish(world)
    name = "../../a\r\nSet-Cookie: x=1\u202egol." + "x" * 200
    row = looked_through(world, {name: LOG})
    assert row.state == SubmissionState.DONE
    shown = row.summary["sources"][0]["path"]
    assert shown.isprintable()
    assert "/" not in shown.removeprefix("evidence/")
    page = client_of("TC01", Role.FOCAL_POINT).get(f"/evidence/{row.pk}/")
    assert "\u202e" not in page.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        *("../x", "a/b", "a\\b", "C:x", "-rf", ".hidden", "a\0b", "x" * 300, "", "..."),
        *("con\u202egpj.exe", "tệp" * 90 + ".log", "a\nb", "~", " .log"),
    ],
)
def test_F10_a_name_becomes_one_plain_name(name: str, tmp_path: Path) -> None:
    plain = plain_name(name)
    assert plain
    assert plain.isprintable()
    assert not set(plain) & set('/\\:*?"<>|')
    assert plain[0] not in ".-~ "
    assert len(plain.encode()) < 130
    (tmp_path / "one").write_text("")
    names = lay_out([(name, tmp_path / "one")] * 3, tmp_path / "laid")
    assert len(set(names)) == 3
    assert sorted(one.name for one in (tmp_path / "laid").iterdir()) == sorted(names)


@pytest.fixture
def task(tmp_path: Path) -> tuple[SweepTask, Path]:
    """A task, and the folder in which its evidence lies."""
    folder = tmp_path / "try"
    (folder / EVIDENCE).mkdir(parents=True)
    (folder / EVIDENCE / "conn.log").write_text(LOG)
    release = tmp_path / "release.jsonl"
    release.write_bytes(release_bytes())
    return SweepTask(release=str(release), release_sha256=sha256_of(release)), folder


def run(task: SweepTask, folder: Path) -> SweepOutcome:
    return sandboxed.look_through(task, folder, lambda progress: None)


def test_memory_is_bounded_and_its_end_is_told(task: tuple[SweepTask, Path]) -> None:
    asked, folder = task
    small = msgspec.structs.replace(asked, limits=SandboxLimits(memory=300 << 20))
    outcome = run(small, folder)
    assert outcome.refused is not None
    assert outcome.refused.code in ("H202", "H203")


def test_time_is_bounded_and_its_end_is_told(task: tuple[SweepTask, Path]) -> None:
    asked, folder = task
    late = msgspec.structs.replace(asked, limits=SandboxLimits(seconds=1))
    slow = folder / EVIDENCE / "big.log.gz"
    with gzip.open(slow, "wb", compresslevel=1) as file:
        for _part in range(48):
            file.write(LOG.encode() * 40_000)
    outcome = run(late, folder)
    assert outcome.refused is not None
    assert outcome.refused.code == "H201"


def test_the_answer_of_the_process_is_believed_only_in_its_shape() -> None:
    for content in (b"", b"[]", b'{"lines": "many"}', b"{" * 9_000, b'{"days": [{}]}', b"\xff"):
        outcome = sandboxed.believed(content)
        assert outcome.refused is not None
        assert outcome.refused.code == "H203"


def test_the_process_has_no_secret_and_no_database(
    task: tuple[SweepTask, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = plant(monkeypatch, tmp_path)
    assert run(*task).refused is None
    assert_clean(written)


def test_a_worker_that_wants_no_more_ends_the_process(task: tuple[SweepTask, Path]) -> None:
    asked, folder = task

    def lose(progress: SandboxProgress | None) -> None:
        raise LeaseLost("intake.sweep")

    with pytest.raises(LeaseLost):
        sandboxed.look_through(asked, folder, lose)
    assert not processes_in(folder)


def processes_in(folder: Path) -> list[int]:
    """Return the processes that stand in a folder."""
    found = []
    for one in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if one.readlink() == folder:
                found.append(int(one.parent.name))
        except OSError:
            continue
    return found


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
