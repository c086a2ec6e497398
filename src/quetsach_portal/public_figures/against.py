"""What new figures are held against: what was shown last, by publication or by the minute."""

from collections.abc import Mapping
from dataclasses import dataclass

from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.public_figures.models import LiveFigures, PublicFigures


@dataclass(frozen=True)
class Held:
    """The number behind each cell that is shown, and the node ids that stand together for good."""

    bases: Mapping[str, int]
    grouped: frozenset[int]


def held_of(campaign: Campaign) -> Held:
    """Return what stands behind what is shown of `campaign`; empty before anything was shown.

    A cell that is shown by the minute has one row of numbers, also in publications: two rows of
    numbers that move at different moments could be held against each other.
    """
    shown = PublicFigures.objects.filter(campaign=campaign).exclude(published_at=None)
    kept = shown.order_by("-published_at").values_list("kept", flat=True).first()
    live = LiveFigures.objects.filter(campaign=campaign).values_list("bases", "grouped").first()
    bases: dict[str, int] = {} if kept is None else dict(kept["bases"])
    grouped: set[int] = set() if kept is None else set(kept["grouped"])
    if live is not None:
        bases |= live[0]
        grouped |= set(live[1])
    return Held(bases, frozenset(grouped))
