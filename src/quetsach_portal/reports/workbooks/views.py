"""Pages of the workbook: download it, give it back, look at the differences, save."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.files.names import attachment_header
from quetsach_portal.reports.access import WRITES, own_slot
from quetsach_portal.reports.queries import draft_of
from quetsach_portal.reports.workbooks import actions, sheets
from quetsach_portal.reports.workbooks.forms import WorkbookForm
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import attempt
from quetsach_portal.web.problems import Refused


@require_safe
def download(request: Request, slot_id: int) -> HttpResponse:
    """Hand out the workbook of an expected report."""
    slot = own_slot(request.scope, slot_id, *WRITES)
    response = HttpResponse(sheets.workbook_of(slot), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = attachment_header(sheets.file_name(slot))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: Request, slot_id: int) -> HttpResponse:
    """Take a filled workbook, and show what it changes; nothing is saved yet."""
    slot = own_slot(request.scope, slot_id, *WRITES)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        found = attempt(form, lambda: sheets.filled(slot, file.read(), file.name))
        if found is not None:
            changed = sheets.changes(slot, found)
            answers = sheets.as_answers(found, [one.key for one in changed])
            shown = {
                "slot": slot,
                "found": found,
                "changes": changed,
                "draft": draft_of(slot),
                "carried": actions.looked_at(slot, answers),
            }
            return render(request, "reports/workbooks/differences.html", shown)
    return render(request, "reports/workbooks/give.html", {"form": form, "slot": slot})


@require_POST
def save(request: Request, slot_id: int) -> HttpResponse:
    """Save what the page of differences showed."""
    slot = own_slot(request.scope, slot_id, *WRITES)
    try:
        chosen = request.POST.getlist("take") if "choose" in request.POST else None
        carried = request.POST.get("carried", "")
        actions.take_over(slot, carried, actor=request.user, only=chosen)
    except Refused as refused:
        messages.error(request, refused.told)
        return redirect("report_workbooks:give", slot_id)
    messages.success(request, _("The answers of the workbook are saved in the draft."))
    return redirect("reports:slot", slot_id)
