"""One act on many cases, all of them or none, and the forms that ask for it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases import access, actions
from quetsach_portal.cases.forms import BulkForm, BulkHandlingForm, chosen_in
from quetsach_portal.cases.models.case import Case, HandlingKind
from quetsach_portal.cases.queries import people_of
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import FilePurpose, StoredFile
from quetsach_portal.files.storage import remove
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused, attempt
from quetsach_portal.web.request import PortalRequest

MOST = 200
HANDLED = "handled"
"""The act that records a handling, which has a form of its own."""


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


def handle_together(chosen: Mapping[int, int], fields: Mapping[str, Any], actor: User) -> int:
    """Record the same handling for all that were chosen, with one proof; return how many.

    Each case has its own record, and all show the one stored file. It makes none of them clean.
    Errors: Refused, also for cases of several units; then no file is kept.
    """
    nodes = CampaignNode.objects.filter(cases__in=chosen).select_related("unit").distinct()
    if len(nodes) > 1:
        raise Refused(_("Choose cases of one unit: a proof is one unit's."))
    stored = None
    try:
        with transaction.atomic():
            if fields["upload"] and nodes:
                stored = store_upload(
                    fields["upload"],
                    purpose=FilePurpose.PROOF,
                    owner_path=nodes[0].unit.path,
                    actor=actor,
                )
            act = partial(_handle, stored=stored, machines=len(chosen))
            return _each(
                chosen,
                act,
                kind=HandlingKind(fields["kind"]),
                at=fields["at"],
                tool=fields["tool"].strip(),
                result=fields["result"],
                remark=fields["told"].strip(),
                actor=actor,
            )
    except Refused:
        # The row went with the transaction; the bytes do not by themselves.
        if stored is not None:
            remove(stored.pk)
        raise


def _handle(
    case_id: int, *, stored: StoredFile | None, machines: int, actor: User, **fields: Any
) -> None:
    handling = actions.record_handling(case_id, actor=actor, **fields)
    if stored is not None:
        words = ngettext("Proof of %(count)s machine", "One proof of %(count)s machines", machines)
        note = words % {"count": machines}
        handling.proof = actions.keep_file(handling.case, stored, note, actor=actor)
        handling.save(update_fields=["proof"])


@require_POST
def bulk_view(request: PortalRequest) -> HttpResponse:
    """Show what was chosen and ask what to do with it; with an act, do it."""
    access.workers_only(request.scope)
    chosen = dict(list(chosen_in(request.POST.getlist("case")).items())[: MOST + 1])
    cases = list(access.own_cases(request.scope).filter(pk__in=chosen).order_by("pk"))
    if len(cases) != len(chosen):
        raise Http404
    is_handled = request.POST.get("act", "") == HANDLED
    posted = request.POST if "act" in request.POST or "go" in request.POST else None
    bulk = BulkForm(None if is_handled else posted, people=people_of(request.scope))
    handling_form = BulkHandlingForm(
        posted if is_handled else None,
        request.FILES if is_handled else None,
        initial={"at": timezone.localtime()},
        auto_id="handled_%s",
    )
    form: BulkForm | BulkHandlingForm = handling_form if is_handled else bulk
    if posted is not None and form.is_valid():
        count = attempt(
            form,
            lambda: (
                handle_together(chosen, handling_form.cleaned_data, request.user)
                if is_handled
                else apply_to_cases(chosen, bulk, request.user)
            ),
        )
        if count is not None:
            text = ngettext("%(count)s case changed.", "%(count)s cases changed.", count)
            proves = _("The state follows from the evidence.") if is_handled else ""
            messages.success(request, f"{text % {'count': count}} {proves}".strip())
            return redirect(f"{reverse('cases:index')}#case-{cases[0].pk}")
    context = {
        "form": form,
        "bulk": bulk,
        "handled": handling_form,
        "cases": cases,
        "chosen": chosen,
    }
    return render(request, "cases/bulk.html", context)
