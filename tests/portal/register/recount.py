"""The slow, obvious twin of a campaign's counters."""

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.lifecycle.recount import recount


def differences(campaign: Campaign) -> list[str]:
    """Return every counter that is not what a count of nodes and slots gives."""
    return [str(one) for one in recount(campaign)]
