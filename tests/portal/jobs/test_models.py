"""The row of a job: one key once, and what it needs to be run has a start value."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quetsach_portal.jobs.models import Job, JobState

pytestmark = pytest.mark.django_db


def test_a_key_stands_once_and_a_new_job_is_ready_now() -> None:
    job = Job.objects.create(kind="note", key="note:1")
    assert (job.state, job.attempts, job.progress, job.payload) == (JobState.READY, 0, 0, {})
    assert job.run_after <= timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="other", key="note:1")
    assert Job.objects.get().kind == "note"
