"""Pages that undo what was sent or accepted, ask for a correction, and end a row of readings."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.followup.pages import number_in
from quetsach_portal.reports import access, queries, together, undoing
from quetsach_portal.reports.forms import RecordedReasonForm
from quetsach_portal.reports.reading_queue import ReadingQueue, row_address
from quetsach_portal.web.acts import run_with_message, succeeds
from quetsach_portal.web.request import PortalRequest


@require_POST
def take_back(request: PortalRequest, version_id: int) -> HttpResponse:
    """Take back a report that was just sent."""
    version = access.own_version(request.scope, version_id, *access.WRITES)
    run_with_message(
        request,
        partial(undoing.take_back, version, actor=request.user),
        done=_("The report was taken back. Nothing was lost: correct it and send it again."),
    )
    if request.POST.get("from") == "today":
        return redirect(f"{reverse('home')}?campaign={version.slot.node.campaign_id}#report")
    return redirect("reports:slot", version.slot_id)


@require_POST
def undo_acceptance(request: PortalRequest, version_id: int) -> HttpResponse:
    """Undo an acceptance; the report waits to be read again, in its row or on its page."""
    version = access.version_to_decide(request.scope, version_id)
    done = _("The acceptance of the report of %(unit)s was undone: it waits to be read again.")
    is_done = run_with_message(
        request,
        partial(undoing.undo_acceptance, version, actor=request.user),
        done=done % {"unit": version.slot.node.name_at_freeze},
    )
    if is_done and request.POST.get("from") == "reading":
        return redirect("reports:review", version.pk)
    return redirect(row_address(version))


@require_http_methods(["GET", "HEAD", "POST"])
def ask_correction(request: PortalRequest, version_id: int) -> HttpResponse:
    """Ask the unit to correct a report that can be neither undone nor returned any more."""
    version = access.version_to_decide(request.scope, version_id)
    form = RecordedReasonForm(request.POST or None)
    ask = partial(undoing.ask_correction, version, actor=request.user)
    if succeeds(form, lambda: ask(form.cleaned_data["reason"])):
        messages.success(request, _("The unit finds the request in its tasks."))
        return redirect(row_address(version))
    context = {"version": version, "slot": version.slot, "form": form}
    return render(request, "reports/ask_correction.html", context)


@require_safe
def all_read(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Return the end of a row of readings: what was decided last, and what is left elsewhere."""
    slot = access.own_slot(request.scope, slot_id, *access.DECIDES)
    waiting = together.waiting_reports(slot)
    context = {
        "slot": slot,
        "decided": just_decided(request),
        "together": sum(not row.why_alone for row in waiting),
        "alone": sum(bool(row.why_alone) for row in waiting),
        "own": queries.newest(slot),
        "may_add_up": request.scope.has_role_in(slot.node.unit, *access.ADDS_UP),
    }
    return render(request, "reports/all_read.html", context)


def go_on(queue: ReadingQueue | None, version_id: int) -> HttpResponseRedirect:
    """Go on with the next report, or to the end; without a list, to the report's own page."""
    if queue is None:
        return redirect("reports:version", version_id)
    joint = "&" if "?" in queue.next_address else "?"
    return redirect(f"{queue.next_address}{joint}{urlencode({'done': version_id})}")


def list_in(request: PortalRequest) -> str:
    """Return which list of reports the person reads, "" for all that wait."""
    return request.POST.get("list", "") or request.GET.get("list", "")


def just_decided(request: PortalRequest) -> dict[str, object] | None:
    """Return the report that was decided on right before, and until when that can be undone."""
    number = number_in(request.GET.get("done", ""))
    version = None if number is None else access.decided_version(request.scope, number)
    if version is None:
        return None
    until = undoing.accepted_until([version]).get(version.pk)
    return {"version": version, "until": until, "is_returned": undoing.is_returned(version)}
