"""Pages for events of the tree: propose with a preview of every effect, approve, withdraw."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.people.roles.scope import units_of
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.register import access, queries, tree_acts
from quetsach_portal.register.access import units_to_propose
from quetsach_portal.register.effects import changes_of, preview, with_words
from quetsach_portal.register.event_forms import FORMS, EventForm, GroupedForm
from quetsach_portal.register.forms import EventDecisionForm
from quetsach_portal.register.tree_acts import drafted, may_be_reversed
from quetsach_portal.register.typed_plans import plan_from
from quetsach_portal.units.models import OrgEvent, OrgUnit
from quetsach_portal.units.searching import EVENT_KINDS, label_of, suggestions
from quetsach_portal.units.unit_fields import offer_units
from quetsach_portal.web.acts import attempt, run_and_show, succeeds
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.request import PortalRequest


def form_of(kind: str, request: PortalRequest) -> EventForm:
    """Return the form of an event: as it was sent, or with the unit of the previous page."""
    units = units_to_propose(request.scope)
    came_from = units.filter(code=request.GET.get("unit", "")[:40]).first()
    form = FORMS[kind](request.POST or None, initial=_begun(came_from))
    if isinstance(form, GroupedForm) and request.POST.get("step") == "more":
        form = form.with_one_more()
    offer_units(form, units, reverse("units:find_to_propose"))
    return form


def _begun(unit: OrgUnit | None) -> dict[str, Any]:
    label = "" if unit is None else label_of(unit)
    return {"effective_on": timezone.localdate(), "units": label, "units_1": label, "parent": label}


def drafted_from(kind: str, form: EventForm, request: PortalRequest) -> OrgEvent:
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
        shown = {field.name: _answer_text(form, field.name) for field in fields}
        # Each group has a preset kind, also a group that was left empty.
        if title and not any(text for name, text in shown.items() if not name.startswith("kind_")):
            continue
        for field in fields:
            label = f"{title}: {field.label}" if title else str(field.label)
            rows.append((label, shown[field.name]))
    return [(label, text) for label, text in rows if text]


def _answer_text(form: EventForm, name: str) -> str:
    answer, field = form.cleaned_data.get(name), form.fields[name]
    if answer in (None, "", False, []):
        return ""
    if answer is True:
        return _("yes")
    if isinstance(answer, date):
        return date_format(answer, "SHORT_DATE_FORMAT")
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices)[answer])  # type: ignore[arg-type]  # flat ones
    return str(field.prepare_value(answer))


@require_safe
def events(request: PortalRequest) -> HttpResponse:
    """Return the events that wait, and those that were decided."""
    page = page_of(queries.events_of(request.scope, waiting=False), request)
    context = {
        "waiting": with_words(list(queries.events_of(request.scope, waiting=True)[:50])),
        "page": page,
        "decided": with_words(page.rows),
        "proposes": access.proposes_at_all(request.scope),
    }
    return render(request, "register/events.html", context)


@require_safe
def choose(request: PortalRequest) -> HttpResponse:
    """Return the kinds of events to choose from."""
    if not access.proposes_at_all(request.scope):
        raise PermissionDenied
    unit = units_of(request.scope).filter(code=request.GET.get("unit", "")[:40]).first()
    return render(request, "register/choose.html", {"kinds": EVENT_KINDS, "unit": unit})


@require_http_methods(["GET", "POST"])
def propose(request: PortalRequest, kind: str) -> HttpResponse:
    """Ask for an event, show all that it changes, and send it for the second approval."""
    if not access.proposes_at_all(request.scope):
        raise PermissionDenied
    if kind not in FORMS:
        raise Http404
    form, step = form_of(kind, request), request.POST.get("step")
    effects = None
    if form.is_valid():
        event = attempt(form, lambda: drafted_from(kind, form, request))
        if event is not None and step == "send":
            return redirect("units:event", tree_acts.propose(event, actor=request.user).pk)
        if event is not None and step != "edit":
            effects = attempt(form, lambda: preview(event))
    context = {"form": form, "title": dict(EVENT_KINDS)[kind], "effects": effects}
    if effects is not None:
        context["typed"] = typed_rows(form)
    return render(request, "register/propose.html", context)


@require_safe
def find_to_propose(request: PortalRequest) -> HttpResponse:
    """Return the units for which a change may be proposed, by search words."""
    return suggestions(request, access.units_to_propose(request.scope))


@require_safe
def event(request: PortalRequest, event_id: int) -> HttpResponse:
    """Return an event; while it waits, with all that it would change."""
    event = access.event_for(request.scope, event_id)
    decides = access.may_decide(request.scope, event)
    form = EventDecisionForm()
    effects = None
    if event.state == "proposed":
        form = EventDecisionForm({"note": ""})
        effects = attempt(form, lambda: preview(event))
    context = {
        "event": event,
        "changes": changes_of(event),
        "effects": effects,
        "form": form,
        "decides": decides and event.state == "proposed",
        "is_mine": event.proposed_by_id == request.user.pk and event.state == "proposed",
        "reversible": access.may_decide_on(request.scope, event) and may_be_reversed(event),
        "waiting_changes": queries.waiting_changes(event),
    }
    return render(request, "register/event.html", context)


@require_http_methods(["GET", "POST"])
@confirmed_recently
def decide(request: PortalRequest, event_id: int) -> HttpResponse:
    """Ask for the decision on an event, and approve or refuse it."""
    event = access.decided_event(request.scope, event_id)
    form = EventDecisionForm(request.POST or None)
    act = tree_acts.approve if request.POST.get("decision") == "approve" else tree_acts.refuse
    if succeeds(form, lambda: act(event, **form.cleaned_data, actor=request.user)):
        return redirect("units:event", event.pk)
    context = {"event": event, "changes": changes_of(event), "form": form}
    return render(request, "register/decide.html", context)


@require_POST
def withdraw(request: PortalRequest, event_id: int) -> HttpResponse:
    """Withdraw an event that the same person proposed."""
    event = access.own_event(request.scope, event_id)

    def act() -> str:
        tree_acts.withdraw(event, actor=request.user)
        return _("The proposal was withdrawn.")

    run_and_show(request, act)
    return redirect("units:event", event.pk)


@require_http_methods(["GET", "POST"])
@confirmed_recently
def reverse_view(request: PortalRequest, event_id: int) -> HttpResponse:
    """Ask, then take the abolition of a level back."""
    event = access.reversed_event(request.scope, event_id)

    def act() -> str:
        tree_acts.reverse(event, actor=request.user)
        return _("The change was reversed.")

    if request.method == "POST":
        run_and_show(request, act)
        return redirect("units:event", event.pk)
    context = {"event": event, "changes": changes_of(event)}
    return render(request, "register/reverse.html", context)
