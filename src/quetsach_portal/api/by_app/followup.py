"""The follow-up: how far units are, who is silent, what mail did not arrive, more time."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from quetsach_portal.api.by_app.phases import PagedInPhase, PagedOnDay, phase_asked
from quetsach_portal.api.by_app.sent import name_of
from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.parts import NO, Paged, Part, part_of
from quetsach_portal.api.signing_in import ByToken, caller
from quetsach_portal.campaigns.scope import node_for
from quetsach_portal.followup import access, queries, rates
from quetsach_portal.followup.models import Extension, Mail, Silence

router = Router(auth=ByToken(TokenScope.READ))


class ExtensionOut(Schema):
    """More time, asked for and decided; `wanted` and `new_due_at` are exclusive."""

    id: int
    node_id: int
    unit: str
    phase_no: int
    subtree: bool
    slots: int
    state: str
    reason: str
    wanted: datetime
    asked_at: datetime
    asked_by: str
    decision: str
    new_due_at: datetime | None

    @staticmethod
    def resolve_node_id(one: Extension) -> int:
        """Return the unit's place."""
        return one.slot.node_id

    @staticmethod
    def resolve_unit(one: Extension) -> str:
        """Return the unit's name."""
        return one.slot.node.name_at_freeze

    @staticmethod
    def resolve_phase_no(one: Extension) -> int:
        """Return the phase's number."""
        return one.slot.phase.no

    @staticmethod
    def resolve_asked_by(one: Extension) -> str:
        """Return a name."""
        return name_of(one.asked_by)


class SilenceOut(Schema):
    """A unit that has not answered, as the office above was told.

    `waits_for` is received, deployed, reported or signed; `phase_no` that of the report.
    """

    id: int
    node_id: int
    unit: str
    above: str
    waits_for: str
    phase_no: int | None
    since: datetime
    at: datetime

    @staticmethod
    def resolve_unit(one: Silence) -> str:
        """Return the unit's name."""
        return one.node.name_at_freeze

    @staticmethod
    def resolve_above(one: Silence) -> str:
        """Return the name of the office above."""
        return "" if one.node.parent is None else one.node.parent.name_at_freeze

    @staticmethod
    def resolve_phase_no(one: Silence) -> int | None:
        """Return the phase's number."""
        return None if one.phase is None else one.phase.no


class MailOut(Schema):
    """A mail of the follow-up that failed, or of which nobody knows whether it came."""

    id: int
    node_id: int
    unit: str
    kind: str
    address: str
    state: str
    problem: str
    made_at: datetime

    @staticmethod
    def resolve_unit(one: Mail) -> str:
        """Return the unit's name."""
        return one.node.name_at_freeze


class LadderOut(Schema):
    """A unit on the ladder: its own steps, and how many of it with all below have come so far.

    `id` is that of its place in the campaign; the report is that of the phase.
    """

    id: int
    unit: str
    told_at: datetime | None
    received_at: datetime | None
    deployed_at: datetime | None
    slot_state: str | None
    due_at: datetime | None
    reported_at: datetime | None
    signed_at: datetime | None
    units: int
    told: int
    received: int
    deployed: int
    expected: int
    reported: int
    signed: int
    reminded_on: date | None


class CompletenessOut(Schema):
    """Reports of a unit and all below it."""

    node_id: int
    name: str
    expected: int
    excused: int
    reported: int
    on_time: int
    late: int
    missing: int
    nil: int
    signed: int


@router.get(
    "/nodes/{node_id}/extensions",
    response={200: list[ExtensionOut], **NO},
    summary="More time for a unit, asked for and decided",
)
def node_extensions(request: HttpRequest, node_id: int) -> Any:
    """Return what a unit asked for, the latest first."""
    node = node_for(caller(request).scope, node_id)
    return queries.extensions_of(node).select_related("slot__node", "slot__phase", "asked_by")


@router.get(
    "/campaigns/{campaign_id}/extensions",
    response={200: Part[ExtensionOut], **NO},
    summary="More time asked for within reach",
)
def extensions(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the questions for more time of all units within reach."""
    campaign, seats = access.followed(caller(request).scope, campaign_id)
    return part_of(queries.extensions_for(campaign, seats, ""), paged)


@router.get(
    "/campaigns/{campaign_id}/silences",
    response={200: Part[SilenceOut], **NO},
    summary="Who has not answered, as the office above was told",
)
def silences(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the units within reach that stay silent."""
    campaign, seats = access.followed(caller(request).scope, campaign_id)
    return part_of(queries.silences_for(campaign, seats), paged)


@router.get(
    "/campaigns/{campaign_id}/mails",
    response={200: Part[MailOut], **NO},
    summary="Mails of the follow-up that did not arrive",
)
def mails(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the mails that failed or are in doubt, to who reminds units."""
    campaign, seats = access.followed_by_its_office(caller(request).scope, campaign_id)
    return part_of(queries.mails_not_arrived(campaign, seats), paged)


@router.get(
    "/nodes/{node_id}/ladder",
    response={200: Part[LadderOut], **NO},
    summary="How far each unit directly below is",
)
def ladder(request: HttpRequest, node_id: int, asked: Query[PagedInPhase]) -> dict[str, Any]:
    """Return the units directly below with their steps and the counters of their subtrees."""
    node = node_for(caller(request).scope, node_id)
    part = part_of(queries.children_of(node), asked)
    rows = queries.ladder_rows(part["rows"], phase_asked(node, asked.phase))
    return {**part, "rows": [_step(one) for one in rows]}


@router.get(
    "/nodes/{node_id}/completeness",
    response={200: Part[CompletenessOut], **NO},
    summary="How complete the reports of each unit directly below are, today or on a past day",
)
def completeness(request: HttpRequest, node_id: int, asked: Query[PagedOnDay]) -> dict[str, Any]:
    """Return the figures of the units directly below; the unit's own stand in `rates`."""
    node = node_for(caller(request).scope, node_id)
    part = part_of(queries.children_of(node), asked)
    return {
        **part,
        "rows": rates.rates_of(part["rows"], phase_asked(node, asked.phase), asked.past),
    }


def _step(row: queries.LadderRow) -> dict[str, Any]:
    node, own, below = row.node, row.slot, row.slots
    return {
        "id": node.pk,
        "unit": node.name_at_freeze,
        **{name: getattr(node, name) for name in ("told_at", "received_at", "deployed_at")},
        "slot_state": None if own is None else own.state,
        **{name: getattr(own, name, None) for name in ("due_at", "reported_at", "signed_at")},
        **{name: getattr(node.tally, name) for name in ("units", "told", "received", "deployed")},
        **{name: getattr(below, name, 0) for name in ("expected", "reported", "signed")},
        "reminded_on": row.reminded_on,
    }
