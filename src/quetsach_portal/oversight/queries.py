"""The trail and the jobs as the pages show them."""

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.forms.models import model_to_dict

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.jobs.models import Job, JobState


def narrowed(events: QuerySet[AuditEvent], wanted: dict[str, Any]) -> QuerySet[AuditEvent]:
    """Return the rows that are asked for, newest first."""
    if wanted.get("action"):
        events = events.filter(action__startswith=wanted["action"])
    if wanted.get("actor"):
        events = events.filter(actor__icontains=wanted["actor"])
    if wanted.get("since"):
        events = events.filter(at__date__gte=wanted["since"])
    return events.order_by("-seq")


def as_json_lines(events: QuerySet[AuditEvent]) -> Iterator[bytes]:
    """Return the rows, oldest first, one JSON a line; digests included, so that it can be held."""
    for event in events.order_by("seq").iterator(chunk_size=2000):
        row = {**model_to_dict(event), "seq": event.seq, "at": event.at.isoformat()}
        yield json.dumps(row, ensure_ascii=False).encode() + b"\n"


def newest(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Return the jobs, the newest first."""
    return jobs.order_by("-pk")


def failed(jobs: QuerySet[Job]) -> list[Job]:
    """Return the newest of those that wait for a person."""
    return list(jobs.filter(state=JobState.FAILED).order_by("-pk")[:20])
