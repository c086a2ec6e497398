"""One act on many cases: choose, say what, done."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from quetsach_portal.cases import access
from quetsach_portal.cases.bulk import MOST
from quetsach_portal.cases.bulk_form import do_many
from quetsach_portal.cases.forms import BulkForm, chosen_in
from quetsach_portal.cases.listing import people_of
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import attempt


@require_POST
def bulk(request: Request) -> HttpResponse:
    """Show what was chosen and ask what to do with it; with an act, do it."""
    access.workers_only(request.scope)
    chosen = dict(list(chosen_in(request.POST.getlist("case")).items())[: MOST + 1])
    cases = list(access.own_cases(request.scope).filter(pk__in=chosen).order_by("pk"))
    if len(cases) != len(chosen):
        raise Http404
    asked = request.POST if "act" in request.POST or "go" in request.POST else None
    form = BulkForm(asked, people=people_of(request.scope))
    if asked is not None and form.is_valid():
        count = attempt(form, lambda: do_many(chosen, form, request.user))
        if count is not None:
            text = ngettext("%(count)s case changed.", "%(count)s cases changed.", count)
            messages.success(request, text % {"count": count})
            return redirect("cases:index")
    return render(request, "cases/bulk.html", {"form": form, "cases": cases, "chosen": chosen})
