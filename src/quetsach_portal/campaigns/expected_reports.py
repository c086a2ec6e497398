"""What happens to an expected report: it comes in, is signed, is taken back, is excused.

Whoever keeps the reports themselves calls these; they move the counters with the slot. The caller
holds the transaction, has locked the slot, and has written the trail.
"""

from dataclasses import dataclass
from datetime import datetime

from quetsach_portal.campaigns.counters import add_slot
from quetsach_portal.campaigns.models.campaign import ExpectedReport, ExpectedReportState


@dataclass(frozen=True)
class ReceivedReport:
    """A submitted report: since when, whether it is nil, when it was signed, and its state."""

    at: datetime
    is_nil: bool
    signed_at: datetime | None
    state: ExpectedReportState


def report_in(slot: ExpectedReport, at: datetime, *, is_nil: bool = False) -> bool:
    """Mark the report as having come in at `at`, by the clock of the server or of a stamp.

    False when one had come in before or none is expected, and nothing changes.
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
    """Mark the report that came in as signed; False when it was, or when none came in."""
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
    """Mark the report as not having come in after all; False when it had not."""
    return _undo(slot, ExpectedReportState.OPEN)


def give_back(slot: ExpectedReport) -> bool:
    """Mark the report as returned: until it comes again, at its own moment, none is there.

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
    """Put the slot into `state`, which moves no counter: a draft, accepted, forwarded."""
    if slot.state != state:
        slot.state = state
        slot.save(update_fields=["state"])


def count_resubmission(slot: ExpectedReport, *, is_nil: bool) -> None:
    """Mark that another version of the report came in; when the first one came stays."""
    was = slot.is_nil
    slot.is_nil, slot.state = is_nil, ExpectedReportState.SUBMITTED
    slot.save(update_fields=["is_nil", "state"])
    add_slot(slot.node, slot.phase_id, nil=int(is_nil) - int(was))


def excuse(slot: ExpectedReport, reason: str) -> bool:
    """Take the slot out of the denominator with `reason`; False when a report came in, or it was.

    A report that came in stays in every figure, whatever becomes of its unit.
    """
    if slot.reported_at is not None or slot.state == ExpectedReportState.EXCUSED:
        return False
    slot.state, slot.excuse_reason = ExpectedReportState.EXCUSED, reason[:255]
    slot.save(update_fields=["state", "excuse_reason"])
    add_slot(slot.node, slot.phase_id, expected=-1, excused=1)
    return True


def prolong(slot: ExpectedReport, due_at: datetime) -> None:
    """Give the slot another deadline; what came in late before may be in time by it."""
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
