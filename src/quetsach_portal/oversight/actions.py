"""Acts on jobs, and the nightly check of the trail."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.audit.verify import first_break
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.work import Work
from quetsach_portal.jobs.worker import GiveUp
from quetsach_portal.people.models import User
from quetsach_portal.web.problems import Refused


def repeat_job(job: Job, *, actor: User) -> None:
    """Let a failed job be tried again. Errors: Refused unless it has failed."""
    with transaction.atomic():
        held = Job.objects.select_for_update().get(pk=job.pk)
        if held.state != JobState.FAILED:
            raise Refused(_("Only a job that has failed is started again."))
        record(
            "job.repeated",
            actor=actor,
            kind="job",
            object_id=held.pk,
            unit_path=held.unit_path,
            detail={"kind": held.kind},
        )
        held.state, held.attempts, held.problem = JobState.READY, 0, ""
        held.run_after, held.finished_at = timezone.now(), None
        held.save(update_fields=["state", "attempts", "problem", "run_after", "finished_at"])


def check_trail(work: Work) -> None:
    """Hold the trail against its digests; the job fails, and is seen, when it does not hold."""
    broken = first_break()
    if broken is not None:
        raise GiveUp(f"audit row {broken.seq}: {broken.reason}")
