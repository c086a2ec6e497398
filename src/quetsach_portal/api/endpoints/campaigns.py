"""A campaign beside its units: the kit, deadlines by level, who is reached, checks of counters."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Query, Router, Schema

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.row_schemas import of_row
from quetsach_portal.api.schemas import A_FILE, NO, FileOut, Paged, Part, part_of
from quetsach_portal.api.tokens import ByToken, caller
from quetsach_portal.campaigns import access, queries
from quetsach_portal.campaigns.models.campaign import CampaignNode, Material, MaterialPull
from quetsach_portal.campaigns.models.checks import CounterCheck, DryRunFault
from quetsach_portal.campaigns.models.corrections import CampaignCorrection
from quetsach_portal.campaigns.queries import TreeLevel
from quetsach_portal.campaigns.scope import campaign_for, node_scope
from quetsach_portal.files.storage import attachment

router = Router(auth=ByToken(TokenScope.READ))


@of_row(Material, "id title version language kind taken file")
class MaterialOut(Schema):
    """A file of the awareness kit, and how often it was downloaded."""

    taken: int
    file: FileOut

    @staticmethod
    def resolve_taken(one: Any) -> int:
        """Return the sum of all downloads."""
        return one.taken or 0


@of_row(MaterialPull, "id node_id unit=node.name_at_freeze day count")
class PullOut(Schema):
    """Downloads of a file by a unit on a day; no person is named."""


@of_row(TreeLevel, "depth units due_at")
class LevelOut(Schema):
    """A level of the tree: how many units it has and when they are due, exclusively."""


class PhaseLevelsOut(Schema):
    """A phase with the deadline of every level."""

    phase_no: int
    levels: list[LevelOut]


@of_row(
    CampaignNode, "id unit_id code=unit.code unit=name_at_freeze depth contact=state_of_contact"
)
class ReachedByOut(Schema):
    """A unit of the frozen tree; `contact` is ok, none or off."""

    contact: str


@of_row(CounterCheck, "id at counters wrong differences")
class TallyCheckOut(Schema):
    """One comparison of all counters with a slow recount; the first 50 differences."""

    differences: list[dict[str, Any]]


@of_row(CampaignCorrection, "id kind reason words before decided_at letter_id")
class CorrectionOut(Schema):
    """What was corrected in a campaign that runs, in words, and what stood before."""

    words: list[str]
    before: dict[str, Any]


@of_row(DryRunFault, "id node_id code detail stops")
class FaultOut(Schema):
    """A fault found by a dry run; without a node it concerns the campaign."""


class DryRunOut(Part[FaultOut]):
    """The last dry run; all is empty where there was none."""

    asked_at: datetime | None = None
    finished_at: datetime | None = None
    units: int = 0
    reachable: int = 0
    rendered: int = 0
    faults_found: int = 0
    passed: bool = False


@router.get(
    "/campaigns/{campaign_id}/materials",
    response={200: list[MaterialOut], **NO},
    summary="The awareness kit that is offered",
)
def materials(request: HttpRequest, campaign_id: int) -> Iterable[Material]:
    """Return the pieces of the kit."""
    campaign = campaign_for(caller(request).scope, campaign_id)
    return queries.materials_of(campaign, offered=True)


@router.get(
    "/campaigns/{campaign_id}/materials/{material_id}/file",
    response=NO,
    openapi_extra=A_FILE,
    summary="A file of the awareness kit; a download with a token is not counted",
)
def material_file(request: HttpRequest, campaign_id: int, material_id: int) -> HttpResponseBase:
    """Hand out a piece of the kit."""
    material = access.material_for(caller(request).scope, campaign_id, material_id)
    return attachment(material.file)


@router.get(
    "/campaigns/{campaign_id}/materials/{material_id}/pulls",
    response={200: Part[PullOut], **NO},
    summary="Downloads of a file of the kit by unit and day, for the lead office",
)
def material_pulls(
    request: HttpRequest, campaign_id: int, material_id: int, paged: Query[Paged]
) -> dict[str, Any]:
    """Return the downloads by unit and day."""
    scope = caller(request).scope
    campaign = access.own_campaign(scope, campaign_id)
    material = access.material_for(scope, campaign.pk, material_id)
    return part_of(queries.pulls_by_unit(material), paged)


@router.get(
    "/campaigns/{campaign_id}/deadlines",
    response={200: list[PhaseLevelsOut], **NO},
    summary="The deadline of every level in every phase, for the lead office",
)
def deadlines(request: HttpRequest, campaign_id: int) -> list[dict[str, Any]]:
    """Return the phases with their levels."""
    campaign = access.own_campaign(caller(request).scope, campaign_id)
    units = queries.units_by_depth(campaign)
    return [
        {"phase_no": one.no, "levels": queries.levels(one, units)}
        for one in queries.phases_of(campaign)
    ]


@router.get(
    "/campaigns/{campaign_id}/tree",
    response={200: Part[ReachedByOut], **NO},
    summary="The frozen tree with the contact state of each unit, for the lead office",
)
def campaign_tree(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the units of the frozen tree."""
    campaign = access.own_campaign(caller(request).scope, campaign_id)
    return part_of(queries.units_in_tree(campaign), paged)


@router.get(
    "/campaigns/{campaign_id}/release",
    response=NO,
    openapi_extra=A_FILE,
    summary="The campaign's list of indicators, for the lead office",
)
def campaign_release(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Hand out the campaign's list."""
    campaign = access.own_campaign(caller(request).scope, campaign_id)
    return attachment(access.release_of(campaign))


@router.get(
    "/campaigns/{campaign_id}/corrections",
    response={200: Part[CorrectionOut], **NO},
    summary="What was corrected since the start, with what stood before",
)
def corrections(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the corrections that two owners carried out."""
    scope = caller(request).scope
    campaign = campaign_for(scope, campaign_id)
    return part_of(queries.corrections_of(campaign, node_scope(scope, campaign)), paged)


@router.get(
    "/campaigns/{campaign_id}/counter-checks",
    response={200: Part[TallyCheckOut], **NO},
    summary="The nightly checks of the counters, for the lead office",
)
def counter_checks(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the checks of the counters."""
    campaign = access.own_campaign(caller(request).scope, campaign_id)
    return part_of(campaign.tally_checks.all(), paged)


@router.get(
    "/campaigns/{campaign_id}/dry-run",
    response={200: DryRunOut, **NO},
    summary="The last dry run with its faults, for the lead office",
)
def dry_run(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the last dry run."""
    run = queries.last_dry_run(access.own_campaign(caller(request).scope, campaign_id))
    if run is None:
        return {"rows": [], "next": None}
    names = ("asked_at", "finished_at", "units", "reachable", "rendered", "faults_found", "passed")
    return {**part_of(run.faults.all(), paged), **{name: getattr(run, name) for name in names}}
