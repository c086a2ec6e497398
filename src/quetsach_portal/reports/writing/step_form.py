"""The Django form of one page of questions, built from the fields of a report form."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach.api.reports import (
    UNIT_LABELS,
    FormRemark,
    ReportField,
    ReportFieldKind,
    ReportFormDefinition,
    SummedFigure,
    TableCount,
    kind_of,
)
from quetsach_portal.reports.models.report import ReportDraft, ReportReturn
from quetsach_portal.reports.pages.figures import entries_of, in_language, value_text, words_of
from quetsach_portal.reports.records.units import DerivedAnswer
from quetsach_portal.reports.status import PredecessorUnit
from quetsach_portal.reports.writing.answers import (
    ZERO,
    TypedAnswer,
    as_answer,
    contradiction,
    from_json,
    has_content,
)

EMPTY_ROWS = 3

NONE = ("", _lazy("– choose a reason –"))
ABSENCES = (
    ("nil", _lazy("Nothing happened")),
    ("not_collected", _lazy("Not collected")),
    ("not_applicable", _lazy("Does not apply to the unit")),
)
INSTEAD = (NONE, (ZERO, _lazy("0: counted, none found")), *ABSENCES)

_WHY = "why:"
"""The prefix of a reason among the answers of a choice, which cannot be unselected."""


class AnswersForm(forms.Form):
    """The fields of a report form that are asked for on one page; nothing is required to save.

    Shapes: the control of field F is `v-F`; `i-F` says why there is no number, `m-F` is the
    remark, `w-F` the reason; `t-F-ROW-COLUMN` a cell of a table. Of several answers one is picked
    beside the reasons why there is none.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        entries: Sequence[ReportField | TableCount],
        draft: ReportDraft,
        posted: QueryDict | None = None,
    ) -> None:
        super().__init__(posted, initial={"revision": draft.revision})
        self.entries = entries
        self.raw = posted
        own = from_json(draft.own)
        self.saved = {
            row.id: as_answer(own.get(row.id), draft.typed.get(row.id, "")) for row in entries
        }
        for entry in entries:
            self._add(entry, self.saved[entry.id])

    @property
    def sent_revision(self) -> int:
        """Return the revision of the draft that the page showed; 0 if it is missing."""
        sent = (self.raw or QueryDict()).get("revision", "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0

    def renew(self, draft: ReportDraft) -> None:
        """Let the page be saved over the draft as it is now; what was typed stays."""
        data = (self.raw or QueryDict()).copy()
        data["revision"] = str(draft.revision)
        self.data = data

    def clean(self) -> dict[str, Any]:
        """Add an error to each field without a valid answer; it is saved as typed all the same."""
        for entry in self.entries:
            why = contradiction(entry, self.answer(entry))
            if why:
                self.add_error(f"v-{entry.id}", why)
        return self.cleaned_data

    def answers(self) -> dict[str, TypedAnswer]:
        """Return what was typed, field by field; a field that was not sent stays as it is."""
        sent = self.raw or QueryDict()
        always_sent = (ReportFieldKind.CHOICE, ReportFieldKind.TABLE)
        return {
            row.id: self.answer(row)
            for row in self.entries
            if f"v-{row.id}" in sent or kind_of(row) in always_sent
        }

    def answer(self, question: ReportField | TableCount) -> TypedAnswer:
        """Return what was typed for one field."""
        sent, key = self.raw or QueryDict(), question.id
        picked: tuple[str, ...] = ()
        if isinstance(question, ReportField) and kind_of(question) is ReportFieldKind.CHOICE:
            chosen = sent.getlist(f"v-{key}")
            picked = tuple(choice.id for choice in question.choices if choice.id in chosen)
        typed = TypedAnswer(
            text=sent.get(f"v-{key}", ""),
            picked=picked,
            rows=self._rows(question) if isinstance(question, ReportField) else (),
            remark=sent.get(f"m-{key}", ""),
            reason=sent.get(f"w-{key}", ""),
        )
        return replace(typed, instead=self._instead(question, typed))

    def _instead(self, entry: ReportField | TableCount, typed: TypedAnswer) -> str:
        sent, key = self.raw or QueryDict(), entry.id
        if _is_one_choice(entry):
            chosen = sent.get(f"v-{key}", "")
            instead = chosen.removeprefix(_WHY) if chosen.startswith(_WHY) else ""
        else:
            # A page that does not ask for it leaves the reason as it is.
            kept = "" if has_content(typed) else self.saved[key].instead
            instead = sent.get(f"i-{key}", kept)
        return instead if instead in dict(INSTEAD) else ""

    def _rows(self, question: ReportField) -> tuple[tuple[str, ...], ...]:
        sent = self.raw or QueryDict()
        if kind_of(question) is not ReportFieldKind.TABLE:
            return ()
        count = len(self.saved[question.id].rows) + EMPTY_ROWS
        return tuple(
            tuple(sent.get(f"t-{question.id}-{row}-{column.id}", "") for column in question.columns)
            for row in range(count)
        )

    def _add(self, question: ReportField | TableCount, answer: TypedAnswer) -> None:
        key, kind, label = question.id, kind_of(question), in_language(question.label)
        if not _is_one_choice(question):
            is_count = kind is ReportFieldKind.COUNT
            self.fields[f"i-{key}"] = forms.ChoiceField(
                label=_("If there is no number") if is_count else _("If there is no answer"),
                choices=INSTEAD if is_count else (NONE, *ABSENCES),
                required=False,
                initial=answer.instead,
            )
        if kind is ReportFieldKind.CHOICE and isinstance(question, ReportField):
            choices = [(choice.id, in_language(choice.label)) for choice in question.choices]
            answer_box: forms.Field = forms.MultipleChoiceField(
                label=label,
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=list(answer.picked),
            )
            if not question.several:
                why = _WHY + answer.instead if answer.instead else ""
                answer_box = forms.ChoiceField(
                    label=label,
                    choices=[*choices, *((_WHY + why, label) for why, label in ABSENCES)],
                    required=False,
                    widget=forms.RadioSelect,
                    initial="".join(answer.picked[:1]) or why,
                )
        elif kind is ReportFieldKind.COUNT:
            box = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
            answer_box = forms.CharField(
                label=label, required=False, widget=box, initial=answer.text
            )
            self.fields[f"m-{key}"] = forms.CharField(
                label=_("Remark, printed in the report"),
                required=False,
                max_length=1000,
                initial=answer.remark,
            )
        else:
            area = forms.Textarea(attrs={"rows": 2 if kind is ReportFieldKind.TABLE else 5})
            answer_box = forms.CharField(
                label=label, required=False, widget=area, initial=answer.text
            )
        self.fields[f"v-{key}"] = answer_box
        self.fields[f"w-{key}"] = forms.CharField(
            label=_("Reason"), required=False, max_length=1000, initial=answer.reason
        )


@dataclass(frozen=True)
class FieldBox:
    """A field of a page of questions, with what is known of it."""

    key: str
    label: str
    kind: str
    note: str
    unit: str
    value: BoundField
    reason: BoundField
    instead: BoundField | None = None
    remark: BoundField | None = None
    records: str = ""
    why: str = ""
    grade: str = ""
    url: str = ""
    differs: bool = False
    last: str = ""
    before: tuple[tuple[str, str], ...] = ()
    required: bool = False
    findings: tuple[str, ...] = ()
    returned: tuple[ReportReturn, ...] = ()
    columns: tuple[str, ...] = ()
    cells: tuple[tuple[tuple[str, str, str], ...], ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether remark and reason are shown at once."""
        return bool(self.differs or self.findings or self.reason.value() or self.reason.errors)


@dataclass(frozen=True)
class BoxGroup:
    """A section of the form with the boxes of this page."""

    title: str
    note: str
    boxes: tuple[FieldBox, ...]


def groups_of(
    form: ReportFormDefinition,
    page: AnswersForm,
    *,
    records: Mapping[str, DerivedAnswer],
    last: Mapping[str, SummedFigure],
    findings: Iterable[FormRemark],
    returned: Iterable[ReportReturn],
    before: Sequence[PredecessorUnit] = (),
) -> list[BoxGroup]:
    """Return the boxes of a page, section by section."""
    question_ids = {row.id for row in page.entries}
    odd, remarks = tuple(findings), tuple(returned)
    groups = []
    for section in form.sections:
        boxes = tuple(
            replace(
                _box(entry, page, records.get(entry.id), last.get(entry.id), odd, remarks),
                before=_before(entry, before),
            )
            for entry in entries_of(section)
            if entry.id in question_ids
        )
        if boxes:
            note = "" if section.note is None else in_language(section.note)
            groups.append(BoxGroup(in_language(section.title), note, boxes))
    return groups


def _box(
    question: ReportField | TableCount,
    page: AnswersForm,
    record: DerivedAnswer | None,
    before: SummedFigure | None,
    findings: Sequence[FormRemark],
    returned: Sequence[ReportReturn],
) -> FieldBox:
    key, is_count = question.id, kind_of(question) is ReportFieldKind.COUNT
    remarks = [finding for finding in findings if finding.field == key]
    columns = question.columns if isinstance(question, ReportField) else ()
    return FieldBox(
        key=key,
        label=in_language(question.label),
        kind=kind_of(question).value,
        note="" if question.note is None else in_language(question.note),
        unit="" if question.unit is None else in_language(UNIT_LABELS[question.unit]),
        value=page[f"v-{key}"],
        reason=page[f"w-{key}"],
        instead=None if _is_one_choice(question) else page[f"i-{key}"],
        remark=page[f"m-{key}"] if is_count else None,
        records="" if record is None else value_text(question, record.value),
        why="" if record is None else record.why,
        grade="" if record is None else words_of(record.value),
        url="" if record is None else record.url,
        differs=any(remark.code == "differs" for remark in remarks),
        last="" if before is None else value_text(question, before.total),
        required=question.required,
        findings=tuple(remark.text() for remark in remarks if remark.code != "required"),
        returned=tuple(remark for remark in returned if remark.key == key),
        columns=tuple(in_language(column.label) for column in columns),
        cells=tuple(_cells(question, page)),
    )


def _before(
    question: ReportField | TableCount, before: Sequence[PredecessorUnit]
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (unit.name, value_text(question, unit.own[question.id].value))
        for unit in before
        if question.id in unit.own
    )


def _is_one_choice(question: ReportField | TableCount) -> bool:
    return (
        isinstance(question, ReportField)
        and kind_of(question) is ReportFieldKind.CHOICE
        and not question.several
    )


def _cells(
    question: ReportField | TableCount, page: AnswersForm
) -> Iterator[tuple[tuple[str, str, str], ...]]:
    """Yield the cells of a table's rows, as (name, label, text), with some empty rows below."""
    if not isinstance(question, ReportField) or kind_of(question) is not ReportFieldKind.TABLE:
        return
    saved = page.saved[question.id]
    answer = page.answer(question) if page.is_bound else saved
    missing = len(saved.rows) + EMPTY_ROWS - len(answer.rows)
    rows = [*answer.rows, *[("",) * len(question.columns)] * missing]
    for number, row in enumerate(rows):
        yield tuple(
            (f"t-{question.id}-{number}-{column.id}", in_language(column.label), text)
            for column, text in zip(question.columns, row, strict=True)
        )
