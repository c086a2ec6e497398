"""Fingerprints of what was handed in: kept apart from their secrets, destroyed with an act."""

import os
import tarfile
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from quetsach.api.fingerprints import would_hit
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.files.storage import home
from quetsach_portal.intake import prints, retention
from quetsach_portal.intake.models import Submission
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.operations.backup.manifest import FILES
from quetsach_portal.operations.backup.writing import back_up
from tests.portal.intake.handing_in import LOG, fresh, looked_through, publish
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(world: World) -> Submission:
    publish(world)
    return looked_through(world, {"conn.log": LOG})


def test_what_was_swept_can_be_asked_when_it_is_gone(row: Submission, tmp_path: Path) -> None:
    assert row.prints
    listed = tmp_path / "later.txt"
    listed.write_text("".join(f"{one}\n" for one in ("203.0.113.77", "nowhere.example")))
    places = prints.prints_folder(row.prints), prints.secrets_folder(row.prints)
    answer = would_hit([listed], *places)
    assert [day.unit for day in answer.asked] == ["unit"] * len(answer.asked)
    assert {day.first for day in answer.asked} >= {row.first_day, row.last_day}
    assert not answer.forgotten
    assert row.prints not in row.findings


def test_no_backup_holds_a_secret(row: Submission, tmp_path: Path) -> None:
    back_up(tmp_path / "backup")
    with tarfile.open(tmp_path / "backup" / FILES) as tar:
        names = tar.getnames()
    assert any(name.startswith("prints/") for name in names)
    assert not any(name.startswith(prints.SECRETS_FOLDER) for name in names)
    secrets = list(prints.secrets_folder(row.prints).iterdir())
    assert secrets
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in secrets)


def test_after_their_days_they_are_destroyed_and_the_trail_says_so(row: Submission) -> None:
    folders = prints.prints_folder(row.prints), prints.secrets_folder(row.prints)
    day = timezone.now().date() - timedelta(days=retention.KEEP_PRINTS_DAYS)
    for last_day, is_there in ((day + timedelta(days=1), True), (day - timedelta(days=1), False)):
        Submission.objects.filter(pk=row.pk).update(last_day=last_day)
        enqueue("intake.destroy_prints", key=f"intake.destroy_prints:{is_there}")
        run_ready()
        assert [folder.exists() for folder in folders] == [is_there] * 2
        assert bool(fresh(row).prints) is is_there
    (event,) = AuditEvent.objects.filter(action="fingerprints.destroyed")
    assert (event.object_id, event.detail["after_days"]) == (str(row.pk), 180)


def test_archiving_takes_them_too_and_tidying_what_nobody_knows(row: Submission) -> None:
    folders = prints.prints_folder(row.prints), prints.secrets_folder(row.prints)
    with transaction.atomic():
        retention.purge(row.node.campaign)
    long_ago = time.time() - 3 * retention._LEFT_FOR_S
    for folder in folders:
        os.utime(folder, (long_ago, long_ago))
    enqueue("intake.tidy", key="intake.tidy:prints")
    run_ready()
    assert not any(folder.exists() for folder in folders)


def test_prints_without_secrets_are_not_kept(tmp_path: Path) -> None:
    (tmp_path / "prints").mkdir()
    assert prints.store_prints(tmp_path / "prints", tmp_path / "none", 7) == ""
    assert not (home() / "prints").exists() or not list((home() / "prints").glob("7-*"))
