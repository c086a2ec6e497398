"""Four figures of a unit and all below it: told, received, deployed and signed, of what is due."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import CampaignNode, Phase, SlotTally
from quetsach_portal.campaigns.queries import tally_of


@dataclass(frozen=True)
class Figure:
    """How many of how many, in words, and the page with the rows behind it."""

    word: str
    part: int
    whole: int
    address: str


def figures_of(node: CampaignNode, phase: Phase | None) -> list[Figure]:
    """Return the figures, the unit itself included. Cost: two queries at most, for any tree."""
    units = tally_of(node)
    slots = SlotTally.objects.filter(node=node, phase=phase).first() or SlotTally()
    ladder = f"{reverse('followup:ladder', args=[node.campaign_id])}?under={node.pk}"
    reports = f"{reverse('followup:completeness', args=[node.campaign_id])}?under={node.pk}"
    return [
        Figure(_("units told"), units.told, units.units, ladder),
        Figure(_("units that received the letter"), units.received, units.units, ladder),
        Figure(_("units that deployed"), units.deployed, units.units, ladder),
        Figure(_("reports signed"), slots.signed, slots.expected, reports),
    ]
