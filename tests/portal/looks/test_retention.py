"""Looks go with their campaign; a machine long out of use keeps no word of who used it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.looks.models import MachineLook, UnitMachine
from quetsach_portal.looks.retention import KEEP_ENDED, purge
from tests.portal.looks.collecting import looked, taken
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_archiving_deletes_looks_and_what_repeats_them(world: World) -> None:
    looked(world, taken(content="a" * 64))
    looked(world, taken("PC-02", content="a" * 64), source="submission:2")
    assert world.campaign is not None
    assert purge(world.campaign) == {"machine_looks": 2}
    assert not MachineLook.objects.exists()
    assert UnitMachine.objects.count() == 2


def test_a_machine_long_out_of_use_is_blanked(world: World) -> None:
    unit, now = world.units["TC01"], timezone.now()
    for name, ended in (("A", now - KEEP_ENDED - timedelta(days=1)), ("B", now), ("C", None)):
        UnitMachine.objects.create(
            unit=unit,
            name=name,
            room="Kế toán",
            phone="0294",
            origin="typed",
            ended_at=ended,
        )
    enqueue("looks.forget", key="x")
    run_ready()
    assert dict(UnitMachine.objects.values_list("name", "phone")) == {
        "A": "",
        "B": "0294",
        "C": "0294",
    }
