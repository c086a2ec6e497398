"""Who sees what was asked: the lead office, of its own campaigns."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.cases.access import lead_only as lead_only
from quetsach_portal.cases.access import led_campaign_for as led_campaign_for
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, get_or_404
from quetsach_portal.prints.actions import day_text
from quetsach_portal.prints.models import PrintMatch, PrintQuestion
from quetsach_portal.prints.retention import KeptKind, kinds_of

MOST_CAMPAIGNS = 10
MOST_HITS = 200


@dataclass(frozen=True)
class PrintMatchView:
    """A hit with its day in words."""

    hit: PrintMatch
    day: str


@dataclass(frozen=True)
class PrintsView:
    """A campaign with the newest answer to its list, None where nothing was asked.

    `destroyed` counts the unit-days among the hits of which no log is here any more.
    """

    campaign: Campaign
    question: PrintQuestion | None
    hits: tuple[PrintMatchView, ...]
    total: int
    destroyed: int
    is_of_this_list: bool
    kinds: Sequence[KeptKind]

    @property
    def chance(self) -> str:
        """How many of the hits are to be expected by chance, as text."""
        if self.question is None:
            return ""
        least = 0.0001
        if self.question.by_chance < least:
            return f"< {number_format(least)}"
        return number_format(float(f"{self.question.by_chance:.2g}"))


def prints_for(scope: Scope) -> list[PrintsView]:
    """Return the campaigns that the person owns, the newest first, each with its last answer."""
    units = scope.own_units(Role.LEAD_OWNER)
    rows = Campaign.objects.filter(lead_unit_id__in=units).select_related("release_file")
    return [prints_of(campaign) for campaign in rows.order_by("-pk")[:MOST_CAMPAIGNS]]


def prints_of(campaign: Campaign) -> PrintsView:
    """Return the last answer to a campaign's list."""
    question = PrintQuestion.objects.filter(campaign=campaign).order_by("-pk").first()
    if question is None:
        return PrintsView(campaign, None, (), 0, 0, True, kinds_of(campaign))
    rows = question.hits.select_related("node").order_by("-is_exact", "node__path", "first_day")
    exact = question.hits.filter(is_exact=True)
    file = campaign.release_file
    return PrintsView(
        campaign,
        question,
        tuple(PrintMatchView(hit, day_text(hit)) for hit in rows[:MOST_HITS]),
        exact.count(),
        exact.filter(is_destroyed=True).count(),
        is_of_this_list=file is not None and file.sha256 == question.release_sha256,
        kinds=kinds_of(campaign),
    )


def hit_for(scope: Scope, hit_id: int) -> PrintMatch:
    """Return the hit if it is of a campaign that the person owns. Errors: Http404."""
    units = scope.own_units(Role.LEAD_OWNER)
    rows = PrintMatch.objects.filter(pk=hit_id, question__campaign__lead_unit_id__in=units)
    return get_or_404(rows.select_related("node__campaign", "node__unit"))
