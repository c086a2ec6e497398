"""The lineage of one figure: own value, reports below and adjustment, one level at a time.

A version never changes, and it names the versions from which it was added up. So a page for a
version and a field never changes; "as known on a day" selects the version of that day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from quetsach.api.reports import (
    UNIT_LABELS,
    AbsenceReason,
    Aggregation,
    GradedCount,
    ReportField,
    ReportFieldKind,
    SummedFigure,
    TableCount,
    absent_words,
    format_number,
    format_value,
    kind_of,
)
from quetsach_portal.campaigns.models.campaign import ExpectedReport
from quetsach_portal.campaigns.scope import node_scope
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.reports import access, queries
from quetsach_portal.reports.models.report import (
    STANDS,
    FigureAlarm,
    InputUsed,
    ReportFigure,
    ReportInput,
    ReportVersion,
    VersionState,
)
from quetsach_portal.reports.pages.figures import in_language, shares, words_of
from quetsach_portal.reports.phase_forms.changing import form_of
from quetsach_portal.reports.queries import figures_of, parent_slot
from quetsach_portal.reports.records import answers
from quetsach_portal.reports.totals.adding import Absence, absences_in
from quetsach_portal.reports.totals.recount import WHOLE, check_version
from quetsach_portal.web.folding import folded

COUNTED = (InputUsed.YES, InputUsed.LATE)


@dataclass(frozen=True)
class ChildReport:
    """A report below, as included: the version, its value, and whether it was counted.

    Shapes: `newer` is the number of a later version that the total does not hold, None where
    there is none; `absence` is the state of a unit without a report.
    """

    slot: ExpectedReport
    version: ReportVersion | None
    used: InputUsed
    reason: str
    value: str
    number: int | None
    newer: int | None = None
    absence: str = ""

    @property
    def is_counted(self) -> bool:
        """Whether its value is in the total."""
        return self.used in COUNTED and self.version is not None


@dataclass(frozen=True)
class LineageStep:
    """A version on the path from the root down to the shown version.

    `holds` is false where that report counts another version than the next on the path.
    """

    name: str
    version: ReportVersion
    holds: bool = True


@dataclass(frozen=True)
class FigureTrace:
    """A figure of a version with all its parts."""

    version: ReportVersion
    key: str
    entry: ReportField | TableCount
    figure: SummedFigure
    parts: Sequence[ChildReport]
    alarms: Sequence[FigureAlarm]

    @property
    def title(self) -> str:
        """Return what the form calls it."""
        return in_language(self.entry.label)

    @property
    def unit_name(self) -> str:
        """Return what it counts; "" for words."""
        return "" if self.figure.unit is None else in_language(UNIT_LABELS[self.figure.unit])

    @property
    def total(self) -> str:
        """Return the value as it is printed."""
        return format_value(self.figure.total)

    @property
    def is_added(self) -> bool:
        """Whether it is a sum, and not a text or the answer of a single unit."""
        summed = (Aggregation.NONE, Aggregation.TEXTS, Aggregation.LATEST)
        return kind_of(self.entry) is ReportFieldKind.COUNT and self.entry.aggregation not in summed

    @property
    def own_value(self) -> str:
        """Return the own value of the unit, as it is printed."""
        own = self.figure.own
        return absent_words(AbsenceReason.MISSING) if own is None else format_value(own.value)

    @property
    def records_say(self) -> str:
        """Return what the records had answered where the unit typed something else, else ""."""
        own = self.figure.own
        if own is None or own.derived is None or not own.differs:
            return ""
        return format_value(own.derived)

    @property
    def missing(self) -> Sequence[ChildReport]:
        """Return the units whose report was not there."""
        return [part for part in self.parts if part.version is None]

    @property
    def there(self) -> Sequence[ChildReport]:
        """Return the reports that were there."""
        return [part for part in self.parts if part.version is not None]

    def named(self, text: str = "") -> Sequence[ChildReport]:
        """Return the units below whose name has `text` in it, those first that are missing."""
        part = folded(text)
        children = (*self.missing, *self.there)
        return [child for child in children if part in folded(child.slot.node.name_at_freeze)]

    @property
    def below(self) -> int:
        """Return the sum of the counted reports below, added up again for this page."""
        return sum(part.number or 0 for part in self.parts if part.is_counted)

    @property
    def figures(self) -> Mapping[str, str]:
        """Return the lines of the sum as they are written, and how far each is to be trusted."""
        own, adjustment = self.figure.own, self.figure.adjustment
        amount = 0 if adjustment is None else adjustment.amount
        sign = "−" if amount < 0 else "+"
        return {
            "own_grade": words_of(None if own is None else own.value),
            "below": format_number(self.below),
            "overlap": format_number(self.figure.overlap),
            "adjusted": f"{sign}{format_number(abs(amount))}",
            "shares": "; ".join(shares(self.figure.total, self.figure.grades)),
        }

    @property
    def gap(self) -> str:
        """Return what the parts give together where that is not the total, else ""."""
        total = self.figure.total
        if not self.is_added or not isinstance(total, GradedCount):
            return ""
        own = self.figure.own
        mine = own.value.number if own is not None and isinstance(own.value, GradedCount) else 0
        adjusted = 0 if self.figure.adjustment is None else self.figure.adjustment.amount
        computed = mine + self.below + adjusted - self.figure.overlap
        return "" if computed == total.number else format_number(computed)


def trace_of(version: ReportVersion, key: str) -> FigureTrace | None:
    """Return the figure `key` of `version` with its parts, None where the form has no such field.

    The version is added up again: what does not fit is an alarm, and nothing is repaired.
    Errors: QuetsachError when the version is not what its digest says.
    Cost: some eight queries, whatever the number of units below.
    """
    question = form_of(version.form).entry(key)
    figure = figures_of(version).get(key)
    if question is None or figure is None:
        return None
    alarms = [alarm for alarm in check_version(version) if alarm.key in (key, WHOLE)]
    return FigureTrace(version, key, question, figure, _parts(version, key), alarms)


def _parts(version: ReportVersion, key: str) -> list[ChildReport]:
    related = ("child_slot__node", "child_version__author")
    rows = ReportInput.objects.filter(parent_version=version).select_related(*related)
    inputs = list(rows.order_by("child_slot__node__name_at_freeze", "child_slot_id"))
    below = ReportFigure.objects.filter(version__used_in__parent_version=version, key=key)
    figures = {figure.version_id: figure for figure in below}
    now = queries.newest_of_slots([row.child_slot for row in inputs])
    absences = absences_in(version)
    return [_part(row, figures, now, absences.get(row.child_slot_id)) for row in inputs]


def _part(
    report_input: ReportInput,
    figures: Mapping[int, ReportFigure],
    now: Mapping[int, ReportVersion],
    absence: Absence | None,
) -> ChildReport:
    figure = figures.get(report_input.child_version_id or 0)
    newest = now.get(report_input.child_slot_id)
    used = report_input.child_version
    # A report that was waiting when the total was created is not newer.
    is_newer = (
        newest is not None
        and absence is not Absence.WAITING
        and (used is None or newest.n > used.n)
    )
    return ChildReport(
        slot=report_input.child_slot,
        version=used,
        used=InputUsed(report_input.used),
        reason=report_input.reason,
        value=_value(figure),
        number=None if figure is None else figure.total,
        newer=newest.n if newest is not None and is_newer and newest.state in STANDS else None,
        absence="" if absence is None else str(absence.label),
    )


def _value(figure: ReportFigure | None) -> str:
    if figure is None:
        return absent_words(AbsenceReason.MISSING)
    if figure.total is not None:
        return format_number(figure.total)
    return absent_words(AbsenceReason(figure.absent)) if figure.absent else figure.words


def way_down(version: ReportVersion) -> list[LineageStep]:
    """Return the reports above `version`, the highest first: those that count it where any does.

    Cost: three queries a level.
    """
    steps: list[LineageStep] = []
    at = version
    while (above := parent_slot(at.slot)) is not None:
        versions = ReportVersion.objects.filter(slot=above, state__in=STANDS).order_by("-n")
        holding = versions.filter(inputs__child_version=at, inputs__used__in=COUNTED).first()
        upper = holding or queries.standing(above)
        if upper is None:
            break
        upper.slot = above
        steps.append(LineageStep(above.node.name_at_freeze, upper, holds=holding is not None))
        at = upper
    return steps[::-1]


def state_on(version: ReportVersion, day: date) -> VersionState | None:
    """Return the state of `version` at the end of `day`, None before its submission."""
    states = queries.states_at(ReportVersion.objects.filter(pk=version.pk), last_moment_of(day))
    return states[0][1] if states else None


def last_moment_of(day: date) -> datetime:
    """Return the last moment of `day`, here."""
    return timezone.make_aware(datetime.combine(day, time.max))


# The lineage page, filtered by what the user may see.


@dataclass(frozen=True)
class TracedRows:
    """The answer of the unit's records today, and the address of its rows, "" for others."""

    value: str
    why: str
    url: str
    is_same: bool
    is_inside: bool


@dataclass(frozen=True)
class TracePage:
    """A traced figure, the way to it from the top, and the rows behind it."""

    trace: FigureTrace
    above: Sequence[LineageStep]
    rows: TracedRows | None
    state: VersionState
    on: date | None


def version_on(version: ReportVersion, day: date | None) -> ReportVersion | None:
    """Return the version of the same report that counted on `day`; itself without a day."""
    if day is None:
        return version
    known = queries.public_version_at(version.slot, last_moment_of(day))
    if known is not None:
        known.slot = version.slot
    return known


def page_for(scope: Scope, version: ReportVersion, key: str, on: date | None) -> TracePage | None:
    """Return the page of a figure, None where the form of `version` has none of this name.

    The path has only versions that the person may read. Errors: QuetsachError when the
    version is not what its digest says.
    """
    trace = trace_of(version, key)
    if trace is None:
        return None
    seats = node_scope(scope, version.slot.node.campaign)
    above = [step for step in way_down(version) if access.reads(seats, step.version.slot.node)]
    then = None if on is None else state_on(version, on)
    return TracePage(trace, above, _rows(scope, trace), then or VersionState(version.state), on)


def _rows(scope: Scope, trace: FigureTrace) -> TracedRows | None:
    """Return the records' answer now; only the unit's own workers get a link to the rows."""
    slot = trace.version.slot
    known = answers.fill(slot, form_of(trace.version.form), only=trace.key)
    answer = answers.visible_answers(scope, slot, known).get(trace.key)
    if answer is None:
        return None
    own = trace.figure.own
    answered = AbsenceReason.MISSING if own is None else own.derived or own.value
    return TracedRows(
        value=format_value(answer.value),
        why=answer.why,
        url=answer.url,
        is_same=format_value(answer.value) == format_value(answered),
        is_inside=answer.is_inside,
    )
