"""One act on many cases, all of them or none, and the form that asks for it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from quetsach_portal.cases import access, actions
from quetsach_portal.cases.forms import BulkForm, chosen_in, end_of
from quetsach_portal.cases.models.case import Case, HandlingKind
from quetsach_portal.cases.queries import people_of
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused, attempt
from quetsach_portal.web.request import PortalRequest

MOST = 200


def assign_many(chosen: Mapping[int, int], *, technician_id: int | None, actor: User) -> int:
    """Give the cases (id -> version seen) to a technician; return how many those are."""
    return _each(
        chosen,
        lambda pk, version: actions.assign(
            pk, technician_id=technician_id, actor=actor, version=version
        ),
    )


def set_due_many(chosen: Mapping[int, int], *, due_at: datetime, actor: User) -> int:
    """Set the due date of the cases; return how many those are."""
    return _each(
        chosen,
        lambda pk, version: actions.set_due(pk, due_at=due_at, actor=actor, version=version),
    )


def isolate_many(chosen: Mapping[int, int], *, at: datetime, remark: str, actor: User) -> int:
    """Write down that the devices were cut off; return how many those are."""

    def isolate(pk: int, version: int) -> None:
        kind = HandlingKind.ISOLATED
        actions.record_handling(pk, kind=kind, at=at, remark=remark, actor=actor, version=version)

    return _each(chosen, isolate)


def _each(chosen: Mapping[int, int], act: Callable[[int, int], object]) -> int:
    if not chosen:
        raise Refused(_("Choose at least one case."))
    if len(chosen) > MOST:
        raise Refused(_("Choose at most %(most)s cases at once.") % {"most": MOST})
    with transaction.atomic():
        # All locks first and in one order, so that two such acts never wait for each other.
        list(Case.objects.filter(pk__in=chosen).select_for_update(of=("self",)).order_by("pk"))
        for pk, version in sorted(chosen.items()):
            try:
                act(pk, version)
            except Refused as refused:
                text = f"{Case(pk=pk).number}: {refused.told}"
                raise Refused(text, field=refused.field) from refused
    return len(chosen)


def apply_to_cases(chosen: Mapping[int, int], form: BulkForm, actor: User) -> int:
    """Do what the form says to all that were chosen; return how many. Errors: Refused."""
    fields = form.cleaned_data
    if fields["act"] == "assign":
        technician = int(fields["technician"]) if fields["technician"] else None
        return assign_many(chosen, technician_id=technician, actor=actor)
    due_at = end_of(fields["due_on"])
    if fields["act"] == "due" and due_at is not None:
        return set_due_many(chosen, due_at=due_at, actor=actor)
    return isolate_many(chosen, at=timezone.now(), remark=fields["told"], actor=actor)


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
