"""The job that traces a file of notices, and what it does to the cases."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.sandbox.contract import SandboxFailed
from quetsach.sandbox.run import call
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases.finding_rows import fit, fit_all
from quetsach_portal.cases.models.notice import BatchState, NoticeBatch, NoticeItem
from quetsach_portal.cases.noticed_cases import link_cases
from quetsach_portal.cases.trace_rows import (
    TraceOutput,
    UnreadableTrace,
    answer_of,
    counts_of,
    decoded,
    item_of,
)
from quetsach_portal.files.models import FileState
from quetsach_portal.files.storage import path_of
from quetsach_portal.intake.models import (
    OwnTable,
    Submission,
    SubmissionKind,
    SubmissionState,
    TableKind,
)
from quetsach_portal.intake.sandboxed_trace import ACT, LIMITS, TraceGiven
from quetsach_portal.jobs.queue import RunningJob


@dataclass(frozen=True)
class TraceEvidence:
    """What a unit has: logs, and its own tables beside them."""

    logs: tuple[Path, ...] = ()
    leases: tuple[Path, ...] = ()
    nat: tuple[Path, ...] = ()
    inventory: tuple[Path, ...] = ()
    plans: tuple[Path, ...] = ()


def run(work: RunningJob) -> None:
    """Trace the batch that `work` names; its items and cases are written with the job's end."""
    batch = (
        NoticeBatch.objects.select_related("node__unit", "node__campaign", "stored")
        .filter(pk=work.payload["batch"], state=BatchState.WAITING)
        .first()
    )
    if batch is None:
        return
    evidence = evidence_of(batch.node)
    try:
        answer = answer_of(_answer(work, batch, evidence))
    except UnreadableTrace as error:
        with work.finishing():
            _failed(batch, str(error))
        return
    with work.finishing():
        _write(batch, answer, evidence)


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


def _answer(work: RunningJob, batch: NoticeBatch, evidence: TraceEvidence) -> Any:
    path = path_of(batch.stored)
    if batch.source == NoticeBatch.Source.TRACED:
        return decoded(path.read_bytes())
    trace_input = TraceGiven(
        notices=str(path),
        evidence=_texts(evidence.logs),
        leases=_texts(evidence.leases),
        nat=_texts(evidence.nat),
        inventory=_texts(evidence.inventory),
        plans=_texts(evidence.plans),
    )
    try:
        with TemporaryDirectory() as folder:
            answer = call(
                ACT,
                trace_input,
                folder=Path(folder),
                limits=LIMITS,
                reads=[Path(one).resolve() for one in trace_input.files()],
                on_progress=lambda _progress: work.renew(),
            )
    except SandboxFailed as failed:
        text = _(
            "Tracing broke off: it took too long, needed too much memory, or failed (%(how)s)."
        )
        raise UnreadableTrace(text % {"how": failed}) from failed
    if answer.problem:
        raise UnreadableTrace(answer.problem)
    return answer.value


def _texts(paths: tuple[Path, ...]) -> tuple[str, ...]:
    return tuple(str(one) for one in paths)


def _failed(batch: NoticeBatch, text: str) -> None:
    # The name of the file on our disk tells nobody anything.
    text = text.replace(str(path_of(batch.stored)), batch.stored.name)
    NoticeBatch.objects.filter(pk=batch.pk).update(
        state=BatchState.FAILED, problem=fit(text, 500), traced_at=timezone.now()
    )


def _write(batch: NoticeBatch, answer: TraceOutput, evidence: TraceEvidence) -> None:
    with transaction.atomic():
        NoticeItem.objects.filter(batch=batch).delete()
        items = [
            item_of(one, batch_id=batch.pk, place=place)
            for place, one in enumerate(answer.notices, start=1)
        ]
        for item in items:
            item.file = batch.stored.name[:255]
        units = [fit(one.unit, 255) for one in answer.notices]
        link_cases(batch, list(zip(items, units, strict=True)))
        NoticeItem.objects.bulk_create(items, batch_size=500)
        counts = counts_of([one.outcome for one in answer.notices])
        batch.state, batch.traced_at, batch.problem = BatchState.TRACED, timezone.now(), ""
        batch.items, batch.accounts = len(items), counts
        batch.missing = fit_all(answer.missing, 500, 40)
        batch.evidence, batch.unread = len(evidence.logs), len(answer.unread)
        batch.save()
        record(
            "notices.traced",
            actor=None,
            kind="notices",
            object_id=batch.pk,
            unit_path=batch.node.unit.path,
            detail=counts,
        )
