"""The evidence of a unit in which notices of the authority are traced; see settings."""

from pathlib import Path

from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.cases.evidence import TraceEvidence
from quetsach_portal.files.models import FileState
from quetsach_portal.files.storage import path_of
from quetsach_portal.intake.models import (
    OwnTable,
    Submission,
    SubmissionKind,
    SubmissionState,
    TableKind,
)


def evidence_of(node: CampaignNode) -> TraceEvidence:
    """Return the logs of `node` that are still here, and the unit's own tables."""
    logs: list[Path] = []
    rows = Submission.objects.filter(
        node=node, state=SubmissionState.DONE, raw_destroyed_at=None
    ).exclude(kind=SubmissionKind.FINDINGS)
    for row in rows.order_by("pk").prefetch_related("files"):
        logs += [path_of(one) for one in row.files.all()]
    return TraceEvidence(
        logs=tuple(path for path in dict.fromkeys(logs) if path.is_file()),
        leases=_tables(node, TableKind.LEASES),
        nat=_tables(node, TableKind.NAT),
        inventory=_tables(node, TableKind.INVENTORY)[:1],
        plans=_tables(node, TableKind.PLAN)[:1],
    )


def _tables(node: CampaignNode, kind: TableKind) -> tuple[Path, ...]:
    rows = OwnTable.objects.filter(
        unit_id=node.unit_id, kind=kind, ended_at=None, file__state=FileState.ACCEPTED
    )
    paths = (path_of(one.file) for one in rows.select_related("file").order_by("-as_of", "-pk"))
    return tuple(path for path in paths if path.is_file())
