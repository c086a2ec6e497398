"""P2: after the archiving nothing that was handed in names a machine; the figures stay."""

import os
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core import serializers
from django.db import transaction
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.files.models import FileState, StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.intake import actions, retention
from quetsach_portal.intake.folders import findings_folder, store_findings, work_folder
from quetsach_portal.intake.models import Submission
from quetsach_portal.intake.own_tables import set_rules
from quetsach_portal.intake.retention import purge
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.intake.handing_in import (
    LOG,
    begun,
    fresh,
    looked_through,
    publish,
)
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_P2_archived_nothing_names_a_machine_and_the_figures_stay(world: World, client_of) -> None:
    campaign = publish(world)
    row = looked_through(world, {"nhat-ky-10.0.0.5.log": LOG})
    stored = row.files.get()
    folder = findings_folder(row.findings)
    counted = (row.lines, row.devices, row.sightings, row.days, row.summary["source_count"])
    assert path_of(stored).exists()
    with transaction.atomic():
        removed = purge(campaign)
    assert removed == {"submissions": 1, "submitted_files": 1}
    long_ago = time.time() - 3 * retention._LEFT_FOR_S
    os.utime(folder, (long_ago, long_ago))
    enqueue("intake.tidy", key="intake.tidy:test")
    run_ready()
    row = fresh(row)
    assert (row.lines, row.devices, row.sightings, row.days, row.summary["source_count"]) == counted
    text = serializers.serialize("json", [row, *StoredFile.objects.filter(pk=stored.pk)])
    assert "10.0.0.5" not in text
    assert not path_of(stored).exists()
    assert not folder.exists()
    gone = StoredFile.objects.get(pk=stored.pk)
    assert (gone.state, gone.name, gone.uploaded_by) == (FileState.REMOVED, "", None)
    assert gone.sha256 == stored.sha256
    page = client_of("TC01", Role.FOCAL_POINT).get(f"/evidence/{row.pk}/")
    assert page.status_code == 200
    assert "10.0.0.5" not in page.content.decode()


def test_P2_purged_twice_is_the_same_as_once(world: World) -> None:
    campaign = publish(world)
    looked_through(world, {"conn.log": LOG})
    with transaction.atomic():
        purge(campaign)
    kept = Submission.objects.values().get()
    with transaction.atomic():
        assert purge(campaign)["submitted_files"] == 0
    assert Submission.objects.values().get() == kept


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


def test_findings_of_cases_that_a_kill_left_half_made_or_unknown_go_a_day_later(
    world: World, home: Path
) -> None:
    publish(world)
    looked_through(world, {"conn.log": LOG})
    (kept,) = (home / "cases").glob("*/*")
    half, unknown, young = (kept.parent / name for name in (".ab12.cd34", "ab" * 32, "cd" * 32))
    for folder in (half, unknown, young):
        folder.mkdir()
        (folder / "manifest.json").write_bytes(b"{}")
    long_ago = time.time() - 3 * retention._LEFT_FOR_S
    for folder in (kept, half, unknown):
        os.utime(folder, (long_ago, long_ago))
    enqueue("intake.tidy", key="intake.tidy:test")
    run_ready()
    assert sorted((home / "cases").glob("*/*")) == sorted([kept, young])
