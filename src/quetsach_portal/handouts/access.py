"""Who may see a unit's materials, who may have them made, and who fetches an edition."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.campaigns.scope import campaigns_of, node_for, node_scope
from quetsach_portal.handouts.models import HandoutEdition
from quetsach_portal.rights.models import Role
from quetsach_portal.rights.scope import SEES_SUBTREE, Scope, found

PULLS = (
    Role.LEAD_OWNER,
    Role.COMPILER,
    Role.FOCAL_POINT,
    Role.CLERK,
    Role.TECHNICIAN,
)
"""Who works in the unit; its signer and the auditors look."""


def own_node(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node for which the person may have materials made.

    Errors: Http404 where it may not be seen, PermissionDenied where it may.
    """
    node = node_for(scope, node_id)
    if not pulls(scope, node):
        raise PermissionDenied(_("The unit's own people have its materials made."))
    return node


def pulls(scope: Scope, node: CampaignNode) -> bool:
    """True when the person may have materials of `node` made."""
    return node_scope(scope, node.campaign).has_role_in(node, *PULLS)


def sees_below(scope: Scope, node: CampaignNode) -> bool:
    """True when the person sees the units below `node`."""
    return node_scope(scope, node.campaign).has_role_above(node, *SEES_SUBTREE)


def version(scope: Scope, version_id: int) -> HandoutEdition:
    """Return an edition, for whoever has a unit in its campaign. Errors: Http404."""
    rows = HandoutEdition.objects.filter(pk=version_id, campaign__in=campaigns_of(scope))
    return found(rows)
