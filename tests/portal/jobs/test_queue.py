"""Work is asked for once, within the act that needs it, and finished by one worker alone."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import LEASE, LeaseLost, enqueue
from tests.portal.jobs.handlers import claim, note, only, run_ready

pytestmark = pytest.mark.django_db


def test_asking_twice_is_asking_once() -> None:
    first = enqueue("note", key="note:1")
    assert enqueue("note", key="note:1").pk == first.pk
    assert run_ready() == 1
    assert enqueue("note", key="note:1").state == JobState.DONE
    assert run_ready() == 0


def test_an_act_that_is_rolled_back_leaves_no_work() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue("note", key="note:1")
        raise ZeroDivisionError
    assert not Job.objects.exists()


def test_a_job_whose_worker_fell_silent_is_taken_up_and_the_first_can_no_longer_finish() -> None:
    enqueue("note", key="n")
    now = timezone.now()
    first = claim("one", now)
    assert first is not None
    assert claim("two", now) is None
    second = claim("two", now + LEASE + timedelta(seconds=1))
    assert second is not None
    assert second.attempt == 2
    with pytest.raises(LeaseLost):
        note(first)
    assert not AuditEvent.objects.exists()
    note(second)
    assert AuditEvent.objects.count() == 1


def test_progress_can_be_seen() -> None:
    enqueue("note", key="n")
    work = claim("one")
    assert work is not None
    work.progress(1, 4, "file 1 of 4")
    assert (only().progress, only().said) == (250, "file 1 of 4")
    work.progress(0, 0)
    assert only().progress == 0
