"""Who may open the trail and the jobs; what of them each sees: tests/portal/oversight."""

from collections.abc import Mapping
from typing import Any

from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import enqueue
from tests.portal.access.row import ALL, Row
from tests.portal.world import World


def _job(world: World, code: str) -> Mapping[str, Any]:
    path = world.units[code].path
    job = enqueue("mail.deliver", key=f"made for {code}", unit_path=path)
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED)
    return {"job_id": job.pk}


_OPERATOR_ANYWHERE = dict.fromkeys(("parent", "sibling", "stranger"), "OP")

ROWS = (
    Row("oversight:trail", get=ALL),
    Row("oversight:export", get=ALL),
    Row("oversight:jobs", get=ALL),
    Row(
        "oversight:repeat",
        make=_job,
        get=None,
        post={"own": "LO OP", "child": "LO OP", **_OPERATOR_ANYWHERE},
        seen={
            "own": "CO FP TE AU",
            "child": "CO AU",
        },
    ),
)
