"""Pages for those above a unit: counts by child, and cases to verify, without any device."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quetsach_portal.cases import access, actions, overview
from quetsach_portal.cases.forms import CheckForm, RuleForm
from quetsach_portal.cases.history import rule_of
from quetsach_portal.cases.rules import set_rule
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import attempt
from quetsach_portal.web.paging import page_of


@require_safe
def counts(request: Request) -> HttpResponse:
    """Return the units from which the person looks down; with one, go there."""
    access.counters_only(request.scope)
    nodes = access.counted_nodes(request.scope)
    if len(nodes) == 1:
        return redirect("cases:counts_of", nodes[0].pk)
    return render(request, "cases/counts.html", {"nodes": nodes})


@require_safe
def counts_of(request: Request, node_id: int) -> HttpResponse:
    """Return the counts of a node by direct child."""
    node = access.counted_node_for(request.scope, node_id)
    page = page_of(overview.children_of(node), request)
    shown = overview.overview_of(node, page.rows)
    context = {
        "shown": shown,
        "page": page,
        "outcomes": overview.OUTCOMES,
        "leads": access.leads(request.scope, node.campaign),
        "verifies": access.verifies(request.scope),
        "sees_ledger": access.sees_ledger(request.scope),
    }
    return render(request, "cases/counts_of.html", context)


@require_safe
def checks(request: Request) -> HttpResponse:
    """Return the cases of direct children that wait to be verified, or with ?all all that ended."""
    access.verifiers_only(request.scope)
    seen = "all" in request.GET
    rows = overview.to_check(access.child_cases(request.scope), seen=seen)
    page = page_of(rows, request)
    shown = [overview.check_of(one) for one in page.rows]
    return render(request, "cases/checks.html", {"page": page, "checks": shown, "seen": seen})


@require_http_methods(["GET", "POST"])
def check(request: Request, case_id: int) -> HttpResponse:
    """Verify a case of a direct child, or open it again."""
    case = access.child_case_for(request.scope, case_id)
    form = CheckForm(request.POST or None, initial={"version": case.version})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        attempt(
            form,
            lambda: actions.verifier_says(
                case_id,
                agrees=told["says"] == "agree",
                told=told["told"],
                actor=request.user,
                version=told["version"],
            ),
        )
        if not form.errors:
            messages.success(request, _("Saved."))
            return redirect("cases:checks")
    return render(request, "cases/check.html", {"check": overview.check_of(case), "form": form})


@require_http_methods(["GET", "POST"])
def rule(request: Request, campaign_id: int) -> HttpResponse:
    """Say what the campaign asks for before a machine counts as clean."""
    campaign = access.led_campaign_for(request.scope, campaign_id)
    form = RuleForm(request.POST or None, initial=RuleForm.of(rule_of(campaign.pk)))
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: set_rule(campaign, **form.cleaned_data, actor=request.user))
        if not form.errors:
            messages.success(request, _("Saved. All cases are judged anew."))
            return redirect("cases:counts")
    return render(request, "cases/rule.html", {"campaign": campaign, "form": form})
