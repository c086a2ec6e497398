"""The desk of who signs a report's document: its pages, and the three ways to sign it."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from quetsach_portal.files import signing_desk
from quetsach_portal.files.signing_desk import SignedFileForm
from quetsach_portal.looks.figures import look_of_node
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.reports.certificates import actions as certificates_actions
from quetsach_portal.reports.documents import actions, queries
from quetsach_portal.web.acts import attempt
from quetsach_portal.web.request import PortalRequest

PAGE = ["GET", "HEAD", "POST"]


@require_http_methods(PAGE)
@confirmed_recently
def sign(request: PortalRequest, document_id: int) -> HttpResponse:
    """Show the document as it goes out, and take the PDF that was signed on the signer's PC."""
    document = queries.document_to(request.scope, document_id, *queries.SIGNS)
    shown = queries.document_page(request.scope, document.version)
    form = SignedFileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        copy = attempt(form, lambda: actions.store_signed_copy(document, file, actor=request.user))
        if copy is not None:
            holder = certificates_actions.words(copy.certificate)
            messages.success(request, _("The signed copy is stored.") + " " + holder)
            return redirect("report_documents:page", document.version_id)
    context = {
        "document": document,
        "shown": shown,
        "form": form,
        "waits": shown.may_sign and shown.document == document,
        "look": look_of_node(document.version.slot.node),
        "pages": signing_desk.pages_of(document.pdf),
        "pictures": reverse("report_documents:sign", args=[document_id]),
        "pdf": reverse("report_documents:file", args=[document_id, "pdf"]),
        "on_paper": False,
        "scan": reverse("report_documents:scan", args=[document_id]),
        "has_remote": signing_desk.has_remote_signing(),
        "remote": reverse("report_documents:sign_remotely", args=[document_id]),
    }
    return render(request, "reports/documents/sign.html", context)


@require_safe
def picture(request: PortalRequest, document_id: int, number: int) -> HttpResponse:
    """Return a page of the document as picture."""
    document = queries.document_to(request.scope, document_id, *queries.SIGNS)
    stored = document.pdf
    response = None if stored is None else signing_desk.picture_response(stored, number)
    if response is None:
        raise Http404
    return response


@sensitive_post_parameters("pin", "otp")
@require_http_methods(PAGE)
@confirmed_recently
def sign_remotely(request: PortalRequest, document_id: int) -> HttpResponse:
    """Sign the document with a key that a trust service keeps."""
    document = queries.document_to(request.scope, document_id, *queries.SIGNS)
    back = reverse("report_documents:sign", args=[document_id])
    shown = queries.document_page(request.scope, document.version)
    if document.pdf is None or not shown.may_sign or shown.document != document:
        return redirect(back)
    store = partial(actions.store_signed_copy, document, actor=request.user)
    step = signing_desk.remote_step(request, document.pdf, store)
    if step is None:
        messages.success(request, _("The report is signed remotely; the signed copy is stored."))
        return redirect("report_documents:page", document.version_id)
    context = {"step": step, "back": back, "name": document.full_number}
    return render(request, "files/signing_remotely.html", context)
