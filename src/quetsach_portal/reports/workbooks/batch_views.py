"""Views of workbook batches: download, upload, review, save."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.campaigns.report_form import FilesField
from quetsach_portal.files.storage import attachment_header
from quetsach_portal.followup.pages import number_in
from quetsach_portal.reports.access import ADDS_UP, own_slot
from quetsach_portal.reports.workbooks import batches
from quetsach_portal.web.acts import succeeds
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.request import PortalRequest

# The Django form of the upload.


class WorkbooksForm(forms.Form):
    """Filled workbooks, or one ZIP file of them."""

    workbooks = FilesField(
        label=_lazy("Filled workbooks"),
        help_text=_lazy(
            "Up to 40 XLSX files that were downloaded here, or one ZIP file of them. Nothing is "
            "saved before you have looked at it, and nothing is handed in by itself."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["workbooks"].widget.attrs["accept"] = ".xlsx,.zip"


@require_http_methods(["GET", "HEAD", "POST"])
def upload_batch(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Take filled workbooks, and show of each what it changes; nothing is saved yet."""
    slot = own_slot(request.scope, slot_id, *ADDS_UP)
    form = WorkbooksForm(request.POST or None, request.FILES or None)
    if succeeds(
        form,
        lambda: batches.give(
            slot,
            batches.files_of((one.name or "", one) for one in form.cleaned_data["workbooks"]),
            actor=request.user,
        ),
    ):
        return redirect("report_bulk:give", slot.pk)
    batch = batches.batch_of(slot, request.user)
    rows = [] if batch is None or batch.read_at is None else batches.judged(batch)
    slots = batches.open_slots(slot)
    context = {
        "slot": slot,
        "form": form,
        "batch": batch,
        "rows": rows,
        "counts": batches.counts(rows),
        "units": len(slots),
        "pages": range(1, -(-len(slots) // batches.MOST_FILES) + 1),
    }
    return render(request, "reports/bulk/give.html", context)


@require_safe
def download_batch(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Hand out the workbooks of the units directly below that can still be filled in, some a page.

    So many as one upload takes.
    """
    slot = own_slot(request.scope, slot_id, *ADDS_UP)
    page = page_of(batches.open_slots(slot), request, per=batches.MOST_FILES)
    response = HttpResponse(batches.empty_workbooks(page.rows), content_type="application/zip")
    name = f"bieu-bao-cao-{slot.node.unit.code}-dot-{slot.phase.no}-{page.number}.zip"
    response.headers["Content-Disposition"] = attachment_header(name)
    return response


@require_POST
def save_batch(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Save the chosen ones of those that can be saved."""
    slot = own_slot(request.scope, slot_id, *ADDS_UP)
    batch = batches.batch_of(slot, request.user)
    numbers = map(number_in, request.POST.getlist("file"))
    chosen = {one for one in numbers if one is not None}
    if batch is None or batch.read_at is None or not chosen:
        messages.warning(request, _("Nothing was chosen, and nothing was saved."))
        return redirect("report_bulk:give", slot.pk)
    saved, refusals = batches.save_green(batch, chosen, actor=request.user)
    if saved:
        told = _("%(count)s drafts were written. Each unit looks its report over and hands it in.")
        messages.success(request, told % {"count": saved})
    for one in refusals[:10]:
        messages.warning(request, one)
    return redirect("report_bulk:give", slot.pk)
