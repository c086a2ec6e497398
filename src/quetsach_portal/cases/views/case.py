"""Pages of cases: a unit's own list and case, counts above it, false alarms, notices."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.cases import access, actions, false_alarms, overview, queries, tables
from quetsach_portal.cases import notices as cases_notices
from quetsach_portal.cases.authority_forms import NoticeUploadForm
from quetsach_portal.cases.case_page import case_code, case_url, describe_case, sheet_pdf
from quetsach_portal.cases.forms import (
    AlarmDecisionForm,
    AlarmForm,
    CaseFileForm,
    CaseFilterForm,
    CheckForm,
    MachineScanForm,
    RuleForm,
    VersionForm,
)
from quetsach_portal.cases.history import rule_of, set_rule
from quetsach_portal.cases.queries import figure_of, listed_for, people_of
from quetsach_portal.files.storage import attachment
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import attempt, run_with_message, succeeds
from quetsach_portal.web.offline import keepable
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.web.tables import long_table

CHILDREN = 30
"""Units of one page of counts, whose rows have thirteen figures: the page stays below 60 KB."""


@require_safe
def counts(request: PortalRequest) -> HttpResponse:
    """Return the units from which the person looks down; with one, go there."""
    access.counters_only(request.scope)
    nodes = access.counted_nodes(request.scope)
    if len(nodes) == 1:
        return redirect("cases:counts_of", nodes[0].pk)
    return render(request, "cases/counts.html", {"nodes": nodes})


@require_safe
def counts_of(request: PortalRequest, node_id: int) -> HttpResponse:
    """Return the counts of a node by direct child."""
    node = access.counted_node_for(request.scope, node_id)
    table = long_table(overview.children_of(node), request, tables.COUNTS, per=CHILDREN)
    shown = overview.overview_of(node, table.page.rows)
    context = {
        "shown": shown,
        "table": table,
        "page": table.page,
        "outcomes": overview.OUTCOMES,
        "leads": access.leads(request.scope, node.campaign),
        "verifies": access.verifies(request.scope),
        "sees_ledger": access.sees_ledger(request.scope),
    }
    return render(request, "cases/counts_of.html", context)


@require_safe
def checks(request: PortalRequest) -> HttpResponse:
    """Return the cases of direct children that wait to be verified, or with ?all all that ended."""
    access.verifiers_only(request.scope)
    show_all = "all" in request.GET
    rows = overview.to_check(access.child_cases(request.scope), seen=show_all)
    table = long_table(rows, request, tables.CHECKS)
    shown = [overview.check_of(one) for one in table.page.rows]
    context = {"table": table, "page": table.page, "checks": shown, "seen": show_all}
    return render(request, "cases/checks.html", context)


@require_http_methods(["GET", "POST"])
def check(request: PortalRequest, case_id: int) -> HttpResponse:
    """Verify a case of a direct child, or open it again."""
    case = access.child_case_for(request.scope, case_id)
    form = CheckForm(request.POST or None, initial={"version": case.version})
    if succeeds(
        form,
        lambda: actions.record_verifier_statement(
            case_id,
            agrees=form.cleaned_data["says"] == "agree",
            remark=form.cleaned_data["told"],
            actor=request.user,
            version=form.cleaned_data["version"],
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect("cases:checks")
    return render(request, "cases/check.html", {"check": overview.check_of(case), "form": form})


@require_http_methods(["GET", "POST"])
def rule(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Say what the campaign asks for before a machine counts as clean."""
    campaign = access.led_campaign_for(request.scope, campaign_id)
    form = RuleForm(request.POST or None, initial=RuleForm.of(rule_of(campaign.pk)))
    if succeeds(form, lambda: set_rule(campaign, **form.cleaned_data, actor=request.user)):
        messages.success(request, _("Saved. All cases are re-evaluated."))
        return redirect("cases:counts")
    return render(request, "cases/rule.html", {"campaign": campaign, "form": form})


@require_http_methods(["GET", "POST"])
def propose(request: PortalRequest, case_id: int) -> HttpResponse:
    """Say that what was found means nothing here."""
    case = access.case_for(request.scope, case_id)
    findings = queries.findings_of(case)
    initial = {"version": case.version, "scope": "device"}
    form = AlarmForm(request.POST or None, initial=initial, findings=findings)
    if succeeds(
        form,
        lambda: false_alarms.propose(case_id, **form.cleaned_data, actor=request.user),
    ):
        text = _("Proposed to the lead office. Until it agrees, the case stays open.")
        waits = form.cleaned_data["scope"] != "device"
        messages.success(request, text if waits else _("Saved."))
        return redirect("cases:show", case_id)
    return render(request, "cases/false_alarm.html", {"case": case, "form": form})


@require_POST
def withdraw(request: PortalRequest, case_id: int, alarm_id: int) -> HttpResponse:
    """Take a proposal back, or a false alarm of this device alone."""
    case = access.focal_case_for(request.scope, case_id)
    run_with_message(
        request,
        lambda: false_alarms.withdraw_own(case, alarm_id, request.user),
        done=_("Saved."),
    )
    return redirect("cases:show", case_id)


@require_safe
def alarms(request: PortalRequest) -> HttpResponse:
    """Return the proposals that wait for the lead office, and those that it decided."""
    access.lead_only(request.scope)
    alarms = false_alarms.in_order(access.led_alarms(request.scope))
    table = long_table(alarms, request, tables.ALARMS)
    seen = [access.as_seen_by(request.scope, alarm) for alarm in table.page.rows]
    context = {"table": table, "page": table.page, "alarms": seen}
    return render(request, "cases/alarms.html", context)


@require_http_methods(["GET", "POST"])
def decide(request: PortalRequest, alarm_id: int) -> HttpResponse:
    """Approve or refuse a proposal."""
    alarm = access.alarm_for(request.scope, alarm_id)
    form = AlarmDecisionForm(request.POST or None)
    if succeeds(
        form,
        lambda: false_alarms.decide(
            alarm_id,
            approve=form.cleaned_data["decision"] == "approve",
            answer=form.cleaned_data["answer"],
            actor=request.user,
        ),
    ):
        messages.success(request, _("Decided. The next sweep applies it."))
        return redirect("cases:alarms")
    reach = false_alarms.reach_of(alarm)
    seen = access.as_seen_by(request.scope, alarm)
    return render(request, "cases/alarm.html", {"alarm": seen, "form": form, "reach": reach})


@require_POST
def end(request: PortalRequest, alarm_id: int) -> HttpResponse:
    """Take an approved decision back."""
    access.alarm_for(request.scope, alarm_id)
    run_with_message(
        request,
        lambda: false_alarms.withdraw(alarm_id, actor=request.user),
        done=_("Withdrawn. The excluded findings count again."),
    )
    return redirect("cases:alarms")


@require_safe
def notices(request: PortalRequest) -> HttpResponse:
    """Return the files of notices that were handed in."""
    access.ledger_only(request.scope)
    table = long_table(access.own_batches(request.scope), request, tables.BATCHES)
    nodes = access.own_nodes(request.scope, Role.LEAD_OWNER)
    context = {"table": table, "page": table.page, "nodes": nodes}
    return render(request, "cases/notices.html", context)


@require_http_methods(["GET", "POST"])
def hand_in(request: PortalRequest, node_id: int) -> HttpResponse:
    """Hand in a file of notices, or a trace made at home."""
    node = access.own_node_for(request.scope, node_id, Role.LEAD_OWNER)
    form = NoticeUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        batch = attempt(
            form, lambda: cases_notices.hand_in(node, **form.cleaned_data, actor=request.user)
        )
        if batch is not None:
            return redirect("cases:batch", batch.pk)
    return render(request, "cases/hand_in.html", {"node": node, "form": form})


@require_safe
def batch(request: PortalRequest, batch_id: int) -> HttpResponse:
    """Return one file with its items; who sees no devices sees how the items ended."""
    notice_batch = access.batch_for(request.scope, batch_id)
    faces = access.sees_devices(request.scope, notice_batch.node)
    outcome = request.GET.get("outcome", "")
    items = cases_notices.items_of(notice_batch, outcome)
    table = long_table(items, request, tables.ITEMS if faces else tables.ITEMS_WITHOUT_MACHINES)
    context = {
        "batch": notice_batch,
        "table": table,
        "page": table.page,
        "faces": faces,
        "account": cases_notices.account_of(notice_batch),
    }
    return render(request, "cases/batch.html", {**context, "outcome": outcome})


@require_safe
def batch_csv(request: PortalRequest, batch_id: int) -> HttpResponse:
    """Return one file with its items as CSV, for machines."""
    batch = access.batch_for(request.scope, batch_id)
    content = cases_notices.as_csv(batch, faces=access.sees_devices(request.scope, batch.node))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="notices-{batch.pk}.csv"'
    return response


@require_POST
def retrace(request: PortalRequest, batch_id: int) -> HttpResponse:
    """Trace a file again with the evidence that arrived since."""
    access.batch_for(request.scope, batch_id)
    run_with_message(
        request,
        lambda: cases_notices.retrace(batch_id, actor=request.user),
        done=_("It is being traced again; the result is ready in a few minutes."),
    )
    return redirect("cases:batch", batch_id)


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Return the cases of the person's units, or lead who only counts to the counts."""
    if not request.scope.has_role(*access.WORKERS):
        access.counters_only(request.scope)
        return redirect("cases:counts")
    cases = access.own_cases(request.scope)
    form = CaseFilterForm(request.GET or None, people=people_of(request.scope))
    rows = listed_for(cases, form, request.user.pk)
    table = long_table(rows, request, tables.CASES)
    context = {"form": form, "table": table, "page": table.page, "figure": figure_of(form)}
    context["nodes"] = access.own_nodes(request.scope)
    return render(request, "cases/index.html", context)


@require_safe
def show(request: PortalRequest, case_id: int) -> HttpResponse:
    """Return the page of one case."""
    return keepable(request, case_response(request, case_id))


def case_response(
    request: PortalRequest, case_id: int, failed: VersionForm | CaseFileForm | None = None
) -> HttpResponse:
    """Return the page of one case, with the form that could not be taken."""
    case = access.case_for(request.scope, case_id)
    page = queries.case_page(case)
    scan = {"version": case.version, "tool": actions.usual_tool(request.user)}
    context = {
        "shown": describe_case(page),
        "page": page,
        "failed": failed,
        "file_form": failed if isinstance(failed, CaseFileForm) else CaseFileForm(),
        "scan_form": failed
        if isinstance(failed, MachineScanForm)
        else MachineScanForm(initial=scan),
        "scan_tools": actions.SCAN_TOOLS,
        "is_focal": access.is_focal(request.scope, case.node),
        "next_cases": queries.next_cases(request.scope, request.user.pk, case),
    }
    return render(request, "cases/show.html", context)


@require_safe
def why(request: PortalRequest, case_id: int, finding_id: int) -> HttpResponse:
    """Return what a finding rests on: rule, list row, raw lines."""
    case, finding = access.finding_for(request.scope, case_id, finding_id)
    context = {"case": case, "finding": finding, "samples": queries.samples_of(finding)}
    return render(request, "cases/why.html", context)


@require_safe
def sheet(request: PortalRequest, case_id: int) -> HttpResponse:
    """Return the sheet of one machine as a page to print."""
    page = queries.case_page(access.case_for(request.scope, case_id))
    context = {
        "page": page,
        "shown": describe_case(page),
        "url": case_url(page.case),
        "qr": case_code(page.case),
    }
    return render(request, "cases/sheet.html", context)


@require_safe
def sheet_file(request: PortalRequest, case_id: int) -> HttpResponse:
    """Return the sheet of one machine as PDF."""
    page = queries.case_page(access.case_for(request.scope, case_id))
    response = HttpResponse(sheet_pdf(page), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{page.case.number}.pdf"'
    return response


@require_safe
def file(request: PortalRequest, file_id: int) -> FileResponse:
    """Hand out an evidence file."""
    return attachment(access.file_for(request.scope, file_id).stored)
