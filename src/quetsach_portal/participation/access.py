"""Who may see and hand out a unit's codes."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.campaigns.scope import node_for, node_scope
from quetsach_portal.participation.models import JoinCode
from quetsach_portal.rights.models import Role
from quetsach_portal.rights.scope import Scope, found
from quetsach_public import short_codes

HANDS_OUT = (Role.FOCAL_POINT, Role.COMPILER, Role.LEAD_OWNER)


def own_node(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node whose codes the person hands out.

    Errors: Http404 where it may not be seen, PermissionDenied where it may.
    """
    node = node_for(scope, node_id)
    if not node_scope(scope, node.campaign).has_role_in(node, *HANDS_OUT):
        raise PermissionDenied(_("The unit's own focal point or compiler hands out its codes."))
    return node


def own_code(scope: Scope, code_id: int) -> JoinCode:
    """Return the code, for whoever hands it out. Errors: as `own_node`."""
    code = found(JoinCode.objects.filter(pk=code_id).select_related("node__campaign"))
    own_node(scope, code.node_id)
    return code


def code_on_poster(code: str) -> JoinCode:
    """Return the code that stands on a poster, open or replaced. Errors: Http404.

    Whoever has the poster may ask: the code itself is the right.
    """
    named = JoinCode.objects.select_related("node__campaign", "node__unit")
    typed = short_codes.plain(code)
    return found(named.filter(short=typed) if typed else named.filter(code=code[:32].lower()))


def hands_out(scope: Scope, node: CampaignNode) -> bool:
    """True when the person hands out the codes of `node`."""
    return node_scope(scope, node.campaign).has_role_in(node, *HANDS_OUT)
