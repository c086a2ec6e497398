"""The workbook of an expected report, and the differences of a filled one."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass

from django.core import signing
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from quetsach.api.reports import (
    AbsenceReason,
    ChosenAnswers,
    FilledWorkbook,
    GradedCount,
    OpenedWorkbook,
    OwnValue,
    QuetsachError,
    ReportField,
    ReportFormDefinition,
    TableCount,
    Value,
    WorkbookAnswer,
    WorkbookHead,
    WorkbookPaper,
    format_value,
    open_workbook,
    workbook_bytes,
)
from quetsach_portal.campaigns.deadlines import before_text
from quetsach_portal.campaigns.models.campaign import ExpectedReport
from quetsach_portal.people.models.account import User
from quetsach_portal.reports.documents.official import describe_error
from quetsach_portal.reports.models.report import ReportDraft, ReportVersion
from quetsach_portal.reports.pages.figures import in_language
from quetsach_portal.reports.phase_forms.changing import campaign_form_of, form_of
from quetsach_portal.reports.queries import draft_of
from quetsach_portal.reports.records import answers as records_answers
from quetsach_portal.reports.writing import answers, draft
from quetsach_portal.reports.writing.answers import TypedAnswer
from quetsach_portal.reports.writing.locking import audit
from quetsach_portal.web.acts import Refused


@dataclass(frozen=True)
class WorkbookDifference:
    """A field that a workbook answers differently from the draft.

    `is_untouched` is true for the answer that the workbook had when it was downloaded.
    """

    key: str
    label: str
    before: str
    after: str
    reason: str
    cell: str
    is_untouched: bool = False


def file_name(slot: ExpectedReport) -> str:
    """Return what the workbook of a slot is called."""
    return f"bao-cao-{slot.node.unit.code}-dot-{slot.phase.no}.xlsx"


def workbook_of(slot: ExpectedReport) -> bytes:
    """Return the workbook of a slot, filled with its draft, or with what the records answer."""
    form = form_of(campaign_form_of(slot.phase))
    due = {"no": slot.phase.no, "due": before_text(slot.due_at)}
    phase = _("Phase %(no)s, due %(due)s") % due
    titles = (slot.node.name_at_freeze, slot.node.campaign.title, phase)
    paper = WorkbookPaper(_head(slot, form), form, _own(slot, form), titles)
    return workbook_bytes(paper, _key())


def filled(slot: ExpectedReport, raw: bytes, name: str) -> FilledWorkbook:
    """Return what a workbook answers.

    Errors: Refused with the problem, or when the report was submitted meanwhile.
    """
    if draft_of(slot) is None:
        draft.refuse_a_second(slot)
    return answers_for_slot(slot, opened(raw, name))


def opened(raw: bytes, name: str) -> OpenedWorkbook:
    """Return a workbook of any report of the portal. Errors: Refused with what is wrong with it."""
    try:
        return open_workbook(raw, name, key=_key())
    except QuetsachError as error:
        raise _refused(error) from error


def answers_for_slot(slot: ExpectedReport, opened: OpenedWorkbook) -> FilledWorkbook:
    """Return the answers of a workbook of `slot`. Errors: Refused when it was made for another."""
    form = form_of(campaign_form_of(slot.phase))
    try:
        return opened.filled(form, _head(slot, form))
    except QuetsachError as error:
        raise _refused(error) from error


def _refused(error: QuetsachError) -> Refused:
    return Refused(describe_error(error), field="file")


def changes(slot: ExpectedReport, filled_workbook: FilledWorkbook) -> list[WorkbookDifference]:
    """Return the fields that the workbook answers otherwise than the draft, in the form's order."""
    form = form_of(campaign_form_of(slot.phase))
    own = _own(slot, form)
    differences = []
    for question in form.entries():
        answered = filled_workbook.answers.get(question.id)
        was = own.get(question.id, OwnValue(AbsenceReason.MISSING))
        if answered is None or (was.reason == answered.reason and _same(was.value, answered.value)):
            continue
        differences.append(
            WorkbookDifference(
                key=question.id,
                label=in_language(question.label),
                before=_answer_text(question, was.value),
                after=_answer_text(question, answered.value),
                reason=answered.reason,
                cell=answered.cell,
                is_untouched=_is_untouched(was, answered),
            )
        )
    return differences


def _is_untouched(was: OwnValue, answered: WorkbookAnswer) -> bool:
    if answered.reason:
        return False
    recorded = was.derived is not None and _same(was.derived, answered.value)
    return recorded or answered.value is AbsenceReason.MISSING or _same(was.value, answered.value)


def as_answers(filled_workbook: FilledWorkbook, keys: list[str]) -> dict[str, answers.TypedAnswer]:
    """Return the answers to `keys` as the pages of the form give them."""
    return {
        key: answers.as_answer(OwnValue(answer.value, reason=answer.reason))
        for key, answer in filled_workbook.answers.items()
        if key in keys
    }


def _own(slot: ExpectedReport, form: ReportFormDefinition) -> Mapping[str, OwnValue]:
    draft = draft_of(slot)
    if draft is not None:
        return answers.from_json(draft.own)
    return answers.prefilled(form, records_answers.fill(slot, form), slot.node.name_at_freeze)


def _head(slot: ExpectedReport, form: ReportFormDefinition) -> WorkbookHead:
    draft = draft_of(slot)
    # A draft that was only opened has the answers of the records: its state is the same.
    revision = 1 if draft is None else draft.revision
    versions = ReportVersion.objects.filter(slot=slot).count()
    row = campaign_form_of(slot.phase)
    return WorkbookHead(
        form=form.code,
        form_digest=row.digest,
        campaign=str(slot.node.campaign_id),
        slot=str(slot.pk),
        unit=slot.node.name_at_freeze,
        state=f"{versions}/{revision}",
    )


def _key() -> bytes:
    return salted_hmac("reports.workbooks", "head", algorithm="sha256").digest()


def _same(first: Value, second: Value) -> bool:
    if isinstance(first, GradedCount) and isinstance(second, GradedCount):
        return (first.number, first.remark) == (second.number, second.remark)
    return _plain(first) == _plain(second)


def _plain(value: Value) -> object:
    return value if isinstance(value, AbsenceReason) else format_value(value)


def _answer_text(question: ReportField | TableCount, answer: Value) -> str:
    if isinstance(answer, ChosenAnswers) and isinstance(question, ReportField):
        labels = [row.label for row in question.choices if row.id in answer.choices]
        return "; ".join(map(in_language, labels))
    remark = f" ({answer.remark})" if isinstance(answer, GradedCount) and answer.remark else ""
    return format_value(answer) + remark


# Save a filled workbook to the draft, after its differences were reviewed.

_SALT = "reports.workbooks.looked-at"
_MOST_AGE_S = 12 * 3600


def looked_at(slot: ExpectedReport, answers: dict[str, TypedAnswer]) -> str:
    """Return what the page of differences carries: the answers, and of which draft it spoke."""
    draft = ReportDraft.objects.filter(slot=slot).first()
    page_content = {
        "slot": slot.pk,
        "revision": 0 if draft is None else draft.revision,
        "answers": {key: asdict(answer) for key, answer in answers.items()},
    }
    return signing.dumps(page_content, salt=_SALT, compress=True)


def take_over(
    slot: ExpectedReport, carried: str, *, actor: User, only: Collection[str] | None = None
) -> ReportDraft:
    """Return the draft with the answers that the page of differences showed.

    With `only`, those alone that were chosen there.
    Errors: Refused for a page of another report or an old one; StaleError as `writing.save`.
    """
    try:
        page_content = signing.loads(carried, salt=_SALT, max_age=_MOST_AGE_S)
    except signing.BadSignature:
        page_content = {}
    if page_content.get("slot") != slot.pk:
        raise Refused(_("Review the differences first: upload the workbook again."))
    answers = {
        key: _answer(fields)
        for key, fields in page_content["answers"].items()
        if only is None or key in only
    }
    with transaction.atomic():
        draft.open_draft(slot, actor=actor)
        # Without a draft at that time, a draft that was changed since is not overwritten.
        revision = page_content["revision"] or 1
        saved = draft.save(slot, answers, revision=revision, actor=actor)
        audit("report.workbook_taken", saved, slot.node, actor, fields=len(answers))
    return saved


def _answer(fields: dict[str, object]) -> TypedAnswer:
    picked, rows = fields.pop("picked", ()), fields.pop("rows", ())
    return TypedAnswer(
        picked=tuple(picked),  # type: ignore[arg-type]  # as `looked_at` wrote and signed it
        rows=tuple(map(tuple, rows)),  # type: ignore[call-overload]
        **fields,  # type: ignore[arg-type]
    )
