"""What the page about programs shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from quetsach_portal.api.device_lists import OFFERED, RUNNING
from quetsach_portal.api.models import ApiToken, TokenScope
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.scope import campaigns_of
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.units.models import OrgUnit

LISTS = TokenScope.LISTS


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
