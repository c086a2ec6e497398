"""Lock a unit of a running campaign, and record what is done to it."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models import COUNTED, CampaignNode, CampaignState, Slot
from quetsach_portal.people.models import User
from quetsach_portal.web.problems import Refused

RUNS = (CampaignState.LIVE, CampaignState.CLOSING)


def locked_node(node: CampaignNode) -> CampaignNode:
    """Return the node's row, locked, when its campaign runs and it stands in the tree.

    Errors: Refused.
    """
    row = (
        CampaignNode.objects.select_for_update(of=("self",))
        .select_related("campaign__lead_unit", "unit")
        .get(pk=node.pk)
    )
    refuse_unless_running(row)
    return row


def locked_slot(slot: Slot) -> Slot:
    """Return the slot's row, locked, when its campaign runs. Errors: Refused."""
    row = (
        Slot.objects.select_for_update(of=("self",))
        .select_related("node__campaign__lead_unit", "node__unit", "phase")
        .get(pk=slot.pk)
    )
    refuse_unless_running(row.node)
    return row


def refuse_unless_running(node: CampaignNode) -> None:
    """Refuse what can only be done in a running campaign, by a unit that still stands."""
    if node.campaign.state not in RUNS:
        raise Refused(_("The campaign is not running."))
    if node.state not in COUNTED:
        raise Refused(_("The unit no longer stands in the tree of this campaign."))


def noted(action: str, row: Model, node: CampaignNode, actor: User | None, **detail: Any) -> None:
    """Write the act into the trail, under the unit it is about."""
    record(
        action,
        actor=actor,
        kind=row._meta.model_name or "",
        object_id=row.pk,
        unit_path=node.unit.path,
        detail={"node": node.pk, **detail},
    )
