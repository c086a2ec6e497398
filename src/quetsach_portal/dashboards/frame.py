"""What every page of figures shows around them: the campaign, the way to the unit, the tabs."""

from typing import Any

from quetsach_portal.campaigns.models import Campaign, CampaignNode
from quetsach_portal.campaigns.scope import node_scope, top_node
from quetsach_portal.dashboards import access
from quetsach_portal.followup.queries import path_to
from quetsach_portal.rechecks.access import sees_samples
from quetsach_portal.rights.request import Request
from quetsach_portal.rights.scope import SEES_SUBTREE


def frame(request: Request, campaign: Campaign, node: CampaignNode) -> dict[str, Any]:
    """Return what the templates of all these pages need."""
    seats = node_scope(request.scope, campaign)
    return {
        "campaign": campaign,
        "node": node,
        "above": path_to(node, top_node(request.scope, campaign)),
        "opens_units": seats.has_role_above(node, *SEES_SUBTREE),
        "opens_coverage": access.sees_devices(seats, node),
        "opens_checks": sees_samples(seats, node),
    }
