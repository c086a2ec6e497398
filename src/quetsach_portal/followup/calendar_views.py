"""The page of the calendar of reminders: on which days each goes out, and one mail as it goes."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quetsach_portal.campaigns.access import is_prepared_by, leads_it, led_campaign, own_campaign
from quetsach_portal.campaigns.actions.state import check_if_stale
from quetsach_portal.followup.actions.settling import SETTLES, settle_calendar
from quetsach_portal.followup.calendar_forms import (
    DaysOffForm,
    RuleForms,
    initial_days_off,
    initial_rows,
)
from quetsach_portal.followup.calendar_page import mail_preview, reminder_days
from quetsach_portal.followup.reminder_rules import calendar_of
from quetsach_portal.web.acts import succeeds
from quetsach_portal.web.request import PortalRequest

if TYPE_CHECKING:
    from quetsach_portal.campaigns.models.campaign import Campaign


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Show the reminders with the days on which they go out, preview them, or settle on them."""
    campaign = own_campaign(request.scope, campaign_id)
    if request.method == "POST":
        campaign = led_campaign(request.scope, campaign_id)
    settled = calendar_of(campaign)
    rows = RuleForms(request.POST or None, initial=initial_rows(settled), prefix="rule")
    off = DaysOffForm(request.POST or None, initial=initial_days_off(settled))
    shown = settled
    if request.method == "POST" and rows.is_valid() and off.is_valid():
        rules = [rule for rule in (form.rule() for form in rows) if rule is not None]
        shown = replace(settled, rules=rules, days_off=frozenset(off.cleaned_data["days_off"]))
        if request.POST.get("act") != "preview" and succeeds(
            off, lambda: settle_calendar(campaign, rules, shown.days_off, actor=request.user)
        ):
            return _onward(request, campaign)
    context: dict[str, Any] = {"campaign": campaign, "rows": rows, "off": off, "settled": settled}
    context |= {
        "days": reminder_days(campaign, shown),
        "mail": mail_preview(campaign, shown),
        "may_settle": campaign.state in SETTLES and leads_it(request.scope, campaign),
        "is_prepared": is_prepared_by(request.scope, campaign),
    }
    return render(request, "followup/calendar.html", context)


def _onward(request: PortalRequest, campaign: "Campaign") -> HttpResponse:
    """Go on to the start, and let everything be checked on the way; or stay, once it has begun."""
    if is_prepared_by(request.scope, campaign):
        check_if_stale(campaign, actor=request.user)
        return redirect("campaigns:start", campaign.pk)
    messages.success(request, _("The calendar of reminders is saved."))
    return redirect("followup:calendar", campaign.pk)
