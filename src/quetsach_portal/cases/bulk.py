"""One act on many cases, all of them or none, and the form that asks for it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from quetsach_portal.cases import access, actions
from quetsach_portal.cases.forms import BulkForm, chosen_in
from quetsach_portal.cases.models.case import Case, HandlingKind
from quetsach_portal.cases.queries import people_of
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused, attempt
from quetsach_portal.web.request import PortalRequest

MOST = 200


def _each(chosen: Mapping[int, int], act: Callable[..., object], **options: Any) -> int:
    if not chosen:
        raise Refused(_("Choose at least one case."))
    if len(chosen) > MOST:
        raise Refused(_("Choose at most %(most)s cases at once.") % {"most": MOST})
    with transaction.atomic():
        # All locks first and in one order, so that two such acts never wait for each other.
        list(Case.objects.filter(pk__in=chosen).select_for_update(of=("self",)).order_by("pk"))
        for pk, version in sorted(chosen.items()):
            try:
                act(pk, version=version, **options)
            except Refused as refused:
                text = f"{Case(pk=pk).number}: {refused.told}"
                raise Refused(text, field=refused.field) from refused
    return len(chosen)


def apply_to_cases(chosen: Mapping[int, int], form: BulkForm, actor: User) -> int:
    """Do what the form says to all that were chosen; return how many. Errors: Refused."""
    fields, due_at = form.cleaned_data, form.due_at()
    if fields["act"] == "assign":
        return _each(chosen, actions.assign, technician_id=form.technician_id(), actor=actor)
    if fields["act"] == "due" and due_at is not None:
        return _each(chosen, actions.set_due, due_at=due_at, actor=actor)
    return _each(
        chosen,
        actions.record_handling,
        kind=HandlingKind.ISOLATED,
        at=timezone.now(),
        remark=fields["told"],
        actor=actor,
    )


@require_POST
def bulk_view(request: PortalRequest) -> HttpResponse:
    """Show what was chosen and ask what to do with it; with an act, do it."""
    access.workers_only(request.scope)
    chosen = dict(list(chosen_in(request.POST.getlist("case")).items())[: MOST + 1])
    cases = list(access.own_cases(request.scope).filter(pk__in=chosen).order_by("pk"))
    if len(cases) != len(chosen):
        raise Http404
    asked = request.POST if "act" in request.POST or "go" in request.POST else None
    form = BulkForm(asked, people=people_of(request.scope))
    if asked is not None and form.is_valid():
        count = attempt(form, lambda: apply_to_cases(chosen, form, request.user))
        if count is not None:
            text = ngettext("%(count)s case changed.", "%(count)s cases changed.", count)
            messages.success(request, text % {"count": count})
            return redirect("cases:index")
    return render(request, "cases/bulk.html", {"form": form, "cases": cases, "chosen": chosen})
