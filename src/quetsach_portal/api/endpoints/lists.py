"""Versions of a campaign's list and their doubtful rows, for the lead office."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.row_schemas import of_row
from quetsach_portal.api.schemas import NO, Paged, Part, part_of
from quetsach_portal.api.tokens import ByToken, caller
from quetsach_portal.campaigns import access as campaign_access
from quetsach_portal.lists import access, feeds, queries
from quetsach_portal.lists.models import DoubtfulRow, Feed, ListVersion

router = Router(auth=ByToken(TokenScope.READ))


@of_row(
    ListVersion,
    "id n title state sha256 problem shrink_reason by received_at proposed_by proposed_at "
    "approved_by in_force_at ended_by ended_at end_reason",
)
class ListVersionOut(Schema):
    """A version of the list and how far it is; one is `in-force`."""


@of_row(ListVersion, "checked changes trial")
class ListVersionDetail(ListVersionOut):
    """A version with what the check, the comparison and the trial said."""

    checked: dict[str, Any]
    changes: dict[str, Any]
    trial: dict[str, Any]


@of_row(
    DoubtfulRow,
    "id key shown kind classes warning_lists list_name row proposal devices only units decision "
    "reason until decided_by decided_at expired_at",
)
class DoubtfulRowOut(Schema):
    """A row that stands on warning lists; without a decision it accuses nobody."""

    classes: list[str]
    warning_lists: list[str]


@of_row(Feed, "id title kind url every state failures problem asked_at changed_at made_by made_at")
class FeedOut(Schema):
    """An address that is asked for new lists each `every` minutes; it brings received versions."""


@router.get(
    "/campaigns/{campaign_id}/feeds",
    response={200: Part[FeedOut], **NO},
    summary="The feeds that bring lists to a campaign, for the lead office",
)
def list_feeds(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the feeds, those switched off too."""
    campaign = campaign_access.own_campaign(caller(request).scope, campaign_id)
    return part_of(feeds.feeds_of(campaign), paged)


@router.get(
    "/campaigns/{campaign_id}/list-versions",
    response={200: Part[ListVersionOut], **NO},
    summary="The versions of a campaign's list, for the lead office",
)
def list_versions(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the versions of the list."""
    campaign = campaign_access.own_campaign(caller(request).scope, campaign_id)
    return part_of(queries.versions_of(campaign), paged)


@router.get(
    "/campaigns/{campaign_id}/list-versions/{n}",
    response={200: ListVersionDetail, **NO},
    summary="A version of a campaign's list: check, changes and trial, for the lead office",
)
def list_version(request: HttpRequest, campaign_id: int, n: int) -> ListVersion:
    """Return one version."""
    return access.version_for(caller(request).scope, campaign_id, n)


@router.get(
    "/campaigns/{campaign_id}/list-versions/{n}/doubtful",
    response={200: Part[DoubtfulRowOut], **NO},
    summary="The doubtful rows of a version and what was decided on them, for the lead office",
)
def doubtful_rows(
    request: HttpRequest, campaign_id: int, n: int, paged: Query[Paged]
) -> dict[str, Any]:
    """Return the doubtful rows of a version."""
    version = access.version_for(caller(request).scope, campaign_id, n)
    return part_of(queries.doubtful_rows(version), paged)
