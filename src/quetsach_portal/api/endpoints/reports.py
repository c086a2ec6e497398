"""Reports beside their versions: changes told from below, remarks, what came in, documents."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from ninja import Router, Schema

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.row_schemas import of_row
from quetsach_portal.api.schemas import A_FILE, NO, FileOut
from quetsach_portal.api.tokens import ByToken, caller
from quetsach_portal.files.storage import attachment
from quetsach_portal.reports import access, queries
from quetsach_portal.reports.documents import queries as documents
from quetsach_portal.reports.documents.queries import SignedCopyView, document_page
from quetsach_portal.reports.models.document import ReportDocument
from quetsach_portal.reports.models.report import ChangeNotice, ReportEvent, ReportReturn
from quetsach_portal.reports.pages import figures, pages
from quetsach_portal.reports.queries import IncomingChild

router = Router(auth=ByToken(TokenScope.READ))


@of_row(
    ChangeNotice,
    "id node_id=new_version.slot.node_id unit=new_version.slot.node.name_at_freeze "
    "old_version_id new_version_id delta state by reason made_at decided_at",
)
class ChangeNoticeOut(Schema):
    """A report from below that changed after this one was computed; `state` is the decision.

    `delta` has, by the key of a figure, its total before and after, null for no number.
    """

    delta: dict[str, list[int | None]]


@of_row(ReportReturn, "id version_id key text by at")
class RemarkOut(Schema):
    """A remark with which a version was returned; `key` is that of a figure, "" for the whole.

    Remarks on the whole report are sent to those who write it.
    """


@of_row(ReportEvent, "state at by acting_for note")
class StepOut(Schema):
    """A step of a version."""


class SinceOut(Schema):
    """A figure of a version beside the last report of an earlier phase.

    `units_changed` names the events of the tree between, by which the difference is no comparison.
    """

    field: str
    label: str
    kind: str
    counts: str
    own: int | str | None
    below: int | None
    told_twice: int | None
    adjusted: int | None
    total: int | str | None
    last_phase: int | None
    last_total: int | str | None
    difference: int | None
    units_changed: str
    phases_missing: str


@of_row(
    IncomingChild,
    "slot_id=slot.pk node_id=slot.node_id unit=slot.node.name_at_freeze state=slot.state "
    "reported_at=slot.reported_at version_id=version.pk waits is_returned",
)
class CameOut(Schema):
    """A unit directly below and its report: the newest version, and whether it waits to be read."""


@of_row(
    SignedCopyView,
    "id=signature.pk method=signature.method signer_name=signature.signer_name "
    "organisation=signature.organisation issuer=signature.issuer signed_at=signature.signed_at "
    "stamped_at=signature.stamped_at original_at=signature.original_at result=signature.result "
    "said file=signature.file",
)
class SignedOut(Schema):
    """A signed copy and the result of its verification."""

    said: list[str]
    file: FileOut


@of_row(
    ReportDocument,
    "id seq state problem number code signed_on signer_name signer_post made_at released_at "
    "docx pdf paper",
)
class DocumentOut(Schema):
    """One edition of a version as document."""

    docx: FileOut | None
    pdf: FileOut | None
    paper: FileOut | None


class DocumentsOut(Schema):
    """The editions of a version's document, the newest first, and their signed copies."""

    editions: list[DocumentOut]
    signatures: list[SignedOut]
    addressees: list[str]


class Copy(StrEnum):
    """A file of a document."""

    DOCX = "docx"
    PDF = "pdf"
    PAPER = "paper"


@router.get(
    "/slots/{slot_id}/changes",
    response={200: list[ChangeNoticeOut], **NO},
    summary="Changes from below that this report does not contain: to decide, waiting, dismissed",
)
def change_notices(request: HttpRequest, slot_id: int) -> list[ChangeNotice]:
    """Return the changes from below, for whoever reads the report."""
    slot = access.readable_report(caller(request).scope, slot_id)
    return [*queries.open_notices(slot), *queries.dismissed_notices(slot)]


@router.get(
    "/slots/{slot_id}/remarks",
    response={200: list[RemarkOut], **NO},
    summary="Remarks with which a report was returned, not answered yet",
)
def remarks(request: HttpRequest, slot_id: int) -> Iterable[ReportReturn]:
    """Return the remarks that no version has answered, as the pages tell them."""
    scope = caller(request).scope
    slot = access.readable_report(scope, slot_id)
    found = queries.open_returns(slot)
    writes = pages.may(scope, slot, None)["write"]
    return [one for one in found if one.key or writes]


@router.get(
    "/slots/{slot_id}/below",
    response={200: list[CameOut], **NO},
    summary="The reports of the units directly below, those to be read first",
)
def came_in(request: HttpRequest, slot_id: int) -> list[IncomingChild]:
    """Return what came in from the units directly below."""
    slot = access.readable_report(caller(request).scope, slot_id)
    return queries.incoming(slot)


@router.get(
    "/reports/{version_id}/steps",
    response={200: list[StepOut], **NO},
    summary="Steps of a version",
)
def report_steps(request: HttpRequest, version_id: int) -> Iterable[ReportEvent]:
    """Return the steps of a version."""
    version = access.readable_version(caller(request).scope, version_id)
    return version.events.select_related("by").order_by("pk")


@router.get(
    "/reports/{version_id}/since-last",
    response={200: list[SinceOut], **NO},
    summary="Figures of a version compared with the last report of an earlier phase",
)
def report_since_last(request: HttpRequest, version_id: int) -> list[dict[str, Any]]:
    """Return a row for each field of the form."""
    table = figures.of_version(access.readable_version(caller(request).scope, version_id))
    return [dict(zip(table.keys, row, strict=True)) for row in table.rows]


@router.get(
    "/reports/{version_id}/documents",
    response={200: DocumentsOut, **NO},
    summary="A version as documents: editions, numbers, signed copies",
)
def report_documents(request: HttpRequest, version_id: int) -> dict[str, Any]:
    """Return the editions of a version's document."""
    scope = caller(request).scope
    page = document_page(scope, access.readable_version(scope, version_id))
    editions = [] if page.document is None else [page.document, *page.earlier]
    return {
        "editions": editions,
        "signatures": page.signatures,
        "addressees": list(page.addressees),
    }


@router.get(
    "/documents/{document_id}/{which}",
    response=NO,
    openapi_extra=A_FILE,
    summary="A file of a report's document",
)
def report_document(request: HttpRequest, document_id: int, which: Copy) -> HttpResponseBase:
    """Hand out a file of a document."""
    document = documents.readable_document(caller(request).scope, document_id)
    stored = getattr(document, which.value)
    if stored is None:
        raise Http404
    return attachment(stored)


@router.get(
    "/signed-copies/{signature_id}/file",
    response=NO,
    openapi_extra=A_FILE,
    summary="A signed copy of a report's document",
)
def signed_copy(request: HttpRequest, signature_id: int) -> HttpResponseBase:
    """Hand out a signed copy."""
    return attachment(documents.readable_signature(caller(request).scope, signature_id).file)
