"""A letter's signature and number, in the order of its way."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quetsach_portal.letters import access, release_forms
from quetsach_portal.letters.actions import numbering, signing
from quetsach_portal.letters.defaults import signing_for
from quetsach_portal.letters.pages import is_on_paper, is_signed_first, way_called
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.web.acts import run_with_message, succeeds
from quetsach_portal.web.request import PortalRequest

PAGE = ["GET", "HEAD", "POST"]


@require_POST
def way(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Choose whether the letter is signed on paper or by certificate, and what comes first."""
    access.letter_to_number(request.scope, letter_id)
    chosen = way_called(request.POST.get("way", ""))
    if chosen is None:
        messages.error(request, _("Choose how the letter is signed and numbered."))
    else:
        run_with_message(
            request,
            lambda: signing.choose_way(letter_id, chosen, actor=request.user),
            _("The way is changed; the next letters of the unit follow it."),
        )
    return redirect("letters:letter", letter_id)


@require_http_methods(PAGE)
def signer(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Enter who signs, and make the letter as it is laid before them."""
    letter = access.letter_to_number(request.scope, letter_id)
    form = release_forms.LetterSignerForm(request.POST or None, initial=signing_for(letter))
    if succeeds(form, lambda: signing.present(letter_id, form.names(), actor=request.user)):
        messages.success(request, _("The letter is ready to be signed."))
        return redirect("letters:letter", letter_id)
    return render(request, "letters/signer.html", {"form": form, "letter": letter})


@require_http_methods(PAGE)
@confirmed_recently
def signed(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Take the proof of the signature: the day on paper, or the signed PDF."""
    letter = access.letter_to_sign(request.scope, letter_id)
    if is_on_paper(letter):
        return _signed_on_paper(request, letter_id)
    form = release_forms.SignedPdfForm(request.POST or None, request.FILES or None)
    store = partial(signing.store_signed_pdf, letter_id, actor=request.user)
    if succeeds(form, lambda: store(form.cleaned_data["file"])):
        messages.success(request, _("The signed copy is stored."))
        return redirect("letters:letter", letter_id)
    return render(request, "letters/signed.html", {"form": form, "letter": letter})


def _signed_on_paper(request: PortalRequest, letter_id: int) -> HttpResponse:
    letter = access.letter_to_number(request.scope, letter_id)
    form = release_forms.SignedOnPaperForm(request.POST or None)
    record = partial(signing.record_on_paper, letter_id, actor=request.user)
    if succeeds(form, lambda: record(form.cleaned_data["signed_on"])):
        messages.success(request, _("Recorded: the letter is signed on paper."))
        return redirect("letters:letter", letter_id)
    return render(request, "letters/signed_on_paper.html", {"form": form, "letter": letter})


@require_http_methods(PAGE)
def number(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Give number and day; the signer too where the letter is numbered first."""
    letter = access.letter_to_number(request.scope, letter_id)
    form = release_forms.LetterNumberForm(
        request.POST or None, initial=signing_for(letter), signer_is_known=is_signed_first(letter)
    )
    if succeeds(
        form,
        lambda: numbering.give_number(
            letter_id,
            form.signing(),
            repeat_is_meant=form.cleaned_data["repeat_is_meant"],
            actor=request.user,
        ),
    ):
        messages.success(request, _("The letter is numbered."))
        return redirect("letters:letter", letter_id)
    return render(request, "letters/number.html", {"form": form, "letter": letter})


@require_http_methods(PAGE)
def original(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Keep the scan of the paper with its signature, number and seal."""
    letter = access.letter_to_number(request.scope, letter_id)
    form = release_forms.OriginalForm(request.POST or None, request.FILES or None)
    store = partial(signing.store_scan, letter_id, actor=request.user)
    if succeeds(form, lambda: store(form.cleaned_data["file"], form.cleaned_data["original_at"])):
        messages.success(request, _("The scan is stored; the paper is the original."))
        return redirect("letters:letter", letter_id)
    return render(request, "letters/original.html", {"form": form, "letter": letter})
