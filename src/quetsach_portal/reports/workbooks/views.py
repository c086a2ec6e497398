"""Views of workbooks, of one report or a batch: download, upload, review, save."""

from functools import partial
from typing import Any, BinaryIO

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
from quetsach_portal.reports.access import ADDS_UP, WRITES, own_slot
from quetsach_portal.reports.queries import draft_of
from quetsach_portal.reports.workbooks import batches, workbook
from quetsach_portal.web.acts import Refused, attempt, succeeds
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.request import PortalRequest


class WorkbookForm(forms.Form):
    """A filled workbook."""

    file = forms.FileField(
        label=_lazy("Filled workbook"),
        help_text=_lazy(
            "The XLSX file that you downloaded here. Nothing is saved before you have reviewed it."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )


@require_safe
def download_workbook(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Return the workbook of an expected report."""
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
            answers = workbook.as_answers(filled, [change.key for change in changed])
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


class WorkbooksForm(forms.Form):
    """Filled workbooks, or one ZIP file of them."""

    workbooks = FilesField(
        label=_lazy("Filled workbooks"),
        help_text=_lazy(
            "Up to 40 XLSX files that were downloaded here, or one ZIP file of them. "
            "Nothing is saved before you have reviewed it, and nothing is submitted "
            "automatically."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["workbooks"].widget.attrs["accept"] = ".xlsx,.zip"

    def uploads(self) -> list[tuple[str, BinaryIO]]:
        """Return the files with their names; call it on a valid form."""
        return [(upload.name or "", upload) for upload in self.cleaned_data["workbooks"]]


@require_http_methods(["GET", "HEAD", "POST"])
def upload_batch(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Take filled workbooks, and show of each what it changes; nothing is saved yet."""
    slot = own_slot(request.scope, slot_id, *ADDS_UP)
    form = WorkbooksForm(request.POST or None, request.FILES or None)
    give = partial(batches.give, slot, actor=request.user)
    if succeeds(form, lambda: give(batches.files_of(form.uploads()))):
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
    """Return the workbooks of the units directly below that can still be filled in, by page.

    A page has as many as one upload.
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
    chosen = {number for number in numbers if number is not None}
    if batch is None or batch.read_at is None or not chosen:
        messages.warning(request, _("Nothing was chosen, so nothing was saved."))
        return redirect("report_bulk:give", slot.pk)
    saved, refusals = batches.save_green(batch, chosen, actor=request.user)
    if saved:
        done = _("%(count)s drafts were saved. Each unit reviews its report and submits it.")
        messages.success(request, done % {"count": saved})
    for refusal in refusals[:10]:
        messages.warning(request, refusal)
    return redirect("report_bulk:give", slot.pk)
