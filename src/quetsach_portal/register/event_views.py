"""Pages of events of the tree: propose with a preview of every effect, approve, take back."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.register import access, queries, tree_acts
from quetsach_portal.register.event_forms import FORMS
from quetsach_portal.register.event_steps import drafted_from, form_of, typed_rows
from quetsach_portal.register.event_words import changes_of, with_words
from quetsach_portal.register.forms import DecisionForm
from quetsach_portal.register.tree_reverse import may_be_reversed
from quetsach_portal.rights.again import confirmed_recently
from quetsach_portal.rights.request import Request
from quetsach_portal.rights.scope import units_of
from quetsach_portal.units.choices import EVENT_KINDS
from quetsach_portal.units.suggesting import suggestions
from quetsach_portal.web.acting import attempt
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.told import say


@require_safe
def events(request: Request) -> HttpResponse:
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
def choose(request: Request) -> HttpResponse:
    """Return the kinds of events to choose from."""
    if not access.proposes_at_all(request.scope):
        raise PermissionDenied
    unit = units_of(request.scope).filter(code=request.GET.get("unit", "")[:40]).first()
    return render(request, "register/choose.html", {"kinds": EVENT_KINDS, "unit": unit})


@require_http_methods(["GET", "POST"])
def propose(request: Request, kind: str) -> HttpResponse:
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
            effects = attempt(form, lambda: tree_acts.effects_of(event))
    context = {"form": form, "title": dict(EVENT_KINDS)[kind], "effects": effects}
    if effects is not None:
        context["typed"] = typed_rows(form)
    return render(request, "register/propose.html", context)


@require_safe
def find_to_propose(request: Request) -> HttpResponse:
    """Return the units for which a change may be proposed, by what somebody types."""
    return suggestions(request, access.units_to_propose(request.scope))


@require_safe
def event(request: Request, event_id: int) -> HttpResponse:
    """Return an event; while it waits, with all that it would change."""
    found = access.event_for(request.scope, event_id)
    decides = access.may_decide(request.scope, found)
    form = DecisionForm()
    effects = None
    if found.state == "proposed":
        form = DecisionForm({"note": ""})
        effects = attempt(form, lambda: tree_acts.effects_of(found))
    context = {
        "event": found,
        "changes": changes_of(found),
        "effects": effects,
        "form": form,
        "decides": decides and found.state == "proposed",
        "is_mine": found.proposed_by_id == request.user.pk and found.state == "proposed",
        "reversible": access.may_decide_on(request.scope, found) and may_be_reversed(found),
        "waiting_changes": queries.waiting_changes(found),
    }
    return render(request, "register/event.html", context)


@require_http_methods(["GET", "POST"])
@confirmed_recently
def decide(request: Request, event_id: int) -> HttpResponse:
    """Ask for the decision on an event, and approve or refuse it."""
    found = access.decided_event(request.scope, event_id)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        act = tree_acts.approve if request.POST.get("decision") == "approve" else tree_acts.refuse
        attempt(form, lambda: act(found, note=note, actor=request.user))
        if not form.errors:
            return redirect("units:event", found.pk)
    context = {"event": found, "changes": changes_of(found), "form": form}
    return render(request, "register/decide.html", context)


@require_POST
def withdraw(request: Request, event_id: int) -> HttpResponse:
    """Withdraw an event that the same person proposed."""
    found = access.own_event(request.scope, event_id)

    def act() -> str:
        tree_acts.withdraw(found, actor=request.user)
        return _("The proposal was withdrawn.")

    say(request, act)
    return redirect("units:event", found.pk)


@require_http_methods(["GET", "POST"])
@confirmed_recently
def reverse(request: Request, event_id: int) -> HttpResponse:
    """Ask, then take the abolition of a level back."""
    found = access.reversed_event(request.scope, event_id)

    def act() -> str:
        tree_acts.reverse(found, actor=request.user)
        return _("The change was taken back.")

    if request.method == "POST":
        say(request, act)
        return redirect("units:event", found.pk)
    context = {"event": found, "changes": changes_of(found)}
    return render(request, "register/reverse.html", context)
