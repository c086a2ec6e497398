"""Endpoints of units, campaigns, reports, letters, evidence, cases, notices, trail and jobs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.schemas import (
    NO,
    CampaignDetail,
    CampaignOut,
    CaseDetail,
    CaseOut,
    DayOut,
    EventOut,
    JobOut,
    LetterOut,
    NodeDetail,
    NodeOut,
    NoticeBatchOut,
    NoticeItemOut,
    Paged,
    PagedByMarking,
    Part,
    PayloadOut,
    RatesOut,
    SlotOut,
    SubmissionOut,
    UnitOut,
    VersionDetail,
    VersionOut,
    part_of,
)
from quetsach_portal.api.tokens import ByToken, caller
from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    ExpectedReport,
    ReportCounter,
)
from quetsach_portal.campaigns.scope import campaign_for, campaigns_of, node_for, nodes_of
from quetsach_portal.cases import access as cases
from quetsach_portal.cases.markings import met_marked
from quetsach_portal.cases.models.case import Case
from quetsach_portal.intake.access import own_submissions, submission_for
from quetsach_portal.letters.access import letters_of
from quetsach_portal.operations.trail import events_of, jobs_of
from quetsach_portal.participation.queries import ParticipationDay, by_day
from quetsach_portal.people.roles.scope import unit_for, units_of
from quetsach_portal.reports.access import readable_version, readable_versions
from quetsach_portal.reports.models.report import ReportVersion

working_router = Router(auth=ByToken(TokenScope.READ))


@working_router.get(
    "/letters", response={200: Part[LetterOut], **NO}, summary="Letters, own and received"
)
def letters(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return the letters that the unit sees."""
    return part_of(letters_of(caller(request).scope), paged)


@working_router.get(
    "/submissions", response={200: Part[SubmissionOut], **NO}, summary="Submissions of the own unit"
)
def submissions(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return what was handed in for the own unit."""
    return part_of(own_submissions(caller(request).scope), paged)


@working_router.get(
    "/submissions/{submission_id}",
    response={200: SubmissionOut, **NO},
    summary="State of one submission",
)
def submission(request: HttpRequest, submission_id: int) -> Any:
    """Return one submission."""
    return submission_for(caller(request).scope, submission_id)


@working_router.get("/cases", response={200: Part[CaseOut], **NO}, summary="Cases of the own unit")
def case_list(request: HttpRequest, asked: Query[PagedByMarking]) -> dict[str, Any]:
    """Return the cases of the own unit with their devices."""
    rows = cases.own_cases(caller(request).scope).select_related("device")
    return part_of(rows if asked.tlp is None else met_marked(rows, asked.tlp), asked)


@working_router.get("/cases/{case_id}", response={200: CaseDetail, **NO}, summary="One case")
def case(request: HttpRequest, case_id: int) -> Case:
    """Return one case with what its device met."""
    return cases.case_for(caller(request).scope, case_id)


@working_router.get(
    "/notices", response={200: Part[NoticeBatchOut], **NO}, summary="The ledger of notices"
)
def notices(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return the files of notices of the own unit with their accounts."""
    return part_of(cases.own_batches(caller(request).scope), paged)


@working_router.get(
    "/notices/{batch_id}",
    response={200: NoticeBatchOut, **NO},
    summary="One file of notices with its account",
)
def notice(request: HttpRequest, batch_id: int) -> Any:
    """Return a file of notices."""
    return cases.batch_for(caller(request).scope, batch_id)


@working_router.get(
    "/notices/{batch_id}/items",
    response={200: Part[NoticeItemOut], **NO},
    summary="Outcome of each item of a file of notices",
)
def notice_items(request: HttpRequest, batch_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the items of a file of notices."""
    return part_of(cases.batch_for(caller(request).scope, batch_id).rows.all(), paged)


@working_router.get(
    "/nodes/{node_id}/rates",
    response={200: list[RatesOut], **NO},
    summary="Completeness of a subtree, by phase",
)
def rates(request: HttpRequest, node_id: int) -> Iterable[ReportCounter]:
    """Return the counters of expected reports."""
    counters = node_for(caller(request).scope, node_id).slot_tallies
    return counters.select_related("phase").order_by("phase__no")


@working_router.get(
    "/audit", response={200: Part[EventOut], **NO}, summary="Audit trail visible to the token"
)
def audit(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return the rows of the trail that the token's maker may read, in this unit."""
    return part_of(events_of(caller(request).scope), paged)


@working_router.get(
    "/jobs", response={200: Part[JobOut], **NO}, summary="Background jobs visible to the token"
)
def jobs(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return the jobs that the token's maker may see, in this unit."""
    return part_of(jobs_of(caller(request).scope), paged)


reading_router = Router(auth=ByToken(TokenScope.READ))


class MeOut(Schema):
    """The unit and permissions of a token."""

    unit: UnitOut
    token: str
    scopes: list[str]
    expires_on: datetime | Any


@reading_router.get(
    "/me", response={200: MeOut, **NO}, summary="Unit and permissions of this token"
)
def me(request: HttpRequest) -> dict[str, Any]:
    """Return the token's unit and purposes."""
    token = caller(request).token
    return {
        "unit": token.unit,
        "token": token.begins,
        "scopes": token.scopes,
        "expires_on": token.expires_on.isoformat(),
    }


@reading_router.get(
    "/units", response={200: Part[UnitOut], **NO}, summary="Units visible to the token"
)
def units(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return the token's unit, and those below it where its role sees them."""
    return part_of(units_of(caller(request).scope), paged)


@reading_router.get("/units/{unit_id}", response={200: UnitOut, **NO}, summary="One unit")
def unit(request: HttpRequest, unit_id: int) -> Any:
    """Return one unit."""
    return unit_for(caller(request).scope, unit_id)


@reading_router.get("/campaigns", response={200: Part[CampaignOut], **NO}, summary="Campaigns")
def campaigns(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return the campaigns in which the unit stands."""
    return part_of(campaigns_of(caller(request).scope).order_by(), paged)


@reading_router.get(
    "/campaigns/{campaign_id}",
    response={200: CampaignDetail, **NO},
    summary="One campaign with its phases",
)
def campaign(request: HttpRequest, campaign_id: int) -> Campaign:
    """Return one campaign."""
    return campaign_for(caller(request).scope, campaign_id)


@reading_router.get(
    "/campaigns/{campaign_id}/nodes",
    response={200: Part[NodeOut], **NO},
    summary="Units of a campaign, with the times of their steps",
)
def nodes(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the nodes within reach."""
    scope = caller(request).scope
    return part_of(nodes_of(scope, campaign_for(scope, campaign_id)), paged)


@reading_router.get(
    "/nodes/{node_id}", response={200: NodeDetail, **NO}, summary="One unit in a campaign"
)
def node(request: HttpRequest, node_id: int) -> CampaignNode:
    """Return a node with the counters of its subtree."""
    return node_for(caller(request).scope, node_id)


@reading_router.get(
    "/nodes/{node_id}/slots",
    response={200: list[SlotOut], **NO},
    summary="A unit's expected reports",
)
def slots(request: HttpRequest, node_id: int) -> Iterable[ExpectedReport]:
    """Return the expected reports of a node, by phase."""
    node = node_for(caller(request).scope, node_id)
    return node.slots.select_related("phase").order_by("phase__no")


@reading_router.get(
    "/nodes/{node_id}/participation",
    response={200: list[DayOut], **NO},
    summary="Participation by day; counts only",
)
def participation(request: HttpRequest, node_id: int) -> list[ParticipationDay]:
    """Return a node's own counts by day."""
    return by_day(node_for(caller(request).scope, node_id))


reporting_router = Router(auth=ByToken(TokenScope.READ))


@reporting_router.get(
    "/campaigns/{campaign_id}/reports",
    response={200: Part[VersionOut], **NO},
    summary="All report versions visible to the token",
)
def reports(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return what was handed in by the unit and, where its role reads them, by those below."""
    scope = caller(request).scope
    return part_of(readable_versions(scope, campaign_for(scope, campaign_id)), paged)


@reporting_router.get(
    "/nodes/{node_id}/reports",
    response={200: Part[VersionOut], **NO},
    summary="A unit's own reports, version by version",
)
def node_reports(request: HttpRequest, node_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the versions of one unit; none where the role reads no reports."""
    scope = caller(request).scope
    node = node_for(scope, node_id)
    return part_of(readable_versions(scope, node.campaign).filter(slot__node=node), paged)


@reporting_router.get(
    "/reports/{version_id}",
    response={200: VersionDetail, **NO},
    summary="One version with its figures and the reports it was computed from",
)
def report(request: HttpRequest, version_id: int) -> ReportVersion:
    """Return one version; its figures are as they were handed in."""
    return readable_version(caller(request).scope, version_id)


@reporting_router.get(
    "/reports/{version_id}/payload",
    response={200: PayloadOut, **NO},
    summary="The text that was hashed",
)
def payload(request: HttpRequest, version_id: int) -> ReportVersion:
    """Return the canonical text of a version and its digest."""
    return readable_version(caller(request).scope, version_id)
