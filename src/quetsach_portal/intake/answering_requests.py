"""The job that answers a request for the holders of addresses from a unit's own logs and tables."""

import shutil
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.sandbox.contract import SandboxFailed
from quetsach.sandbox.run import call
from quetsach_portal.campaigns.models.campaign import CampaignState
from quetsach_portal.cases.address_requests import OUTCOMES, audit
from quetsach_portal.cases.finding_rows import fit, fit_all
from quetsach_portal.cases.models.notice import BatchState, NoticeOutcome
from quetsach_portal.cases.models.request import AddressRequest, AskedAddress
from quetsach_portal.cases.notices import is_archived
from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.intake.sandboxed import TRACE_LIMITS
from quetsach_portal.intake.sandboxed_requests import ANSWER, RequestInput
from quetsach_portal.intake.tracing import evidence_of
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.ranges.queries import networks_of

MOST_ROWS = 1_000
_MOST_TEXT = 2_000
_MOST_PARTS = 200


class UnreadableAnswer(Exception):
    """No answer came, or one of another shape; the text is for people."""


class _MissingPart(msgspec.Struct):
    log: str


class _AnsweredRow(msgspec.Struct):
    """What page and letter use of each row of an answer."""

    number: Annotated[int, msgspec.Meta(ge=0, lt=2**31)]
    address: str
    words: str
    outcome: str
    because: str
    zone_note: str
    zone_words: str | None
    zone: str | None
    open: list[str]
    questions: list[str]
    addresses: list[str]
    rivals: list[str]
    logs: list[str]
    missing: list[_MissingPart]
    first: datetime | None
    last: datetime | None
    port: int | None
    device: str | None
    unit: str | None
    grade: str | None


class _Answer(msgspec.Struct):
    rows: list[_AnsweredRow]
    counts: dict[str, int]
    wanted: list[str]
    basis: list[str]
    unread: list[Any]
    complete: bool
    by_ocr: bool
    issuer: str | None
    subject: str | None
    purpose: str | None
    deadline: str | None
    number: str | None
    code: str | None
    date: "date | None"
    zone_declared: str | None


def run(work: RunningJob) -> None:
    """Trace the request that `work` names; its rows are written with the job's end."""
    request = (
        AddressRequest.objects.select_related("node__unit", "node__campaign", "stored")
        .filter(pk=work.payload["request"], state=BatchState.WAITING)
        .first()
    )
    if request is None:
        return
    if request.node.campaign.state == CampaignState.ARCHIVED:
        # The letter went with the archiving, and with it what it would be traced for.
        with work.finishing():
            _end_unanswered(request)
        return
    evidence = evidence_of([request.node])
    try:
        answer = _checked(_answer(work, request, evidence))
    except UnreadableAnswer as error:
        text = fit(str(error).replace(str(path_of(request.stored)), request.stored.name), 500)
        with work.finishing():
            AddressRequest.objects.filter(pk=request.pk, runs=request.runs).update(
                state=BatchState.FAILED, problem=text, traced_at=timezone.now()
            )
        return
    with work.finishing():
        # Whoever archives holds this row: nobody is named behind their back.
        if is_archived(request.node.campaign_id):
            _end_unanswered(request)
        elif AddressRequest.objects.select_for_update().get(pk=request.pk).runs == request.runs:
            _write(request, answer, len(evidence["evidence"]))


def _end_unanswered(request: AddressRequest) -> None:
    """End the tracing of a campaign that was archived; its page says so."""
    AddressRequest.objects.filter(pk=request.pk).update(state=BatchState.TRACED, answer={})


def _answer(
    work: RunningJob, request: AddressRequest, evidence: Mapping[str, tuple[str, ...]]
) -> Any:
    try:
        with TemporaryDirectory() as folder:
            # The reader derives the format from the file name.
            named = Path(folder) / "given" / Path(request.stored.name.replace("\\", "/")).name
            named.parent.mkdir()
            shutil.copyfile(path_of(request.stored), named)
            request_input = RequestInput(
                letter=f"given/{named.name}",
                public=networks_of(request.node.unit_id),
                zone=request.zone,
                **evidence,
            )
            answer = call(
                ANSWER,
                request_input,
                folder=Path(folder),
                limits=TRACE_LIMITS,
                reads=[Path(name).resolve() for name in request_input.files()],
                on_progress=lambda _progress: work.renew(),
            )
    except SandboxFailed as failed:
        text = _("Tracing stopped: it took too long, needed too much memory, or failed (%(how)s).")
        raise UnreadableAnswer(text % {"how": failed}) from failed
    if answer.problem:
        raise UnreadableAnswer(answer.problem)
    return _with_names(answer.value, _names_of(evidence))


def _names_of(evidence: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
    """Return path on our disk -> name as it was handed in."""
    paths = {Path(path).name: path for files in evidence.values() for path in files}
    stored = StoredFile.objects.filter(pk__in=paths).values_list("pk", "name")
    return {paths[file_id.hex]: name for file_id, name in stored}


def _with_names(content: Any, names: Mapping[str, str]) -> Any:
    """Return the answer with the names of files in place of where they are on our disk."""
    if isinstance(content, dict):
        return {key: _with_names(part, names) for key, part in content.items()}
    if isinstance(content, list):
        return [_with_names(part, names) for part in content]
    if isinstance(content, str):
        for path, name in names.items():
            content = content.replace(path, name)
    return content


def _checked(answer: Any) -> dict[str, Any]:
    """Return the answer where each row has one known outcome and the counts say the same.

    Errors: UnreadableAnswer.
    """
    try:
        typed_answer = msgspec.convert(answer, _Answer)
    except (msgspec.ValidationError, RecursionError) as error:
        text = _("This is not the result of a trace (%(reason)s).")
        raise UnreadableAnswer(text % {"reason": fit(str(error), 200)}) from error
    outcomes = [row.outcome for row in typed_answer.rows]
    numbers = {row.number for row in typed_answer.rows}
    is_named = all(row.device for row in typed_answer.rows if row.outcome == NoticeOutcome.DEVICE)
    counted = {outcome: outcomes.count(outcome) for outcome in set(outcomes)}
    if (
        counted != typed_answer.counts
        or not set(counted) <= set(OUTCOMES)
        or len(outcomes) > MOST_ROWS
        or len(numbers) != len(outcomes)
        or not is_named
    ):
        raise UnreadableAnswer(
            _("Its totals do not match: the number of items differs from the number of outcomes.")
        )
    return dict(answer)


def _write(request: AddressRequest, answer: dict[str, Any], logs: int) -> None:
    fitted = [fit_all(row, _MOST_TEXT, _MOST_PARTS) for row in answer["rows"]]
    rows = _with_those_named_before(request, fitted)
    AskedAddress.objects.filter(request=request).delete()
    AskedAddress.objects.bulk_create(
        [
            AskedAddress(
                request=request,
                number=row["number"],
                address=fit(row["address"], 80),
                outcome=row["outcome"],
                row=row,
            )
            for row in rows
        ],
        batch_size=500,
    )
    outcomes = [row["outcome"] for row in rows]
    counts = {outcome: outcomes.count(outcome) for outcome in OUTCOMES if outcome in outcomes}
    of_letter = {name: part for name, part in answer.items() if name not in ("rows", "sources")}
    request.answer = {**fit_all(of_letter, _MOST_TEXT, _MOST_PARTS), "counts": counts}
    request.state, request.problem, request.traced_at = BatchState.TRACED, "", timezone.now()
    request.evidence = logs
    request.save(update_fields=["answer", "state", "problem", "traced_at", "evidence"])
    audit("requests.traced", request, None, {"rows": len(rows), **counts})


def _with_those_named_before(
    request: AddressRequest, rows: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the rows; a machine that logs named stays named when those logs were destroyed."""
    named = {
        _question(asked.row): asked.row
        for asked in AskedAddress.objects.filter(request=request, outcome=NoticeOutcome.DEVICE)
    }
    return [
        named.get(_question(row), row) if row["outcome"] == NoticeOutcome.NO_DATA else row
        for row in rows
    ]


def _question(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in ("number", "address", "port", "first", "last", "zone"))
