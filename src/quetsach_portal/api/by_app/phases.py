"""Which phase an address is asked for, and as of which day."""

from datetime import date

from django.utils import timezone
from ninja import Schema
from pydantic import Field

from quetsach_portal.api.parts import Paged
from quetsach_portal.campaigns.models import CampaignNode, Phase
from quetsach_portal.campaigns.queries import current_phase


class InPhase(Schema):
    """Which phase, by its number; without one, that which is open."""

    phase: int | None = Field(None, ge=0, le=32767)


EARLIEST = date(2000, 1, 1)
"""No campaign is older; a day of the first years cannot be reckoned back from."""


class OnDay(InPhase):
    """As it stood at the end of which past day; without one, now."""

    on: date | None = Field(None, ge=EARLIEST)

    @property
    def past(self) -> date | None:
        """Return the past day; today and days ahead are now, of which counters tell more."""
        return self.on if self.on is not None and self.on < timezone.localdate() else None


class PagedInPhase(Paged, InPhase):
    """A part of a list, in a phase."""


class PagedOnDay(Paged, OnDay):
    """A part of a list, in a phase, as of a day."""


def phase_asked(node: CampaignNode, number: int | None) -> Phase | None:
    """Return the phase of the node's campaign; None where it has none of that number."""
    if number is None:
        return current_phase(node.campaign)
    return node.campaign.phases.filter(no=number).first()
