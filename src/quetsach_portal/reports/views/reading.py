"""Read reports: one's own, those from below, one version, and what changed between two."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quetsach_portal.campaigns.scope import campaigns_of
from quetsach_portal.followup.asked import day_in
from quetsach_portal.reports import access, incoming, pages, queries
from quetsach_portal.reports.absentees import told_inputs
from quetsach_portal.reports.standing import reader, standing
from quetsach_portal.rights.request import Request
from quetsach_portal.web.paging import page_of


@require_safe
def index(request: Request) -> HttpResponse:
    """Return the reports that the person's units owe, campaign by campaign."""
    campaigns = campaigns_of(request.scope)[:20]
    groups = [(one, pages.own_slots(request.scope, one)) for one in campaigns]
    groups = [(campaign, slots) for campaign, slots in groups if slots]
    return render(request, "reports/index.html", {"groups": groups, "tones": pages.TONES})


@require_safe
def slot(request: Request, slot_id: int) -> HttpResponse:
    """Return one expected report: where it stands, its versions, what to do next."""
    slot = access.seen_slot(request.scope, slot_id)
    asked = day_in(request, _("As known at the end of the day"))
    newest, on = queries.newest(slot), asked.day
    given = {
        "slot": slot,
        "standing": standing(
            slot.state,
            reader(queries.slot_above(slot)),
            is_counted=newest is None or not queries.waits_above(newest),
            is_on_paper=queries.Incoming(slot, newest).is_on_paper,
        ),
        "newest": newest,
        "may": pages.may(request.scope, slot, newest),
        "draft": queries.draft_of(slot),
        "versions": queries.versions_of(slot),
        "returns": queries.open_returns(slot),
        "notices": queries.open_notices(slot),
        "dismissed": queries.dismissed_notices(slot),
        "has_children": pages.has_children(slot),
        "asked": asked,
        "on": on,
        "known": None if on is None else queries.as_known(slot, pages.end_of(on)),
        "tone": pages.TONES.get(slot.state, "calm"),
        "is_late": slot.reported_at is None and timezone.now() >= slot.due_at,
    }
    return render(request, "reports/slot.html", given)


@require_safe
def below(request: Request, slot_id: int) -> HttpResponse:
    """Return the reports of the units directly below, those to be read first."""
    slot = access.seen_slot(request.scope, slot_id)
    rows, may = queries.incoming(slot), pages.may(request.scope, slot, None)
    page = page_of(rows, request)
    count = incoming.asked_count(slot, request.GET.get("figure", "")) if may["read_below"] else None
    given = {
        "slot": slot,
        "page": page,
        "lines": incoming.lines(slot, page.rows, count),
        "count": count,
        "choices": incoming.choices(slot),
        "next": next((one.version for one in rows if one.waits), None),
        "units": len(rows),
        "waiting": sum(one.waits for one in rows),
        "came": sum(one.slot.reported_at is not None for one in rows),
        "returned": sum(one.is_returned for one in rows),
        "may": may,
    }
    return render(request, "reports/below.html", given)


@require_safe
def version(request: Request, version_id: int) -> HttpResponse:
    """Return one version as it was handed in, with its parts and what became of it."""
    version = access.seen_version(request.scope, version_id)
    above = queries.slot_above(version.slot)
    given = {
        "version": version,
        "slot": version.slot,
        "standing": standing(
            version.state, reader(above), is_counted=not queries.waits_above(version)
        ),
        "parts": pages.version_parts(version),
        "events": version.events.select_related("by").order_by("pk"),
        "inputs": told_inputs(version, request),
        "alarms": pages.alarms_of(version),
        "before": queries.version_before(version),
        "newest": queries.newest(version.slot),
        "above": above,
        "may": pages.may(request.scope, version.slot, version),
        "tone": pages.TONES.get(version.state, "calm"),
        "is_new": request.GET.get("new") == "1",
    }
    given |= pages.held_against(version.slot)
    return render(request, "reports/version.html", given)


@require_safe
def compare(request: Request, version_id: int, number: int) -> HttpResponse:
    """Return what changed between two versions of the same report."""
    new = access.seen_version(request.scope, version_id)
    old = queries.version_number(new.slot, number)
    given = {"old": old, "new": new, "slot": new.slot, "changes": pages.changes(old, new)}
    return render(request, "reports/compare.html", given)
