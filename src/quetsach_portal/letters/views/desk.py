"""The desk of who signs a letter: its pages, and the three ways to sign it."""

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
from quetsach_portal.letters import access
from quetsach_portal.letters.actions import signing
from quetsach_portal.letters.pages import is_on_paper, waits_for_signature
from quetsach_portal.letters.recipients import recipients_of
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.web.acts import succeeds
from quetsach_portal.web.request import PortalRequest

PAGE = ["GET", "HEAD", "POST"]


@require_http_methods(PAGE)
@confirmed_recently
def sign(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Show the letter as it will go out, and take the PDF that was signed on the signer's PC."""
    letter = access.letter_to_sign(request.scope, letter_id)
    form = SignedFileForm(request.POST or None, request.FILES or None)
    store = partial(signing.store_signed_pdf, letter_id, actor=request.user)
    if succeeds(form, lambda: store(form.cleaned_data["file"])):
        messages.success(request, _("The signed copy is stored."))
        return redirect("letters:letter", letter_id)
    context = {
        "letter": letter,
        "form": form,
        "waits": waits_for_signature(letter),
        "recipients_count": len(recipients_of(letter)),
        "pages": signing_desk.pages_of(letter.pdf),
        "pictures": reverse("letters:sign", args=[letter_id]),
        "pdf": reverse("letters:file", args=[letter_id, "pdf"]),
        "on_paper": is_on_paper(letter),
        "has_remote": signing_desk.has_remote_signing(),
        "remote": reverse("letters:sign_remotely", args=[letter_id]),
    }
    return render(request, "letters/sign.html", context)


@require_safe
def picture(request: PortalRequest, letter_id: int, number: int) -> HttpResponse:
    """Return a page of the letter as picture."""
    letter = access.letter_to_sign(request.scope, letter_id)
    response = None if letter.pdf is None else signing_desk.picture_response(letter.pdf, number)
    if response is None:
        raise Http404
    return response


@sensitive_post_parameters("pin", "otp")
@require_http_methods(PAGE)
@confirmed_recently
def sign_remotely(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Sign the letter with a key that a trust service keeps."""
    letter = access.letter_to_sign(request.scope, letter_id)
    back = reverse("letters:sign", args=[letter_id])
    if letter.pdf is None or is_on_paper(letter) or not waits_for_signature(letter):
        return redirect(back)
    store = partial(signing.store_signed_pdf, letter_id, actor=request.user)
    step = signing_desk.remote_step(request, letter.pdf, store)
    if step is None:
        messages.success(request, _("The letter is signed remotely; the signed copy is stored."))
        return redirect("letters:letter", letter_id)
    context = {"step": step, "back": back, "name": letter.subject}
    return render(request, "files/signing_remotely.html", context)
