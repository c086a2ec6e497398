"""The workbook of a slot, and what a filled one changes."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quetsach.api.reports import (
    Absent,
    Answered,
    Count,
    Field,
    FilledWorkbook,
    Form,
    OpenedWorkbook,
    Own,
    Picked,
    QuetsachError,
    Value,
    WorkbookHead,
    WorkbookPaper,
    absent_words,
    open_workbook,
    shown_value,
    workbook_bytes,
)
from quetsach_portal.campaigns.due import before_text
from quetsach_portal.campaigns.models import Slot
from quetsach_portal.reports import answers, derived
from quetsach_portal.reports.actions import writing
from quetsach_portal.reports.forms_in_use import form_of, row_of
from quetsach_portal.reports.models import ReportVersion
from quetsach_portal.reports.queries import draft_of
from quetsach_portal.web.problems import Refused


@dataclass(frozen=True)
class Change:
    """One field that a workbook answers otherwise than the draft does.

    `is_untouched` tells that it says no more than it did when it was downloaded without a draft.
    """

    key: str
    label: str
    before: str
    after: str
    reason: str
    cell: str
    is_untouched: bool = False


def file_name(slot: Slot) -> str:
    """Return what the workbook of a slot is called."""
    return f"bao-cao-{slot.node.unit.code}-dot-{slot.phase.no}.xlsx"


def workbook_of(slot: Slot) -> bytes:
    """Return the workbook of a slot, filled with its draft, or with what the records answer."""
    form = form_of(row_of(slot.phase))
    campaign, phase = slot.node.campaign, slot.phase
    told = _("Phase %(no)s, due %(due)s") % {"no": phase.no, "due": before_text(slot.due_at)}
    titles = (slot.node.name_at_freeze, campaign.title, told)
    paper = WorkbookPaper(_head(slot, form), form, _own(slot, form), titles)
    return workbook_bytes(paper, _key())


def filled(slot: Slot, raw: bytes, name: str) -> FilledWorkbook:
    """Return what a workbook answers.

    Errors: Refused with what is wrong with it, or when the report was handed in meanwhile.
    """
    if draft_of(slot) is None:
        writing.refuse_a_second(slot)
    return held_against(slot, opened(raw, name))


def opened(raw: bytes, name: str) -> OpenedWorkbook:
    """Return a workbook of any report of the portal. Errors: Refused with what is wrong with it."""
    try:
        return open_workbook(raw, name, key=_key())
    except QuetsachError as error:
        raise _refused(error) from error


def held_against(slot: Slot, found: OpenedWorkbook) -> FilledWorkbook:
    """Return the answers of a workbook of `slot`. Errors: Refused when it was made for another."""
    form = form_of(row_of(slot.phase))
    try:
        return found.filled(form, _head(slot, form))
    except QuetsachError as error:
        raise _refused(error) from error


def _refused(error: QuetsachError) -> Refused:
    return Refused(f"{error.problem.what()}. {error.problem.todo()}", field="file")


def changes(slot: Slot, found: FilledWorkbook) -> list[Change]:
    """Return the fields that the workbook answers otherwise than the draft, in the form's order."""
    form = form_of(row_of(slot.phase))
    own = _own(slot, form)
    out = []
    for entry in form.entries():
        answered = found.answers.get(entry.id)
        if answered is None:
            continue
        was = own.get(entry.id, Own(Absent.MISSING))
        is_same = _same(was.value, answered.value)
        if is_same and was.reason == answered.reason:
            continue
        label = entry.label.vi if get_language() != "en" else entry.label.en
        before, after = _shown(entry, was.value), _shown(entry, answered.value)
        told = (before, after, answered.reason, answered.cell)
        out.append(Change(entry.id, label, *told, is_untouched=_is_untouched(was, answered)))
    return out


def _is_untouched(was: Own, answered: Answered) -> bool:
    if answered.reason:
        return False
    recorded = was.derived is not None and _same(was.derived, answered.value)
    return recorded or answered.value is Absent.MISSING or _same(was.value, answered.value)


def as_answers(found: FilledWorkbook, keys: list[str]) -> dict[str, answers.Answer]:
    """Return the answers to `keys` as the pages of the form give them."""
    return {
        key: answers.as_answer(Own(one.value, reason=one.reason))
        for key, one in found.answers.items()
        if key in keys
    }


def _own(slot: Slot, form: Form) -> Mapping[str, Own]:
    draft = draft_of(slot)
    if draft is not None:
        return answers.from_json(draft.own)
    return answers.prefilled(form, derived.fill(slot, form), slot.node.name_at_freeze)


def _head(slot: Slot, form: Form) -> WorkbookHead:
    draft = draft_of(slot)
    # A draft that was opened and not written in says what the records answer: it is no other state.
    revision = 1 if draft is None else draft.revision
    versions = ReportVersion.objects.filter(slot=slot).count()
    row = row_of(slot.phase)
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


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, Count) and isinstance(other, Count):
        return (one.number, one.remark) == (other.number, other.remark)
    return _plain(one) == _plain(other)


def _plain(value: Value) -> object:
    return value if isinstance(value, Absent) else shown_value(value)


def _shown(entry: object, value: Value) -> str:
    if isinstance(value, Absent):
        return absent_words(value)
    if isinstance(value, Picked) and isinstance(entry, Field):
        tongue = "en" if get_language() == "en" else "vi"
        labels = [one.label for one in entry.choices if one.id in value.choices]
        return "; ".join(label.en if tongue == "en" else label.vi for label in labels)
    remark = f" ({value.remark})" if isinstance(value, Count) and value.remark else ""
    return shown_value(value) + remark
