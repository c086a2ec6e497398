"""Pages about one's own account that allauth has not."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.people import actions
from quetsach_portal.people.forms import ProfileForm, initial_of
from quetsach_portal.people.queries import factors_of
from quetsach_portal.people.request import Request
from quetsach_portal.web.language import COOKIE
from quetsach_portal.web.public_address import public_host


@require_POST
@login_not_required
def switch_language(request: HttpRequest) -> HttpResponse:
    """Keep the language with the user, or in a cookie for who is not signed in, and go back."""
    language = "en" if request.POST.get("language") == "en" else "vi"
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={public_host()}):
        back = "/"
    if request.user.is_authenticated:
        actions.choose_language(request.user, language)
    response = redirect(back)
    response.set_cookie(COOKIE, language, max_age=31_536_000, samesite="Lax", httponly=True)
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
def profile(request: Request) -> HttpResponse:
    """Return one's own account; POST keeps the name and the language."""
    form = ProfileForm(request.POST or None, initial=initial_of(request.user))
    if request.method == "POST" and form.is_valid():
        actions.change_profile(request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("profile")
    return render(request, "people/profile.html", {"form": form, **factors_of(request.user)})


@require_safe
@login_required
def second_factor(request: Request) -> HttpResponse:
    """Return why a second factor is asked for, and the ways to set one up."""
    return render(request, "people/second_factor.html", factors_of(request.user))
