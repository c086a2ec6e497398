"""The forms about the work on a case, and the acts that they lead to."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.cases import actions
from quetsach_portal.cases.forms import WorkForm
from quetsach_portal.cases.history_words import locked
from quetsach_portal.cases.models.case import Case, Handling, HandlingKind
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.web.acts import Refused


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


def save_handling_form(
    scope: Scope, case: Case, fields: Mapping[str, Any], actor: User
) -> Handling:
    """Write down what the form says. Errors: Refused; a risk is accepted by the focal point."""
    kind = HandlingKind(fields["kind"])
    focal = case.node.unit_id in scope.own_units(Role.FOCAL_POINT)
    if kind == HandlingKind.ACCEPTED_RISK and not focal:
        raise Refused(_("A risk is accepted by the focal point of the unit."), field="kind")
    return actions.record_handling(
        case.pk,
        kind=kind,
        at=fields["at"],
        tool=fields["tool"].strip(),
        result=fields["result"],
        remark=fields["told"].strip(),
        review_on=fields["review_on"],
        actor=actor,
        version=fields["version"],
    )
