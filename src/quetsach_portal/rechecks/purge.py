"""What of the re-checks is about persons and goes when a campaign is archived; the results stay."""

from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.rechecks.models import Item


def purge(campaign: Campaign) -> dict[str, int]:
    """Return how many answers lost their note and who gave them; seed, frame and share stay.

    The caller holds the transaction.
    """
    items = Item.objects.filter(draw__node__campaign=campaign)
    return {"rechecks": items.update(note="", checker=None, answered_by=None)}
