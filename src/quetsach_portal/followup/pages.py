"""What the page of a unit needs besides rows: who may do what here, and forms turned into acts."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.campaigns.scope import NodeScope
from quetsach_portal.followup import access
from quetsach_portal.followup.actions import extending, receipts
from quetsach_portal.followup.forms import DecideForm, ReceivedForForm
from quetsach_portal.followup.models import Extension, Receipt
from quetsach_portal.people.models import User
from quetsach_portal.rights.models import Role
from quetsach_portal.rights.scope import Scope


def receipt_of(node: CampaignNode) -> Receipt | None:
    """Return the unit's receipt."""
    return Receipt.objects.filter(node=node).select_related("by", "proof").first()


_OPENS_TASK: Mapping[str, Collection[Role]] = {
    "receive": access.SAYS_RECEIVED,
    "pass_on": tuple(Role),
    "deploy": access.SAYS_DEPLOYED,
    "clean": access.SEES_CASES,
    "report": access.READS_REPORTS,
}
"""Whose roles open the page of each task."""


def may(scope: Scope, node: CampaignNode, seats: NodeScope) -> dict[str, Any]:
    """Return what the person may do to this unit, for the buttons; the acts ask again."""
    leads = scope.has_role_in(node.campaign.lead_unit, Role.LEAD_OWNER)
    return {
        "tasks": frozenset(
            key
            for key, roles in _OPENS_TASK.items()
            if any(seat.node_id == node.pk and seat.role in roles for seat in seats.seats)
        ),
        "calendar": scope.has_role_in(node.unit, *Role),
        "receive": seats.has_role_in(node, *access.SAYS_RECEIVED),
        "receive_for": seats.has_role_in_parent(node, *access.RECORDS_FOR_CHILD),
        "deploy": seats.has_role_in(node, *access.SAYS_DEPLOYED),
        "check": seats.has_role_in_parent(node, *access.TAKES_PAPER),
        "paper": seats.has_role_in_parent(node, *access.TAKES_PAPER),
        "ask_time": seats.has_role_in(node, *access.ASKS_TIME),
        "reads": seats.has_role_in(node, *access.READS_REPORTS)
        or seats.has_role_above(node, *access.READS_REPORTS_BELOW),
        "give_time": leads and node.parent_id is not None,
    }


def record_receipt(node: CampaignNode, form: ReceivedForForm, actor: User) -> Receipt:
    """Record the receipt that the form tells. Errors: Refused."""
    given = form.cleaned_data
    return receipts.record_receipt(
        node,
        given["proof"],
        said_by=given["said_by"],
        received_at=form.came_at(),
        note=given["note"],
        actor=actor,
    )


def decided(extension: Extension, form: DecideForm, actor: User) -> None:
    """Decide as the form says. Errors: Refused."""
    decision = form.cleaned_data["decision"]
    if form.grants:
        extending.grant(extension, new_due_at=form.until(), decision=decision, actor=actor)
    else:
        extending.refuse(extension, decision=decision, actor=actor)


def day_and_hour(moment: datetime) -> dict[str, Any]:
    """Return an exclusive instant as the two boxes of a form have it."""
    local = timezone.localtime(moment)
    is_midnight = local.hour == local.minute == 0
    return {"day": local.date(), "hour": None if is_midnight else local.time()}
