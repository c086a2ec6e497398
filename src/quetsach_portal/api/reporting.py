"""Reports to read: their versions, figures and inputs, for whoever reads them on the pages."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.parts import NO, Paged, Part, part_of
from quetsach_portal.api.report_shapes import PayloadOut, VersionDetail, VersionOut
from quetsach_portal.api.signing_in import ByToken, caller
from quetsach_portal.campaigns.scope import campaign_for, node_for
from quetsach_portal.reports.access import seen_version, seen_versions
from quetsach_portal.reports.models import ReportVersion

router = Router(auth=ByToken(TokenScope.READ))


@router.get(
    "/campaigns/{campaign_id}/reports",
    response={200: Part[VersionOut], **NO},
    summary="All versions of reports within reach",
)
def reports(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return what was handed in by the unit and, where its role reads them, by those below."""
    scope = caller(request).scope
    part = part_of(seen_versions(scope, campaign_for(scope, campaign_id)), paged)
    return {**part, "rows": [_version(one) for one in part["rows"]]}


@router.get(
    "/nodes/{node_id}/reports",
    response={200: Part[VersionOut], **NO},
    summary="A unit's own reports, version by version",
)
def node_reports(request: HttpRequest, node_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the versions of one unit; none where the role reads no reports."""
    scope = caller(request).scope
    node = node_for(scope, node_id)
    part = part_of(seen_versions(scope, node.campaign).filter(slot__node=node), paged)
    return {**part, "rows": [_version(one) for one in part["rows"]]}


@router.get(
    "/reports/{version_id}",
    response={200: VersionDetail, **NO},
    summary="One version with its figures and what it was added up of",
)
def report(request: HttpRequest, version_id: int) -> dict[str, Any]:
    """Return one version; its figures are as they were handed in."""
    found = seen_version(caller(request).scope, version_id)
    inputs = found.inputs.select_related("child_slot__node").order_by("pk")
    return {
        **_version(found),
        "form_code": found.form.code,
        "form_version": found.form.version,
        "tree_rev": found.tree_rev,
        "figures": list(found.figures.order_by("pk")),
        "inputs": [
            {
                "slot_id": one.child_slot_id,
                "node_id": one.child_slot.node_id,
                "unit": one.child_slot.node.name_at_freeze,
                "version_id": one.child_version_id,
                "used": one.used,
                "reason": one.reason,
            }
            for one in inputs
        ],
        "does_not_add_up": sorted(
            found.alarms.filter(closed_at__isnull=True).values_list("key", flat=True)
        ),
    }


@router.get(
    "/reports/{version_id}/payload",
    response={200: PayloadOut, **NO},
    summary="The text that was hashed",
)
def payload(request: HttpRequest, version_id: int) -> dict[str, str]:
    """Return the canonical text of a version and its digest."""
    found = seen_version(caller(request).scope, version_id)
    return {"sha256": found.sha256, "payload": found.payload}


def _version(one: ReportVersion) -> dict[str, Any]:
    return {
        "id": one.pk,
        "slot_id": one.slot_id,
        "node_id": one.slot.node_id,
        "unit": one.slot.node.name_at_freeze,
        "phase_no": one.slot.phase.no,
        "n": one.n,
        "kind": one.kind,
        "reason_code": one.reason_code,
        "reason": one.reason,
        "state": one.state,
        "is_late": one.is_late,
        "created_at": one.created_at,
        "signed_at": one.signed_at,
        "sha256": one.sha256,
        "prev_sha256": one.prev_sha256,
    }
