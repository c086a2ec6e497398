"""The ledger of notices as pages: what the authority sent, and how each item ended."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.cases import access, ledger, notice_actions
from quetsach_portal.cases.forms import NoticeForm
from quetsach_portal.rights.models import Role
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import attempt
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.problems import Refused


@require_safe
def notices(request: Request) -> HttpResponse:
    """Return the files of notices that were handed in."""
    access.ledger_only(request.scope)
    page = page_of(ledger.batches(access.own_batches(request.scope)), request)
    nodes = access.own_nodes(request.scope, Role.LEAD_OWNER)
    return render(request, "cases/notices.html", {"page": page, "nodes": nodes})


@require_http_methods(["GET", "POST"])
def hand_in(request: Request, node_id: int) -> HttpResponse:
    """Hand in a file of notices, or a trace made at home."""
    node = access.own_node_for(request.scope, node_id, Role.LEAD_OWNER)
    form = NoticeForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        batch = attempt(
            form,
            lambda: notice_actions.hand_in(
                node,
                upload=told["upload"],
                source=ledger.source_of(told["source"]),
                actor=request.user,
            ),
        )
        if batch is not None:
            return redirect("cases:batch", batch.pk)
    return render(request, "cases/hand_in.html", {"node": node, "form": form})


@require_safe
def batch(request: Request, batch_id: int) -> HttpResponse:
    """Return one file with its items; who sees no devices sees how the items ended."""
    found = access.batch_for(request.scope, batch_id)
    faces = access.sees_devices(request.scope, found.node)
    outcome = request.GET.get("outcome", "")
    page = page_of(ledger.items_of(found, outcome), request)
    context = {"batch": found, "page": page, "faces": faces, "account": ledger.account_of(found)}
    return render(request, "cases/batch.html", {**context, "outcome": outcome})


@require_safe
def batch_csv(request: Request, batch_id: int) -> HttpResponse:
    """Return one file with its items as CSV, for machines."""
    found = access.batch_for(request.scope, batch_id)
    content = ledger.as_csv(found, faces=access.sees_devices(request.scope, found.node))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="notices-{found.pk}.csv"'
    return response


@require_POST
def trace_again(request: Request, batch_id: int) -> HttpResponse:
    """Trace a file again with the evidence that has come in since."""
    access.batch_for(request.scope, batch_id)
    try:
        notice_actions.trace_again(batch_id, actor=request.user)
        messages.success(request, _("It is traced again; look at it in a few minutes."))
    except Refused as refused:
        messages.warning(request, refused.told)
    return redirect("cases:batch", batch_id)
