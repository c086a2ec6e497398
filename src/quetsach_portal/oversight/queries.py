"""The trail and the jobs as the pages show them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.forms.models import model_to_dict

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.oversight.acts import AREAS
from quetsach_portal.oversight.words import act_word, actor_word, changes_of, object_word


@dataclass(frozen=True)
class TrailRow:
    """A row of the trail in words."""

    event: AuditEvent
    actor: str
    act: str
    thing: str
    changes: list[str]


def narrowed(events: QuerySet[AuditEvent], wanted: dict[str, Any]) -> QuerySet[AuditEvent]:
    """Return the rows that are asked for, newest first."""
    if wanted.get("action"):
        events = events.filter(action__in=acts_asked_for(wanted["action"]))
    if wanted.get("actor"):
        events = events.filter(actor__icontains=wanted["actor"])
    if wanted.get("since"):
        events = events.filter(at__date__gte=wanted["since"])
    return events.order_by("-seq")


def acts_asked_for(chosen: str) -> list[str]:
    """Return the acts that a choice of the form stands for: one, or all of an area."""
    for number, (_area, acts) in enumerate(AREAS):
        if chosen == f"area-{number}":
            return list(acts)
    return [chosen]


def told(events: Iterable[AuditEvent]) -> list[TrailRow]:
    """Return rows of the trail in words."""
    return [
        TrailRow(
            event,
            actor_word(event.actor),
            act_word(event.action),
            object_word(event.object_kind, event.object_id),
            changes_of(event.detail),
        )
        for event in events
    ]


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
