"""Whom somebody calls who needs help: the desks with a telephone of the office above."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from quetsach_portal.campaigns.models.campaign import CampaignNode, CampaignState
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.units.models import OrgUnit, UnitContact

MOST = 4


@dataclass(frozen=True)
class HelpLine:
    """A desk to call: of which office, what it does, its number."""

    office: str
    desk: str
    phone: str


def help_lines(scope: Scope) -> Sequence[HelpLine]:
    """Return the desks to call, the office above first, then one's own; none where none is known.

    The office above is that of the running campaign, without one that of the register. Cost: three
    queries.
    """
    own = list(scope.own_units())
    nodes = CampaignNode.objects.filter(unit_id__in=own, campaign__state=CampaignState.LIVE)
    above = list(
        nodes.filter(parent__isnull=False)
        .order_by("-campaign_id", "path")
        .annotate(above=F("parent__unit_id"))
        .values_list("above", flat=True)[:MOST]
    )
    if not above:
        parents = OrgUnit.objects.filter(pk__in=own, parent__isnull=False)
        above = list(parents.values_list("parent_id", flat=True)[:MOST])
    order = {unit: place for place, unit in enumerate(dict.fromkeys([*above, *own]))}
    rows = UnitContact.objects.filter(unit_id__in=list(order), valid_to__isnull=True)
    contacts = sorted(
        rows.exclude(phone="").select_related("unit").order_by("role", "pk")[: 10 * MOST],
        key=lambda contact: order[contact.unit_id],
    )
    return [
        HelpLine(contact.unit.name, contact.get_role_display(), contact.phone)
        for contact in contacts[:MOST]
    ]
