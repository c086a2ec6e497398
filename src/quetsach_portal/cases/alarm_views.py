"""Pages of false alarms: proposed by the unit, decided by the lead office."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.cases import access, false_alarms, queries
from quetsach_portal.cases.forms import AlarmForm, DecisionForm
from quetsach_portal.cases.proposing import decide_as, propose_as, withdraw_own
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import attempt
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.problems import Refused


@require_http_methods(["GET", "POST"])
def propose(request: Request, case_id: int) -> HttpResponse:
    """Say that what was found means nothing here."""
    case = access.case_for(request.scope, case_id)
    findings = queries.findings_of(case)
    initial = {"version": case.version, "scope": "device"}
    form = AlarmForm(request.POST or None, initial=initial, findings=findings)
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: propose_as(case_id, form.cleaned_data, request.user))
        if not form.errors:
            waits = form.cleaned_data["scope"] != "device"
            told = _("Proposed to the lead office. Until it agrees, the case stays open.")
            messages.success(request, told if waits else _("Saved."))
            return redirect("cases:show", case_id)
    return render(request, "cases/false_alarm.html", {"case": case, "form": form})


@require_POST
def withdraw(request: Request, case_id: int, alarm_id: int) -> HttpResponse:
    """Take a proposal back, or a false alarm of this device alone."""
    case = access.focal_case_for(request.scope, case_id)
    try:
        withdraw_own(case, alarm_id, request.user)
        messages.success(request, _("Saved."))
    except Refused as refused:
        messages.warning(request, refused.told)
    return redirect("cases:show", case_id)


@require_safe
def alarms(request: Request) -> HttpResponse:
    """Return the proposals that wait for the lead office, and those that it decided."""
    access.lead_only(request.scope)
    page = page_of(false_alarms.in_order(access.led_alarms(request.scope)), request)
    return render(request, "cases/alarms.html", {"page": page})


@require_http_methods(["GET", "POST"])
def decide(request: Request, alarm_id: int) -> HttpResponse:
    """Approve or refuse a proposal."""
    alarm = access.alarm_for(request.scope, alarm_id)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: decide_as(alarm_id, form.cleaned_data, request.user))
        if not form.errors:
            messages.success(request, _("Decided. The next sweep follows it."))
            return redirect("cases:alarms")
    reach = false_alarms.reach_of(alarm)
    return render(request, "cases/alarm.html", {"alarm": alarm, "form": form, "reach": reach})


@require_POST
def end(request: Request, alarm_id: int) -> HttpResponse:
    """Take an approved decision back."""
    access.alarm_for(request.scope, alarm_id)
    try:
        false_alarms.withdraw(alarm_id, actor=request.user)
        messages.success(request, _("Withdrawn. What it set aside counts again."))
    except Refused as refused:
        messages.warning(request, refused.told)
    return redirect("cases:alarms")
