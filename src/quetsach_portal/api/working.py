"""Letters, evidence, cases, notices, rates, the trail and the jobs, as the pages show them."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.parts import NO, Paged, Part, part_of
from quetsach_portal.api.signing_in import ByToken, caller
from quetsach_portal.api.work_shapes import (
    CaseDetail,
    CaseOut,
    EventOut,
    FindingOut,
    JobOut,
    LetterOut,
    NoticeBatchOut,
    NoticeItemOut,
    RatesOut,
    SubmissionOut,
)
from quetsach_portal.campaigns.scope import node_for
from quetsach_portal.cases import access as cases
from quetsach_portal.intake.access import own_submissions, submission_for
from quetsach_portal.letters.access import letters_of
from quetsach_portal.oversight.access import events_of, jobs_of

router = Router(auth=ByToken(TokenScope.READ))


@router.get("/letters", response={200: Part[LetterOut], **NO}, summary="Letters, own and received")
def letters(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return the letters that the unit sees."""
    return part_of(letters_of(caller(request).scope), paged)


@router.get("/submissions", response={200: Part[SubmissionOut], **NO}, summary="What was handed in")
def submissions(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return what was handed in for the own unit."""
    return part_of(own_submissions(caller(request).scope), paged)


@router.get(
    "/submissions/{submission_id}",
    response={200: SubmissionOut, **NO},
    summary="How far one submission is",
)
def submission(request: HttpRequest, submission_id: int) -> Any:
    """Return one submission."""
    return submission_for(caller(request).scope, submission_id)


@router.get("/cases", response={200: Part[CaseOut], **NO}, summary="Cases of the own unit")
def case_list(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return the cases of the own unit with their devices."""
    return part_of(cases.own_cases(caller(request).scope).select_related("device"), paged)


@router.get("/cases/{case_id}", response={200: CaseDetail, **NO}, summary="One case")
def case(request: HttpRequest, case_id: int) -> dict[str, Any]:
    """Return one case with what its device met."""
    found = cases.case_for(caller(request).scope, case_id)
    return {
        **CaseOut.from_orm(found).dict(),
        "findings": [FindingOut.from_orm(one) for one in found.device.findings.order_by("pk")],
    }


@router.get("/notices", response={200: Part[NoticeBatchOut], **NO}, summary="The ledger of notices")
def notices(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return the files of notices of the own unit with their accounts."""
    return part_of(cases.own_batches(caller(request).scope), paged)


@router.get(
    "/notices/{batch_id}",
    response={200: NoticeBatchOut, **NO},
    summary="One file of notices with its account",
)
def notice(request: HttpRequest, batch_id: int) -> Any:
    """Return a file of notices."""
    return cases.batch_for(caller(request).scope, batch_id)


@router.get(
    "/notices/{batch_id}/items",
    response={200: Part[NoticeItemOut], **NO},
    summary="What became of each item of a file of notices",
)
def notice_items(request: HttpRequest, batch_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the items of a file of notices."""
    return part_of(cases.batch_for(caller(request).scope, batch_id).rows.all(), paged)


@router.get(
    "/nodes/{node_id}/rates",
    response={200: list[RatesOut], **NO},
    summary="Completeness of a subtree, by phase",
)
def rates(request: HttpRequest, node_id: int) -> list[dict[str, Any]]:
    """Return the counters of expected reports."""
    found = node_for(caller(request).scope, node_id)
    return [
        {"phase_no": tally.phase.no, **{name: getattr(tally, name) for name in _RATES}}
        for tally in found.slot_tallies.select_related("phase").order_by("phase__no")
    ]


_RATES = ("expected", "excused", "reported", "on_time", "signed")


@router.get("/audit", response={200: Part[EventOut], **NO}, summary="The audit trail within reach")
def audit(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return the rows of the trail that the token's maker may read, in this unit."""
    return part_of(events_of(caller(request).scope), paged)


@router.get("/jobs", response={200: Part[JobOut], **NO}, summary="Background jobs within reach")
def jobs(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return the jobs that the token's maker may see, in this unit."""
    return part_of(jobs_of(caller(request).scope), paged)
