"""Endpoints of the follow-up, and of receipts, declarations and reports on paper."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Query, Router, Schema

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.parts import (
    NO,
    Paged,
    PagedInPhase,
    PagedOnDay,
    Part,
    part_of,
    requested_phase,
)
from quetsach_portal.api.schemas import A_FILE, FileOut, name_of
from quetsach_portal.api.tokens import ByToken, caller
from quetsach_portal.campaigns.scope import node_for
from quetsach_portal.files.storage import attachment
from quetsach_portal.followup import access, pages, queries, rates
from quetsach_portal.followup.models import (
    DeployDeclaration,
    Extension,
    FollowupMail,
    PaperReport,
    Receipt,
    Silence,
)

followup_router = Router(auth=ByToken(TokenScope.READ))


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
    def resolve_unit(one: FollowupMail) -> str:
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


@followup_router.get(
    "/nodes/{node_id}/extensions",
    response={200: list[ExtensionOut], **NO},
    summary="More time for a unit, asked for and decided",
)
def node_extensions(request: HttpRequest, node_id: int) -> Any:
    """Return what a unit asked for, the latest first."""
    node = node_for(caller(request).scope, node_id)
    return queries.extensions_of(node).select_related("slot__node", "slot__phase", "asked_by")


@followup_router.get(
    "/campaigns/{campaign_id}/extensions",
    response={200: Part[ExtensionOut], **NO},
    summary="More time asked for within reach",
)
def extensions(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the questions for more time of all units within reach."""
    campaign, seats = access.followed(caller(request).scope, campaign_id)
    return part_of(queries.extensions_for(campaign, seats, ""), paged)


@followup_router.get(
    "/campaigns/{campaign_id}/silences",
    response={200: Part[SilenceOut], **NO},
    summary="Who has not answered, as the office above was told",
)
def silences(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the units within reach that stay silent."""
    campaign, seats = access.followed(caller(request).scope, campaign_id)
    return part_of(queries.silences_for(campaign, seats), paged)


@followup_router.get(
    "/campaigns/{campaign_id}/mails",
    response={200: Part[MailOut], **NO},
    summary="Mails of the follow-up that did not arrive",
)
def mails(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the mails that failed or are in doubt, to who reminds units."""
    campaign, seats = access.followed_by_its_office(caller(request).scope, campaign_id)
    return part_of(queries.mails_not_arrived(campaign, seats), paged)


@followup_router.get(
    "/nodes/{node_id}/ladder",
    response={200: Part[LadderOut], **NO},
    summary="How far each unit directly below is",
)
def ladder(request: HttpRequest, node_id: int, query: Query[PagedInPhase]) -> dict[str, Any]:
    """Return the units directly below with their steps and the counters of their subtrees."""
    node = node_for(caller(request).scope, node_id)
    part = part_of(queries.children_of(node), query)
    rows = queries.ladder_rows(part["rows"], requested_phase(node, query.phase))
    return {**part, "rows": [_step(one) for one in rows]}


@followup_router.get(
    "/nodes/{node_id}/completeness",
    response={200: Part[CompletenessOut], **NO},
    summary="How complete the reports of each unit directly below are, today or on a past day",
)
def completeness(request: HttpRequest, node_id: int, query: Query[PagedOnDay]) -> dict[str, Any]:
    """Return the figures of the units directly below; the unit's own stand in `rates`."""
    node = node_for(caller(request).scope, node_id)
    part = part_of(queries.children_of(node), query)
    return {
        **part,
        "rows": rates.rates_of(part["rows"], requested_phase(node, query.phase), query.past),
    }


def _step(ladder_row: queries.LadderRow) -> dict[str, Any]:
    node, own, below = ladder_row.node, ladder_row.slot, ladder_row.slots
    return {
        "id": node.pk,
        "unit": node.name_at_freeze,
        **{name: getattr(node, name) for name in ("told_at", "received_at", "deployed_at")},
        "slot_state": None if own is None else own.state,
        **{name: getattr(own, name, None) for name in ("due_at", "reported_at", "signed_at")},
        **{name: getattr(node.tally, name) for name in ("units", "told", "received", "deployed")},
        **{name: getattr(below, name, 0) for name in ("expected", "reported", "signed")},
        "reminded_on": ladder_row.reminded_on,
    }


unit_answers_router = Router(auth=ByToken(TokenScope.READ))


class ReceiptOut(Schema):
    """Who confirmed the receipt; `proof` where the office above recorded it on behalf."""

    id: int
    node_id: int
    method: str
    by: str
    said_by: str
    received_at: datetime
    recorded_at: datetime
    note: str
    proof: FileOut | None

    @staticmethod
    def resolve_by(one: Receipt) -> str:
        """Return a name."""
        return name_of(one.by)


class EvidenceOut(Schema):
    """One piece of evidence: a file or a link."""

    id: int
    kind: str
    link: str
    file: FileOut | None


class DeclarationOut(Schema):
    """What a unit declared to have done; the one that is not withdrawn counts."""

    id: int
    node_id: int
    state: str
    at: datetime
    by: str
    done: list[str]
    staff_told: int | None
    why: str
    note: str
    withdrawn_at: datetime | None
    withdrawn_why: str
    evidence: list[EvidenceOut]

    @staticmethod
    def resolve_by(one: DeployDeclaration) -> str:
        """Return a name."""
        return name_of(one.by)


class PaperOut(Schema):
    """A record of a report that came on paper; one with `undone_at` was wrong."""

    id: int
    slot_id: int
    came_at: datetime
    is_nil: bool
    is_signed: bool
    note: str
    undone_at: datetime | None
    undone_by: str
    undone_why: str
    proof: FileOut | None

    @staticmethod
    def resolve_undone_by(one: PaperReport) -> str:
        """Return a name."""
        return name_of(one.undone_by)


@unit_answers_router.get(
    "/nodes/{node_id}/receipts",
    response={200: list[ReceiptOut], **NO},
    summary="The receipt that a unit confirmed, or none",
)
def receipts(request: HttpRequest, node_id: int) -> list[Receipt]:
    """Return the receipt of a unit: one or none."""
    found = pages.receipt_of(node_for(caller(request).scope, node_id))
    return [] if found is None else [found]


@unit_answers_router.get(
    "/receipts/{receipt_id}/proof",
    response=NO,
    openapi_extra=A_FILE,
    summary="The proof of a receipt recorded on behalf",
)
def receipt_proof(request: HttpRequest, receipt_id: int) -> HttpResponseBase:
    """Hand out the proof."""
    return attachment(access.receipt_proof(caller(request).scope, receipt_id))


@unit_answers_router.get(
    "/nodes/{node_id}/declarations",
    response={200: list[DeclarationOut], **NO},
    summary="What a unit declared to have deployed, with its evidence",
)
def declarations(request: HttpRequest, node_id: int) -> Iterable[DeployDeclaration]:
    """Return the declarations of a unit, the latest first."""
    return queries.declarations_of(node_for(caller(request).scope, node_id))


@unit_answers_router.get(
    "/evidence/{evidence_id}/file",
    response=NO,
    openapi_extra=A_FILE,
    summary="A file that shows that a unit has deployed",
)
def deploy_evidence(request: HttpRequest, evidence_id: int) -> HttpResponseBase:
    """Hand out a file of a declaration."""
    return attachment(access.evidence_file(caller(request).scope, evidence_id))


@unit_answers_router.get(
    "/nodes/{node_id}/papers",
    response={200: list[PaperOut], **NO},
    summary="Reports of a unit that came on paper",
)
def papers(request: HttpRequest, node_id: int) -> list[PaperReport]:
    """Return the records of paper, phase by phase, those that were undone too."""
    reports = queries.reports_of(node_for(caller(request).scope, node_id))
    return [paper for one in reports for paper in (*one.undone, one.paper) if paper is not None]


@unit_answers_router.get(
    "/papers/{paper_id}/proof",
    response=NO,
    openapi_extra=A_FILE,
    summary="The scan of a report that came on paper",
)
def paper_proof(request: HttpRequest, paper_id: int) -> HttpResponseBase:
    """Hand out the scan."""
    return attachment(access.paper_proof(caller(request).scope, paper_id))
