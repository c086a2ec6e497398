"""The page on which somebody signs in with their account in the directory."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.decorators import rate_limit
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from quetsach_portal.people.directory import accounts, signing_in
from quetsach_portal.people.directory.answers import LONGEST_LOGIN, DirectoryPerson


class DirectorySignInForm(forms.Form):
    """User name and password, as the directory knows them."""

    login = forms.CharField(
        label=_lazy("User name"),
        max_length=LONGEST_LOGIN,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_lazy("Password"),
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@rate_limit(action="login")  # type: ignore[untyped-decorator]  # allauth has no types
@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in whom the directory knows; 404 where there is none."""
    if settings.QUETSACH.directory is None:
        raise Http404
    if request.user.is_authenticated:
        return redirect(get_next_redirect_url(request) or settings.LOGIN_REDIRECT_URL)
    form = DirectorySignInForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    login, password = form.cleaned_data["login"], form.cleaned_data["password"]
    try:
        answer = signing_in.sign_in_there(request, login, password)
    except ValidationError as error:
        if error.code == signing_in.AWAY:
            return _page(request, form, away=error.messages[0])
        form.add_error(None, error)
        return _page(request, form)
    assert answer.person is not None, "who is let in is somebody"
    return _let_in(request, answer.person, login)


def _let_in(request: HttpRequest, person: DirectoryPerson, login: str) -> HttpResponse:
    """Go on as after a password: an account that is off, the second factor, the session."""
    account = accounts.account_of(accounts.directory_in_use(), person)
    if account is None:
        return _page_of_nobody(request, person)
    number = accounts.number_of(accounts.directory_in_use(), person)
    record_authentication(request, account.user, method=accounts.METHOD, login=login, number=number)
    going_on = Login(user=account.user, redirect_url=get_next_redirect_url(request))
    response: HttpResponse = perform_login(request, going_on)
    signing_in.remember_browser(request, response, login)
    return response


def _page(request: HttpRequest, form: forms.Form, *, away: str = "") -> HttpResponse:
    context = {
        "form": form,
        "directory": settings.QUETSACH.directory,
        "away": away,
        "next": get_next_redirect_url(request) or "",
    }
    return render(request, "account/directory.html", context, status=503 if away else 200)


def _page_of_nobody(request: HttpRequest, person: DirectoryPerson) -> HttpResponse:
    """Return that accounts begin with an invitation, and which address would have to be invited."""
    shown: dict[str, Any] = {"directory": settings.QUETSACH.directory, "person": person}
    return render(request, "account/signup_closed.html", shown)
