"""Public ranges, the notices that were allotted by them, and what a unit is asked."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.row_schemas import of_row
from quetsach_portal.api.schemas import NO, Paged, Part, part_of
from quetsach_portal.api.tokens import ByToken, caller
from quetsach_portal.cases.models.notice import NoticeBatch
from quetsach_portal.ranges import access, queries, table
from quetsach_portal.ranges.answer_files import row_of
from quetsach_portal.ranges.models import Forwarding, NoticeQuestion, PublicRange

router = Router(auth=ByToken(TokenScope.READ))


@of_row(
    PublicRange,
    "id office=office.name unit=unit.name cidr asn since until shared source added_by added_at "
    "approved_by approved_at",
)
class RangeOut(Schema):
    """A range of public addresses, "" for one of none of ours; it counts once approved."""

    asn: int | None


@of_row(NoticeBatch, "id file=stored.name state problem items handed_in_by handed_in_at")
class AllottedFileOut(Schema):
    """A file of the authority that was allotted to the units below."""


class AllottedFileDetail(AllottedFileOut):
    """The file with how many of its items are in which state; they add up to `items`."""

    counts: dict[str, int]
    late: int

    @staticmethod
    def resolve_counts(batch: NoticeBatch) -> dict[str, int]:
        """Return the items by state."""
        return {name: count for name, _label, count in queries.figures_of(batch).counts}

    @staticmethod
    def resolve_late(batch: NoticeBatch) -> int:
        """Return how many wait for an answer past their term."""
        return queries.figures_of(batch).late


class AllottedNoticeOut(Schema):
    """An item with its state, the day and the proof of the answer; it names no machine."""

    number: int
    time: str | None
    address: str
    port: int | None
    remote: str
    family: str
    state: str
    units: list[str]
    day: str | None
    proof: str


@of_row(Forwarding, "id unit=node.name_at_freeze file=batch.stored.name asked_at due_at")
class ForwardingOut(Schema):
    """What a unit is asked about one file."""


@of_row(
    NoticeQuestion,
    "id number=notice.number time=notice.at address=notice.address port=notice.port "
    "remote=notice.remote family=notice.family answer looked_at case_number=case.number by_trace "
    "answered_by answered_at",
)
class QuestionOut(Schema):
    """A notice that a unit is asked about; `answer` is "" until there is one."""

    port: int | None
    case_number: str


class ForwardingDetail(ForwardingOut):
    """What a unit is asked about one file, notice by notice."""

    questions: list[QuestionOut]

    @staticmethod
    def resolve_questions(forwarding: Forwarding) -> list[NoticeQuestion]:
        """Return the questions, the open ones first."""
        return [row.question for row in queries.asked_of(forwarding)]


@router.get(
    "/ranges",
    response={200: Part[RangeOut], **NO},
    summary="Public ranges of units, in the tables that one keeps",
)
def ranges(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return the rows that were not withdrawn, approved or not."""
    scope = caller(request).scope
    access.keepers_only(scope)
    return part_of(table.standing_in(access.kept_offices(scope)), paged)


@router.get(
    "/allotted-notices",
    response={200: Part[AllottedFileOut], **NO},
    summary="Files of the authority that were allotted to units",
)
def allotted_files(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return the files of the own offices, the newest first."""
    scope = caller(request).scope
    access.readers_only(scope)
    return part_of(access.allotted_batches(scope), paged)


@router.get(
    "/allotted-notices/{batch_id}",
    response={200: AllottedFileDetail, **NO},
    summary="One such file, with how its items stand",
)
def allotted_file(request: HttpRequest, batch_id: int) -> NoticeBatch:
    """Return one file."""
    return access.allotted_batch_for(caller(request).scope, batch_id)


@router.get(
    "/allotted-notices/{batch_id}/items",
    response={200: Part[AllottedNoticeOut], **NO},
    summary="Items of such a file: state, units asked, day and proof",
)
def allotted_items(request: HttpRequest, batch_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the items in the order of the file."""
    batch = access.allotted_batch_for(caller(request).scope, batch_id)
    part = part_of(queries.notices_of(batch), paged)
    return {**part, "rows": [row_of(notice) for notice in part["rows"]]}


@router.get(
    "/asked-notices",
    response={200: Part[ForwardingOut], **NO},
    summary="What the own units are asked about notices of the authority",
)
def forwardings(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return what the own units are asked, the newest first."""
    scope = caller(request).scope
    access.readers_only(scope)
    return part_of(access.forwardings_of(scope), paged)


@router.get(
    "/asked-notices/{forwarding_id}",
    response={200: ForwardingDetail, **NO},
    summary="What one unit is asked about one file, with its answers",
)
def forwarding(request: HttpRequest, forwarding_id: int) -> Forwarding:
    """Return the notices of one unit."""
    return access.forwarding_for(caller(request).scope, forwarding_id)
