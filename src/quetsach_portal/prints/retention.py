"""How long what tells of logs is kept, kind by kind; answers of fingerprints go at archiving."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.intake.queries import rules_of
from quetsach_portal.intake.retention import KEEP_PRINTS_DAYS
from quetsach_portal.prints.models import PrintMatch, PrintQuestion


@dataclass(frozen=True)
class KeptKind:
    """A kind of what is kept of logs: for how many days from when on, and the act of destruction.

    Shapes: `days` is None for what is kept until the campaign is archived; `act` is the name under
    which the trail has its destruction.
    """

    name: str | Promise
    days: int | None
    since: str | Promise
    act: str


def kinds_of(campaign: Campaign) -> Sequence[KeptKind]:
    """Return what is kept of the logs of a campaign, what goes first before the others."""
    raw_days = rules_of(campaign).keep_raw_days
    return (
        KeptKind(_lazy("Raw logs"), raw_days, _lazy("after they were swept"), "evidence.destroyed"),
        KeptKind(
            _lazy("Fingerprints"),
            KEEP_PRINTS_DAYS,
            _lazy("after their last day"),
            "fingerprints.destroyed",
        ),
        KeptKind(
            _lazy("Findings"), None, _lazy("until the campaign is archived"), "campaign.archived"
        ),
    )


def purge(campaign: Campaign) -> dict[str, int]:
    """Return how many answers of a campaign were deleted. The caller holds the transaction."""
    PrintMatch.objects.filter(question__campaign=campaign).delete()
    return {"print_questions": PrintQuestion.objects.filter(campaign=campaign).delete()[0]}
