"""The job that traces a file of notices: the evidence it reads, its answer, the cases it opens."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.sandbox.contract import SandboxFailed
from quetsach.sandbox.run import call
from quetsach_portal.campaigns.models.campaign import CampaignNode, CampaignState
from quetsach_portal.cases.finding_rows import fit, fit_all
from quetsach_portal.cases.models.notice import BatchState, NoticeBatch, NoticeItem, NoticeOutcome
from quetsach_portal.cases.notices import audit, is_archived, link_cases
from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.intake.models import (
    Submission,
    SubmissionKind,
    SubmissionState,
    TableKind,
)
from quetsach_portal.intake.queries import tables_in_use
from quetsach_portal.intake.sandboxed import TRACE, TRACE_LIMITS, TraceGiven
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.ranges.answering import (
    asked_addresses,
    shared_numbers,
    take_failure,
    take_trace,
)

MOST_ITEMS = 50_000
Count = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]


class UnreadableTrace(Exception):
    """A file is no result of a trace, or does not add up; the text is for people."""


class _Step(msgspec.Struct):
    kind: str


class _Missing(msgspec.Struct):
    log: str
    why: str = ""


class _Rival(msgspec.Struct):
    device: str
    grade: str = ""
    reasons: list[str] = []


class _Notice(msgspec.Struct):
    path: str
    number: Count
    address: str | None = None
    port: Count | None = None
    time: datetime | None = None
    remote_address: str | None = None
    remote_name: str | None = None
    family: str | None = None
    raw: list[list[str]] = []
    reason: str | None = None
    excerpt: str | None = None


class TracedNotice(msgspec.Struct):
    """One item with its outcome, as `trace --json` prints it."""

    notice: _Notice
    outcome: NoticeOutcome
    because: str
    device: str | None = None
    unit: str | None = None
    addresses: list[str] = []
    grade: str = ""
    rivals: list[_Rival] = []
    missing: list[_Missing] = []
    steps: list[_Step] = []

    @property
    def is_proven(self) -> bool:
        """Whether a record of the address itself names the machine, not its destination alone."""
        is_named = self.outcome == NoticeOutcome.DEVICE
        return is_named and any(step.kind in _PROVING for step in self.steps)


_PROVING = frozenset({"translation", "port-block"})


class TraceOutput(msgspec.Struct):
    """What a trace printed: its items, its account, and the logs that were missing."""

    notices: list[TracedNotice]
    ledger: dict[str, Any]
    missing: list[dict[str, Any]] = []
    unread: list[Any] = []


def run(work: RunningJob) -> None:
    """Trace the batch that `work` names; its items and cases are written with the job's end."""
    batch = (
        NoticeBatch.objects.select_related("node__unit", "node__campaign", "stored")
        .filter(pk=work.payload["batch"], state=BatchState.WAITING)
        .first()
    )
    if batch is None:
        return
    if batch.node.campaign.state == CampaignState.ARCHIVED:
        # The file went with the archiving, and with it what it would be traced for.
        with work.finishing():
            _end_untraced(batch)
        return
    evidence = evidence_of([batch.node])
    try:
        answer = answer_of(_answer(work, batch, evidence, batch.only))
        if batch.source == NoticeBatch.Source.PART:
            evidence, answer = _searched_above(work, batch, evidence, answer)
    except UnreadableTrace as error:
        with work.finishing():
            _failed(batch, str(error))
            take_failure(batch)
        return
    answer.notices = _with_those_named_before(batch, answer.notices)
    with work.finishing():
        # Whoever archives holds this row: no machine is named behind their back.
        if is_archived(batch.node.campaign_id):
            _end_untraced(batch)
            return
        if NoticeBatch.objects.select_for_update().get(pk=batch.pk).runs != batch.runs:
            # Items were added meanwhile; the job that was enqueued with them writes all.
            return
        _write(batch, answer, len(evidence["evidence"]))
        take_trace(batch)


def _end_untraced(batch: NoticeBatch) -> None:
    """End the tracing of a campaign that was archived: what it was is no longer kept."""
    NoticeBatch.objects.filter(pk=batch.pk).update(state=BatchState.TRACED)


def _with_those_named_before(
    batch: NoticeBatch, notices: Sequence[TracedNotice]
) -> list[TracedNotice]:
    """Return the items; a machine that logs named stays named when those logs were destroyed."""
    named = {
        item.number: item
        for item in NoticeItem.objects.filter(batch=batch, outcome=NoticeOutcome.DEVICE)
    }
    return [
        msgspec.structs.replace(
            one,
            outcome=NoticeOutcome.DEVICE,
            device=named[one.notice.number].device_key,
            grade=named[one.notice.number].grade,
            because=named[one.notice.number].because,
        )
        if one.outcome == NoticeOutcome.NO_DATA and one.notice.number in named
        else one
        for one in notices
    ]


def _searched_above(
    work: RunningJob, batch: NoticeBatch, own: dict[str, tuple[str, ...]], answer: TraceOutput
) -> tuple[dict[str, tuple[str, ...]], TraceOutput]:
    """Search what the unit's own logs do not tell in those of the offices above as well.

    Of those only a log of translations counts: who else reached the destination there is a machine
    of the office. And a range that units share is no proof: the inside address behind it may be
    any unit's. The unit is asked about it, and is told no name of another's machine.
    """
    shared = shared_numbers(batch)
    traced = [_unproven(one) if _is_open(one, shared) else one for one in answer.notices]
    offices = list(_nodes_above(batch.node))
    above = evidence_of(offices)
    left = [one.notice.number for one in traced if one.outcome != NoticeOutcome.DEVICE]
    if above["evidence"] and left:
        own = {name: tuple(dict.fromkeys((*own[name], *above[name]))) for name in own}
        more = answer_of(_answer(work, batch, own, left)).notices
        better = {
            one.notice.number: _address_alone(one) if one.notice.number in shared else one
            for one in more
            if one.is_proven
        }
        traced = [better.get(one.notice.number, one) for one in traced]
    answer.notices = traced
    return own, answer


def _is_open(traced: TracedNotice, shared: frozenset[int]) -> bool:
    return traced.notice.number in shared and not traced.is_proven


def _unproven(traced: TracedNotice) -> TracedNotice:
    """Return the item with its machine as a candidate alone."""
    if traced.outcome != NoticeOutcome.DEVICE:
        return traced
    rivals = [_Rival(traced.device or "", "ambiguous"), *traced.rivals]
    return msgspec.structs.replace(
        traced, outcome=NoticeOutcome.CANDIDATES, device="", grade="ambiguous", rivals=rivals
    )


def _address_alone(traced: TracedNotice) -> TracedNotice:
    """Return the item with the inside addresses behind it, and without any name."""
    words = _("Inside addresses that the log of an office above names: %(addresses)s.")
    return msgspec.structs.replace(
        traced,
        outcome=NoticeOutcome.CANDIDATES,
        because=words % {"addresses": ", ".join(traced.addresses[:20])},
        device="",
        grade="ambiguous",
        rivals=[_Rival(address, "ambiguous") for address in traced.addresses[:20]],
    )


def _nodes_above(node: CampaignNode) -> Iterable[CampaignNode]:
    ids = [int(one) for one in node.path.strip("/").split("/") if one]
    return CampaignNode.objects.filter(pk__in=ids).exclude(pk=node.pk).order_by("-depth")


def evidence_of(nodes: Sequence[CampaignNode]) -> dict[str, tuple[str, ...]]:
    """Return the files of `nodes` that are still here: their logs, and the units' own tables."""
    rows = Submission.objects.filter(
        node__in=nodes, state=SubmissionState.DONE, raw_destroyed_at=None
    ).exclude(kind=SubmissionKind.FINDINGS)
    logs: list[StoredFile] = []
    for submission in rows.order_by("pk").prefetch_related("files"):
        logs += submission.files.all()

    def tables(kind: TableKind) -> tuple[str, ...]:
        return _places(file for node in nodes for file in tables_in_use(node.unit_id, kind))

    return {
        "evidence": _places(logs),
        "leases": tables(TableKind.LEASES),
        "nat": tables(TableKind.NAT),
        "inventory": tables(TableKind.INVENTORY)[:1],
        "plans": tables(TableKind.PLAN)[:1],
    }


def _places(files: Iterable[StoredFile]) -> tuple[str, ...]:
    paths = dict.fromkeys(path_of(stored) for stored in files)
    return tuple(str(path) for path in paths if path.is_file())


def _answer(
    work: RunningJob,
    batch: NoticeBatch,
    evidence: dict[str, tuple[str, ...]],
    only: Sequence[int],
) -> Any:
    path = path_of(batch.stored)
    if batch.source == NoticeBatch.Source.TRACED:
        return decoded(path.read_bytes())
    trace_input = TraceGiven(
        notices=str(path), only=tuple(only), public=asked_addresses(batch), **evidence
    )
    try:
        with TemporaryDirectory() as folder:
            answer = call(
                TRACE,
                trace_input,
                folder=Path(folder),
                limits=TRACE_LIMITS,
                reads=[Path(name).resolve() for name in trace_input.files()],
                on_progress=lambda _progress: work.renew(),
            )
    except SandboxFailed as failed:
        text = _("Tracing stopped: it took too long, needed too much memory, or failed (%(how)s).")
        raise UnreadableTrace(text % {"how": failed}) from failed
    if answer.problem:
        raise UnreadableTrace(answer.problem)
    return answer.value


def _failed(batch: NoticeBatch, text: str) -> None:
    # The name of the file on our disk tells nobody anything.
    text = text.replace(str(path_of(batch.stored)), batch.stored.name)
    NoticeBatch.objects.filter(pk=batch.pk).update(
        state=BatchState.FAILED, problem=fit(text, 500), traced_at=timezone.now()
    )


def _write(batch: NoticeBatch, answer: TraceOutput, logs: int) -> None:
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
        batch.evidence, batch.unread = logs, len(answer.unread)
        batch.save()
        audit("notices.traced", batch, None, counts)


def answer_of(decoded: Any) -> TraceOutput:
    """Return `decoded` checked: each item has one outcome, and the account says the same.

    Errors: UnreadableTrace.
    """
    try:
        answer = msgspec.convert(decoded, TraceOutput)
    except (msgspec.ValidationError, RecursionError) as error:
        text = _("This is not the result of a trace (%(reason)s).")
        raise UnreadableTrace(text % {"reason": fit(str(error), 200)}) from error
    if len(answer.notices) > MOST_ITEMS:
        text = _("It has more than %(most)s items.")
        raise UnreadableTrace(text % {"most": MOST_ITEMS})
    counted = counts_of([one.outcome for one in answer.notices])
    told = {name: answer.ledger.get(name) for name in counted}
    if counted != told:
        raise UnreadableTrace(
            _("Its totals do not match: the number of items differs from the number of outcomes.")
        )
    return answer


def decoded(raw: bytes) -> Any:
    """Return the JSON in `raw`. Errors: UnreadableTrace."""
    try:
        return msgspec.json.decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise UnreadableTrace(_("This is not a JSON file.")) from error


def counts_of(outcomes: list[NoticeOutcome]) -> dict[str, int]:
    """Return how many items there are, and how many ended in which way."""
    counts = {"items": len(outcomes), **{one.value: 0 for one in NoticeOutcome}}
    for one in outcomes:
        counts[one.value] += 1
    return counts


def item_of(traced: TracedNotice, *, batch_id: int, place: int) -> NoticeItem:
    """Return the row of an item, its case still open to be found."""
    notice = traced.notice
    remote = notice.remote_name or notice.remote_address
    written = [pair for pair in notice.raw if len(pair) == 2]
    if notice.excerpt:
        written = [["", notice.excerpt]]
    return NoticeItem(
        batch_id=batch_id,
        place=place,
        number=notice.number,
        outcome=traced.outcome,
        at=_aware(notice.time),
        address=fit(notice.address, 60),
        port=notice.port,
        remote=fit(remote, 255),
        family=fit(notice.family, 120),
        device_key=fit(traced.device, 255),
        grade=fit(traced.grade, 12),
        because=fit(traced.because, 2000),
        missing=[fit(one.log, 40) for one in traced.missing[:20]],
        rivals=[[fit(one.device, 255), fit(one.grade, 12)] for one in traced.rivals[:20]],
        row=fit_all(written, 300, 40),
    )


def _aware(at: datetime | None) -> datetime | None:
    return at if at is None or at.tzinfo is not None else None
