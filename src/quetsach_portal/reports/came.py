"""Since when a unit's report stands here: from its events, whatever the slot was marked by."""

from datetime import datetime

from quetsach_portal.campaigns.models import Slot, SlotState
from quetsach_portal.campaigns.reports import Came
from quetsach_portal.reports.models import (
    STANDS,
    ReportDraft,
    ReportEvent,
    ReportVersion,
    VersionKind,
    VersionState,
)


def came_here(slot: Slot) -> tuple[Came | None, SlotState]:
    """Return the report that was handed in here and stands, else the state of the slot without.

    Cost: two queries.
    """
    versions = list(ReportVersion.objects.filter(slot=slot).order_by("n"))
    standing = [one for one in versions if one.state in STANDS]
    since = _since(slot)
    if not standing or since is None:
        return None, _without(slot, versions)
    signed = [one.signed_at for one in standing if one.signed_at is not None]
    return Came(
        at=since,
        is_nil=standing[-1].kind == VersionKind.NIL,
        signed_at=min(signed, default=None),
        state=SlotState(standing[-1].state),
    ), SlotState.OPEN


def _since(slot: Slot) -> datetime | None:
    """Return the moment since which some version has stood without a break."""
    standing: set[int] = set()
    since = None
    events = ReportEvent.objects.filter(version__slot=slot).order_by("at", "pk")
    for version, state, at in events.values_list("version_id", "state", "at"):
        if state not in STANDS:
            standing.discard(version)
            continue
        since = since if standing else at
        standing.add(version)
    return since if standing else None


def _without(slot: Slot, versions: list[ReportVersion]) -> SlotState:
    if versions and versions[-1].state == VersionState.RETURNED:
        return SlotState.RETURNED
    return SlotState.DRAFT if ReportDraft.objects.filter(slot=slot).exists() else SlotState.OPEN
