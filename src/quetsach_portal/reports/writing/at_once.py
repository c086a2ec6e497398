"""A short report on one page: its figures with their grounds, sent in one act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from quetsach.api.reports import (
    FigureGrade,
    GradedCount,
    ReportField,
    ReportFieldKind,
    TableCount,
    format_number,
    kind_of,
)
from quetsach_portal.campaigns.models.campaign import ExpectedReport
from quetsach_portal.cases.overview import FIGURES as OF_MACHINES
from quetsach_portal.looks.figures import LookFigures, looked_words
from quetsach_portal.people.models.account import User
from quetsach_portal.reports.models.report import FIRST, ReportDraft, ReportVersion
from quetsach_portal.reports.pages.figures import in_language
from quetsach_portal.reports.phase_forms.changing import campaign_form_of, form_of
from quetsach_portal.reports.queries import draft_of, open_returns
from quetsach_portal.reports.records.units import DerivedAnswer
from quetsach_portal.reports.writing import answers as typed_answers
from quetsach_portal.reports.writing import draft as drafts
from quetsach_portal.reports.writing import locking, looked, submitting
from quetsach_portal.reports.writing.answers import TypedAnswer
from quetsach_portal.reports.writing.checking import CheckedDraft, checked

MOST_FIGURES = 12
MOST_TEXTS = 3
"""A form with more of them has pages of its own."""


@dataclass(frozen=True)
class SendFigure:
    """A figure of the page that sends a report.

    Shapes: `text` is "" where there is none; `typed` is what a person typed over the records;
    `ground` says where it comes from, `basis` how good that is: ok, part or none. `doubts` are
    sentences that ask for a reason.
    """

    key: str
    label: str
    text: str
    typed: str
    reason: str
    basis: str
    ground: str
    url: str
    has_records: bool
    doubts: Sequence[str]

    @property
    def is_open(self) -> bool:
        """Whether its box is shown at once."""
        return not self.has_records or bool(self.typed or self.doubts)


@dataclass(frozen=True)
class SendText:
    """A text of the page that sends a report."""

    key: str
    label: str
    text: str


@dataclass(frozen=True)
class SendPage:
    """What the page that sends a report shows; `is_short` where all of it fits on that page."""

    is_short: bool
    figures: Sequence[SendFigure]
    texts: Sequence[SendText]
    asked: looked.LookAsked
    returned: Sequence[str]
    reasons: Sequence[tuple[str, str]]


def send_page(slot: ExpectedReport) -> SendPage:
    """Return the figures of the report of `slot` as they would be sent now.

    Cost: some fifty queries, whatever the unit holds.
    """
    draft = draft_of(slot) or ReportDraft(slot=slot)
    campaign_form = campaign_form_of(slot.phase)
    form = form_of(campaign_form)
    gap_question = looked.look_asked(slot, ())
    counts = [question for question in form.entries() if kind_of(question) is ReportFieldKind.COUNT]
    texts = _texts(form.entries())
    returned = [remark.text for remark in open_returns(slot)]
    is_short = draft.kind in FIRST and len(counts) <= MOST_FIGURES and texts is not None
    if not is_short:
        return SendPage(False, (), (), gap_question, returned, ())
    draft_check = checked(slot, draft, campaign_form)
    figures = [_figure(question, draft, draft_check, gap_question.look) for question in counts]
    own = typed_answers.from_json(draft.own)
    written = {key: typed_answers.as_answer(answer).text for key, answer in own.items()}
    boxes = [
        SendText(question.id, in_language(question.label), written.get(question.id, ""))
        for question in texts or ()
    ]
    reasons = [(code, str(words)) for code, words in looked.GapReason.choices]
    return SendPage(True, figures, boxes, gap_question, returned, reasons)


def _texts(entries: Sequence[ReportField | TableCount]) -> list[ReportField] | None:
    """Return the texts to ask for, None where the form asks for more than a few texts."""
    others = [
        question
        for question in entries
        if isinstance(question, ReportField)
        and kind_of(question) is not ReportFieldKind.COUNT
        and not typed_answers.is_prefilled(question)
        and not question.derived
    ]
    is_plain = all(kind_of(question) is ReportFieldKind.TEXT for question in others)
    return others if is_plain and len(others) <= MOST_TEXTS else None


def _figure(
    question: ReportField | TableCount,
    draft: ReportDraft,
    draft_check: CheckedDraft,
    look: LookFigures,
) -> SendFigure:
    own = typed_answers.from_json(draft.own).get(question.id)
    derived = draft_check.records.get(question.id)
    answer = typed_answers.as_answer(own, draft.typed.get(question.id, ""))
    is_typed = question.id in draft.typed or (
        own is not None and (own.derived is None or own.differs)
    )
    basis, ground = _ground(question, derived, look, is_typed=is_typed)
    return SendFigure(
        key=question.id,
        label=in_language(question.label),
        text=answer.text,
        typed=answer.text if is_typed else "",
        reason=answer.reason,
        basis=basis,
        ground=ground,
        url="" if derived is None else derived.url,
        has_records=derived is not None,
        doubts=[
            one.text()
            for one in draft_check.open
            if one.field == question.id and one.code != "required"
        ]
        + [why for key, _text, why in draft_check.untaken if key == question.id],
    )


def _ground(
    question: ReportField | TableCount,
    derived: DerivedAnswer | None,
    look: LookFigures,
    *,
    is_typed: bool,
) -> tuple[str, str]:
    """Return how good the ground of a figure is, and what it is."""
    if derived is None:
        return "none", _("The records have no number: type it.")
    if is_typed:
        number = getattr(derived.value, "number", None)
        words = _("Typed; the records say %(number)s.")
        return "part", words % {"number": "–" if number is None else format_number(number)}
    if question.derived in OF_MACHINES:
        return ("ok" if look.is_whole else "part"), looked_words(look)
    is_good = derived.grade in (FigureGrade.MEASURED, FigureGrade.ATTESTED)
    return ("ok" if is_good else "part"), derived.why


def send(
    slot: ExpectedReport,
    typed: Mapping[str, str],
    reasons: Mapping[str, str],
    *,
    gap: looked.LookAnswer,
    actor: User,
) -> ReportVersion:
    """Return the version that is sent: the records as they are now, and what was typed.

    Shapes: `typed` and `reasons` by the field; an empty text leaves a figure to the records.
    Errors: Refused as `submitting.submit`; what was typed is kept in the draft then.
    """
    draft = drafts.open_draft(slot, actor=actor)
    answers = _answers(slot, draft, typed, reasons)
    if answers:
        draft = drafts.save(slot, answers, revision=draft.revision, actor=actor)
    token = locking.make(slot, draft.revision)
    return submitting.submit(slot, checked_with=token, actor=actor, gap=gap)


def _answers(
    slot: ExpectedReport,
    draft: ReportDraft,
    typed: Mapping[str, str],
    reasons: Mapping[str, str],
) -> dict[str, TypedAnswer]:
    form = form_of(campaign_form_of(slot.phase))
    draft_check = checked(slot, draft)
    own = typed_answers.from_json(draft.own)
    answers = {}
    for question in form.entries():
        if question.id not in typed:
            continue
        text, derived = typed[question.id], draft_check.records.get(question.id)
        saved = typed_answers.as_answer(own.get(question.id))
        is_count = kind_of(question) is ReportFieldKind.COUNT
        if not text.strip() and derived is not None and isinstance(derived.value, GradedCount):
            text = format_number(derived.value.number)
        answers[question.id] = TypedAnswer(
            text=text,
            instead="" if text.strip() else saved.instead,
            remark=saved.remark if is_count else "",
            reason=reasons.get(question.id, saved.reason),
        )
    return answers
