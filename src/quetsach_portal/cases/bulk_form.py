"""From the form about many cases to the act."""

from collections.abc import Mapping

from django.utils import timezone

from quetsach_portal.cases import bulk
from quetsach_portal.cases.forms import BulkForm, end_of
from quetsach_portal.people.models import User


def do_many(chosen: Mapping[int, int], form: BulkForm, actor: User) -> int:
    """Do what the form says to all that were chosen; return how many. Errors: Refused."""
    told = form.cleaned_data
    if told["act"] == "assign":
        technician = int(told["technician"]) if told["technician"] else None
        return bulk.assign_many(chosen, technician_id=technician, actor=actor)
    due_at = end_of(told["due_on"])
    if told["act"] == "due" and due_at is not None:
        return bulk.set_due_many(chosen, due_at=due_at, actor=actor)
    return bulk.isolate_many(chosen, at=timezone.now(), told=told["told"], actor=actor)
