"""E2: a check computes everything anew and names every damage."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.intake import actions as intake
from quetsach_portal.intake.models import Submission
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.operations.backup.checking import (
    differences_of_folder,
    differences_of_home,
)
from quetsach_portal.operations.backup.manifest import read_manifest
from quetsach_portal.people.models.roles import Role
from tests.portal.intake.handing_in import LOG, given, looked_through, publish
from tests.portal.operations.damages import (
    added_to_tar,
    change,
    changed,
    cut_database,
    cut_tar,
    linked_in_tar,
    no_tar,
    other_byte_in_tar,
    other_bytes_behind_in_tar,
)
from tests.portal.working import run_ready
from tests.portal.world import World


def other_bytes() -> Callable[[], None]:
    place = path_of(StoredFile.objects.get())
    old = place.read_bytes()
    place.write_bytes(b"something else")
    return lambda: place.write_bytes(old) and None


def no_bytes() -> Callable[[], None]:
    place = path_of(StoredFile.objects.get())
    aside = place.rename(place.with_name("aside"))
    return lambda: aside.rename(place) and None


DAMAGES = [
    (changed("campaigns_campaign", "title", "'Another'"), {"content"}),
    (changed("campaigns_nodecounter", "units", "units + 1"), {"content", "counter"}),
    (
        changed("reports_reportversion", "payload", "payload || ' '"),
        {"content", "report", "figure"},
    ),
    (changed("audit_auditevent", "actor", "'nobody'"), {"content", "trail"}),
    (other_bytes, {"file-changed", "stored-changed"}),
    (no_bytes, {"file-missing", "stored-missing"}),
]


def test_E2_what_was_changed_in_a_restored_home_is_named(backup: Path) -> None:
    manifest = read_manifest(backup)
    assert list(differences_of_home(manifest)) == []
    for damage, kinds in DAMAGES:
        undo = damage()
        assert {row.kind for row in differences_of_home(manifest)} >= kinds
        # Without a backup to compare with, only what is computed anew shows the damage.
        alone = {row.kind for row in differences_of_home(None)}
        assert alone == kinds - {"content", "file-changed", "file-missing"}
        undo()
    change("INSERT INTO django_session VALUES ('a', 'b', '2020-01-01')")
    told = [str(row) for row in differences_of_home(manifest)]
    assert [row.endswith("django_session: 0 -> 1") for row in told] == [True]


def test_E2_every_damage_of_a_backup_is_named(backup: Path, tmp_path: Path) -> None:
    cases = [
        (cut_tar, {"part-changed", "tar-damaged", "file-missing"}),
        (no_tar, {"part-missing"}),
        (other_byte_in_tar, {"part-changed", "file-changed"}),
        (added_to_tar, {"part-changed", "file-unlisted"}),
        (other_bytes_behind_in_tar, {"part-changed", "file-unlisted"}),
        (linked_in_tar, {"part-changed", "file-unlisted"}),
        (cut_database, {"part-changed"}),
    ]
    manifest = read_manifest(backup)
    assert list(differences_of_folder(backup, manifest)) == []
    for number, (damage, kinds) in enumerate(cases):
        copy = tmp_path / str(number)
        shutil.copytree(backup, copy)
        damage(copy)
        assert {row.kind for row in differences_of_folder(copy, manifest)} >= kinds, damage


@pytest.mark.django_db(transaction=True)
def test_raw_logs_that_were_destroyed_and_drafts_thrown_away_are_missed_by_nobody(
    world: World,
) -> None:
    publish(world)
    swept = looked_through(world, {"conn.log": LOG})
    long_ago = timezone.now() - timedelta(days=4000)
    Submission.objects.filter(pk=swept.pk).update(finished_at=long_ago)
    enqueue("intake.destroy_raw", key="intake.destroy_raw:1")
    clerk = world.user("TC01", Role.FOCAL_POINT)
    draft = intake.begin(
        world.nodes["TC01"],
        kind="logs",
        upload=given("a.log", LOG),
        note="",
        token=uuid4(),
        actor=clerk,
    )
    run_ready()
    intake.throw_away(draft, actor=clerk)
    run_ready()
    gone = [path_of(stored).exists() for stored in StoredFile.objects.filter(purpose="evidence")]
    assert gone == [False, False]
    assert list(differences_of_home(None)) == []
