"""Pages about tokens, the lists for devices, and the description of the interface."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from quetsach_portal.api import device_lists, tokens
from quetsach_portal.api.tokens import token_in
from quetsach_portal.campaigns.scope import campaign_for
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.web.acts import attempt
from quetsach_portal.web.public_address import public_address
from quetsach_portal.web.request import PortalRequest


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Return the tokens of the person's units, and the lists that devices may fetch."""
    units = tokens.units_with_tokens(request.scope)
    context = {
        "units": tokens.with_tokens(units),
        "lists": device_lists.lists_of(request.scope),
        "public_url": public_address(""),
    }
    return render(request, "api/index.html", context)


@require_http_methods(["GET", "POST"])
@confirmed_recently
def make(request: PortalRequest, unit_id: int) -> HttpResponse:
    """Make a token, and show it this once."""
    unit = tokens.own_unit(request.scope, unit_id)
    form = tokens.TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        new_token = attempt(
            form, lambda: tokens.make_token(unit, **form.cleaned_data, actor=request.user)
        )
        if new_token is not None:
            return render(request, "api/made.html", {"token": new_token[0], "text": new_token[1]})
    return render(request, "api/make.html", {"unit": unit, "form": form})


@require_http_methods(["GET", "POST"])
def end(request: PortalRequest, token_id: int) -> HttpResponse:
    """Ask, then end a token."""
    token = tokens.own_token(request.scope, token_id)
    if request.method == "POST":
        tokens.end_token(token, actor=request.user)
        return redirect("api:index")
    return render(request, "api/end.html", {"token": token})


@require_safe
@login_not_required
def device_list(request: HttpRequest, campaign_id: int, name: str) -> HttpResponse:
    """Return a list for a device that sends its token."""
    caller = tokens.caller_of(token_in(request.headers.get("Authorization", "")))
    if caller is None or not caller.may_fetch_lists:
        refused = HttpResponse(
            "a token for lists is required\n", status=401, content_type="text/plain"
        )
        refused.headers["WWW-Authenticate"] = 'Basic realm="quetsach lists", charset="UTF-8"'
        return refused
    return device_lists.answer(request, campaign_for(caller.scope, campaign_id), name)
