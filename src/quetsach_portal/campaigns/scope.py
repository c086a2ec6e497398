"""Scope in a campaign: the nodes that a person may access, from their roles in the register.

Access follows the frozen tree: a role in a unit gives access to that unit's node, and a role that
sees a subtree to all nodes below it in this campaign, whatever the register is today.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, CampaignState
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import SEES_SUBTREE, Scope, below_or_at
from quetsach_portal.web.compiled_queries import CompiledQuery


@dataclass(frozen=True)
class RoleInNode:
    """A role in a node.

    Shapes: `read_only` is the role in a unit that ended: it still shows, and allows no act.
    """

    node_id: int
    path: str
    role: Role
    read_only: bool = False


@dataclass(frozen=True)
class NodeScope:
    """The roles of a person within one campaign."""

    campaign_id: int
    seats: tuple[RoleInNode, ...]

    def has_role_in(self, node: CampaignNode, *roles: Role) -> bool:
        """True when one of `roles` is held in `node` itself."""
        return any(seat.node_id == node.pk and seat.role in roles for seat in self.active())

    def has_role_above(self, node: CampaignNode, *roles: Role) -> bool:
        """True when one of `roles` is held in `node` or above it."""
        return any(seat.role in roles and node.path.startswith(seat.path) for seat in self.active())

    def has_role_in_parent(self, node: CampaignNode, *roles: Role) -> bool:
        """True when one of `roles` is held in the node directly above `node`."""
        return any(seat.node_id == node.parent_id and seat.role in roles for seat in self.active())

    def active(self) -> tuple[RoleInNode, ...]:
        """Return the seats that allow acts."""
        return tuple(seat for seat in self.seats if not seat.read_only)

    def visible(self, prefix: str = "") -> Q:
        """Return the condition on a row whose node path is in the field `{prefix}path`."""
        subtrees = [seat.path for seat in self.seats if seat.role in SEES_SUBTREE]
        return below_or_at(subtrees, [seat.path for seat in self.seats], prefix)


PREPARING = (CampaignState.DRAFT.value, CampaignState.READY.value)
"""States in which a campaign is seen by its lead office alone."""


def campaigns_of(scope: Scope) -> QuerySet[Campaign]:
    """Return the campaigns that include one of the person's units, newest first.

    One that is still being prepared is seen in its lead office alone.
    """
    return _campaigns_among(scope.own_units())


def _campaigns_among(units: Collection[int]) -> QuerySet[Campaign]:
    inside = CampaignNode.objects.filter(unit_id__in=units).values("campaign_id")
    mine = (Q(pk__in=inside) & ~Q(state__in=PREPARING)) | Q(lead_unit_id__in=units)
    return Campaign.objects.filter(mine).order_by("-pk")


_CAMPAIGNS = CompiledQuery(lambda units: _campaigns_among(units).select_related("lead_unit"))


def list_of_campaigns(scope: Scope) -> list[Campaign]:
    """Return the campaigns of the person, newest first, each with its lead office."""
    return _CAMPAIGNS(units=scope.own_units())


def campaign_for(scope: Scope, campaign_id: int) -> Campaign:
    """Return the campaign if it includes one of the person's units. Errors: Http404."""
    campaign = _CAMPAIGN.first(units=scope.own_units(), campaign_id=campaign_id)
    if campaign is None:
        raise Http404
    return campaign


_CAMPAIGN = CompiledQuery(lambda units, campaign_id: _campaigns_among(units).filter(pk=campaign_id))


def node_scope(scope: Scope, campaign: Campaign) -> NodeScope:
    """Return the person's seats within `campaign`. Cost: one query."""
    found_nodes = _PLACES(campaign_id=campaign.pk, units=scope.own_units())
    nodes = {unit_id: (pk, path) for unit_id, pk, path in found_nodes}
    return NodeScope(
        campaign.pk,
        tuple(
            RoleInNode(*nodes[seat.unit_id], seat.role, seat.read_only)
            for seat in scope.seats
            if seat.unit_id in nodes
        ),
    )


_PLACES = CompiledQuery(
    lambda campaign_id, units: CampaignNode.objects.filter(
        campaign_id=campaign_id, unit_id__in=units
    ).values_list("unit_id", "pk", "path")
)


def nodes_of(scope: Scope, campaign: Campaign) -> QuerySet[CampaignNode]:
    """Return the nodes of `campaign` that the person may see."""
    return CampaignNode.objects.filter(node_scope(scope, campaign).visible(), campaign=campaign)


def top_node(scope: Scope, campaign: Campaign) -> CampaignNode | None:
    """Return the highest node in which the person has a role, None for none."""
    return highest_node(node_scope(scope, campaign))


def highest_node(scope: NodeScope) -> CampaignNode | None:
    """Return the highest node of these roles, None without roles.

    Cost: one query, its counters included.
    """
    if not scope.seats:
        return None
    highest = min(scope.seats, key=lambda seat: (seat.path.count("/"), seat.path))
    return _NODE.first(node_id=highest.node_id)


_NODE = CompiledQuery(
    lambda node_id: CampaignNode.objects.filter(pk=node_id).select_related("unit", "tally")
)


def node_for(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node if the person may see it. Errors: Http404, as if it were not there."""
    node = _NODE_WITH_CAMPAIGN.first(node_id=node_id)
    if node is None:
        raise Http404
    campaign_for(scope, node.campaign_id)
    if not nodes_of(scope, node.campaign).filter(pk=node.pk).exists():
        raise Http404
    return node


_NODE_WITH_CAMPAIGN = CompiledQuery(
    lambda node_id: CampaignNode.objects.filter(pk=node_id).select_related(
        "campaign__lead_unit", "unit"
    )
)
