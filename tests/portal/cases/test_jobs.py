"""Time alone changes a state: each day every case is judged anew."""

from collections.abc import Callable
from pathlib import Path

import pytest

from quetsach_portal.cases.models.case import Case, CaseOutcome
from quetsach_portal.jobs.queue import enqueue
from tests.portal.cases.sweeps import (
    Take,
    clean,
    infected,
    silent,
)
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_daily_job_judges_every_node_once_a_day(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(infected(tmp_path))
    clean(world, only_case(), 15)
    take_in(silent(tmp_path, days=range(14, 0, -1)))
    Case.objects.update(state="quiet-not-proven", outcome="", closed_at=None)
    enqueue("cases.ask_for_all", key="cases.ask_for_all:1")
    run_ready()
    assert only_case().outcome == CaseOutcome.VERIFIED
    enqueue("cases.ask_for_all", key="cases.ask_for_all:2")
    assert run_ready() == 1
