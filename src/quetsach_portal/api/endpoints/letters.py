"""Letters: one as its page shows it, its files, how it goes out, the register, the cascade."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from ninja import Query, Router, Schema
from pydantic import Field

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.row_schemas import of_row
from quetsach_portal.api.schemas import A_FILE, NO, FileOut, LetterOut, Paged, Part, part_of
from quetsach_portal.api.tokens import ByToken, caller
from quetsach_portal.files.storage import attachment
from quetsach_portal.letters import access, cascade, pages, queries
from quetsach_portal.letters.cascade import CascadeLink
from quetsach_portal.letters.models import Dispatch
from quetsach_portal.letters.pages import MailingPage, mailing_page
from quetsach_portal.letters.queries import LetterReach

router = Router(auth=ByToken(TokenScope.READ))


class Which(StrEnum):
    """A file of a letter."""

    ORIGINAL = "original"
    PDF = "pdf"
    DOCX = "docx"
    SHEETS = "sheets"


class Book(StrEnum):
    """One of the two books of a register."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"


@of_row(
    LetterReach,
    "units on_portal mails mails_sent mails_waiting in_doubt bounced failed paper paper_handed",
)
class ReachedOut(Schema):
    """Counts of recipients by channel, and of rows that need a decision."""


class LetterDetail(LetterOut):
    """A letter with what its page shows; `reached` for those who may read its dispatch."""

    is_outside: bool
    signer_name: str
    signer_post: str
    capacity: str
    arrived_on: date | None
    arrival_number: int | None
    based_on_id: int | None
    tasks: list[str]
    returned_why: str
    withdrawn_at: datetime | None
    withdrawn_why: str
    passed_on_days: int | None
    original: FileOut | None
    pdf: FileOut | None
    docx: FileOut | None
    recipients: list[str]
    recipients_count: int
    reached: ReachedOut | None


@of_row(
    Dispatch,
    "id to_node_id unit=to_node.name_at_freeze channel about state attempts address reply "
    "retry_at done_at handed_on",
)
class DispatchOut(Schema):
    """A letter on one channel to one recipient; no state means that it was received.

    `address` and `reply` are filled in for those who may send the letter.
    """

    retry_at: datetime | None


@of_row(MailingPage, "state per_second problem next_try_at dry_run_at dry_run")
class MailingOut(Schema):
    """The mails of a letter as a whole; `dry_run` is filled in for those who may send it."""


class RegisterOut(LetterOut):
    """A line of a register; `copies` of the outgoing one, `came_on` of the incoming one."""

    signer_name: str
    arrival_number: int | None
    copies: int | None = None
    came_on: date | None = None


class InYear(Paged):
    """Which book of the register, and of which year."""

    book: Book = Book.OUTGOING
    year: int | None = Field(None, ge=2000, le=2999)


@of_row(
    CascadeLink,
    "id=node.pk unit=node.name_at_freeze told_at=node.told_at units=node.tally.units "
    "told=node.tally.told letter_id=letter.pk full_number=letter.full_number "
    "signed_on=letter.signed_on passed_on_days=letter.passed_on_days",
)
class PassedOnOut(Schema):
    """A unit and its own first letter, null where it wrote none; `id` is that of its place."""


@router.get("/letters/{letter_id}", response={200: LetterDetail, **NO}, summary="One letter")
def letter(request: HttpRequest, letter_id: int) -> dict[str, Any]:
    """Return one letter as its page shows it to the token's maker."""
    scope = caller(request).scope
    letter_row = access.letter_for(scope, letter_id)
    page = pages.letter_page(scope, letter_row)
    inside = page.may_read_dispatch
    names = (*LetterOut.model_fields, "is_outside", "signer_name", "signer_post", "capacity")
    names += ("arrived_on", "arrival_number", "based_on_id", "withdrawn_at", "withdrawn_why")
    return {
        **{name: getattr(letter_row, name) for name in names},
        "passed_on_days": letter_row.passed_on_days,
        "tasks": [str(one) for one in letter_row.values.get("tasks", [])],
        "returned_why": letter_row.returned_why if letter_row.state == "draft" else "",
        "original": letter_row.original,
        "pdf": letter_row.pdf,
        "docx": letter_row.docx if inside else None,
        "recipients": page.recipients,
        "recipients_count": page.recipients_count,
        "reached": page.reached,
    }


@router.get(
    "/letters/{letter_id}/files/{which}",
    response=NO,
    openapi_extra=A_FILE,
    summary="A file of a letter; the sheets for paper only for those who send it",
)
def letter_file(request: HttpRequest, letter_id: int, which: Which) -> HttpResponseBase:
    """Hand out a file of a letter."""
    scope = caller(request).scope
    found = access.letter_for(scope, letter_id)
    if which == Which.SHEETS:
        found = access.letter_to_send(scope, letter_id)
    stored = getattr(found, which.value)
    if stored is None:
        raise Http404
    return attachment(stored)


@router.get(
    "/letters/{letter_id}/dispatch",
    response={200: Part[DispatchOut], **NO},
    summary="Dispatch of a letter by recipient",
)
def dispatch(request: HttpRequest, letter_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the rows of a letter."""
    scope = caller(request).scope
    found = access.letter_with_reports(scope, letter_id)
    part = part_of(queries.rows_in(found, channel="", state=""), paged)
    if not access.may_send(scope, found):
        for row in part["rows"]:
            row.address = row.reply = ""
    return part


@router.get(
    "/letters/{letter_id}/mailing",
    response={200: MailingOut, **NO},
    summary="State of a letter's mails, and the result of the last dry run",
)
def mailing(request: HttpRequest, letter_id: int) -> dict[str, Any]:
    """Return the mailing of a letter."""
    scope = caller(request).scope
    found = access.letter_with_reports(scope, letter_id)
    page = mailing_page(found)
    sends = access.may_send(scope, found)
    return {**vars(page), "dry_run": page.dry_run if sends else {}}


@router.get(
    "/nodes/{node_id}/register",
    response={200: Part[RegisterOut], **NO},
    summary="The outgoing or incoming register of a unit for a year",
)
def letter_register(request: HttpRequest, node_id: int, query: Query[InYear]) -> dict[str, Any]:
    """Return the lines of a register."""
    node = access.node_with_register(caller(request).scope, node_id)
    year = queries.requested_year(str(query.year or ""))
    incoming = query.book == Book.INCOMING
    rows = queries.incoming(node, year) if incoming else queries.outgoing(node, year)
    return part_of(rows, query)


@router.get(
    "/nodes/{node_id}/cascade",
    response={200: Part[PassedOnOut], **NO},
    summary="Units directly below that passed the campaign on by a letter of their own",
)
def letter_cascade(request: HttpRequest, node_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the units directly below with their letters."""
    node = access.node_to_follow(caller(request).scope, node_id)
    part = part_of(cascade.children_of(node), paged)
    return {**part, "rows": cascade.links_of(part["rows"])}
