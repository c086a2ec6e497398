"""Endpoints of the follow-up, and of receipts, declarations and reports on paper."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Query, Router, Schema

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.row_schemas import of_row
from quetsach_portal.api.schemas import (
    A_FILE,
    NO,
    FileOut,
    Paged,
    PagedInPhase,
    PagedOnDay,
    Part,
    part_of,
    requested_phase,
)
from quetsach_portal.api.tokens import ByToken, caller
from quetsach_portal.campaigns.scope import node_for
from quetsach_portal.files.storage import attachment
from quetsach_portal.followup import access, pages, queries, rates
from quetsach_portal.followup.models import (
    DeployDeclaration,
    DeployEvidence,
    Extension,
    FollowupMail,
    PaperReport,
    Receipt,
    Silence,
)
from quetsach_portal.followup.queries import LadderRow
from quetsach_portal.followup.rates import ReportRates

followup_router = Router(auth=ByToken(TokenScope.READ))


@of_row(
    Extension,
    "id node_id=slot.node_id unit=slot.node.name_at_freeze phase_no=slot.phase.no subtree slots "
    "state reason wanted asked_at asked_by decision new_due_at",
)
class ExtensionOut(Schema):
    """An extension, requested and decided; `wanted` and `new_due_at` are exclusive."""


@of_row(
    Silence,
    "id node_id unit=node.name_at_freeze above=node.parent.name_at_freeze waits_for "
    "phase_no=phase.no since at",
)
class SilenceOut(Schema):
    """A unit that has not answered, as reported to the office above.

    `waits_for` is received, deployed, reported or signed; `phase_no` that of the report.
    """


@of_row(FollowupMail, "id node_id unit=node.name_at_freeze kind address state problem made_at")
class MailOut(Schema):
    """A mail of the follow-up that failed or is in doubt."""


@of_row(
    LadderRow,
    "id=node.pk unit=node.name_at_freeze told_at=node.told_at received_at=node.received_at "
    "deployed_at=node.deployed_at slot_state=slot.state due_at=slot.due_at "
    "reported_at=slot.reported_at signed_at=slot.signed_at units=node.tally.units "
    "told=node.tally.told received=node.tally.received deployed=node.tally.deployed "
    "expected=slots.expected reported=slots.reported signed=slots.signed reminded_on",
)
class LadderOut(Schema):
    """A unit on the ladder: its own steps, and the counters of its subtree.

    `id` is that of its place in the campaign; the report is that of the phase.
    """

    slot_state: str | None
    expected: int
    reported: int
    signed: int


@of_row(ReportRates, "node_id name expected excused reported on_time late missing nil signed")
class CompletenessOut(Schema):
    """Reports of a unit and all below it."""


@followup_router.get(
    "/nodes/{node_id}/extensions",
    response={200: list[ExtensionOut], **NO},
    summary="Extensions of a unit, requested and decided",
)
def node_extensions(request: HttpRequest, node_id: int) -> Any:
    """Return what a unit asked for, the latest first."""
    node = node_for(caller(request).scope, node_id)
    return queries.extensions_of(node).select_related("slot__node", "slot__phase", "asked_by")


@followup_router.get(
    "/campaigns/{campaign_id}/extensions",
    response={200: Part[ExtensionOut], **NO},
    summary="Extensions visible to the token",
)
def extensions(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the questions for more time of all units within reach."""
    campaign, seats = access.followed(caller(request).scope, campaign_id)
    return part_of(queries.extensions_for(campaign, seats, ""), paged)


@followup_router.get(
    "/campaigns/{campaign_id}/silences",
    response={200: Part[SilenceOut], **NO},
    summary="Units that have not answered, as reported to the office above",
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
    summary="Steps of each unit directly below",
)
def ladder(request: HttpRequest, node_id: int, query: Query[PagedInPhase]) -> dict[str, Any]:
    """Return the units directly below with their steps and the counters of their subtrees."""
    node = node_for(caller(request).scope, node_id)
    part = part_of(queries.children_of(node), query)
    rows = queries.ladder_rows(part["rows"], requested_phase(node, query.phase))
    return {**part, "rows": rows}


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


unit_answers_router = Router(auth=ByToken(TokenScope.READ))


@of_row(Receipt, "id node_id method by said_by received_at recorded_at note proof")
class ReceiptOut(Schema):
    """Who confirmed the receipt; `proof` where the office above recorded it on behalf."""

    proof: FileOut | None


@of_row(DeployEvidence, "id kind link file")
class EvidenceOut(Schema):
    """One piece of evidence: a file or a link."""

    file: FileOut | None


@of_row(
    DeployDeclaration,
    "id node_id state at by done staff_told why note withdrawn_at withdrawn_why evidence",
)
class DeclarationOut(Schema):
    """A declaration of deployment; the one that is not withdrawn counts."""

    done: list[str]
    evidence: list[EvidenceOut]


@of_row(
    PaperReport, "id slot_id came_at is_nil is_signed note undone_at undone_by undone_why proof"
)
class PaperOut(Schema):
    """The record of a report on paper; one with `undone_at` was entered by mistake."""

    proof: FileOut | None


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
