"""The steps of the preparation in which the lead office's letter is drafted and signed."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quetsach_portal.campaigns.access import leads_it, led_campaign, own_campaign
from quetsach_portal.campaigns.scope import PREPARING
from quetsach_portal.letters import access, launching, queries
from quetsach_portal.letters.actions import drafting
from quetsach_portal.letters.launching import LaunchLetter
from quetsach_portal.letters.pages import LetterStep, is_signed_first, step_of
from quetsach_portal.web.acts import Refused, attempt
from quetsach_portal.web.request import PortalRequest

SUBMIT = "submit"
"""The value of the button that lays the letter before its signer; the other one only drafts it."""


@require_http_methods(["GET", "HEAD", "POST"])
def launch_letter(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Show the letter to the units as it is or would be drafted; draft it, or submit it."""
    campaign = own_campaign(request.scope, campaign_id)
    if request.method == "POST":
        campaign = led_campaign(request.scope, campaign_id)
    letter = launching.launch_letter(campaign)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and letter.node is not None:
        writer = access.node_to_write_for(request.scope, letter.node.pk)
        row = letter.row or attempt(form, lambda: launching.draft(writer, actor=request.user))
        if row is not None:
            return _go_on(request, campaign_id, row.pk)
    node = letter.node
    context: dict[str, Any] = {
        "campaign": campaign,
        "letter": letter,
        "owns_it": leads_it(request.scope, campaign),
        "form": form,
        "shown": letter.row or launching.proposed(letter),
        "may_write": node is not None and access.writes_for(request.scope, node),
        "is_preparing": campaign.state in PREPARING,
        "has_clerk": node is None or queries.has_clerk(node),
    }
    return render(request, "campaigns/launch_letter.html", context)


def _go_on(request: PortalRequest, campaign_id: int, letter_id: int) -> HttpResponse:
    """Submit the drafted letter for its signature, or lead to its words."""
    if request.POST.get("act") != SUBMIT:
        return redirect("letters:edit", letter_id)
    try:
        drafting.send_to_clerk(letter_id, actor=request.user)
    except Refused as refused:
        messages.error(request, refused.told)
        return redirect("letters:edit", letter_id)
    messages.success(request, _("The letter is with the clerk, to be signed and numbered."))
    return redirect("campaigns:launch_signing", campaign_id)


@dataclass(frozen=True)
class FlowStep:
    """One step of a letter's way: done, the one that is next, or still to come."""

    title: str
    is_done: bool
    is_now: bool
    note: str = ""


@require_safe
def launch_signing(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return how far the letter is on its way: drafted, signed, numbered, released."""
    campaign = own_campaign(request.scope, campaign_id)
    letter = launching.launch_letter(campaign)
    drafted = letter.row
    context = {
        "campaign": campaign,
        "letter": letter,
        "flow": () if drafted is None else flow_of(letter),
        "step": None if drafted is None else step_of(drafted),
        "has_clerk": letter.node is None or queries.has_clerk(letter.node),
    }
    return render(request, "campaigns/launch_signing.html", context)


def flow_of(letter: LaunchLetter) -> list[FlowStep]:
    """Return the way of a drafted letter, in the order that its office chose."""
    written = letter.row
    assert written is not None
    drafted = (_("Drafting"), not letter.is_with_writer, "")
    signed = (_("Signing"), letter.is_signed, letter.signed_words)
    number = "" if written.number is None else written.full_number
    numbered = (_("Numbering"), written.number is not None, number)
    middle = (signed, numbered) if is_signed_first(written) else (numbered, signed)
    released = (_("Releasing"), step_of(written) is LetterStep.OUT, "")
    parts = [drafted, *middle, released]
    first_open = next((title for title, is_done, _note in parts if not is_done), "")
    return [FlowStep(title, done, title == first_open, note) for title, done, note in parts]
