"""Record that a report came on paper, so that the ladder stands before it is typed."""

from datetime import datetime

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import Slot, SlotState
from quetsach_portal.campaigns.reports import report_in, sign, take_back
from quetsach_portal.files.actions import keep
from quetsach_portal.followup.actions.running import locked_slot, noted
from quetsach_portal.followup.models import PaperReport
from quetsach_portal.people.models import User
from quetsach_portal.web.problems import Refused


def record_paper(
    slot: Slot,
    proof: "UploadedFile[bytes]",
    *,
    came_at: datetime,
    is_nil: bool,
    is_signed: bool,
    note: str,
    actor: User,
) -> PaperReport:
    """Return the record that a report came on paper at `came_at`, as the stamp on it says.

    Errors: Refused without a proof, for a moment to come or before the phase opened, when a report
    is there or none is expected.
    """
    if came_at > timezone.now():
        raise Refused(_("This lies in the future."), field="day")
    if came_at < slot.phase.opens_at:
        raise Refused(_("This lies before the phase opened."), field="day")
    kept = keep(proof, purpose="proof", owner_path=slot.node.unit.path, actor=actor)
    with transaction.atomic():
        row = locked_slot(slot)
        _refuse_where_none_is_awaited(row)
        made = PaperReport.objects.create(
            slot=row,
            came_at=came_at,
            is_nil=is_nil,
            is_signed=is_signed,
            proof=kept,
            note=note,
            by=actor,
        )
        noted("report.on_paper", made, row.node, actor, came_at=came_at.isoformat())
        report_in(row, came_at, is_nil=is_nil)
        if is_signed:
            sign(row, came_at)
    return made


def remove_paper(paper: PaperReport, why: str, *, actor: User) -> None:
    """Take a record back that was made in error; the trail keeps it. Errors: Refused."""
    if not why.strip():
        raise Refused(_("Say why."), field="why")
    with transaction.atomic():
        row = locked_slot(paper.slot)
        held = PaperReport.objects.select_for_update().filter(pk=paper.pk).first()
        if held is None:
            raise Refused(_("It was taken back already."))
        if import_string(settings.REPORT_STANDS)(row):
            raise Refused(
                _("The unit has handed its report in here as well, so the slot is reported.")
            )
        noted("report.paper_removed", held, row.node, actor, why=why.strip()[:300])
        held.delete()
        take_back(row)


def _refuse_where_none_is_awaited(slot: Slot) -> None:
    if slot.state == SlotState.EXCUSED:
        raise Refused(_("The unit was excused from this report."))
    if slot.reported_at is not None:
        raise Refused(_("A report of this phase is there already."))
    locks_at = slot.phase.locks_at
    if locks_at is not None and max(locks_at, slot.due_at) <= timezone.now():
        raise Refused(_("The phase is locked; the unit needs more time granted first."))
