"""A slow recount finds each counter that was changed, and repairs nothing."""

import pytest

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import NodeCounter, ReportCounter
from quetsach_portal.campaigns.models.checks import CounterCheck
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.lifecycle.recount import Difference, check, recount
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_counter_that_was_changed_is_named(world: World) -> None:
    ReportCounter.objects.filter(node=world.nodes["TC"]).update(reported=7)
    NodeCounter.objects.filter(node=world.nodes["TC01"]).update(told=1)
    assert recount(world.campaign) == [
        Difference(world.nodes["TC01"].pk, None, "told", 1, 0),
        Difference(world.nodes["TC"].pk, world.phase.pk, "reported", 7, 0),
    ]


def test_the_nightly_check_raises_an_alarm_and_repairs_nothing(world: World) -> None:
    ReportCounter.objects.filter(node=world.nodes["TC"]).update(reported=7)
    enqueue("campaigns.check_tallies", key="campaigns.check_tallies:1")
    run_ready()
    kept = CounterCheck.objects.get()
    assert (kept.wrong, kept.differences[0]["figure"]) == (1, "reported")
    assert ReportCounter.objects.get(node=world.nodes["TC"]).reported == 7
    assert AuditEvent.objects.filter(action="tallies.differ").count() == 1


def test_a_check_that_finds_nothing_is_kept_without_an_alarm(world: World) -> None:
    assert check(world.campaign).wrong == 0
    assert not AuditEvent.objects.filter(action="tallies.differ").exists()
