"""E2: each night the newest backup is restored, and a signed statement says what came of it."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from quetsach.api.signing import SignatureState, judge, look_at
from quetsach_portal.audit.anchors import office_key
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.jobs.worker import GiveUp
from quetsach_portal.operations.backup import proving
from quetsach_portal.operations.backup.differences import BackupDifferences
from quetsach_portal.operations.backup.manifest import FILES, MANIFEST
from quetsach_portal.operations.backup.proving import (
    newest_statement,
    remove_old,
    run_nightly,
    state_of_backups,
    statement_path,
)
from quetsach_portal.operations.backup.writing import back_up
from quetsach_portal.people.models.roles import Role
from tests.portal.signing_in import signed_in
from tests.portal.world import make_world


def running() -> RunningJob:
    """A job in the hands of this test."""
    job = enqueue("operations.prove_backup", key=f"prove:{Job.objects.count()}")
    leased_until = timezone.now() + timedelta(minutes=1)
    fields = {"state": JobState.RUNNING, "leased_by": "test", "leased_until": leased_until}
    Job.objects.filter(pk=job.pk).update(**fields)
    return RunningJob(job.pk, job.kind, {}, "test", 1)


@pytest.fixture
def backups(
    own_database: dict[str, str], home: Path, tmp_path: Path, settings, monkeypatch
) -> Path:
    """The folder of backups of a portal whose database other processes can reach."""
    for name, value in own_database.items():
        monkeypatch.setenv(name, value)
    settings.QUETSACH = replace(settings.QUETSACH, backups=tmp_path / "backups", backups_kept=2)
    return tmp_path / "backups"


def test_E2_the_night_makes_a_backup_tries_it_and_signs_what_came_of_it(
    backups: Path, tmp_path: Path
) -> None:
    world = make_world()
    assert state_of_backups()["state"] == "never"
    run_nightly(running())
    [made] = backups.iterdir()
    statement = newest_statement()
    assert statement is not None
    assert (statement.backup, statement.differences) == (made.name, 0)
    assert statement.rows > 100
    sealed = look_at(statement_path())
    assert judge(sealed, (office_key().public,)).state is SignatureState.TRUSTED
    assert state_of_backups()["state"] == "good"
    # A young backup is tried again, not made again; what was done since is counted.
    before = statement.acts_since
    run_nightly(running())
    assert [path.name for path in backups.iterdir()] == [made.name]
    statement = newest_statement()
    assert statement is not None
    assert statement.acts_since == before + 1, "the first trial is an act"
    assert AuditEvent.objects.filter(action="backup.tried").count() == 2
    page = signed_in(world.user("TC", Role.OPERATOR)).get("/oversight/jobs/")
    assert page.status_code == 200
    assert office_key().public.key_id in page.content.decode()

    with (made / FILES).open("r+b") as file:
        file.truncate(100)
    with pytest.raises(GiveUp, match=made.name):
        run_nightly(running())
    assert state_of_backups()["state"] == "bad"
    content = json.loads(statement_path().read_text())
    assert content["differences"] >= 1
    late = statement_path()
    old = (datetime.now(UTC) - timedelta(hours=27)).isoformat()
    late.write_text(json.dumps(content | {"differences": 0, "proved_at": old}))
    assert state_of_backups()["state"] == "late"


def test_E2_only_own_backups_beyond_those_kept_are_removed(backups: Path) -> None:
    make_world()
    for name in ("quetsach-1", "quetsach-2", "quetsach-3", "of-the-office"):
        back_up(backups / name)
    (backups / "quetsach-0").mkdir()
    (backups / "quetsach-0" / "note.txt").touch()
    assert remove_old(backups, 2) == ["quetsach-1"]
    names = ["of-the-office", "quetsach-0", "quetsach-2", "quetsach-3"]
    assert sorted(path.name for path in backups.iterdir()) == names


def test_E2_a_backup_dated_ahead_keeps_no_new_one_from_being_made_and_no_file_outside_goes(
    backups: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Path] = []

    def try_backup(place: Path, **_renew: object) -> BackupDifferences:
        tried.append(place)
        return BackupDifferences([], 0)

    monkeypatch.setattr(proving, "try_backup", try_backup)
    other = tmp_path / "other.txt"
    other.write_text("of somebody else")
    for name in ("quetsach-1", "quetsach-2", "quetsach-3"):
        back_up(backups / name)
    ahead, old = (backups / name / MANIFEST for name in ("quetsach-3", "quetsach-1"))
    content = json.loads(ahead.read_text())
    ahead.write_text(json.dumps(content | {"at": "2099-01-01T00:00:00+07:00"}))
    content = json.loads(old.read_text())
    digest = {"size": 0, "sha256": ""}
    parts = {"parts": {"../../other.txt": digest}, "at": "2001-01-01T00:00:00+07:00"}
    old.write_text(json.dumps(content | parts))
    run_nightly(running())
    assert [place.name for place in tried] == ["quetsach-2"]
    assert remove_old(backups, 1) == []
    assert other.exists()


def test_E2_without_a_folder_nothing_is_made_and_the_page_says_so(world, client_of, home) -> None:
    run_nightly(RunningJob(0, "operations.prove_backup", {}, "test", 1))
    assert newest_statement() is None
    page = client_of("TC", Role.OPERATOR).get("/oversight/jobs/").content.decode()
    assert "QUETSACH_BACKUPS" in page
