"""What units said in a campaign: receipts, declarations with their evidence, reports on paper."""

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Router, Schema

from quetsach_portal.api.by_app.sent import A_FILE, FileOut, name_of
from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.parts import NO
from quetsach_portal.api.signing_in import ByToken, caller
from quetsach_portal.campaigns.scope import node_for
from quetsach_portal.files.sending import attachment
from quetsach_portal.followup import access, pages, queries
from quetsach_portal.followup.models import DeployDeclaration, PaperReport, Receipt

router = Router(auth=ByToken(TokenScope.READ))


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


@router.get(
    "/nodes/{node_id}/receipts",
    response={200: list[ReceiptOut], **NO},
    summary="The receipt that a unit confirmed, or none",
)
def receipts(request: HttpRequest, node_id: int) -> list[Receipt]:
    """Return the receipt of a unit: one or none."""
    found = pages.receipt_of(node_for(caller(request).scope, node_id))
    return [] if found is None else [found]


@router.get(
    "/receipts/{receipt_id}/proof",
    response=NO,
    openapi_extra=A_FILE,
    summary="The proof of a receipt recorded on behalf",
)
def receipt_proof(request: HttpRequest, receipt_id: int) -> HttpResponseBase:
    """Hand out the proof."""
    return attachment(access.receipt_proof(caller(request).scope, receipt_id))


@router.get(
    "/nodes/{node_id}/declarations",
    response={200: list[DeclarationOut], **NO},
    summary="What a unit declared to have deployed, with its evidence",
)
def declarations(request: HttpRequest, node_id: int) -> Iterable[DeployDeclaration]:
    """Return the declarations of a unit, the latest first."""
    return queries.declarations_of(node_for(caller(request).scope, node_id))


@router.get(
    "/evidence/{evidence_id}/file",
    response=NO,
    openapi_extra=A_FILE,
    summary="A file that shows that a unit has deployed",
)
def deploy_evidence(request: HttpRequest, evidence_id: int) -> HttpResponseBase:
    """Hand out a file of a declaration."""
    return attachment(access.evidence_file(caller(request).scope, evidence_id))


@router.get(
    "/nodes/{node_id}/papers",
    response={200: list[PaperOut], **NO},
    summary="Reports of a unit that came on paper",
)
def papers(request: HttpRequest, node_id: int) -> list[PaperReport]:
    """Return the records of paper, phase by phase, those that were undone too."""
    reports = queries.reports_of(node_for(caller(request).scope, node_id))
    return [paper for one in reports for paper in (*one.undone, one.paper) if paper is not None]


@router.get(
    "/papers/{paper_id}/proof",
    response=NO,
    openapi_extra=A_FILE,
    summary="The scan of a report that came on paper",
)
def paper_proof(request: HttpRequest, paper_id: int) -> HttpResponseBase:
    """Hand out the scan."""
    return attachment(access.paper_proof(caller(request).scope, paper_id))
