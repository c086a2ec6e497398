"""One unit: what it has done, its receipt, its declaration, and the proofs beside them."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.campaigns.scope import node_for, node_scope
from quetsach_portal.files.sending import attachment
from quetsach_portal.followup import access, pages, queries
from quetsach_portal.followup.actions import deploying, receipts
from quetsach_portal.followup.forms import (
    DeployForm,
    ReceivedForForm,
    WhyForm,
)
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import succeeds
from quetsach_portal.web.telling import told_or_refused


@require_safe
def unit(request: Request, node_id: int) -> HttpResponse:
    """Return what the unit has done, who said so and when, and what comes next."""
    node = node_for(request.scope, node_id)
    given = {
        "node": node,
        "campaign": node.campaign,
        "tasks": queries.tasks_of(node),
        "receipt": pages.receipt_of(node),
        "declarations": queries.declarations_of(node),
        "reports": queries.reports_of(node),
        "extensions": queries.extensions_of(node),
        "may": pages.may(request.scope, node, node_scope(request.scope, node.campaign)),
    }
    return render(request, "followup/unit.html", given)


@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: Request, node_id: int) -> HttpResponse:
    """Confirm that the letter was received; opening the page does not."""
    node = access.own_node(request.scope, node_id, *access.SAYS_RECEIVED)
    if request.method == "POST" and told_or_refused(
        request, lambda: receipts.confirm_receipt(node, actor=request.user)
    ):
        return redirect("followup:node", node.pk)
    given = {"node": node, "campaign": node.campaign, "receipt": pages.receipt_of(node)}
    return render(request, "followup/receive.html", given)


@require_http_methods(["GET", "HEAD", "POST"])
def receive_for(request: Request, node_id: int) -> HttpResponse:
    """Record the receipt of a unit directly below, with a proof."""
    node = access.child_node(request.scope, node_id, *access.RECORDS_FOR_CHILD)
    form = ReceivedForForm(
        request.POST or None, request.FILES or None, initial={"day": timezone.localdate()}
    )
    if succeeds(form, lambda: pages.record_receipt(node, form, request.user)):
        return redirect("followup:node", node.pk)
    return _page(request, "followup/receive_for.html", node=node, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def deploy(request: Request, node_id: int) -> HttpResponse:
    """Declare that the campaign is deployed, with evidence."""
    node = access.own_node(request.scope, node_id, *access.SAYS_DEPLOYED)
    form = DeployForm(request.POST or None, request.FILES or None)
    if succeeds(form, lambda: deploying.declare(node, form.said(), actor=request.user)):
        return redirect("followup:node", node.pk)
    declared = queries.declarations_of(node).exclude(state="withdrawn").first()
    return _page(request, "followup/deploy.html", node=node, form=form, declared=declared)


@require_POST
def check(request: Request, declaration_id: int) -> HttpResponse:
    """Note that the office above looked at a declaration."""
    declaration = access.childs_declaration(request.scope, declaration_id)
    told_or_refused(request, lambda: deploying.check(declaration, actor=request.user))
    return redirect("followup:node", declaration.node_id)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, declaration_id: int) -> HttpResponse:
    """Take a declaration back: the unit itself, or the office above."""
    declaration = access.declaration_to_withdraw(request.scope, declaration_id)
    form = WhyForm(request.POST or None)
    if succeeds(
        form,
        lambda: deploying.withdraw(declaration, form.cleaned_data["why"], actor=request.user),
    ):
        return redirect("followup:node", declaration.node_id)
    return _page(request, "followup/withdraw.html", node=declaration.node, form=form)


@require_safe
def evidence(request: Request, evidence_id: int) -> HttpResponseBase:
    """Hand out a file of a declaration."""
    return attachment(access.evidence_file(request.scope, evidence_id))


@require_safe
def receipt_proof(request: Request, receipt_id: int) -> HttpResponseBase:
    """Hand out the proof of a receipt that was recorded on behalf."""
    return attachment(access.receipt_proof(request.scope, receipt_id))


@require_safe
def paper_proof(request: Request, paper_id: int) -> HttpResponseBase:
    """Hand out the scan of a report on paper."""
    return attachment(access.paper_proof(request.scope, paper_id))


def _page(request: Request, template: str, **given: object) -> HttpResponse:
    return render(request, template, given)
