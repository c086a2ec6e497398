"""Pages about tokens, the lists for devices, and the description of the interface."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from quetsach_portal.api import device_lists, tokens
from quetsach_portal.api.device_lists import OFFERED, RUNNING
from quetsach_portal.api.models import ApiToken, TokenScope
from quetsach_portal.api.tokens import token_in
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.scope import campaign_for, campaigns_of
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import attempt
from quetsach_portal.web.days import DayField
from quetsach_portal.web.public_address import public_address
from quetsach_portal.web.request import PortalRequest


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(
        label=_lazy("Which program will use it?"),
        help_text=_lazy("A firewall, a resolver, a script: so that you know it again."),
        max_length=80,
    )
    scopes = forms.MultipleChoiceField(
        label=_lazy("What may it do?"),
        choices=TokenScope.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    expires_on = DayField(
        label=_lazy("Until which day?"),
        help_text=_lazy("At most a year; on that day it no longer works."),
    )

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.initial.setdefault("expires_on", timezone.localdate() + timedelta(days=180))


@dataclass(frozen=True)
class UnitTokens:
    """A unit and its tokens that still work."""

    unit: OrgUnit
    tokens: Sequence[ApiToken]


@dataclass(frozen=True)
class CampaignLists:
    """A campaign and the names of its lists."""

    campaign: Campaign
    names: Sequence[str]


def with_tokens(units: Sequence[OrgUnit]) -> list[UnitTokens]:
    """Return each unit with its working tokens. Cost: one query."""
    today = timezone.localdate()
    working = ApiToken.objects.filter(
        unit__in=units, ended_at__isnull=True, expires_on__gt=today
    ).select_related("made_by")
    by_unit: dict[int, list[ApiToken]] = {}
    for token in working.order_by("pk"):
        by_unit.setdefault(token.unit_id, []).append(token)
    return [UnitTokens(unit, by_unit.get(unit.pk, [])) for unit in units]


def lists_of(scope: Scope) -> list[CampaignLists]:
    """Return the running campaigns that have a release, with what devices may fetch."""
    running = campaigns_of(scope).filter(state__in=RUNNING).exclude(release_file=None)
    return [CampaignLists(campaign, list(OFFERED)) for campaign in running]


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Return the tokens of the person's units, and the lists that devices may fetch."""
    units = tokens.units_with_tokens(request.scope)
    context = {
        "units": with_tokens(units),
        "lists": lists_of(request.scope),
        "public_url": public_address(""),
    }
    return render(request, "api/index.html", context)


@require_http_methods(["GET", "POST"])
@confirmed_recently
def make(request: PortalRequest, unit_id: int) -> HttpResponse:
    """Make a token, and show it this once."""
    unit = tokens.own_unit(request.scope, unit_id)
    form = TokenForm(request.POST or None)
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
    if caller is None or not caller.may(TokenScope.LISTS):
        refused = HttpResponse("a token for lists, please\n", status=401, content_type="text/plain")
        refused.headers["WWW-Authenticate"] = 'Basic realm="quetsach lists", charset="UTF-8"'
        return refused
    return device_lists.answer(request, campaign_for(caller.scope, campaign_id), name)
