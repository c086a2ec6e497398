"""Of which units no report went into a total, and why: one definition for pages and paper."""

from dataclasses import dataclass

from quetsach_portal.followup.models import PaperReport
from quetsach_portal.reports.models import STANDS, ReportInput, ReportVersion, VersionState
from quetsach_portal.reports.queries import states_at


@dataclass(frozen=True)
class Absentees:
    """Names of units: not handed in; handed in and not accepted yet; returned."""

    missing: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()


def absentees(version: ReportVersion) -> Absentees:
    """Return of which units `version` has no report, and how those stood when it was made.

    So each edition of a version says the same, whatever came later. Who reported on paper waits:
    nobody has typed it yet. Cost: three queries.
    """
    inputs = ReportInput.objects.filter(parent_version=version, child_version__isnull=True)
    names = dict(
        inputs.order_by("child_slot__node__name_at_freeze", "pk").values_list(
            "child_slot_id", "child_slot__node__name_at_freeze"
        )
    )
    slots = inputs.values("child_slot_id")
    came = ReportVersion.objects.filter(slot__in=slots, created_at__lte=version.created_at)
    states = {one.slot_id: state for one, state in states_at(came, version.created_at)}
    on_paper = PaperReport.objects.filter(slot__in=slots, recorded_at__lte=version.created_at)
    waits = {*on_paper.values_list("slot_id", flat=True)}
    waits |= {slot for slot, state in states.items() if state in STANDS}
    returned = {slot for slot, state in states.items() if state == VersionState.RETURNED} - waits
    return Absentees(
        tuple(name for slot, name in names.items() if slot not in waits | returned),
        tuple(name for slot, name in names.items() if slot in waits),
        tuple(name for slot, name in names.items() if slot in returned),
    )
