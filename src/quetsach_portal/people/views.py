"""Pages about one's own account that allauth has not."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from quetsach_portal.people import actions
from quetsach_portal.web.language import COOKIE


@require_POST
@login_not_required
def switch_language(request: HttpRequest) -> HttpResponse:
    """Keep the language with the user, or in a cookie for who is not signed in, and go back."""
    language = "en" if request.POST.get("language") == "en" else "vi"
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    if request.user.is_authenticated:
        actions.choose_language(request.user, language)
    response = redirect(back)
    response.set_cookie(COOKIE, language, max_age=31_536_000, samesite="Lax", httponly=True)
    return response
