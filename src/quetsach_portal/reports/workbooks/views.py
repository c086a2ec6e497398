"""Views of one workbook: download, upload, review the differences, save."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.files.storage import attachment_header
from quetsach_portal.reports.access import WRITES, own_slot
from quetsach_portal.reports.queries import draft_of
from quetsach_portal.reports.workbooks import workbook
from quetsach_portal.web.acts import Refused, attempt
from quetsach_portal.web.request import PortalRequest

# The Django form of the upload.


class WorkbookForm(forms.Form):
    """A filled workbook."""

    file = forms.FileField(
        label=_lazy("Filled workbook"),
        help_text=_lazy(
            "The XLSX file that you downloaded here. Nothing is saved before you have looked at it."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )


@require_safe
def download_workbook(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Hand out the workbook of an expected report."""
    slot = own_slot(request.scope, slot_id, *WRITES)
    response = HttpResponse(workbook.workbook_of(slot), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = attachment_header(workbook.file_name(slot))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def upload_workbook(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Take a filled workbook, and show what it changes; nothing is saved yet."""
    slot = own_slot(request.scope, slot_id, *WRITES)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        filled = attempt(form, lambda: workbook.filled(slot, file.read(), file.name))
        if filled is not None:
            changed = workbook.changes(slot, filled)
            answers = workbook.as_answers(filled, [one.key for one in changed])
            shown = {
                "slot": slot,
                "found": filled,
                "changes": changed,
                "draft": draft_of(slot),
                "carried": workbook.looked_at(slot, answers),
            }
            return render(request, "reports/workbooks/differences.html", shown)
    return render(request, "reports/workbooks/give.html", {"form": form, "slot": slot})


@require_POST
def save_workbook(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Save what the page of differences showed."""
    slot = own_slot(request.scope, slot_id, *WRITES)
    try:
        chosen = request.POST.getlist("take") if "choose" in request.POST else None
        carried = request.POST.get("carried", "")
        workbook.take_over(slot, carried, actor=request.user, only=chosen)
    except Refused as refused:
        messages.error(request, refused.told)
        return redirect("report_workbooks:give", slot_id)
    messages.success(request, _("The answers of the workbook are saved in the draft."))
    return redirect("reports:slot", slot_id)
