"""Correct which units take part: one is left out, or one of the register is added.

A unit that hangs on the wrong office is moved in the register, by two people, and each campaign
follows (`campaigns.tree.applying`).
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    Campaign,
    CampaignNode,
    ExpectedReport,
    NodeState,
)
from quetsach_portal.campaigns.tree import correcting as tree
from quetsach_portal.campaigns.tree.applying import open_phases
from quetsach_portal.campaigns.tree.choosing import standing_below
from quetsach_portal.campaigns.tree.moves import UNFINISHED
from quetsach_portal.campaigns.units import PlannedNode
from quetsach_portal.lifecycle.correcting.plans import CorrectionPlan
from quetsach_portal.units.models import Headcount, OrgUnit
from quetsach_portal.web.acts import Refused

LEAVE_OUT = "leave_out"
ADD = "add"
MOST_FOUND = 2


def unit_written(campaign: Campaign, word: str) -> OrgUnit:
    """Return the unit below the lead office with this code or full name. Errors: Refused."""
    text = " ".join(word.split())
    below = standing_below(campaign.lead_unit, timezone.localdate())
    units = list(below.filter(code=text)) or list(below.filter(name__iexact=text)[:MOST_FOUND])
    if not units:
        raise Refused(_("No unit of the register below yours is called so."), field="unit")
    if len(units) > 1:
        raise Refused(_("Several units are called so: write the code."), field="unit")
    return units[0]


def plan(campaign: Campaign, proposal: dict[str, Any]) -> CorrectionPlan:
    """Return what it changes that a unit is left out or added.

    Shapes: `proposal` is {"act": LEAVE_OUT or ADD, "unit": the id of a unit of the register}.
    Errors: Refused where it takes part already or not at all, or has units below it.
    """
    unit = OrgUnit.objects.filter(pk=proposal["unit"]).first()
    if unit is None:
        raise Refused(_("No unit of the register below yours is called so."), field="unit")
    node = CampaignNode.objects.filter(campaign=campaign, unit=unit).first()
    if proposal["act"] == LEAVE_OUT:
        return _leaving(campaign, unit, node, proposal)
    if proposal["act"] == ADD:
        return _adding(campaign, unit, node, proposal)
    raise Refused(_("This act is not known."))


def carry_out(campaign: Campaign, proposal: dict[str, Any], reason: str) -> list[int]:
    """Do it, and return the nodes that it touches: the unit's, and that of the office above.

    The caller holds the transaction and the campaign's row, and has made the `plan`.
    """
    if proposal["act"] == LEAVE_OUT:
        nodes = CampaignNode.objects.select_for_update(of=("self",)).select_related("campaign")
        node = nodes.get(campaign=campaign, unit_id=proposal["unit"])
        tree.leave_out(node, reason)
    else:
        unit = OrgUnit.objects.get(pk=proposal["unit"])
        parent = _office_above(campaign, unit)
        planned = PlannedNode(unit.pk, parent.unit_id, parent.depth + 1, unit.name, _staff(unit))
        node = tree.take_in(campaign, planned, parent)
    return [node.pk] if node.parent_id is None else [node.pk, node.parent_id]


def _leaving(
    campaign: Campaign, unit: OrgUnit, node: CampaignNode | None, proposal: dict[str, Any]
) -> CorrectionPlan:
    if node is None or node.state not in COUNTED:
        raise Refused(_("This unit does not take part."), field="unit")
    if node.parent_id is None:
        raise Refused(_("The lead office itself cannot be left out."), field="unit")
    if CampaignNode.objects.filter(parent=node, state__in=COUNTED).exists():
        raise Refused(
            _("Units below it take part: leave them out first, or move them in the register."),
            field="unit",
        )
    slots = ExpectedReport.objects.filter(
        node=node, phase__in=open_phases(campaign, timezone.now())
    )
    waiting = slots.filter(state__in=UNFINISHED).count()
    facts = {
        "waiting": waiting,
        "sent": node.slots.filter(reported_at__isnull=False).count(),
        "cases": node.cases.filter(closed_at__isnull=True).count(),
    }
    return CorrectionPlan(
        proposal=proposal,
        before={"state": node.state},
        facts=facts,
        words=[_("%(unit)s no longer takes part.") % {"unit": node.name_at_freeze}],
        effects=[
            _("%(count)s reports of it are no longer expected; the reason stands beside them.")
            % {"count": waiting},
            _("%(count)s reports that it sent stay as they are and are counted.")
            % {"count": facts["sent"]},
            _("%(count)s open cases stay open: an infected machine is handled all the same.")
            % {"count": facts["cases"]},
        ],
    )


def _adding(
    campaign: Campaign, unit: OrgUnit, node: CampaignNode | None, proposal: dict[str, Any]
) -> CorrectionPlan:
    if node is not None and node.state in COUNTED:
        raise Refused(_("This unit takes part already."), field="unit")
    if node is not None and node.state != NodeState.EXCUSED:
        raise Refused(
            _("What became of this unit is in the register: %(state)s.")
            % {"state": node.get_state_display()},
            field="unit",
        )
    if not standing_below(campaign.lead_unit, timezone.localdate()).filter(pk=unit.pk).exists():
        raise Refused(_("No unit of the register below yours is called so."), field="unit")
    parent = _office_above(campaign, unit)
    phases = open_phases(campaign, timezone.now())
    return CorrectionPlan(
        proposal=proposal,
        before={"state": "" if node is None else node.state},
        facts={"parent": parent.pk, "reports": len(phases), "staff": _staff(unit)},
        words=[
            _("%(unit)s takes part, below %(office)s.")
            % {"unit": unit.name, "office": parent.name_at_freeze}
        ],
        effects=[
            _("%(count)s reports are expected of it, due as those of its level.")
            % {"count": len(phases)},
            _("It counts as told once a letter is released to it: draft one to it alone."),
        ],
    )


def _office_above(campaign: Campaign, unit: OrgUnit) -> CampaignNode:
    """Return the node of the nearest office above `unit` that takes part. Errors: Refused."""
    above = [int(part) for part in unit.path.split("/") if part][:-1]
    rows = CampaignNode.objects.filter(campaign=campaign, unit__in=above, state__in=COUNTED)
    by_unit = {node.unit_id: node for node in rows}
    for unit_id in reversed(above):
        if unit_id in by_unit:
            return by_unit[unit_id]
    raise Refused(_("No office above this unit takes part."), field="unit")


def _staff(unit: OrgUnit) -> int:
    last = Headcount.objects.filter(unit=unit, as_of__lte=timezone.localdate())
    return last.order_by("-as_of").values_list("staff_count", flat=True).first() or 0
