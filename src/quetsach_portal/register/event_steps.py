"""Steps of the wizard for events of the tree."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quetsach_portal.register.tree_acts import drafted
from quetsach_portal.register.typed_plans import plan_from
from quetsach_portal.rights.request import Request
from quetsach_portal.units.models import OrgEvent


def begun(code: str) -> dict[str, Any]:
    """Return what stands in the form at first: today, and the unit somebody came from."""
    known = code[:40]
    return {
        "effective_on": timezone.localdate(),
        "units": known,
        "parent": known,
        "merges": f"{known} + " if known else "",
    }


def drafted_from(kind: str, typed: Mapping[str, Any], request: Request) -> OrgEvent:
    """Return the event that was typed, not saved. Errors: Refused."""
    plan = plan_from(kind, typed, request.scope)
    return drafted(
        kind,
        plan,
        effective_on=typed["effective_on"],
        legal_doc=typed["legal_doc"],
        actor=request.user,
    )


def typed_rows(form: forms.Form) -> list[tuple[str, str]]:
    """Return what was typed, field by field, as a person reads it; empty fields are left out."""
    rows: list[tuple[str, str]] = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if value in (None, "", False):
            continue
        shown = str(dict(getattr(field, "choices", ())).get(value, value))
        if value is True:
            shown = _("yes")
        elif isinstance(value, date):
            shown = date_format(value, "SHORT_DATE_FORMAT")
        rows.append((str(field.label), shown))
    return rows
