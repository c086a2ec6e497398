"""`quetsach manage work`: with --once it runs what is ready, and ends."""

import io

import pytest
from django.core.management import CommandError, call_command

from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import enqueue

pytestmark = pytest.mark.django_db


def test_what_is_ready_runs_once_and_is_counted() -> None:
    enqueue("lists.make", key="a")
    counted = io.StringIO()
    call_command("work", "--once", stdout=counted)
    assert int(counted.getvalue()) >= 1
    assert Job.objects.get(kind="lists.make", key="a").state == JobState.DONE


def test_an_unknown_lane_is_refused() -> None:
    with pytest.raises(CommandError, match="--lane"):
        call_command("work", "--once", "--lane", "fast")
