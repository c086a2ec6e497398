"""The step of the preparation that sets the deadline of each level."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from quetsach_portal.campaigns import queries
from quetsach_portal.campaigns.access import leads_it, led_campaign, may_prepare, own_campaign
from quetsach_portal.campaigns.actions.phases import add_phase, set_phase
from quetsach_portal.campaigns.level_deadlines import (
    LevelDeadline,
    LevelDeadlinesForm,
    level_deadlines,
    named_deadline,
    proposed_lead_days,
    standing_deadline,
)
from quetsach_portal.web.acts import succeeds
from quetsach_portal.web.request import PortalRequest

if TYPE_CHECKING:
    from quetsach_portal.campaigns.models.campaign import Campaign, Phase
    from quetsach_portal.people.models.account import User


@require_http_methods(["GET", "HEAD", "POST"])
def deadlines(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Show the deadlines of all levels with a proposal, or set them and go on to the list."""
    campaign = own_campaign(request.scope, campaign_id)
    if request.method == "POST":
        campaign = led_campaign(request.scope, campaign_id)
    phases = queries.phases_of(campaign)
    phase = phases[0] if phases else None
    named = named_deadline(campaign.letter)
    due_at = standing_deadline(phase)
    fixed = due_at if named is not None and due_at == named.due_at else None
    rows, is_proposed = _rows(campaign, phase, due_at)
    form = LevelDeadlinesForm(request.POST or None, rows=rows, fixed=fixed)
    if succeeds(form, lambda: _set(campaign, phase, form, request.user)):
        # Without rows the levels were proposed in the act: they are shown before going on.
        return redirect("lists:step" if rows else "campaigns:deadlines", campaign.pk)
    context: dict[str, Any] = {"campaign": campaign, "form": form, "named": named, "fixed": fixed}
    context |= {
        "levels": [
            {"row": row, "field": form[name] if (name := _field(row, form)) else None}
            for row in reversed(rows)
        ],
        "is_proposed": is_proposed,
        "is_over": phase is not None and due_at is None,
        "others": phases[1:],
        "may_set": may_prepare(request.scope, campaign),
        "owns_it": leads_it(request.scope, campaign),
    }
    return render(request, "campaigns/deadlines.html", context)


def _rows(
    campaign: "Campaign", phase: "Phase | None", due_at: datetime | None
) -> tuple[list[LevelDeadline], bool]:
    """Return the deadlines as they stand, or as they are proposed, and whether they are that."""
    if phase is None or due_at is None:
        return [], False
    units, today = queries.units_by_depth(campaign) or {0: 1}, timezone.localdate()
    leads, working = phase.level_lead_days, phase.working_days
    is_proposed = not leads and len(units) > 1 and campaign.starts_at is None
    if is_proposed:
        leads, working = proposed_lead_days(due_at, max(units), today), True
    return (
        level_deadlines(due_at, leads, units, working_days=working, today=today),
        is_proposed,
    )


def _field(row: LevelDeadline, form: LevelDeadlinesForm) -> str:
    name = f"level_{row.depth}" if row.depth else "due_day"
    return name if name in form.fields else ""


def _set(
    campaign: "Campaign", phase: "Phase | None", form: LevelDeadlinesForm, actor: "User"
) -> None:
    fields = form.phase_fields()
    if not form.rows:
        deepest = max(queries.units_by_depth(campaign), default=0)
        proposed = proposed_lead_days(fields["due_at"], deepest, timezone.localdate())
        fields |= {"lead_days": proposed, "working_days": True}
    if phase is None:
        add_phase(campaign, title="", opens_at=timezone.now(), actor=actor, **fields)
        return
    # A phase that was made of an old letter opens now, not before its own new deadline.
    opens_at = min(phase.opens_at, timezone.now())
    set_phase(phase, opens_at=opens_at, actor=actor, **fields)
