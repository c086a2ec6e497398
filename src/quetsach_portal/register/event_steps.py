"""Steps of the wizard for events of the tree."""

from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quetsach_portal.register.access import units_to_propose
from quetsach_portal.register.event_forms import FORMS, EventForm, GroupedForm
from quetsach_portal.register.tree_acts import drafted
from quetsach_portal.register.typed_plans import plan_from
from quetsach_portal.rights.request import Request
from quetsach_portal.units.models import OrgEvent, OrgUnit
from quetsach_portal.units.searching import label_of
from quetsach_portal.units.unit_fields import offer_units


def form_of(kind: str, request: Request) -> EventForm:
    """Return the form of an event: as it was sent, or with the unit somebody came from."""
    units = units_to_propose(request.scope)
    came_from = units.filter(code=request.GET.get("unit", "")[:40]).first()
    form = FORMS[kind](request.POST or None, initial=_begun(came_from))
    if isinstance(form, GroupedForm) and request.POST.get("step") == "more":
        form = form.with_one_more()
    offer_units(form, units, reverse("units:find_to_propose"))
    return form


def _begun(unit: OrgUnit | None) -> dict[str, Any]:
    known = "" if unit is None else label_of(unit)
    return {
        "effective_on": timezone.localdate(),
        "units": known,
        "units_1": known,
        "parent": known,
    }


def drafted_from(kind: str, form: EventForm, request: Request) -> OrgEvent:
    """Return the event that a valid form asks for, not saved. Errors: Refused."""
    return drafted(
        kind,
        plan_from(kind, form, request.scope),
        effective_on=form.cleaned_data["effective_on"],
        legal_doc=form.cleaned_data["legal_doc"],
        actor=request.user,
    )


def typed_rows(form: EventForm) -> list[tuple[str, str]]:
    """Return what was filled in, as a person reads it; empty fields and groups are left out."""
    rows: list[tuple[str, str]] = []
    for title, fields in form.parts():
        shown = {field.name: _shown(form, field.name) for field in fields}
        # A kind stands in each group from the first, also in one that was left empty.
        if title and not any(text for name, text in shown.items() if not name.startswith("kind_")):
            continue
        for field in fields:
            label = f"{title}: {field.label}" if title else str(field.label)
            rows.append((label, shown[field.name]))
    return [(label, text) for label, text in rows if text]


def _shown(form: EventForm, name: str) -> str:
    value, field = form.cleaned_data.get(name), form.fields[name]
    if value in (None, "", False, []):
        return ""
    if value is True:
        return _("yes")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices)[value])  # type: ignore[arg-type]  # flat ones
    return str(field.prepare_value(value))
