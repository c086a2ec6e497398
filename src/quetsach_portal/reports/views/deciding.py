"""Read a report from below and accept or return it; take one's own back, sign it, forward it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quetsach_portal.reports import access, pages, queries
from quetsach_portal.reports.absentees import told_inputs
from quetsach_portal.reports.actions import deciding as acts
from quetsach_portal.reports.actions import handing_in
from quetsach_portal.reports.forms import ReasonForm, ReviewForm, WhyForm
from quetsach_portal.reports.standing import told_after_acceptance
from quetsach_portal.rights.again import confirmed_recently
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import succeeds
from quetsach_portal.web.telling import told_or_refused


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request, version_id: int) -> HttpResponse:
    """Show a report with a box for a remark on each field, and return it with those."""
    version = access.version_to_decide(request.scope, version_id)
    first = pages.time_to_mend(version)
    form = ReviewForm(pages.form_in(version.slot), request.POST or None, first)
    if succeeds(
        form,
        lambda: acts.return_version(
            version, form.remarks(), until=form.until(), actor=request.user
        ),
    ):
        return redirect("reports:version", version.pk)
    given = {
        "version": version,
        "slot": version.slot,
        "form": form,
        "parts": pages.review_parts(version, form),
        "inputs": told_inputs(version, request),
        "before": queries.version_before(version),
        "may": pages.may(request.scope, version.slot, version),
    }
    given |= pages.held_against(version.slot)
    return render(request, "reports/review.html", given)


@require_POST
def accept(request: Request, version_id: int) -> HttpResponse:
    """Accept a report: it was read, and goes into the total from now on."""
    version = access.version_to_decide(request.scope, version_id)
    if told_or_refused(request, lambda: acts.accept(version, actor=request.user)):
        above, waits = queries.slot_above(version.slot), queries.waits_above(version)
        messages.success(request, told_after_acceptance(above, is_counted=not waits))
        return pages.after_reading(version)
    return redirect("reports:version", version.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, version_id: int) -> HttpResponse:
    """Take one's own report back before it was accepted."""
    version = access.own_version(request.scope, version_id, *access.WRITES)
    form = WhyForm(request.POST or None)
    if succeeds(
        form,
        lambda: handing_in.withdraw(version, form.cleaned_data["why"], actor=request.user),
    ):
        return redirect("reports:slot", version.slot_id)
    given = {"version": version, "slot": version.slot, "form": form}
    return render(request, "reports/withdraw.html", given)


@confirmed_recently
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: Request, version_id: int) -> HttpResponse:
    """Sign a report under the unit's name; who there is was asked for again."""
    version = access.own_version(request.scope, version_id, *access.SIGNS)
    if request.method == "POST" and told_or_refused(
        request, lambda: acts.sign(version, actor=request.user), done=_("The report is signed.")
    ):
        return redirect("reports:version", version.pk)
    given = {
        "version": version,
        "slot": version.slot,
        "parts": pages.version_parts(version),
        "inputs": told_inputs(version, request),
        "alarms": pages.alarms_of(version),
        "may": pages.may(request.scope, version.slot, version),
    }
    return render(request, "reports/sign.html", given)


@require_POST
def forward(request: Request, version_id: int) -> HttpResponse:
    """Send a signed report up."""
    version = access.own_version(request.scope, version_id, *access.FORWARDS)
    told_or_refused(
        request,
        lambda: acts.forward(version, actor=request.user),
        done=_("Sent to the office above."),
    )
    return redirect("reports:version", version.pk)


@confirmed_recently
@require_http_methods(["GET", "HEAD", "POST"])
def one_person(request: Request, node_id: int) -> HttpResponse:
    """Let the only person of a unit below sign what they wrote."""
    node = access.child_to_allow(request.scope, node_id)
    form = ReasonForm(request.POST or None)
    if succeeds(
        form,
        lambda: acts.allow_one_person(node, form.cleaned_data["reason"], actor=request.user),
    ):
        return redirect("followup:node", node.pk)
    given = {"node": node, "form": form, "people": acts.people_of(node)}
    return render(request, "reports/one_person.html", given)
