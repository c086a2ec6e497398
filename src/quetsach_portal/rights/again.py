"""Weighty acts ask again who is there, when the last answer is older than ten minutes.

    @confirmed_recently
    def sign(request: Request, report_id: int) -> HttpResponse: ...

Put it on the view itself, GET and POST alike, so that people confirm before they fill in the form.
Whoever has a second factor is asked for that, the others for their password. A form that was sent
too late is kept and goes on by itself afterwards; one with files has to be filled in again.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from quetsach_portal.people.proof import was_confirmed_recently

Rest = ParamSpec("Rest")
View = Callable[Concatenate[Any, Rest], HttpResponse]


def confirmed_recently(view: View[Rest]) -> View[Rest]:
    """Return `view` behind the question who is there, unless it was answered lately (A6)."""

    @wraps(view)
    def asked(request: Any, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if not was_confirmed_recently(request):
            ask_again(request)
        return view(request, *args, **kwargs)

    return asked


def ask_again(request: HttpRequest) -> None:
    """Leave the view for the page that asks who is there; it leads back here.

    Errors: always one: ReauthenticationRequired or ImmediateHttpResponse, which allauth's
    middleware answers; PermissionDenied for who has neither password nor second factor here.
    """
    methods = get_adapter().get_reauthentication_methods(request.user)
    if not methods:
        raise PermissionDenied(
            _("Sign out and sign in again: this act asks for a sign-in within the last 10 minutes.")
        )
    if request.FILES:
        # allauth keeps the fields of a form and would drop its files without a word.
        back = urlencode({"next": request.get_full_path()})
        raise ImmediateHttpResponse(redirect(f"{methods[0]['url']}?{back}"))
    if request.method not in ("GET", "HEAD", "POST"):
        raise ImmediateHttpResponse(redirect(reverse("home")))
    raise ReauthenticationRequired
