"""What each workbook of a batch would change today, or why it cannot be saved."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from quetsach.api.reports import CellProblem, FilledWorkbook, OpenedWorkbook
from quetsach_portal.campaigns.models import Slot, SlotState
from quetsach_portal.people.models import User
from quetsach_portal.reports.access import WRITES
from quetsach_portal.reports.actions import locking, writing
from quetsach_portal.reports.batch_models import BatchFile, WorkbookBatch
from quetsach_portal.reports.models import ReportDraft, ReportVersion
from quetsach_portal.reports.places import child_slots
from quetsach_portal.reports.workbooks import sheets
from quetsach_portal.rights.models import Assignment
from quetsach_portal.web.problems import Refused


@dataclass(frozen=True)
class Judged:
    """One file of a batch as it stands today.

    `is_green` tells that it can be saved: of a unit of ours, whole, and with something to change.
    """

    file: BatchFile
    slot: Slot | None = None
    found: FilledWorkbook | None = None
    changes: Sequence[sheets.Change] = ()
    why_not: str = ""
    revision: int = 1
    problems: Sequence[CellProblem] = field(default=())

    @property
    def is_green(self) -> bool:
        """Whether it may be saved."""
        return bool(self.changes) and not self.why_not and not self.problems

    @property
    def is_same(self) -> bool:
        """Whether it says nothing but what the draft says already."""
        return self.found is not None and not (self.changes or self.why_not or self.problems)

    @property
    def standing(self) -> str:
        """Return "saved", "green", "same" or "red"."""
        if self.file.saved_at:
            return "saved"
        if self.is_green:
            return "green"
        return "same" if self.is_same else "red"


def batch_of(slot: Slot, user: User) -> WorkbookBatch | None:
    """Return what the person handed in last with this report."""
    batch = WorkbookBatch.objects.filter(slot=slot, by=user).first()
    if batch is not None:
        batch.slot = slot
    return batch


def slots_for(slot: Slot) -> dict[int, Slot]:
    """Return by number the reports whose workbooks are taken with `slot`: its own, those below."""
    return {one.pk: one for one in (slot, *child_slots(slot))}


def open_slots(slot: Slot) -> list[Slot]:
    """Return those directly below `slot` of which a workbook would be taken now, by name."""
    slots = child_slots(slot)
    ids = [one.pk for one in slots]
    reported = set(
        ReportVersion.objects.filter(slot__in=ids).values_list("slot_id", flat=True).distinct()
    )
    begun = {one.slot_id: one for one in ReportDraft.objects.filter(slot__in=ids)}
    theirs = {key for key, one in begun.items() if is_theirs(one)}
    return [one for one in slots if one.pk not in reported | theirs]


def judged(batch: WorkbookBatch) -> list[Judged]:
    """Return all files of `batch`, as they came. Cost: some 25 queries a file."""
    slots = slots_for(batch.slot)
    files = [(one, _opened(one)) for one in batch.files.order_by("pk")]
    of_slot = Counter(one.head.slot for _file, one in files if one is not None)
    return [_judged(file, one, batch.slot, slots, of_slot) for file, one in files]


def counts(rows: Iterable[Judged]) -> Mapping[str, int]:
    """Return how many can be saved, were saved, say nothing new, and cannot be saved."""
    found = Counter(one.standing for one in rows)
    return {key: found[key] for key in ("green", "saved", "same", "red")}


def is_theirs(draft: ReportDraft) -> bool:
    """True where the unit itself wrote in the draft last: nobody types over that."""
    if draft.saved_by_id is None:
        return False
    return Assignment.objects.filter(
        user_id=draft.saved_by_id, unit__nodes__slots=draft.slot_id, role__in=WRITES
    ).exists()


def refuse_what_is_theirs(slot: Slot, draft: ReportDraft | None, own: Slot) -> None:
    """Refuse a unit below that has reported, or begun its report itself. Errors: Refused."""
    if slot.pk == own.pk:
        return
    if ReportVersion.objects.filter(slot=slot).exists():
        raise Refused(_("The unit has reported already; its report goes its own way now."))
    if draft is not None and is_theirs(draft):
        raise Refused(_("The unit has begun its report itself; nothing is written over it."))


def _opened(file: BatchFile) -> OpenedWorkbook | None:
    return OpenedWorkbook.from_json(file.opened) if file.opened else None


def _judged(
    file: BatchFile,
    opened: OpenedWorkbook | None,
    own: Slot,
    slots: Mapping[int, Slot],
    of_slot: Mapping[str, int],
) -> Judged:
    if opened is None:
        return Judged(file, why_not=file.refused)
    number = opened.head.slot
    slot = slots.get(int(number)) if number.isdecimal() else None
    if slot is None:
        told = _("It was made for %(unit)s, which does not report to this unit in this phase.")
        return Judged(file, why_not=told % {"unit": opened.head.unit[:200]})
    if file.saved_at is not None:
        return Judged(file, slot)
    if of_slot[number] > 1:
        return Judged(file, slot, why_not=_("There is more than one workbook of this unit."))
    draft = ReportDraft.objects.filter(slot=slot).first()
    try:
        _refuse_now(slot, draft, own)
        found = sheets.held_against(slot, opened)
    except Refused as refused:
        return Judged(file, slot, why_not=refused.told)
    revision = 1 if draft is None else draft.revision
    if found.problems:
        return Judged(file, slot, found, revision=revision, problems=found.problems)
    why_not = (
        _("The draft was changed after this workbook was downloaded; download it again.")
        if found.is_older
        else ""
    )
    return Judged(file, slot, found, sheets.changes(slot, found), why_not, revision)


def _refuse_now(slot: Slot, draft: ReportDraft | None, own: Slot) -> None:
    refuse_what_is_theirs(slot, draft, own)
    if draft is None:
        writing.refuse_a_second(slot)
        locking.refuse_before_it_opens(slot)
        locking.refuse_when_locked(slot)
    if slot.state == SlotState.EXCUSED:
        raise Refused(
            _("No report is expected of this unit: %(why)s") % {"why": slot.excuse_reason}
        )
