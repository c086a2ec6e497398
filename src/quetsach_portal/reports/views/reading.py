"""Views that read and decide: own reports, reports from below, versions, figures."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

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
from quetsach_portal.planted.standing import names_of, power_words
from quetsach_portal.reports import access, after_signing, queries, status, undoing
from quetsach_portal.reports import deciding as acts
from quetsach_portal.reports.forms import RecordedReasonForm, ReportReasonForm, ReportReviewForm
from quetsach_portal.reports.pages import figures, lineage, pages
from quetsach_portal.reports.pages.lineage import last_moment_of
from quetsach_portal.reports.queries import child_slots, parent_slot
from quetsach_portal.reports.reading_queue import queue_after, row_address
from quetsach_portal.reports.status import acceptance_message, reader, standing
from quetsach_portal.reports.totals.adding import inputs_with_absences
from quetsach_portal.reports.views.undoing import go_on, just_decided, list_in
from quetsach_portal.reports.writing import submitting
from quetsach_portal.reports.writing.looked import look_of_version
from quetsach_portal.web.acts import run_with_message, succeeds
from quetsach_portal.web.paging import as_file, page_of
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.web.tables import long_table


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Return the reports that the person's units owe, campaign by campaign."""
    campaigns = campaigns_of(request.scope)[:20]
    groups = [(campaign, pages.own_slots(request.scope, campaign)) for campaign in campaigns]
    groups = [(campaign, slots) for campaign, slots in groups if slots]
    changed = after_signing.changed_slots([slot for _campaign, slots in groups for slot in slots])
    context = {"groups": groups, "tones": pages.TONES, "changed": changed}
    return render(request, "reports/index.html", context)


@require_safe
def expected_report(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Return an expected report: its state, its versions, the next step."""
    slot = access.readable_report(request.scope, slot_id)
    asked_day = day_in(request, _("As known at the end of the day"))
    newest, on = queries.newest(slot), asked_day.day
    context = {
        "slot": slot,
        "standing": standing(
            slot.state,
            reader(parent_slot(slot)),
            is_counted=newest is None or not queries.waits_above(newest),
            is_on_paper=queries.IncomingChild(slot, newest).is_on_paper,
        ),
        "newest": newest,
        "may": pages.may(request.scope, slot, newest),
        "draft": queries.draft_of(slot),
        "versions": queries.versions_of(slot),
        "returns": queries.open_returns(slot),
        "is_asked_to_correct": newest is not None and undoing.is_asked_to_correct(newest),
        "notices": queries.open_notices(slot),
        "dismissed": queries.dismissed_notices(slot),
        "has_children": bool(child_slots(slot)),
        "asked": asked_day,
        "on": on,
        "known": None if on is None else queries.public_version_at(slot, last_moment_of(on)),
        "tone": pages.TONES.get(slot.state, "calm"),
        "is_late": slot.reported_at is None and timezone.now() >= slot.due_at,
        "changed": after_signing.changes_of(request.scope, queries.standing(slot)),
    }
    return render(request, "reports/slot.html", context)


@require_safe
def below(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Return the reports of the units directly below, those to be read first."""
    slot = access.readable_report(request.scope, slot_id)
    rows, may = queries.incoming(slot), pages.may(request.scope, slot, None)
    key = request.GET.get("figure", "")
    count = status.selected_count(slot, key) if may["read_below"] else None
    without = () if count else ("now", "last", "change")
    table = long_table(rows, request, queries.BELOW, without=without)
    context = {
        "slot": slot,
        "table": table,
        "page": table.page,
        "lines": status.lines(
            slot, table.page.rows, count, undone_until=_undone_until(table.page.rows, may)
        ),
        "count": count,
        "choices": status.choices(slot),
        "next": next((child.version for child in rows if child.waits), None),
        "units": len(rows),
        "waiting": sum(child.waits for child in rows),
        "came": sum(child.slot.reported_at is not None for child in rows),
        "returned": sum(child.is_returned for child in rows),
        "may": may,
    }
    return render(request, "reports/below.html", context)


def _undone_until(rows: Sequence[queries.IncomingChild], may: Mapping[str, bool]) -> Any:
    """Return by version until when its acceptance is undone, for who decides."""
    if not may["decides_below"]:
        return {}
    return undoing.accepted_until(row.version for row in rows if row.version is not None)


@require_safe
def version(request: PortalRequest, version_id: int) -> HttpResponse:
    """Return a version as submitted, with its parts and its history."""
    version = access.readable_version(request.scope, version_id)
    above, is_counted = parent_slot(version.slot), not queries.waits_above(version)
    context = {
        "version": version,
        "slot": version.slot,
        "standing": standing(version.state, reader(above), is_counted=is_counted),
        "parts": pages.version_parts(version),
        "events": version.events.select_related("by").order_by("pk"),
        "inputs": inputs_with_absences(version, request),
        "stands": look_of_version(version),
        "alarms": pages.alarms_of(version),
        "before": queries.version_before(version),
        "newest": queries.newest(version.slot),
        "above": above,
        "may": pages.may(request.scope, version.slot, version),
        "tone": pages.TONES.get(version.state, "calm"),
        "is_new": request.GET.get("new") == "1",
        "sent_until": undoing.sent_until(version),
        "accepted_until": undoing.accepted_until([version]).get(version.pk),
        "may_ask_correction": undoing.may_ask_correction(version),
        "is_asked_to_correct": undoing.is_asked_to_correct(version),
        "changed": after_signing.changes_of(request.scope, version),
    }
    context |= pages.compare_with_last_phase(version.slot)
    return render(request, "reports/version.html", context)


@require_POST
def mark_seen(request: PortalRequest, version_id: int) -> HttpResponse:
    """Note that the person has looked at what changed after a report was signed or sent."""
    version = access.readable_version(request.scope, version_id)
    after_signing.mark_seen(version, actor=request.user)
    return redirect("reports:version", version.pk)


@require_safe
def compare(request: PortalRequest, version_id: int, number: int) -> HttpResponse:
    """Return what changed between two versions of the same report."""
    new = access.readable_version(request.scope, version_id)
    old = queries.version_number(new.slot, number)
    context = {"old": old, "new": new, "slot": new.slot, "changes": pages.changes(old, new)}
    return render(request, "reports/compare.html", context)


# Decisions: accept, return, withdraw, sign, forward.


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: PortalRequest, version_id: int) -> HttpResponse:
    """Show a report with a box for a remark on each field, and return it with those."""
    version = access.version_to_decide(request.scope, version_id)
    first = pages.time_to_mend(version)
    form = ReportReviewForm(pages.form_in(version.slot), request.POST or None, first)
    give_back = partial(acts.return_version, version, actor=request.user)
    queue = queue_after(version, listed=list_in(request), reader=request.user)
    if succeeds(form, lambda: give_back(form.remarks(), until=form.until())):
        if request.POST.get("then") == "next":
            return go_on(queue, version.pk)
        messages.success(request, _("The report was returned; the unit sees your remarks."))
        return redirect(row_address(version))
    context = {
        "queue": queue,
        "decided": just_decided(request),
        "version": version,
        "slot": version.slot,
        "form": form,
        "parts": pages.review_parts(version, form),
        "inputs": inputs_with_absences(version, request),
        "stands": look_of_version(version),
        "before": queries.version_before(version),
        "may": pages.may(request.scope, version.slot, version),
        "zero": power_words(names_of(version.slot.node).power()),
    }
    context |= pages.compare_with_last_phase(version.slot)
    return render(request, "reports/review.html", context)


@require_POST
def accept(request: PortalRequest, version_id: int) -> HttpResponse:
    """Accept a report: it was read, and goes into the total from now on."""
    version = access.version_to_decide(request.scope, version_id)
    queue = queue_after(version, listed=list_in(request), reader=request.user)
    if run_with_message(request, lambda: acts.accept(version, actor=request.user)):
        if request.POST.get("then") == "next":
            return go_on(queue, version.pk)
        above, waits = parent_slot(version.slot), queries.waits_above(version)
        messages.success(request, acceptance_message(above, is_counted=not waits))
        return redirect(row_address(version))
    return redirect("reports:version", version.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PortalRequest, version_id: int) -> HttpResponse:
    """Withdraw the own report before it is accepted."""
    version = access.own_version(request.scope, version_id, *access.WRITES)
    form = ReportReasonForm(request.POST or None)
    take_back = partial(submitting.withdraw, version, actor=request.user)
    if succeeds(form, lambda: take_back(form.cleaned_data["why"])):
        return redirect("reports:slot", version.slot_id)
    context = {"version": version, "slot": version.slot, "form": form}
    return render(request, "reports/withdraw.html", context)


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
        "stands": look_of_version(version),
        "alarms": pages.alarms_of(version),
        "may": pages.may(request.scope, version.slot, version),
    }
    return render(request, "reports/sign.html", context)


@require_POST
def forward(request: PortalRequest, version_id: int) -> HttpResponse:
    """Send a signed report up."""
    version = access.own_version(request.scope, version_id, *access.FORWARDS)
    done = _("Sent to the office above.")
    run_with_message(request, lambda: acts.forward(version, actor=request.user), done)
    return redirect("reports:version", version.pk)


@confirmed_recently
@require_http_methods(["GET", "HEAD", "POST"])
def one_person(request: PortalRequest, node_id: int) -> HttpResponse:
    """Let the only person of a unit below sign what they wrote."""
    node = access.child_to_allow(request.scope, node_id)
    form = RecordedReasonForm(request.POST or None)
    allow = partial(acts.allow_one_person, node, actor=request.user)
    if succeeds(form, lambda: allow(form.cleaned_data["reason"])):
        return redirect("followup:node", node.pk)
    context = {"node": node, "form": form, "people": acts.people_of(node)}
    return render(request, "reports/one_person.html", context)


# The figures of a report as files for other programs.


@require_safe
def total_file(request: PortalRequest, slot_id: int, kind: str) -> HttpResponse:
    """Return what a draft adds up to today."""
    slot = access.own_slot(request.scope, slot_id, *access.ADDS_UP)
    draft = queries.draft_of(slot)
    if draft is None:
        return redirect("reports:slot", slot.pk)
    return as_file(figures.of_draft(slot, draft), figures.name_of(slot), kind)


@require_safe
def version_file(request: PortalRequest, version_id: int, kind: str) -> HttpResponse:
    """Return the figures of a version."""
    version = access.readable_version(request.scope, version_id)
    name = f"{figures.name_of(version.slot)}-ban-{version.n}"
    return as_file(figures.of_version(version), name, kind)


# The lineage of a figure.


@require_safe
def trace(request: PortalRequest, version_id: int, key: str) -> HttpResponse:
    """Return the lineage of a figure; `?on=` leads to the version of that day."""
    asked_day = day_in(request, _("As it was known at the end of the day"))
    version, on = access.readable_version(request.scope, version_id), asked_day.day
    version_then = lineage.version_on(version, on)
    if version_then is not None and version_then.pk != version.pk:
        return redirect(f"{reverse('trace:figure', args=[version_then.pk, key])}?on={on}")
    page = lineage.page_for(request.scope, version, key, on)
    if page is None:
        raise Http404
    seats = node_scope(request.scope, version.slot.node.campaign)
    name = request.GET.get("name", "")[:100]
    context = {
        "page": page,
        "trace": page.trace,
        "version": version,
        "slot": version.slot,
        "reads_below": access.reads_below(seats, version.slot.node),
        "listed": page_of(page.trace.named(name), request),
        "name": name,
        "asked": asked_day,
        "nothing_then": on is not None and version_then is None,
        "now": timezone.now(),
    }
    return render(request, "reports/trace.html", context)
