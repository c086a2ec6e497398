"""Pages of the operator: jobs that failed."""

import pytest

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.people.models.roles import Role

pytestmark = pytest.mark.django_db


def test_a_failed_job_is_started_again_by_who_may(world, client_of) -> None:
    path = world.units["TC01"].path
    job = enqueue("mail.deliver", key="x", unit_path=path, asked_by_id=None)
    Job.objects.update(state=JobState.FAILED, attempts=5, problem="no mail server")
    address = f"/oversight/jobs/{job.pk}/repeat"
    for code, role, status in [
        ("TC02", Role.FOCAL_POINT, 404),
        ("KH", Role.LEAD_OWNER, 404),
        ("TC01", Role.FOCAL_POINT, 403),
    ]:
        assert client_of(code, role).post(address).status_code == status
    page = client_of("TC01", Role.FOCAL_POINT).get("/oversight/jobs/")
    assert "no mail server" in page.content.decode()
    assert client_of("TC", Role.OPERATOR).post(address).status_code == 302
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.READY, 0)
    assert AuditEvent.objects.filter(action="job.repeated").count() == 1
    assert client_of("TC", Role.OPERATOR).post(address).status_code == 302
    assert AuditEvent.objects.filter(action="job.repeated").count() == 1
