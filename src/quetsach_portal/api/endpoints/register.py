"""The register: contacts, desks, head counts, a unit's past, and changes of the tree."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja import Query, Router, Schema

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.row_schemas import of_row
from quetsach_portal.api.schemas import NO, Paged, Part, UnitOut, part_of
from quetsach_portal.api.tokens import ByToken, caller
from quetsach_portal.people.roles.scope import unit_for
from quetsach_portal.register import access, queries
from quetsach_portal.register.effects import TreeEventChange, changes_of
from quetsach_portal.units.models import (
    Desk,
    EventUnit,
    Headcount,
    OrgEdge,
    OrgEvent,
    OrgName,
    UnitContact,
)

router = Router(auth=ByToken(TokenScope.READ))


@of_row(UnitContact, "id role person mail phone source valid_from disabled_reason")
class ContactOut(Schema):
    """A contact of a unit; `disabled_reason` says why it is off, "" while it is used.

    `role` is compiler, receiver, signer or clerk.
    """


@of_row(Desk, "role served_by_id served_by=served_by.name")
class DeskOut(Schema):
    """A unit that does a part of the work for this one."""


@of_row(Headcount, "staff_count as_of source_doc")
class HeadcountOut(Schema):
    """How many people work in a unit, as of a day."""


@of_row(OrgName, "full_name short_name valid_from valid_to")
class NameOut(Schema):
    """A name in its time; `valid_to` is exclusive."""


@of_row(OrgEdge, "parent_id parent=parent.name line valid_from valid_to")
class ParentOut(Schema):
    """A unit above in its time; `valid_to` is exclusive."""


@of_row(
    EventUnit,
    "event_id side kind=event.kind state=event.state effective_on=event.effective_on "
    "legal_doc=event.legal_doc",
)
class PastEventOut(Schema):
    """A change of the tree that concerned the unit."""


class PastOut(Schema):
    """Earlier names, parents and changes of a unit, the newest first."""

    names: list[NameOut]
    parents: list[ParentOut]
    events: list[PastEventOut]


@of_row(TreeEventChange, "before after")
class ChangeOut(Schema):
    """Units before and what follows; `after` is empty where they end or only a name is set."""

    before: list[str]
    after: list[str]


@of_row(
    OrgEvent,
    "id kind state effective_on legal_doc proposed_by proposed_at decided_by decided_at "
    "decision_note reversed_at",
)
class EventOfTreeOut(Schema):
    """A change of the tree by a legal document, proposed by one person, decided by another."""


class EventOfTreeDetail(EventOfTreeOut):
    """A change of the tree with its effects on at most 300 units, and how many still wait."""

    changes: list[ChangeOut]
    waiting_changes: int

    @staticmethod
    def resolve_changes(one: OrgEvent) -> list[dict[str, Any]]:
        """Return what it does, each unit with its code."""
        return [{"before": list(it.before), "after": list(it.after)} for it in changes_of(one)]

    @staticmethod
    def resolve_waiting_changes(one: OrgEvent) -> int:
        """Return how many changes of campaigns wait for the next phase."""
        return queries.waiting_changes(one)


class Flaw(StrEnum):
    """What may be wrong with the contacts of a unit."""

    MISSING = "missing"
    BOUNCED = "bounced"
    SHARED = "shared"
    STALE = "stale"


@router.get(
    "/units/{unit_id}/contacts",
    response={200: list[ContactOut], **NO},
    summary="Contacts of a unit, with the permissions of its page",
)
def contacts(request: HttpRequest, unit_id: int) -> list[UnitContact]:
    """Return the open contacts of a unit."""
    scope = caller(request).scope
    unit = unit_for(scope, unit_id)
    if not access.may_read_contacts(scope, unit):
        raise PermissionDenied
    return queries.contacts_of(unit)


@router.get(
    "/contacts/{problem}",
    response={200: Part[UnitOut], **NO},
    summary="Units whose contacts are missing, bounced, shared or old",
)
def contacts_health(request: HttpRequest, problem: Flaw, paged: Query[Paged]) -> dict[str, Any]:
    """Return the units with a problem of contacts, to owners in a lead office."""
    scope = caller(request).scope
    if not access.may_load(scope):
        raise PermissionDenied
    return part_of(queries.health(scope, problem.value), paged)


@router.get(
    "/units/{unit_id}/desks",
    response={200: list[DeskOut], **NO},
    summary="Desks of a unit: which units work for it",
)
def desks(request: HttpRequest, unit_id: int) -> list[Desk]:
    """Return the desks of a unit."""
    return queries.desks_of(unit_for(caller(request).scope, unit_id))


@router.get(
    "/units/{unit_id}/headcounts",
    response={200: list[HeadcountOut], **NO},
    summary="How many people work in a unit, the newest count first",
)
def headcounts(request: HttpRequest, unit_id: int) -> Iterable[Headcount]:
    """Return the head counts of a unit."""
    heads: Any = queries.history(unit_for(caller(request).scope, unit_id))["heads"]
    return list(heads)


@router.get(
    "/units/{unit_id}/past",
    response={200: PastOut, **NO},
    summary="Names, units above and changes of a unit with their days",
)
def past(request: HttpRequest, unit_id: int) -> dict[str, Any]:
    """Return what held for a unit."""
    found = queries.history(unit_for(caller(request).scope, unit_id))
    return {"names": found["names"], "parents": found["edges"], "events": found["events"]}


@router.get(
    "/units/{unit_id}/below",
    response={200: Part[UnitOut], **NO},
    summary="The open units directly below",
)
def units_below(request: HttpRequest, unit_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the units directly below."""
    return part_of(queries.children_of(unit_for(caller(request).scope, unit_id)), paged)


@router.get(
    "/events",
    response={200: Part[EventOfTreeOut], **NO},
    summary="Changes of the tree visible to the token, open and decided",
)
def events(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return the changes of the tree."""
    return part_of(access.events_within(caller(request).scope), paged)


@router.get(
    "/events/{event_id}",
    response={200: EventOfTreeDetail, **NO},
    summary="One change of the tree with what it does",
)
def event(request: HttpRequest, event_id: int) -> OrgEvent:
    """Return a change of the tree."""
    return access.event_within(caller(request).scope, event_id)
