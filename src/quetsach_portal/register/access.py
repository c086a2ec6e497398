"""Who may do what in the register; the only way from a request to one of its objects."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from quetsach_portal.register.models import RegisterUpload, UploadState
from quetsach_portal.rights.models import Role
from quetsach_portal.rights.scope import Scope, below, found, unit_for, units_of
from quetsach_portal.units.models import Contact, OrgEvent, OrgUnit
from quetsach_portal.web.problems import Refused

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
    """True for who keeps the contacts, desks and head counts of `unit`."""
    return unit.closed_on is None and (
        scope.has_role_above(unit, Role.LEAD_OWNER)
        or scope.has_role_in(unit, Role.COMPILER, Role.FOCAL_POINT)
        or scope.has_role_in_parent(unit, Role.COMPILER)
    )


def may_propose(scope: Scope, unit: OrgUnit) -> bool:
    """True for who may propose a change of the tree for `unit`."""
    return scope.has_role_above(unit, Role.LEAD_OWNER, Role.COMPILER) or scope.has_role_in(
        unit, Role.FOCAL_POINT
    )


def proposes_at_all(scope: Scope) -> bool:
    """True for who may propose a change of the tree somewhere."""
    return scope.has_role(Role.LEAD_OWNER, Role.COMPILER, Role.FOCAL_POINT)


def may_decide(scope: Scope, event: OrgEvent) -> bool:
    """True for an owner in a lead office above the event who did not propose it."""
    return event.proposed_by_id != scope.user_id and may_decide_on(scope, event)


def may_decide_on(scope: Scope, event: OrgEvent) -> bool:
    """True for an owner in a lead office above the event, whoever proposed it."""
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


def edited_contact(scope: Scope, contact_id: int) -> Contact:
    """Return the open contact that the person may edit. Errors: Http404, PermissionDenied."""
    contact = found(
        Contact.objects.filter(
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
    """Return the file that waits, for who may load below its unit. Errors: Http404."""
    owned = scope.own_units(Role.LEAD_OWNER)
    return found(
        RegisterUpload.objects.filter(pk=upload_id, top_id__in=owned).select_related("top")
    )


def open_upload(scope: Scope, upload_id: int) -> RegisterUpload:
    """Return the file if nobody has decided on it yet. Errors: Http404."""
    upload = own_upload(scope, upload_id)
    if upload.state != UploadState.OPEN:
        raise Http404
    return upload


def desk_units(unit: OrgUnit, codes: Mapping[str, str]) -> dict[str, OrgUnit | None]:
    """Return the unit of the same tree with each role's code, None for an empty one.

    Errors: Refused. A desk is often in the unit above, which its people do not see otherwise.
    """
    wanted = {role: code.strip() for role, code in codes.items()}
    root = f"/{unit.path.split('/')[1]}/"
    tree = OrgUnit.objects.filter(below(root), code__in=[*filter(None, wanted.values())])
    known = {one.code: one for one in tree}
    for role, code in wanted.items():
        if code and (code not in known or known[code].closed_on is not None):
            raise Refused(_("No open unit has this code."), field=role)
    return {role: known.get(code) for role, code in wanted.items()}


def event_for(scope: Scope, event_id: int) -> OrgEvent:
    """Return the event of the tree if the person may see it. Errors: Http404."""
    event = found(OrgEvent.objects.filter(pk=event_id).select_related("proposed_by", "decided_by"))
    mine = event.proposed_by_id == scope.user_id and proposes_at_all(scope)
    if not mine and not OrgEvent.objects.filter(scope.visible(), pk=event_id).exists():
        found(OrgEvent.objects.none())
    return event


def decided_event(scope: Scope, event_id: int) -> OrgEvent:
    """Return the event that the person may approve or refuse. Errors: Http404, PermissionDenied."""
    event = event_for(scope, event_id)
    if not may_decide(scope, event):
        raise PermissionDenied
    return event


def reversed_event(scope: Scope, event_id: int) -> OrgEvent:
    """Return the event that the person may take back. Errors: Http404, PermissionDenied."""
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


def chosen_units(scope: Scope, codes: list[str]) -> list[OrgUnit]:
    """Return the units with these codes, in order; those that may not be seen are left out."""
    known = {unit.code: unit for unit in units_of(scope).filter(code__in=codes)}
    return [known[code] for code in codes if code in known]
