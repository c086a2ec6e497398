"""Who plants names for a unit: its own people, who hand in its evidence."""

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, get_or_404
from quetsach_portal.planted.models import PlantedPlace

WORKERS = (Role.FOCAL_POINT, Role.TECHNICIAN)


def node_for(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node if the person works for its unit. Errors: Http404."""
    rows = CampaignNode.objects.filter(pk=node_id, unit_id__in=scope.own_units(*WORKERS))
    return get_or_404(rows.select_related("campaign", "unit"))


def place_for(scope: Scope, place_id: int) -> PlantedPlace:
    """Return the place if it is one of the person's own units. Errors: Http404."""
    rows = PlantedPlace.objects.filter(pk=place_id, unit_id__in=scope.own_units(*WORKERS))
    return get_or_404(rows.select_related("unit"))
