"""Workbook batches: receive the files, read them by a job, check each, save the valid ones."""

import io
import zipfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from quetsach.api.problems import in_language
from quetsach.api.reports import CellProblem, FilledWorkbook, OpenedWorkbook
from quetsach.containers.bounds import UnpackBounds
from quetsach.containers.names import printable_name
from quetsach.containers.zip import check_layout, pieces
from quetsach.containers.zip_directory import read_directory
from quetsach_portal.campaigns.models.campaign import ExpectedReport, ExpectedReportState
from quetsach_portal.files.inspection import coded_refusals
from quetsach_portal.files.kinds import MIB, size_text
from quetsach_portal.files.storage import ending_of
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment
from quetsach_portal.reports.access import WRITES
from quetsach_portal.reports.models.document import BatchFile, WorkbookBatch
from quetsach_portal.reports.models.report import ReportDraft, ReportVersion
from quetsach_portal.reports.queries import child_slots
from quetsach_portal.reports.workbooks import workbook
from quetsach_portal.reports.writing import draft as writing_draft
from quetsach_portal.reports.writing import locking
from quetsach_portal.reports.writing.locking import audit
from quetsach_portal.web.acts import Refused


@dataclass(frozen=True)
class JudgedWorkbook:
    """A file of a batch, checked against the current drafts.

    `is_green` tells that it can be saved: of a unit of ours, whole, and with something to change.
    """

    file: BatchFile
    slot: ExpectedReport | None = None
    filled: FilledWorkbook | None = None
    changes: Sequence[workbook.WorkbookDifference] = ()
    why_not: str = ""
    revision: int = 1
    problems: Sequence[CellProblem] = field(default=())

    @property
    def is_green(self) -> bool:
        """Whether it may be saved."""
        return bool(self.changes) and not self.why_not and not self.problems

    @property
    def is_same(self) -> bool:
        """Whether it has the same answers as the draft."""
        return self.filled is not None and not (self.changes or self.why_not or self.problems)

    @property
    def standing(self) -> str:
        """Return "saved", "green", "same" or "red"."""
        if self.file.saved_at:
            return "saved"
        if self.is_green:
            return "green"
        return "same" if self.is_same else "red"


def batch_of(slot: ExpectedReport, user: User) -> WorkbookBatch | None:
    """Return the last upload of the person for this report."""
    batch = WorkbookBatch.objects.filter(slot=slot, by=user).first()
    if batch is not None:
        batch.slot = slot
    return batch


def slots_for(slot: ExpectedReport) -> dict[int, ExpectedReport]:
    """Return by number the reports whose workbooks are taken with `slot`: its own, those below."""
    return {row.pk: row for row in (slot, *child_slots(slot))}


def open_slots(slot: ExpectedReport) -> list[ExpectedReport]:
    """Return those directly below `slot` of which a workbook would be taken now, by name."""
    slots = child_slots(slot)
    ids = [child.pk for child in slots]
    closed = set(ReportVersion.objects.filter(slot__in=ids).values_list("slot_id", flat=True))
    drafts = ReportDraft.objects.filter(slot__in=ids)
    closed |= {draft.slot_id for draft in drafts if is_theirs(draft)}
    return [child for child in slots if child.pk not in closed]


def judged(batch: WorkbookBatch) -> list[JudgedWorkbook]:
    """Return all files of `batch`, as they came. Cost: some 25 queries a file."""
    slots = slots_for(batch.slot)
    files = [
        (file, OpenedWorkbook.from_json(file.opened) if file.opened else None)
        for file in batch.files.order_by("pk")
    ]
    of_slot = Counter(opened.head.slot for _file, opened in files if opened is not None)
    return [_judge_file(file, opened, batch.slot, slots, of_slot) for file, opened in files]


def counts(rows: Iterable[JudgedWorkbook]) -> Mapping[str, int]:
    """Return how many can be saved, were saved, change nothing, and cannot be saved."""
    counted = Counter(row.standing for row in rows)
    return {key: counted[key] for key in ("green", "saved", "same", "red")}


def is_theirs(draft: ReportDraft) -> bool:
    """True where the unit itself saved the draft last: its answers are never overwritten."""
    if draft.saved_by_id is None:
        return False
    return Assignment.objects.filter(
        user_id=draft.saved_by_id, unit__nodes__slots=draft.slot_id, role__in=WRITES
    ).exists()


def refuse_own_report(slot: ExpectedReport, draft: ReportDraft | None, own: ExpectedReport) -> None:
    """Refuse a unit below that has reported, or begun its report itself. Errors: Refused."""
    if slot.pk == own.pk:
        return
    if ReportVersion.objects.filter(slot=slot).exists():
        raise Refused(_("The unit has already reported; its report follows its own steps."))
    if draft is not None and is_theirs(draft):
        raise Refused(_("The unit has begun its report itself; its draft is not overwritten."))


def _judge_file(
    file: BatchFile,
    opened: OpenedWorkbook | None,
    own: ExpectedReport,
    slots: Mapping[int, ExpectedReport],
    of_slot: Mapping[str, int],
) -> JudgedWorkbook:
    if opened is None:
        return JudgedWorkbook(file, why_not=file.refused)
    number = opened.head.slot
    slot = slots.get(int(number)) if number.isdecimal() else None
    if slot is None:
        why_not = _("It was made for %(unit)s, which does not report to this unit in this phase.")
        return JudgedWorkbook(file, why_not=why_not % {"unit": opened.head.unit[:200]})
    if file.saved_at is not None:
        return JudgedWorkbook(file, slot)
    if of_slot[number] > 1:
        why_not = _("There is more than one workbook of this unit.")
        return JudgedWorkbook(file, slot, why_not=why_not)
    draft = ReportDraft.objects.filter(slot=slot).first()
    try:
        _refuse_now(slot, draft, own)
        filled = workbook.answers_for_slot(slot, opened)
    except Refused as refused:
        return JudgedWorkbook(file, slot, why_not=refused.told)
    revision = 1 if draft is None else draft.revision
    if filled.problems:
        return JudgedWorkbook(file, slot, filled, revision=revision, problems=filled.problems)
    why_not = ""
    if filled.is_older:
        why_not = _("The draft was changed after this workbook was downloaded; download it again.")
    return JudgedWorkbook(file, slot, filled, workbook.changes(slot, filled), why_not, revision)


def _refuse_now(slot: ExpectedReport, draft: ReportDraft | None, own: ExpectedReport) -> None:
    refuse_own_report(slot, draft, own)
    if draft is None:
        writing_draft.refuse_a_second(slot)
        locking.refuse_before_opening(slot)
        locking.refuse_when_locked(slot)
    if slot.state == ExpectedReportState.EXCUSED:
        raise Refused(
            _("No report is expected of this unit: %(why)s") % {"why": slot.excuse_reason}
        )


# Files of an upload, also inside an archive, and the empty workbooks as one archive.

MOST_FILES = 40
MOST_BYTES = 40 * MIB
_BOUNDS = UnpackBounds(entries=4 * MOST_FILES, unpacked=MOST_BYTES, ratio=200, small=8 * MIB)


def files_of(uploads: Iterable[tuple[str, BinaryIO]]) -> list[tuple[str, bytes]]:
    """Return name and bytes of each file of an upload; those in a ZIP file one by one.

    Errors: Refused for too many or too much, and for an archive that is not sound; nothing of that
    is unpacked before its directory was checked against the limits (F5).
    """
    files: list[tuple[str, bytes]] = []
    size = 0
    for name, raw in _all(uploads):
        size += len(raw)
        if len(files) >= MOST_FILES:
            sentence = _(
                "At most %(most)s workbooks are accepted at once; upload the others afterwards."
            )
            raise Refused(sentence % {"most": MOST_FILES}, field="workbooks")
        if size > MOST_BYTES:
            sentence = _("Together they are larger than %(most)s; upload them in parts.")
            raise Refused(sentence % {"most": size_text(MOST_BYTES)}, field="workbooks")
        files.append((name, raw))
    if not files:
        raise Refused(_("There is no file."), field="workbooks")
    return files


def empty_workbooks(slots: Sequence[ExpectedReport]) -> bytes:
    """Return the workbooks of `slots` as one ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for slot in slots:
            packed.writestr(workbook.file_name(slot), workbook.workbook_of(slot))
    return out.getvalue()


def _all(uploads: Iterable[tuple[str, BinaryIO]]) -> Iterator[tuple[str, bytes]]:
    for name, file in uploads:
        if ending_of(name) == "zip":
            yield from _packed(file)
        else:
            file.seek(0)
            yield name, file.read(MOST_BYTES + 1)


def _packed(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    with coded_refusals():
        directory = read_directory(file, _BOUNDS)
        check_layout(file, directory, _BOUNDS)
    for zip_entry in directory.entries:
        last = zip_entry.name.rsplit("/", 1)[-1]
        # What a Mac packs beside each file (`__MACOSX/._a.xlsx`, `.DS_Store`).
        if not zip_entry.is_folder and not last.startswith("."):
            with coded_refusals():
                raw = b"".join(pieces(file, zip_entry))
            yield printable_name(zip_entry.name), raw


# The job that reads the workbooks of a batch, each in its own process; nothing is saved.

KIND = "reports.read_workbooks"
KEPT = timedelta(days=7)


def read_workbooks(work: RunningJob) -> None:
    """Read what was not read yet of the batch; another upload may have taken its place."""
    batch = WorkbookBatch.objects.filter(pk=work.payload["batch"]).select_related("by").first()
    if batch is None:
        return
    language = batch.by.language
    files = list(batch.files.filter(raw__isnull=False).order_by("pk"))
    with translation.override(language), in_language("en" if language == "en" else "vi"):
        for place, file in enumerate(files):
            work.progress(place, len(files))
            _read(file)
    with work.finishing():
        WorkbookBatch.objects.filter(pk=batch.pk).update(read_at=timezone.now())


def forget(_work: RunningJob) -> None:
    """Remove the batches that are past their time."""
    WorkbookBatch.objects.filter(given_at__lt=timezone.now() - KEPT).delete()


def _read(file: BatchFile) -> None:
    raw, opened, refused = bytes(file.raw or b""), "", ""
    try:
        if ending_of(file.name) != "xlsx":
            raise Refused(_("It is not an XLSX file."))
        opened = workbook.opened(raw, file.name).to_json()
    except Refused as refusal:
        refused = refusal.told
    # The batch may have been replaced meanwhile, and this row with it.
    BatchFile.objects.filter(pk=file.pk).update(raw=None, opened=opened, refused=refused)


# Store a batch, and save each good workbook to the draft of its unit.


def give(slot: ExpectedReport, files: Sequence[tuple[str, bytes]], *, actor: User) -> WorkbookBatch:
    """Return the batch of `files`, to be read by a job; it replaces one of the same person."""
    with transaction.atomic():
        WorkbookBatch.objects.filter(slot=slot, by=actor).delete()
        batch = WorkbookBatch.objects.create(slot=slot, by=actor)
        BatchFile.objects.bulk_create(
            BatchFile(batch=batch, name=name[:255], raw=raw) for name, raw in files
        )
        enqueue(
            KIND,
            key=f"{KIND}:{batch.pk}",
            payload={"batch": batch.pk},
            asked_by_id=actor.pk,
            unit_path=slot.node.unit.path,
        )
        audit("report.workbooks_given", batch, slot.node, actor, files=len(files))
    return batch


def save_green(
    batch: WorkbookBatch, chosen: Collection[int], *, actor: User
) -> tuple[int, list[str]]:
    """Return how many drafts were written, and of the other chosen files why not.

    Each file is judged again now, and is written whole or not at all. Nothing is
    handed in: that is the unit's own.
    """
    saved, refusals = 0, []
    for workbook_file in judged(batch):
        if workbook_file.file.pk not in chosen or workbook_file.file.saved_at is not None:
            continue
        try:
            _save(workbook_file, batch.slot, actor)
        except Refused as refused:
            refusals.append(f"{workbook_file.file.name}: {refused.told}")
        else:
            saved += 1
    return saved, refusals


def _save(judged_file: JudgedWorkbook, own: ExpectedReport, actor: User) -> None:
    slot, filled = judged_file.slot, judged_file.filled
    if slot is None or filled is None or not judged_file.is_green:
        raise Refused(judged_file.why_not or _("It has wrong cells, or changes nothing."))
    answers = workbook.as_answers(filled, [change.key for change in judged_file.changes])
    with transaction.atomic():
        draft = writing_draft.open_draft(slot, actor=actor)
        refuse_own_report(slot, draft, own)
        writing_draft.save(slot, answers, revision=judged_file.revision, actor=actor)
        audit("report.workbook_taken", draft, slot.node, actor, fields=len(answers), by=own.node_id)
        BatchFile.objects.filter(pk=judged_file.file.pk).update(saved_at=timezone.now())
