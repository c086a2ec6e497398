"""The clerk's desk: number, original, release, withdrawal, and letters that came on paper."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quetsach_portal.letters import access, forms
from quetsach_portal.letters.actions import numbering
from quetsach_portal.letters.actions import release as releasing
from quetsach_portal.letters.pages import release_page
from quetsach_portal.letters.suggestions import signing_for
from quetsach_portal.rights.again import confirmed_recently
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import attempt

PAGE = ["GET", "HEAD", "POST"]


@require_http_methods(PAGE)
def number(request: Request, letter_id: int) -> HttpResponse:
    """Give number, day and signer."""
    letter = access.letter_to_number(request.scope, letter_id)
    form = forms.NumberForm(request.POST or None, initial=signing_for(letter))
    if form.is_valid():
        given = attempt(
            form,
            lambda: numbering.give_number(
                letter_id,
                form.signing(),
                repeat_is_meant=form.cleaned_data["repeat_is_meant"],
                actor=request.user,
            ),
        )
        if given is not None:
            messages.success(request, _("The letter has its number."))
            return redirect("letters:letter", letter_id)
    return render(request, "letters/number.html", {"form": form, "letter": letter})


@require_http_methods(PAGE)
def original(request: Request, letter_id: int) -> HttpResponse:
    """Keep the signed scan or signed PDF."""
    letter = access.letter_to_number(request.scope, letter_id)
    form = forms.OriginalForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        kept = attempt(form, lambda: numbering.keep_original(letter_id, file, actor=request.user))
        if kept is not None:
            messages.success(request, _("The signed original is kept."))
            return redirect("letters:letter", letter_id)
    return render(request, "letters/original.html", {"form": form, "letter": letter})


@require_http_methods(PAGE)
@confirmed_recently
def release(request: Request, letter_id: int) -> HttpResponse:
    """Look everything over, then release the letter to all its recipients at once."""
    letter = access.letter_to_number(request.scope, letter_id)
    form = forms.ReleaseForm(request.POST or None)
    if form.is_valid():
        start = form.cleaned_data["start_mails"]
        done = attempt(
            form,
            lambda: releasing.release(
                letter_id, form.ways(), start_mails=start, actor=request.user
            ),
        )
        if done is not None:
            messages.success(request, _("The letter is released."))
            return redirect("letters:dispatch", letter_id)
    found = {"form": form, "letter": letter, **release_page(letter)}
    return render(request, "letters/release.html", found)


@require_http_methods(PAGE)
@confirmed_recently
def withdraw(request: Request, letter_id: int) -> HttpResponse:
    """Withdraw a released letter."""
    letter = access.letter_to_number(request.scope, letter_id)
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid():
        why = form.cleaned_data["why"]
        done = attempt(form, lambda: releasing.withdraw(letter_id, why=why, actor=request.user))
        if done is not None:
            messages.success(request, _("The letter is withdrawn, and all who got it are told."))
            return redirect("letters:letter", letter_id)
    return render(request, "letters/withdraw.html", {"form": form, "letter": letter})


@require_http_methods(PAGE)
def outside(request: Request, node_id: int) -> HttpResponse:
    """Enter a letter that came on paper from a body outside the campaign."""
    node = access.node_to_register_for(request.scope, node_id)
    form = forms.OutsideForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        entered = attempt(
            form,
            lambda: numbering.register_outside(node, form.arrived(), file, actor=request.user),
        )
        if entered is not None:
            messages.success(request, _("The letter stands in the register."))
            return redirect("letters:letter", entered.pk)
    return render(request, "letters/outside.html", {"form": form, "node": node})
