"""Views of reports on paper: record one for a unit directly below, or undo a wrong record."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quetsach_portal.followup import access
from quetsach_portal.reports import paper
from quetsach_portal.web.acts import succeeds
from quetsach_portal.web.request import PortalRequest


@require_http_methods(["GET", "HEAD", "POST"])
def on_paper(request: PortalRequest, node_id: int, phase_id: int) -> HttpResponse:
    """Record that the report of a unit directly below came on paper."""
    node = access.child_node(request.scope, node_id, *access.TAKES_PAPER)
    slot = access.slot_of(node, phase_id)
    form = paper.PaperForm(
        request.POST or None, request.FILES or None, initial={"day": timezone.localdate()}
    )
    if succeeds(form, lambda: paper.record_from_form(slot, form, request.user)):
        messages.success(request, _("Saved."))
        return redirect("followup:node", node.pk)
    return render(request, "followup/on_paper.html", {"node": node, "form": form, "slot": slot})


@require_http_methods(["GET", "HEAD", "POST"])
def remove_paper(request: PortalRequest, paper_id: int) -> HttpResponse:
    """Undo a record of paper that is wrong, or put another in its place."""
    report = access.childs_paper(request.scope, paper_id)
    node, form = report.slot.node, paper.WrongPaperForm(request.POST or None)
    if succeeds(form, lambda: paper.mend(report, form, request.user)):
        messages.success(request, _("Saved."))
        return redirect("followup:node", node.pk)
    return render(
        request, "followup/remove_paper.html", {"node": node, "form": form, "slot": report.slot}
    )
