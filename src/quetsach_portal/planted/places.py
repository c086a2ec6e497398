"""The places at which a unit plants names: who reaches them, and how they are added and ended."""

from ipaddress import ip_network

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api.planted import place_text
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, get_or_404
from quetsach_portal.planted.models import PlantedPlace
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused

MOST_PLACES = 100
WORKERS = (Role.FOCAL_POINT, Role.TECHNICIAN)


def node_for(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node if the person works for its unit. Errors: Http404."""
    rows = CampaignNode.objects.filter(pk=node_id, unit_id__in=scope.own_units(*WORKERS))
    return get_or_404(rows.select_related("campaign", "unit"))


def place_for(scope: Scope, place_id: int) -> PlantedPlace:
    """Return the place if it is one of the person's own units. Errors: Http404."""
    rows = PlantedPlace.objects.filter(pk=place_id, unit_id__in=scope.own_units(*WORKERS))
    return get_or_404(rows.select_related("unit"))


def add_place(unit: OrgUnit, name: str, subnet: str, *, actor: User) -> PlantedPlace:
    """Return a new place of `unit`, whose PC has names from today on.

    Errors: Refused for a name that is there already, for what is no network, and for too many.
    """
    name, network = place_text(name), _network(subnet)
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=unit.pk)
        places = PlantedPlace.objects.filter(unit=unit, ended_at=None)
        if not name or places.filter(name=name).exists():
            raise Refused(_("This unit has a place of that name already."))
        if places.count() >= MOST_PLACES:
            raise Refused(_("There are too many places. Remove those that are not used."))
        place = PlantedPlace.objects.create(unit=unit, name=name, subnet=network, added_by=actor)
        _audit("planted.place_added", place, actor)
    return place


def end_place(place: PlantedPlace, *, actor: User) -> None:
    """Plant nothing at this place from now on. Errors: Refused if it ended already."""
    with transaction.atomic():
        place = PlantedPlace.objects.select_for_update(of=("self",)).get(pk=place.pk)
        if place.ended_at is not None:
            raise Refused(_("This place was removed already."))
        place.ended_at, place.ended_by = timezone.now(), actor
        place.save(update_fields=["ended_at", "ended_by"])
        _audit("planted.place_ended", place, actor)


def _network(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return str(ip_network(text.strip(), strict=False))
    except ValueError as error:
        raise Refused(_("This is no network: write it as 10.1.2.0/24.")) from error


def _audit(action: str, place: PlantedPlace, actor: User) -> None:
    record(
        action,
        actor=actor,
        kind="planted_place",
        object_id=place.pk,
        detail={"subnet": place.subnet, "since": place.since.isoformat()},
        unit_path=place.unit.path,
    )
