"""Take many workbooks in, and save those that can be saved, each into its unit's draft."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import Slot
from quetsach_portal.jobs.enqueue import enqueue
from quetsach_portal.people.models import User
from quetsach_portal.reports.actions import writing
from quetsach_portal.reports.actions.locking import noted
from quetsach_portal.reports.batch_models import BatchFile, WorkbookBatch
from quetsach_portal.reports.bulk import judging, reading
from quetsach_portal.reports.bulk.packing import Given
from quetsach_portal.reports.workbooks import sheets
from quetsach_portal.web.problems import Refused


def give(slot: Slot, files: Sequence[Given], *, actor: User) -> WorkbookBatch:
    """Return the batch of `files`, to be read by a job; an earlier one of the person goes."""
    with transaction.atomic():
        WorkbookBatch.objects.filter(slot=slot, by=actor).delete()
        batch = WorkbookBatch.objects.create(slot=slot, by=actor)
        BatchFile.objects.bulk_create(
            BatchFile(batch=batch, name=one.name[:255], raw=one.raw) for one in files
        )
        enqueue(
            reading.KIND,
            key=f"{reading.KIND}:{batch.pk}",
            payload={"batch": batch.pk},
            asked_by_id=actor.pk,
            unit_path=slot.node.unit.path,
        )
        noted("report.workbooks_given", batch, slot.node, actor, files=len(files))
    return batch


def save_green(
    batch: WorkbookBatch, chosen: Collection[int], *, actor: User
) -> tuple[int, list[str]]:
    """Return how many drafts were written, and of the other chosen files why not.

    Each file is judged again as it stands now, and is written whole or not at all. Nothing is
    handed in: that is the unit's own.
    """
    saved, left = 0, []
    for one in judging.judged(batch):
        if one.file.pk not in chosen or one.file.saved_at is not None:
            continue
        try:
            _save(one, batch.slot, actor)
        except Refused as refused:
            left.append(f"{one.file.name}: {refused.told}")
        else:
            saved += 1
    return saved, left


def _save(one: judging.Judged, own: Slot, actor: User) -> None:
    slot, found = one.slot, one.found
    if slot is None or found is None or not one.is_green:
        raise Refused(one.why_not or _("It has cells that are wrong, or changes nothing."))
    answers = sheets.as_answers(found, [change.key for change in one.changes])
    with transaction.atomic():
        draft = writing.open_draft(slot, actor=actor)
        judging.refuse_what_is_theirs(slot, draft, own)
        writing.save(slot, answers, revision=one.revision, actor=actor)
        noted("report.workbook_taken", draft, slot.node, actor, fields=len(answers), by=own.node_id)
        BatchFile.objects.filter(pk=one.file.pk).update(saved_at=timezone.now())
