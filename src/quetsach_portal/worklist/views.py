"""The first page: what each role has to do today; its acts; and the search of every page."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quetsach_portal.followup.access import SAYS_RECEIVED
from quetsach_portal.followup.access import own_node as own_node_of_followup
from quetsach_portal.followup.pages import number_in
from quetsach_portal.intake.access import own_node_for
from quetsach_portal.intake.forms import BeginForm, MachineTotalForm
from quetsach_portal.intake.submission_page import COLLECTOR
from quetsach_portal.reports.access import WRITES, own_slot
from quetsach_portal.reports.writing import at_once
from quetsach_portal.reports.writing.looked import LookAnswer
from quetsach_portal.web.acts import run_with_message
from quetsach_portal.web.offline import answers_kept, keepable
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.worklist import acts
from quetsach_portal.worklist.named_people import note_shown
from quetsach_portal.worklist.next_due import next_due, next_report
from quetsach_portal.worklist.queries import board
from quetsach_portal.worklist.search import LONGEST, results_of
from quetsach_portal.worklist.unit_case import case_of


@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """Return today's page, in the campaign that is asked for."""
    asked = number_in(request.GET.get("campaign", ""))
    today = board(request.scope, asked, map_as_table=request.GET.get("map") == "table")
    case = case_of(today.tasks[0]) if len(today.tasks) == 1 else None
    if case is None:
        return keepable(request, render(request, "today/home.html", {"board": today}))
    form = BeginForm(kind=COLLECTOR, unit=case.node.unit, user=request.user)
    shown = {"board": today, "case": case, "form": form}
    if case.state == "sent":
        shown |= {"next_due": next_due(today, case), "next_report": next_report(case.slot)}
    return keepable(request, render(request, "today/case.html", shown))


@require_safe
def go_to_next(request: PortalRequest) -> HttpResponse:
    """Lead to the next thing that is due, to the first page where there is none."""
    today = board(request.scope, number_in(request.GET.get("campaign", "")))
    case = case_of(today.tasks[0]) if len(today.tasks) == 1 else None
    due = next_due(today, None if case is None or case.state != "sent" else case)
    return redirect(reverse("home") if due is None else due.address)


@require_POST
def receive(request: PortalRequest, node_id: int) -> HttpResponse:
    """Confirm the receipt, and make the codes by which the staff is invited."""
    node = own_node_of_followup(request.scope, node_id, *SAYS_RECEIVED)
    run_with_message(
        request,
        lambda: acts.receive_and_invite(node, scope=request.scope, actor=request.user),
        done=_("The receipt is confirmed. The codes for your staff are ready."),
    )
    return _back(node.campaign_id, "look")


@require_POST
@answers_kept
def look(request: PortalRequest, node_id: int) -> HttpResponse:
    """Take what the collector brought back, and what the unit says of its machines and logs."""
    node = own_node_for(request.scope, node_id)
    form = BeginForm(request.POST, request.FILES, kind=COLLECTOR, unit=node.unit, user=request.user)
    total = MachineTotalForm(request.POST) if request.POST.get("machines", "").strip() else None
    for checked in filter(None, (form, total)):
        if not checked.is_valid():
            for errors in checked.errors.values():
                messages.warning(request, str(errors[0]))
            return _back(node.campaign_id, "look")
    hand_in = acts.HandIn(
        upload=form.given(),
        token=form.cleaned_data["token"] or uuid4(),
        machines=None if total is None else total.cleaned_data["machines"],
        has_no_logs=request.POST.get("no_logs") == "1",
    )
    run_with_message(
        request,
        lambda: acts.hand_in(node, hand_in, scope=request.scope, actor=request.user),
        done=_("The file was taken. Its result appears here as soon as it is read."),
    )
    return _back(node.campaign_id, "look")


@require_POST
def send(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Send the report as the page shows it."""
    slot = own_slot(request.scope, slot_id, *WRITES)
    posted = {name: str(text) for name, text in request.POST.items()}
    typed = {name[2:]: text for name, text in posted.items() if name.startswith("v-")}
    reasons = {name[2:]: text for name, text in posted.items() if name.startswith("w-")}
    gap = LookAnswer(request.POST.get("gap", ""), request.POST.get("gap_text", ""))
    is_sent = run_with_message(
        request,
        lambda: at_once.send(slot, typed, reasons, gap=gap, actor=request.user),
    )
    return _back(slot.node.campaign_id, "" if is_sent else "report")


def _back(campaign_id: int, row: str) -> HttpResponseRedirect:
    """Return to the page in that campaign, at the row."""
    place = f"#{row}" if row else ""
    return redirect(f"{reverse('home')}?campaign={campaign_id}{place}")


@require_safe
def find(request: PortalRequest) -> HttpResponse:
    """Return what the words asked for name, within the person's scope."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    results = results_of(request.scope, words) if words else None
    if results is not None and results.people:
        note_shown(results.people, actor=request.user)
    return render(request, "today/find.html", {"words": words, "results": results})
