"""P2: after the archiving nothing that was handed in names a machine; the figures stay."""

import os
import time

import pytest
from django.core import serializers
from django.db import transaction

from quetsach_portal.files.models import FileState, StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.intake import retention
from quetsach_portal.intake.folders import findings_folder
from quetsach_portal.intake.models import Submission
from quetsach_portal.intake.retention import purge
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.people.models.roles import Role
from tests.portal.intake.handing_in import LOG, fresh, looked_through, publish
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
