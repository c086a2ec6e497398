"""Pages: the slips of a unit, for who hands them out; and the open page that presses one."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach.api import sheets
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.campaigns.public_page import slip_address
from quetsach_portal.campaigns.scope import node_for
from quetsach_portal.participation.actions import hands_out, own_node
from quetsach_portal.participation.slips import bursts, lots, pressing
from quetsach_portal.people.roles.middleware import client_address
from quetsach_portal.web.acts import attempt, run_with_message
from quetsach_portal.web.public_address import public_address
from quetsach_portal.web.request import PortalRequest
from quetsach_public import codes
from quetsach_public.addresses import caller_of
from quetsach_public.limits import PaceLimits
from quetsach_public.pages.campaign import LANGUAGES, texts


class PrintForm(forms.Form):
    """How many slips to print."""

    size = forms.IntegerField(
        label=_lazy("Number of slips"), min_value=1, max_value=lots.ON_A_SHEET * lots.MOST_SHEETS
    )


class ReasonForm(forms.Form):
    """Why something counts, or does not."""

    reason = forms.CharField(label=_lazy("Reason"), max_length=300, required=False)


class BurstForm(ReasonForm):
    """Which hour is confirmed, with the number of presses that the person saw."""

    hour = forms.DateTimeField(widget=forms.HiddenInput, input_formats=["%Y-%m-%dT%H:%M:%S%z"])
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


@require_safe
def index(request: PortalRequest, node_id: int) -> HttpResponse:
    """Return the lots of a unit, what was pressed, and the hours that wait for a word."""
    return _page(request, node_for(request.scope, node_id), PrintForm())


def _page(
    request: PortalRequest, node: CampaignNode, form: forms.Form, status: int = 200
) -> HttpResponse:
    hours = bursts.pressed_hours(node)
    context = {
        "node": node,
        "form": form,
        "lots": lots.lots_of(node),
        "figures": bursts.slip_figures(node),
        "waiting": [hour for hour in hours if not hour.counts],
        "confirmed": [hour for hour in hours if hour.is_burst and hour.counts],
        "free": max(0, lots.most_in_use(node) - lots.in_use(node)),
        "hands_out": hands_out(request.scope, node),
        "answers_for": lots.answers_for(request.scope, node),
    }
    return render(request, "slips/index.html", context, status=status)


@require_POST
def print_lot(request: PortalRequest, node_id: int) -> HttpResponse:
    """Make a lot and return its sheets: the codes are shown this once."""
    node = own_node(request.scope, node_id)
    form = PrintForm(request.POST)
    if form.is_valid():
        size = form.cleaned_data["size"]
        printed = attempt(form, lambda: lots.print_lot(node, size, actor=request.user))
        if printed is not None:
            lot, texts_of_lot = printed
            return _pdf_of(node, lot.pk, texts_of_lot)
    return _page(request, node, form, 422)


def _pdf_of(node: CampaignNode, lot_id: int, texts_of_lot: Any) -> HttpResponse:
    address = slip_address(node.campaign_id) or public_address(reverse("slip"))
    sheet = sheets.SlipSheet(
        unit=node.name_at_freeze,
        campaign=node.campaign.title,
        typed=address.partition("://")[2] or address,
        slips=[(codes.format_code(code), f"{address}?ma={code}") for code in texts_of_lot],
    )
    content = sheets.slip_sheet(sheet, language="en" if get_language() == "en" else "vi")
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="phieu-{lot_id}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def revoke(request: PortalRequest, lot_id: int) -> HttpResponse:
    """Revoke a lot that was lost."""
    lot = lots.own_lot(request.scope, lot_id)
    done = _("The lot is revoked. What was pressed from it stays counted.")
    run_with_message(request, lambda: lots.revoke(lot, actor=request.user), done)
    return redirect("participation:slips", lot.node_id)


@require_POST
def strike(request: PortalRequest, lot_id: int) -> HttpResponse:
    """Leave out what was pressed from a revoked lot."""
    lot, reason = lots.own_lot(request.scope, lot_id), _reason(request)
    done = _("What was pressed from this lot is left out of the figures.")
    run_with_message(request, lambda: lots.strike(lot, reason, actor=request.user), done)
    return redirect("participation:slips", lot.node_id)


def _reason(request: PortalRequest) -> str:
    form = ReasonForm(request.POST)
    return str(form.cleaned_data["reason"]) if form.is_valid() else ""


@require_POST
def confirm_burst(request: PortalRequest, node_id: int) -> HttpResponse:
    """Keep a person's word that many presses in one hour were people."""
    node = lots.answering_node(request.scope, node_id)
    form = BurstForm(request.POST)
    if form.is_valid():
        word = form.cleaned_data
        done = _("Confirmed. These presses are in the proposed figure again.")
        run_with_message(
            request,
            lambda: bursts.confirm(
                node, word["hour"], word["seen"], word["reason"], actor=request.user
            ),
            done,
        )
    return redirect("participation:slips", node_id)


AN_HOUR, AT_ONCE = 300, 300
"""Presses of one address, right or wrong: an office at a meeting stands behind one."""

_of_address = PaceLimits(AN_HOUR / 3_600, AT_ONCE)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def slip(request: HttpRequest) -> HttpResponse:
    """Show the form for a slip, or count one; no cookie is read or set, and nobody is named.

    The texts are those of the public page, in its languages. Opening the address of a slip counts
    nothing. Where there is a public page, it takes the slips, by the address on them.
    """
    asked = request.GET.get("lang", "")
    language = asked if asked in LANGUAGES else LANGUAGES[0]
    if request.method != "POST":
        return _slip_page(request, language, _shown(request.GET.get("ma", "")))
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return HttpResponseForbidden(_("Send this form from its own page."))
    typed = request.POST.get("ma", "")[:100]
    if not codes.plain(typed, codes.SLIP_LENGTH):
        wrong = "wrong_typed" if codes.is_mistyped(typed, codes.SLIP_LENGTH) else "wrong_form"
        return _slip_page(request, language, typed[:40], wrong, 422)
    address = client_address(request)
    if not _of_address.within(hash(caller_of(address) or address)):
        return _slip_page(request, language, _shown(typed), "wrong_many", 429)
    became = pressing.press(typed, _hour())
    if became is pressing.SlipPress.COUNTED:
        return _slip_page(request, language, "", done=True)
    return _slip_page(request, language, _shown(typed), f"wrong_{became.name.lower()}", 422)


def _hour() -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def _shown(typed: str) -> str:
    plain = codes.plain(typed, codes.SLIP_LENGTH)
    return codes.format_code(plain) if plain else typed[:40]


def _slip_page(
    request: HttpRequest,
    language: str,
    typed: str,
    wrong: str = "",
    status: int = 200,
    *,
    done: bool = False,
) -> HttpResponse:
    words = texts(language)
    context = {
        "t": words["slip"],
        "skip": words["skip"],
        "language": language,
        "languages": [(one, texts(one)["language"]) for one in LANGUAGES if one != language],
        "typed": typed,
        "wrong": words["slip"][wrong] if wrong else "",
        "done": done,
    }
    return render(request, "slips/press.html", context, status=status)
