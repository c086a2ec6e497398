"""Long lists part by part, the phase and day that an address is asked for, and refusals."""

from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from quetsach_portal.api.schemas import ProblemOut
from quetsach_portal.campaigns.models.campaign import CampaignNode, Phase
from quetsach_portal.campaigns.queries import current_phase

Row = TypeVar("Row")

NO = {frozenset({400, 401, 403, 404, 422}): ProblemOut}
"""How each address says no."""

REFUSED = {frozenset({400, 401, 403, 404, 409, 422}): ProblemOut}
"""How an address that changes something says no."""

MOST_ID = 2**63 - 1


class Paged(Schema):
    """Which part of a long list: rows with an id above `after`, at most `limit`."""

    after: int = Field(0, ge=0, le=MOST_ID)
    limit: int = Field(100, ge=1, le=500)


class Part(Schema, Generic[Row]):
    """A part of a list; ask again with `after` set to `next`, which is null at the end."""

    rows: list[Row]
    next: int | None = None


def part_of(rows: QuerySet[Any], paged: Paged) -> dict[str, Any]:
    """Return the rows that `paged` asks for, by id, and where the list goes on."""
    found = list(rows.filter(pk__gt=paged.after).order_by("pk")[: paged.limit + 1])
    more = len(found) > paged.limit
    found = found[: paged.limit]
    return {"rows": found, "next": found[-1].pk if more else None}


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


def requested_phase(node: CampaignNode, number: int | None) -> Phase | None:
    """Return the phase of the node's campaign; None where it has none of that number."""
    if number is None:
        return current_phase(node.campaign)
    return node.campaign.phases.filter(no=number).first()
