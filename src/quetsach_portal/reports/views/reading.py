"""Views that read and decide: own reports, reports from below, versions, figures."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.campaigns.scope import campaigns_of, node_scope
from quetsach_portal.followup.pages import day_in
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.reports import access, queries, status
from quetsach_portal.reports import deciding as acts
from quetsach_portal.reports.forms import RecordedReasonForm, ReportReasonForm, ReportReviewForm
from quetsach_portal.reports.pages import lineage, pages, tables
from quetsach_portal.reports.status import acceptance_message, reader, standing
from quetsach_portal.reports.totals.adding import inputs_with_absences
from quetsach_portal.reports.writing import submitting
from quetsach_portal.web.acts import run_with_message, succeeds
from quetsach_portal.web.paging import as_file, page_of
from quetsach_portal.web.request import PortalRequest


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Return the reports that the person's units owe, campaign by campaign."""
    campaigns = campaigns_of(request.scope)[:20]
    groups = [(one, pages.own_slots(request.scope, one)) for one in campaigns]
    groups = [(campaign, slots) for campaign, slots in groups if slots]
    return render(request, "reports/index.html", {"groups": groups, "tones": pages.TONES})


@require_safe
def expected_report(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Return one expected report: its state, its versions, the next step."""
    slot = access.readable_report(request.scope, slot_id)
    asked_day = day_in(request, _("As known at the end of the day"))
    newest, on = queries.newest(slot), asked_day.day
    context = {
        "slot": slot,
        "standing": standing(
            slot.state,
            reader(queries.slot_above(slot)),
            is_counted=newest is None or not queries.waits_above(newest),
            is_on_paper=queries.IncomingChild(slot, newest).is_on_paper,
        ),
        "newest": newest,
        "may": pages.may(request.scope, slot, newest),
        "draft": queries.draft_of(slot),
        "versions": queries.versions_of(slot),
        "returns": queries.open_returns(slot),
        "notices": queries.open_notices(slot),
        "dismissed": queries.dismissed_notices(slot),
        "has_children": pages.has_children(slot),
        "asked": asked_day,
        "on": on,
        "known": None if on is None else queries.public_version_at(slot, pages.end_of(on)),
        "tone": pages.TONES.get(slot.state, "calm"),
        "is_late": slot.reported_at is None and timezone.now() >= slot.due_at,
    }
    return render(request, "reports/slot.html", context)


@require_safe
def below(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Return the reports of the units directly below, those to be read first."""
    slot = access.readable_report(request.scope, slot_id)
    rows, may = queries.incoming(slot), pages.may(request.scope, slot, None)
    page = page_of(rows, request)
    count = (
        status.selected_count(slot, request.GET.get("figure", "")) if may["read_below"] else None
    )
    context = {
        "slot": slot,
        "page": page,
        "lines": status.lines(slot, page.rows, count),
        "count": count,
        "choices": status.choices(slot),
        "next": next((one.version for one in rows if one.waits), None),
        "units": len(rows),
        "waiting": sum(one.waits for one in rows),
        "came": sum(one.slot.reported_at is not None for one in rows),
        "returned": sum(one.is_returned for one in rows),
        "may": may,
    }
    return render(request, "reports/below.html", context)


@require_safe
def version(request: PortalRequest, version_id: int) -> HttpResponse:
    """Return one version as it was handed in, with its parts and what became of it."""
    version = access.readable_version(request.scope, version_id)
    above = queries.slot_above(version.slot)
    context = {
        "version": version,
        "slot": version.slot,
        "standing": standing(
            version.state, reader(above), is_counted=not queries.waits_above(version)
        ),
        "parts": pages.version_parts(version),
        "events": version.events.select_related("by").order_by("pk"),
        "inputs": inputs_with_absences(version, request),
        "alarms": pages.alarms_of(version),
        "before": queries.version_before(version),
        "newest": queries.newest(version.slot),
        "above": above,
        "may": pages.may(request.scope, version.slot, version),
        "tone": pages.TONES.get(version.state, "calm"),
        "is_new": request.GET.get("new") == "1",
    }
    context |= pages.compare_with_last_phase(version.slot)
    return render(request, "reports/version.html", context)


@require_safe
def compare(request: PortalRequest, version_id: int, number: int) -> HttpResponse:
    """Return what changed between two versions of the same report."""
    new = access.readable_version(request.scope, version_id)
    old = queries.version_number(new.slot, number)
    given = {"old": old, "new": new, "slot": new.slot, "changes": pages.changes(old, new)}
    return render(request, "reports/compare.html", given)


# Decisions: accept, return, withdraw, sign, forward.


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: PortalRequest, version_id: int) -> HttpResponse:
    """Show a report with a box for a remark on each field, and return it with those."""
    version = access.version_to_decide(request.scope, version_id)
    first = pages.time_to_mend(version)
    form = ReportReviewForm(pages.form_in(version.slot), request.POST or None, first)
    if succeeds(
        form,
        lambda: acts.return_version(
            version, form.remarks(), until=form.until(), actor=request.user
        ),
    ):
        return redirect("reports:version", version.pk)
    context = {
        "version": version,
        "slot": version.slot,
        "form": form,
        "parts": pages.review_parts(version, form),
        "inputs": inputs_with_absences(version, request),
        "before": queries.version_before(version),
        "may": pages.may(request.scope, version.slot, version),
    }
    context |= pages.compare_with_last_phase(version.slot)
    return render(request, "reports/review.html", context)


@require_POST
def accept(request: PortalRequest, version_id: int) -> HttpResponse:
    """Accept a report: it was read, and goes into the total from now on."""
    version = access.version_to_decide(request.scope, version_id)
    if run_with_message(request, lambda: acts.accept(version, actor=request.user)):
        above, waits = queries.slot_above(version.slot), queries.waits_above(version)
        messages.success(request, acceptance_message(above, is_counted=not waits))
        return pages.after_reading(version)
    return redirect("reports:version", version.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PortalRequest, version_id: int) -> HttpResponse:
    """Take one's own report back before it was accepted."""
    version = access.own_version(request.scope, version_id, *access.WRITES)
    form = ReportReasonForm(request.POST or None)
    if succeeds(
        form,
        lambda: submitting.withdraw(version, form.cleaned_data["why"], actor=request.user),
    ):
        return redirect("reports:slot", version.slot_id)
    given = {"version": version, "slot": version.slot, "form": form}
    return render(request, "reports/withdraw.html", given)


@confirmed_recently
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: PortalRequest, version_id: int) -> HttpResponse:
    """Sign a report under the unit's name; who there is was asked for again."""
    version = access.own_version(request.scope, version_id, *access.SIGNS)
    if request.method == "POST" and run_with_message(
        request, lambda: acts.sign(version, actor=request.user), done=_("The report is signed.")
    ):
        return redirect("reports:version", version.pk)
    context = {
        "version": version,
        "slot": version.slot,
        "parts": pages.version_parts(version),
        "inputs": inputs_with_absences(version, request),
        "alarms": pages.alarms_of(version),
        "may": pages.may(request.scope, version.slot, version),
    }
    return render(request, "reports/sign.html", context)


@require_POST
def forward(request: PortalRequest, version_id: int) -> HttpResponse:
    """Send a signed report up."""
    version = access.own_version(request.scope, version_id, *access.FORWARDS)
    run_with_message(
        request,
        lambda: acts.forward(version, actor=request.user),
        done=_("Sent to the office above."),
    )
    return redirect("reports:version", version.pk)


@confirmed_recently
@require_http_methods(["GET", "HEAD", "POST"])
def one_person(request: PortalRequest, node_id: int) -> HttpResponse:
    """Let the only person of a unit below sign what they wrote."""
    node = access.child_to_allow(request.scope, node_id)
    form = RecordedReasonForm(request.POST or None)
    if succeeds(
        form,
        lambda: acts.allow_one_person(node, form.cleaned_data["reason"], actor=request.user),
    ):
        return redirect("followup:node", node.pk)
    given = {"node": node, "form": form, "people": acts.people_of(node)}
    return render(request, "reports/one_person.html", given)


# The figures of a report as files for other programs.


@require_safe
def total_file(request: PortalRequest, slot_id: int, kind: str) -> HttpResponse:
    """Return what a draft adds up to today."""
    slot = access.own_slot(request.scope, slot_id, *access.ADDS_UP)
    draft = queries.draft_of(slot)
    if draft is None:
        return redirect("reports:slot", slot.pk)
    return as_file(tables.of_draft(slot, draft), tables.name_of(slot), kind)


@require_safe
def version_file(request: PortalRequest, version_id: int, kind: str) -> HttpResponse:
    """Return what a version says."""
    version = access.readable_version(request.scope, version_id)
    name = f"{tables.name_of(version.slot)}-ban-{version.n}"
    return as_file(tables.of_version(version), name, kind)


# The lineage of one figure.


@require_safe
def trace(request: PortalRequest, version_id: int, key: str) -> HttpResponse:
    """Return what a figure was made of; `?on=` leads to the version that stood on that day."""
    asked_day = day_in(request, _("As it was known at the end of the day"))
    version, on = access.readable_version(request.scope, version_id), asked_day.day
    version_then = lineage.version_on(version, on)
    if version_then is not None and version_then.pk != version.pk:
        return redirect(f"{reverse('trace:figure', args=[version_then.pk, key])}?on={on}")
    page = lineage.page_for(request.scope, version, key, on)
    if page is None:
        raise Http404
    context = {"page": page, "trace": page.trace, "version": version, "slot": version.slot}
    seats = node_scope(request.scope, version.slot.node.campaign)
    context |= {"reads_below": access.reads_below(seats, version.slot.node)}
    name = request.GET.get("name", "")[:100]
    context |= {
        "listed": page_of(page.trace.named(name), request),
        "name": name,
        "asked": asked_day,
        "nothing_then": on is not None and version_then is None,
        "now": timezone.now(),
    }
    return render(request, "reports/trace.html", context)
