"""Pages about one's own account that allauth has not."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.views import list_usersessions
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.people import actions, kept_forms
from quetsach_portal.people.directory.accounts import signs_in_there_alone
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.second_person import require_confirmation
from quetsach_portal.people.sessions import was_confirmed_recently
from quetsach_portal.web.frame import COOKIE
from quetsach_portal.web.public_address import cookie_name, public_host
from quetsach_portal.web.request import PortalRequest

# Forms about one's own account.


class ProfileForm(forms.Form):
    """Name and language."""

    name = forms.CharField(
        label=_lazy("Full name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_lazy("Language"), choices=settings.LANGUAGES)


def initial_of(user: User) -> dict[str, Any]:
    """Return the current profile of `user`."""
    return {"name": user.name, "language": user.language}


# What the pages of one's own account show.


def factors_of(user: User) -> dict[str, object]:
    """Return which second factors `user` has, and whether they are asked for here at all."""
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    return {
        "has_app": Authenticator.Type.TOTP in kinds,
        "has_key": Authenticator.Type.WEBAUTHN in kinds,
        "has_spare_codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "second_factor_required": settings.SECOND_FACTOR_REQUIRED,
    }


def proofs_of(user: User) -> dict[str, object]:
    """Return the factors, and the name of the directory where the password of `user` is kept."""
    directory = settings.QUETSACH.directory
    name = directory.name if directory and signs_in_there_alone(user) else ""
    return {**factors_of(user), "directory_name": name}


# The request of somebody who is signed in.


@require_POST
@login_not_required
def switch_language(request: HttpRequest) -> HttpResponse:
    """Store the language with the user, or in a cookie if not signed in, and go back."""
    language = "en" if request.POST.get("language") == "en" else "vi"
    back = request.POST.get("next", "") or reverse("home")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={public_host()}):
        back = reverse("home")
    if request.user.is_authenticated:
        actions.choose_language(request.user, language)
    response = redirect(back)
    response.set_cookie(
        cookie_name(COOKIE),
        language,
        max_age=31_536_000,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
        httponly=True,
    )
    return response


@require_safe
@login_not_required
def by_invitation(request: HttpRequest) -> HttpResponse:
    """Return how an account comes about."""
    return render(request, "account/signup_closed.html")


@require_safe
@login_required
def to_profile(request: HttpRequest) -> HttpResponse:
    """Lead to the profile."""
    return redirect("profile")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: PortalRequest) -> HttpResponse:
    """Return one's own account; POST keeps the name and the language."""
    form = ProfileForm(request.POST or None, initial=initial_of(request.user))
    if request.method == "POST" and form.is_valid():
        actions.change_profile(request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("profile")
    return render(request, "people/profile.html", {"form": form, **proofs_of(request.user)})


@require_safe
@login_required
def second_factor(request: PortalRequest) -> HttpResponse:
    """Return why a second factor is asked for, and the ways to set one up."""
    return render(request, "people/second_factor.html", factors_of(request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sessions(request: PortalRequest) -> HttpResponse:
    """Return where one is signed in; POST ends all others, after a proof of who is there."""
    if request.method == "POST" and not was_confirmed_recently(request):
        require_confirmation(request)
    shown: HttpResponse = list_usersessions(request)
    return shown


@require_safe
@login_required
def kept_form(request: PortalRequest, token: str) -> HttpResponse:
    """Lead to the page of a form that came after the end of its session; it is filled there."""
    kept = kept_forms.open_form(token, request.user)
    if kept is None:
        messages.warning(
            request,
            _("What was kept is over, or belongs to another account; it is not shown here."),
        )
        return redirect("home")
    kept_forms.await_page(request, token, kept)
    return redirect(kept.page)


@require_POST
@login_required
def discard_kept_form(request: PortalRequest) -> HttpResponse:
    """Delete what was kept, and lead to the page without it."""
    return redirect(kept_forms.discard(request))
