"""Expected reports: which are overdue; submitted, signed, taken back, excused.

The app `reports` calls the acts; they move the counters with the expected report. The caller
holds the transaction, has locked the row, and has written the audit row.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from quetsach_portal.campaigns.counters import add_slot
from quetsach_portal.campaigns.models.campaign import ExpectedReport, ExpectedReportState


@dataclass(frozen=True)
class ReceivedReport:
    """A submitted report: since when, whether it is nil, when it was signed, and its state."""

    at: datetime
    is_nil: bool
    signed_at: datetime | None
    state: ExpectedReportState


def overdue() -> Q:
    """Return the condition on expected reports that have not come in and are past their date."""
    came = Q(reported_at__isnull=False) | Q(state=ExpectedReportState.EXCUSED)
    return ~came & Q(due_at__lte=timezone.now())


def report_in(slot: ExpectedReport, at: datetime, *, is_nil: bool = False) -> bool:
    """Mark the report as submitted at `at`, by the clock of the server or of a time stamp.

    False, without a change, when one was submitted before or none is expected.
    """
    if slot.reported_at is not None or slot.state == ExpectedReportState.EXCUSED:
        return False
    slot.reported_at, slot.is_nil, slot.state = at, is_nil, ExpectedReportState.SUBMITTED
    slot.save(update_fields=["reported_at", "is_nil", "state"])
    add_slot(
        slot.node, slot.phase_id, reported=1, on_time=int(slot.is_on_time), nil=int(slot.is_nil)
    )
    return True


def sign(slot: ExpectedReport, at: datetime) -> bool:
    """Mark the submitted report as signed; False when it was, or when none is submitted."""
    if (
        slot.signed_at is not None
        or slot.reported_at is None
        or slot.state == ExpectedReportState.EXCUSED
    ):
        return False
    slot.signed_at, slot.state = at, ExpectedReportState.SIGNED
    slot.save(update_fields=["signed_at", "state"])
    add_slot(slot.node, slot.phase_id, signed=1)
    return True


def restate(
    slot: ExpectedReport,
    came: ReceivedReport | None,
    *,
    otherwise: ExpectedReportState = ExpectedReportState.OPEN,
) -> None:
    """Update the expected report from its current version, after the former one proved wrong."""
    before = _counted(slot)
    slot.reported_at = None if came is None else came.at
    slot.signed_at = None if came is None else came.signed_at
    slot.is_nil = came is not None and came.is_nil
    slot.state = otherwise if came is None else came.state
    slot.save(update_fields=["reported_at", "signed_at", "is_nil", "state"])
    after = _counted(slot)
    add_slot(slot.node, slot.phase_id, **{name: after[name] - before[name] for name in after})


def take_back(slot: ExpectedReport) -> bool:
    """Mark the report as not submitted after all; False when it was not."""
    return _undo(slot, ExpectedReportState.OPEN)


def give_back(slot: ExpectedReport) -> bool:
    """Mark the report as returned: it counts as missing until it is submitted again.

    False when none had come in.
    """
    return _undo(slot, ExpectedReportState.RETURNED)


def _undo(slot: ExpectedReport, state: ExpectedReportState) -> bool:
    if slot.reported_at is None or slot.state == ExpectedReportState.EXCUSED:
        return False
    gone = _counted(slot)
    slot.reported_at, slot.signed_at, slot.is_nil = None, None, False
    slot.state = state
    slot.save(update_fields=["reported_at", "signed_at", "is_nil", "state"])
    add_slot(slot.node, slot.phase_id, **{name: -number for name, number in gone.items()})
    return True


def stand(slot: ExpectedReport, state: ExpectedReportState) -> None:
    """Set the report to `state`, which moves no counter: a draft, accepted, forwarded."""
    if slot.state != state:
        slot.state = state
        slot.save(update_fields=["state"])


def count_resubmission(slot: ExpectedReport, *, is_nil: bool) -> None:
    """Mark that another version was submitted; the time of the first one stays."""
    was = slot.is_nil
    slot.is_nil, slot.state = is_nil, ExpectedReportState.SUBMITTED
    slot.save(update_fields=["is_nil", "state"])
    add_slot(slot.node, slot.phase_id, nil=int(is_nil) - int(was))


def excuse(slot: ExpectedReport, reason: str) -> bool:
    """Excuse the report with `reason`; False when it was submitted or already excused.

    A report that came in stays in every figure, whatever becomes of its unit.
    """
    if slot.reported_at is not None or slot.state == ExpectedReportState.EXCUSED:
        return False
    slot.state, slot.excuse_reason = ExpectedReportState.EXCUSED, reason[:255]
    slot.save(update_fields=["state", "excuse_reason"])
    add_slot(slot.node, slot.phase_id, expected=-1, excused=1)
    return True


def prolong(slot: ExpectedReport, due_at: datetime) -> None:
    """Change the deadline of the report; a late report may become on time."""
    was = slot.is_on_time
    slot.due_at = due_at
    slot.save(update_fields=["due_at"])
    add_slot(slot.node, slot.phase_id, on_time=int(slot.is_on_time) - int(was))


def _counted(slot: ExpectedReport) -> dict[str, int]:
    return {
        "reported": int(slot.reported_at is not None),
        "on_time": int(slot.is_on_time),
        "nil": int(slot.is_nil),
        "signed": int(slot.signed_at is not None),
    }
