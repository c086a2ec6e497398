"""Who sees what was asked: the lead office, of its own campaigns."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.scope import campaign_for
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, get_or_404
from quetsach_portal.prints.actions import day_text
from quetsach_portal.prints.models import PrintMatch, PrintQuestion
from quetsach_portal.prints.retention import KeptKind, kinds_of

ASKERS = (Role.LEAD_OWNER, Role.LEAD_ANALYST)
"""Who asks a list of logs that are gone: in the lead office, of its own campaigns."""

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


def askers_only(scope: Scope) -> None:
    """Let pass who works in the lead office of a campaign. Errors: PermissionDenied."""
    if not scope.has_role(*ASKERS):
        raise PermissionDenied(_("Only the lead office can do this."))


def asked_campaign_for(scope: Scope, campaign_id: int) -> Campaign:
    """Return the campaign if the person works in its lead office.

    Errors: Http404, PermissionDenied.
    """
    campaign = campaign_for(scope, campaign_id)
    if campaign.lead_unit_id not in scope.own_units(*ASKERS):
        raise PermissionDenied(_("Only the lead office can do this."))
    return campaign


def prints_for(scope: Scope) -> list[PrintsView]:
    """Return the campaigns that the person's office leads, the newest first, each answered last."""
    units = scope.own_units(*ASKERS)
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
    """Return the hit if it is of a campaign that the person's office leads. Errors: Http404."""
    units = scope.own_units(*ASKERS)
    rows = PrintMatch.objects.filter(pk=hit_id, question__campaign__lead_unit_id__in=units)
    return get_or_404(rows.select_related("node__campaign", "node__unit"))
