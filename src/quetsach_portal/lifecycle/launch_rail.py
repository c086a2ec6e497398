"""The rail of the eight steps, as every page of the preparation shows it; a template library."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import template
from django.urls import reverse

from quetsach_portal.campaigns.access import leads_it
from quetsach_portal.campaigns.letter_lines import letter_lines
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.scope import PREPARING
from quetsach_portal.cases.worklist import CaseTask
from quetsach_portal.lifecycle.launch_steps import launch_steps
from quetsach_portal.lifecycle.running_next import next_things

register = template.Library()

STEP_OF_VIEW: Mapping[str, int] = {
    "campaigns:review": 1,
    "campaigns:setup": 1,
    "campaigns:basics": 1,
    "campaigns:tasks": 1,
    "campaigns:appendix": 1,
    "campaigns:materials": 1,
    "campaigns:new_material": 1,
    "campaigns:tree": 2,
    "campaigns:freeze": 2,
    "campaigns:outside": 2,
    "campaigns:contacts": 2,
    "campaigns:deadlines": 3,
    "campaigns:phases": 3,
    "campaigns:phase": 3,
    "campaigns:new_phase": 3,
    "lists:step": 4,
    "lists:decide": 4,
    "lists:act": 4,
    "campaigns:release": 4,
    "campaigns:from_lists": 4,
    "campaigns:launch_letter": 5,
    "campaigns:launch_signing": 6,
    "followup:calendar": 7,
    "campaigns:dry_run": 8,
    "campaigns:start": 8,
}
"""The step to which a page of the preparation belongs."""

FOR_READERS: Mapping[int, str] = {2: "campaigns:tree", 8: "campaigns:dry_run"}
"""Where a step leads whoever may read the preparation and change nothing of it."""

WIDE = (4,)
"""Steps whose tables need the room: the letter's lines stand below them."""


@register.simple_tag(takes_context=True)
def launch_rail(context: template.Context) -> dict[str, Any]:
    """Return the steps of the page's campaign, which is here, and the letter's lines beside it.

    Shapes: of a letter whose campaign is not made yet, `steps` is empty.
    """
    campaign, request = context.get("campaign"), context["request"]
    here = STEP_OF_VIEW.get(request.resolver_match.view_name, 1)
    if not isinstance(campaign, Campaign):
        reading = context.get("reading")
        lines = [] if reading is None else letter_lines(reading.result, here)
        return {"steps": [], "here": here, "lines": lines, "is_preparing": True}
    lines = letter_lines(campaign.letter, here)
    steps = context.get("launch_steps") or launch_steps(campaign)
    if not leads_it(request.scope, campaign):
        pages = {step: reverse(view, args=[campaign.pk]) for step, view in FOR_READERS.items()}
        steps = [replace(step, url=pages.get(step.no, step.url)) for step in steps]
    return {
        "steps": steps,
        "here": here,
        "before": steps[here - 2] if here > 1 else None,
        "after": steps[here] if here < len(steps) else None,
        "lines": lines,
        "is_wide": not lines or here in WIDE,
        "is_preparing": campaign.state in PREPARING,
    }


@register.simple_tag(takes_context=True)
def running_next(context: template.Context) -> list[CaseTask]:
    """Return what waits for the lead office in the page's campaign, the most urgent first."""
    return next_things(context["campaign"], context["request"].scope)
