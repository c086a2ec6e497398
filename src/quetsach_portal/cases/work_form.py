"""From the form about the work on a case to its acts."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from quetsach_portal.cases import actions
from quetsach_portal.cases.forms import WorkForm
from quetsach_portal.cases.locking import locked
from quetsach_portal.cases.models import Case
from quetsach_portal.people.models import User


def initial_work(case: Case) -> dict[str, Any]:
    """Return what the form shows first."""
    due = case.due_at
    # The due moment is exclusive: the day that people see is the one before it.
    day = None if due is None else timezone.localtime(due - timedelta(microseconds=1)).date()
    return {
        "version": case.version,
        "technician": "" if case.technician is None else str(case.technician.pk),
        "due_on": day,
        "label": case.device.label,
    }


def change_work(case: Case, form: WorkForm, actor: User) -> None:
    """Do what changed in the form, all or nothing. Errors: Refused."""
    with transaction.atomic():
        locked(case.pk, form.cleaned_data["version"])
        actions.name_device(case.pk, label=form.cleaned_data["label"], actor=actor)
        actions.assign(case.pk, technician_id=form.technician_id(), actor=actor)
        due_at = form.due_at()
        if due_at is not None and "due_on" in form.changed_data:
            actions.set_due(case.pk, due_at=due_at, actor=actor)
