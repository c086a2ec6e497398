"""Views of a document: its files, number, signatures, release and proof bundle."""

from collections.abc import Callable
from functools import partial

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.files.storage import attachment, attachment_header
from quetsach_portal.letters.forms import NumberingForm, name_field, post_field
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.reports.access import readable_version
from quetsach_portal.reports.certificates import actions as certificates_actions
from quetsach_portal.reports.documents import actions, making, queries
from quetsach_portal.reports.documents.actions import DocumentNumbering
from quetsach_portal.web.acts import Refused, attempt, succeeds
from quetsach_portal.web.request import PortalRequest


class ReportNumberForm(NumberingForm):
    """What the clerk gives a report; names are as long as its entry in the register takes."""

    code = forms.CharField(
        label=_lazy("Code of the report"),
        max_length=30,
        help_text=_lazy("Such as BC-UBND, or BC/HU for a body of the Party; without the number."),
    )
    place = forms.CharField(
        label=_lazy("Place"), max_length=80, help_text=_lazy("Printed before the date.")
    )
    signer_name = name_field(50)
    signer_post = post_field(100)
    field_order = ("number", "code", "signed_on", "place")

    def numbering(self) -> DocumentNumbering:
        """Return what was typed."""
        return DocumentNumbering(**self.typed())


class SignedForm(forms.Form):
    """The PDF that was signed by certificate outside."""

    file = forms.FileField(
        label=_lazy("Signed PDF"),
        help_text=_lazy("The file that you downloaded here, with the signature in it."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf"}),
    )


class ScanForm(forms.Form):
    """The scan of a copy signed on paper, and where the paper is."""

    file = forms.FileField(
        label=_lazy("Scan of the signed and sealed report"),
        help_text=_lazy("PDF or photo of all pages."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    original_at = forms.CharField(
        label=_lazy("Where the paper original is kept"),
        max_length=200,
        help_text=_lazy("Such as: records office, folder 12/2026."),
    )


PAGE = ["GET", "HEAD", "POST"]
FILES = ("docx", "pdf", "paper")


@require_safe
def page(request: PortalRequest, version_id: int) -> HttpResponse:
    """Return the documents of a version, with what is to be done next."""
    version = readable_version(request.scope, version_id)
    shown = queries.document_page(request.scope, version)
    return render(request, "reports/documents/page.html", {"shown": shown})


@require_POST
def make(request: PortalRequest, version_id: int) -> HttpResponse:
    """Request the files."""
    version = queries.version_to_print(request.scope, version_id)
    _run(request, lambda: actions.request_document(version, actor=request.user))
    return redirect("report_documents:page", version_id)


@require_http_methods(PAGE)
def number(request: PortalRequest, document_id: int) -> HttpResponse:
    """Give number, day and signer."""
    document = queries.document_to(request.scope, document_id, *queries.NUMBERS)
    form = ReportNumberForm(request.POST or None, initial=queries.numbering_for(document))
    give = partial(actions.give_number, document, actor=request.user)
    if succeeds(
        form, lambda: give(form.numbering(), repeat_is_meant=form.cleaned_data["repeat_is_meant"])
    ):
        messages.success(request, _("The report has its number; its files are being created."))
        return redirect("report_documents:page", document.version_id)
    return render(request, "reports/documents/number.html", {"form": form, "document": document})


@require_http_methods(PAGE)
@confirmed_recently
def signed(request: PortalRequest, document_id: int) -> HttpResponse:
    """Take the PDF that was signed outside."""
    document = queries.document_to(request.scope, document_id, *queries.SIGNS)
    form = SignedForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        copy = attempt(form, lambda: actions.store_signed_copy(document, file, actor=request.user))
        if copy is not None:
            holder = certificates_actions.words(copy.certificate)
            messages.success(request, _("The signed copy is stored.") + " " + holder)
            return redirect("report_documents:page", document.version_id)
    return render(request, "reports/documents/signed.html", {"form": form, "document": document})


@require_http_methods(PAGE)
@confirmed_recently
def scan(request: PortalRequest, document_id: int) -> HttpResponse:
    """Take the scan of a copy signed on paper."""
    document = queries.document_to(request.scope, document_id, *queries.SIGNS)
    form = ScanForm(request.POST or None, request.FILES or None)
    store = partial(actions.store_scan, document, actor=request.user)
    if succeeds(form, lambda: store(form.cleaned_data["file"], form.cleaned_data["original_at"])):
        messages.success(request, _("The scan is stored; the paper is the original."))
        return redirect("report_documents:page", document.version_id)
    return render(request, "reports/documents/scan.html", {"form": form, "document": document})


@require_POST
def reverify(request: PortalRequest, signature_id: int) -> HttpResponse:
    """Judge a signed copy anew."""
    signature = queries.readable_signature(request.scope, signature_id)
    document = queries.document_to(request.scope, signature.document_id, *queries.SIGNS)
    signature.document = document
    _run(request, lambda: actions.reverify_signature(signature, actor=request.user))
    return redirect("report_documents:page", document.version_id)


@require_http_methods(PAGE)
@confirmed_recently
def release(request: PortalRequest, document_id: int) -> HttpResponse:
    """Show the document for review, then release it; the report is forwarded."""
    document = queries.document_to(request.scope, document_id, *queries.NUMBERS)
    if request.method == "POST":
        if _run(request, lambda: actions.release(document, actor=request.user)):
            messages.success(request, _("The report is released."))
        return redirect("report_documents:page", document.version_id)
    shown = queries.document_page(request.scope, document.version)
    return render(request, "reports/documents/release.html", {"shown": shown})


@require_safe
def file(request: PortalRequest, document_id: int, which: str) -> FileResponse:
    """Return a file of the document."""
    document = queries.readable_document(request.scope, document_id)
    stored = getattr(document, which) if which in FILES else None
    if stored is None:
        raise Http404
    return attachment(stored)


@require_safe
def signed_copy(request: PortalRequest, signature_id: int) -> FileResponse:
    """Return a signed copy."""
    return attachment(queries.readable_signature(request.scope, signature_id).file)


@require_safe
def register_entry(request: PortalRequest, document_id: int, form: str) -> HttpResponse:
    """Return the entry for the register of outgoing documents, as XML or JSON."""
    document = queries.readable_document(request.scope, document_id)
    if not document.entry or form not in queries.FORMS:
        raise Http404
    content = queries.entry_as(document, form)
    response = HttpResponse(content, content_type="application/octet-stream")
    name = f"so-van-ban-di-{document.pk}.{form}"
    response.headers["Content-Disposition"] = attachment_header(name)
    return response


@require_safe
def bundle(request: PortalRequest, version_id: int) -> HttpResponseBase:
    """Return the proof bundle, which anybody can verify offline.

    It contains the reports below for users who may read them.
    """
    version, with_below = queries.version_to_prove(request.scope, version_id)
    try:
        file = making.bundle_of(version, with_below=with_below)
    except Refused as refused:
        messages.error(request, refused.told)
        return redirect("report_documents:page", version_id)
    response = FileResponse(file, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = attachment_header(f"bao-cao-{version.code}.proof")
    return response


def _run(request: PortalRequest, act: Callable[[], object]) -> bool:
    """Run `act`; a refusal is shown on the next page."""
    try:
        act()
    except Refused as refused:
        messages.error(request, refused.told)
        return False
    return True
