"""Pages of a report's document: its files, number, signatures, release, and proof bundle."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.files.names import attachment_header
from quetsach_portal.files.sending import attachment
from quetsach_portal.reports.access import seen_version
from quetsach_portal.reports.certificates import holders
from quetsach_portal.reports.documents import access, actions, bundles, entries, forms, queries
from quetsach_portal.rights.again import confirmed_recently
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import attempt
from quetsach_portal.web.problems import Refused

PAGE = ["GET", "HEAD", "POST"]
FILES = ("docx", "pdf", "paper")


@require_safe
def page(request: Request, version_id: int) -> HttpResponse:
    """Return the documents of a version, with what is to be done next."""
    version = seen_version(request.scope, version_id)
    shown = queries.document_page(request.scope, version)
    return render(request, "reports/documents/page.html", {"shown": shown})


@require_POST
def make(request: Request, version_id: int) -> HttpResponse:
    """Have the files made."""
    version = access.version_to_print(request.scope, version_id)
    try:
        actions.ask(version, actor=request.user)
    except Refused as refused:
        messages.error(request, refused.told)
    return redirect("report_documents:page", version_id)


@require_http_methods(PAGE)
def number(request: Request, document_id: int) -> HttpResponse:
    """Give number, day and signer."""
    document = access.document_to(request.scope, document_id, *access.NUMBERS)
    form = forms.NumberForm(request.POST or None, initial=queries.numbering_for(document))
    if form.is_valid():
        given = attempt(
            form,
            lambda: actions.give_number(
                document,
                form.numbering(),
                repeat_is_meant=form.cleaned_data["repeat_is_meant"],
                actor=request.user,
            ),
        )
        if given is not None:
            messages.success(request, _("The report has its number; its files are being made."))
            return redirect("report_documents:page", document.version_id)
    return render(request, "reports/documents/number.html", {"form": form, "document": document})


@require_http_methods(PAGE)
@confirmed_recently
def signed(request: Request, document_id: int) -> HttpResponse:
    """Take the PDF that was signed outside."""
    document = access.document_to(request.scope, document_id, *access.SIGNS)
    form = forms.SignedForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        kept = attempt(form, lambda: actions.keep_signed(document, file, actor=request.user))
        if kept is not None:
            told = holders.words(kept.certificate)
            messages.success(request, _("The signed copy is kept.") + " " + told)
            return redirect("report_documents:page", document.version_id)
    return render(request, "reports/documents/signed.html", {"form": form, "document": document})


@require_http_methods(PAGE)
@confirmed_recently
def scan(request: Request, document_id: int) -> HttpResponse:
    """Take the scan of a copy signed on paper."""
    document = access.document_to(request.scope, document_id, *access.SIGNS)
    form = forms.ScanForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file, where = form.cleaned_data["file"], form.cleaned_data["original_at"]
        kept = attempt(form, lambda: actions.keep_scan(document, file, where, actor=request.user))
        if kept is not None:
            messages.success(request, _("The scan is kept; the paper is the original."))
            return redirect("report_documents:page", document.version_id)
    return render(request, "reports/documents/scan.html", {"form": form, "document": document})


@require_POST
def judge_again(request: Request, signature_id: int) -> HttpResponse:
    """Judge a signed copy anew."""
    signature = access.seen_signature(request.scope, signature_id)
    document = access.document_to(request.scope, signature.document_id, *access.SIGNS)
    signature.document = document
    try:
        actions.judge_again(signature, actor=request.user)
    except Refused as refused:
        messages.error(request, refused.told)
    return redirect("report_documents:page", document.version_id)


@require_http_methods(PAGE)
@confirmed_recently
def release(request: Request, document_id: int) -> HttpResponse:
    """Look it over, then release the document; the report goes to the office above."""
    document = access.document_to(request.scope, document_id, *access.NUMBERS)
    if request.method == "POST":
        try:
            actions.release(document, actor=request.user)
            messages.success(request, _("The report is released."))
        except Refused as refused:
            messages.error(request, refused.told)
        return redirect("report_documents:page", document.version_id)
    shown = queries.document_page(request.scope, document.version)
    return render(request, "reports/documents/release.html", {"shown": shown})


@require_safe
def file(request: Request, document_id: int, which: str) -> FileResponse:
    """Hand out a file of the document."""
    document = access.seen_document(request.scope, document_id)
    stored = getattr(document, which) if which in FILES else None
    if stored is None:
        raise Http404
    return attachment(stored)


@require_safe
def signed_copy(request: Request, signature_id: int) -> FileResponse:
    """Hand out a signed copy."""
    return attachment(access.seen_signature(request.scope, signature_id).file)


@require_safe
def entry(request: Request, document_id: int, form: str) -> HttpResponse:
    """Hand out the entry for the register of outgoing documents, as XML or JSON."""
    document = access.seen_document(request.scope, document_id)
    if not document.entry or form not in entries.FORMS:
        raise Http404
    return _sent(entries.entry_as(document, form), f"so-van-ban-di-{document.pk}.{form}")


@require_safe
def bundle(request: Request, version_id: int) -> HttpResponseBase:
    """Hand out the proof bundle, which anybody verifies without a network.

    The reports below are in it for those who may read them.
    """
    version, with_below = access.version_to_prove(request.scope, version_id)
    try:
        file = bundles.bundle_of(version, with_below=with_below)
    except Refused as refused:
        messages.error(request, refused.told)
        return redirect("report_documents:page", version_id)
    response = FileResponse(file, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = attachment_header(f"bao-cao-{version.code}.proof")
    return response


def _sent(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = attachment_header(name)
    return response
