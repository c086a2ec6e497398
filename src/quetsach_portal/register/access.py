"""Permissions in the register; the only way from a request to one of its objects."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, below, get_or_404, unit_for
from quetsach_portal.register.models import RegisterUpload, UploadState
from quetsach_portal.units.dated import ids_on
from quetsach_portal.units.models import Desk, OrgEvent, OrgUnit, UnitContact

_READS_OWN_CONTACTS = (Role.COMPILER, Role.FOCAL_POINT, Role.SIGNER, Role.CLERK)
_READS_CHILDRENS = (Role.COMPILER, Role.CLERK)


def may_load(scope: Scope) -> bool:
    """True for the owner in a lead office: loads files and areas, sees the health of contacts."""
    return scope.has_role(Role.LEAD_OWNER)


def may_read_contacts(scope: Scope, unit: OrgUnit) -> bool:
    """True for whom names, addresses and telephone numbers of `unit` are meant (A4)."""
    return (
        scope.has_role_above(unit, Role.LEAD_OWNER)
        or scope.has_role_in(unit, *_READS_OWN_CONTACTS)
        or scope.has_role_in_parent(unit, *_READS_CHILDRENS)
    )


def may_edit(scope: Scope, unit: OrgUnit) -> bool:
    """True if the person may edit the contacts, desks and head counts of `unit`."""
    return unit.closed_on is None and (
        scope.has_role_above(unit, Role.LEAD_OWNER)
        or scope.has_role_in(unit, Role.COMPILER, Role.FOCAL_POINT)
        or scope.has_role_in_parent(unit, Role.COMPILER)
    )


def may_propose(scope: Scope, unit: OrgUnit) -> bool:
    """True if the person may propose a change of the tree for `unit`."""
    return scope.has_role_above(unit, Role.LEAD_OWNER, Role.COMPILER) or scope.has_role_in(
        unit, Role.FOCAL_POINT
    )


def proposes_at_all(scope: Scope) -> bool:
    """True if the person may propose a change of the tree for any unit."""
    return scope.has_role(Role.LEAD_OWNER, Role.COMPILER, Role.FOCAL_POINT)


def may_decide(scope: Scope, event: OrgEvent) -> bool:
    """True for an owner in a lead office above the event who did not propose it."""
    return event.proposed_by_id != scope.user_id and may_decide_on(scope, event)


def may_decide_on(scope: Scope, event: OrgEvent) -> bool:
    """True for an owner in a lead office above the event, also its proposer."""
    return any(
        seat.role == Role.LEAD_OWNER and not seat.read_only and event.path.startswith(seat.path)
        for seat in scope.seats
    )


def edited_unit(scope: Scope, unit_id: int) -> OrgUnit:
    """Return the unit that the person may edit. Errors: Http404, PermissionDenied."""
    unit = unit_for(scope, unit_id)
    if not may_edit(scope, unit):
        raise PermissionDenied
    return unit


def edited_contact(scope: Scope, contact_id: int) -> UnitContact:
    """Return the open contact that the person may edit. Errors: Http404, PermissionDenied."""
    contact = get_or_404(
        UnitContact.objects.filter(
            scope.visible("unit__"), pk=contact_id, valid_to__isnull=True
        ).select_related("unit")
    )
    edited_unit(scope, contact.unit_id)
    return contact


def loading_unit(scope: Scope) -> OrgUnit:
    """Return the unit below which the person loads files: the highest they own.

    Errors: PermissionDenied.
    """
    owned = scope.own_units(Role.LEAD_OWNER)
    top = OrgUnit.objects.filter(pk__in=owned).order_by("depth", "pk").first()
    if top is None:
        raise PermissionDenied
    return top


def own_upload(scope: Scope, upload_id: int) -> RegisterUpload:
    """Return the pending file if the person may load below its unit. Errors: Http404."""
    owned = scope.own_units(Role.LEAD_OWNER)
    return get_or_404(
        RegisterUpload.objects.filter(pk=upload_id, top_id__in=owned).select_related("top")
    )


def open_upload(scope: Scope, upload_id: int) -> RegisterUpload:
    """Return the file if it is undecided. Errors: Http404."""
    upload = own_upload(scope, upload_id)
    if upload.state != UploadState.OPEN:
        raise Http404
    return upload


def desk_units(scope: Scope, unit: OrgUnit) -> QuerySet[OrgUnit]:
    """Return the open units that may work for `unit`: those that the person sees, and those near.

    A desk is often in the unit above, or in an office of it, which people below do not see
    otherwise; a large unit gives its work to one directly below.
    """
    line = ids_on(unit.path)
    served = Desk.objects.filter(unit=unit).values("served_by_id")
    near = Q(pk__in=line) | Q(parent_id__in=line) | Q(pk__in=served)
    return OrgUnit.objects.filter(scope.visible() | near, closed_on__isnull=True)


def proposed_units(scope: Scope) -> QuerySet[OrgUnit]:
    """Return the open units for which the person may propose a change of the tree."""
    mine = Q(pk__in=scope.own_units(Role.FOCAL_POINT))
    for seat in scope.seats:
        if seat.role in (Role.LEAD_OWNER, Role.COMPILER) and not seat.read_only:
            mine |= below(seat.path)
    return OrgUnit.objects.filter(mine, closed_on__isnull=True)


def units_to_propose(scope: Scope) -> QuerySet[OrgUnit]:
    """Return `proposed_units` if the person may propose anything. Errors: PermissionDenied."""
    if not proposes_at_all(scope):
        raise PermissionDenied
    return proposed_units(scope)


def event_for(scope: Scope, event_id: int) -> OrgEvent:
    """Return the event of the tree if the person may see it. Errors: Http404."""
    event = get_or_404(
        OrgEvent.objects.filter(pk=event_id).select_related("proposed_by", "decided_by")
    )
    mine = event.proposed_by_id == scope.user_id and proposes_at_all(scope)
    if not mine and not OrgEvent.objects.filter(scope.visible(), pk=event_id).exists():
        get_or_404(OrgEvent.objects.none())
    return event


def events_within(scope: Scope) -> QuerySet[OrgEvent]:
    """Return the events within reach, without what the person proposed elsewhere.

    A token is valid for one unit, whatever other roles its creator has.
    """
    return OrgEvent.objects.filter(scope.visible()).select_related("proposed_by", "decided_by")


def event_within(scope: Scope, event_id: int) -> OrgEvent:
    """Return the event if it is in the person's scope. Errors: Http404."""
    return get_or_404(events_within(scope).filter(pk=event_id))


def decided_event(scope: Scope, event_id: int) -> OrgEvent:
    """Return the event that the person may approve or refuse. Errors: Http404, PermissionDenied."""
    event = event_for(scope, event_id)
    if not may_decide(scope, event):
        raise PermissionDenied
    return event


def reversed_event(scope: Scope, event_id: int) -> OrgEvent:
    """Return the event that the person may reverse. Errors: Http404, PermissionDenied."""
    event = event_for(scope, event_id)
    if not may_decide_on(scope, event):
        raise PermissionDenied
    return event


def own_event(scope: Scope, event_id: int) -> OrgEvent:
    """Return the event that the person proposed. Errors: Http404, PermissionDenied."""
    event = event_for(scope, event_id)
    if event.proposed_by_id != scope.user_id:
        raise PermissionDenied
    return event
