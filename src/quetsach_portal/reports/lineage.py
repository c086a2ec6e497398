"""Where one figure of a report comes from: own + reports below + adjustment, one level at a time.

A version never changes, and it names the very versions that it was added up of. So a page for a
version and a field stays what it is; as known on a day means which version stood on that day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import get_language

from quetsach.api.reports import (
    UNIT_LABELS,
    Absent,
    Aggregation,
    Count,
    Field,
    Figure,
    Kind,
    Label,
    Own,
    Row,
    absent_words,
    kind_of,
    shown,
    shown_value,
)
from quetsach_portal.campaigns.models import Slot
from quetsach_portal.reports import queries
from quetsach_portal.reports.absentees import Absence, absences_in
from quetsach_portal.reports.forms_in_use import form_of
from quetsach_portal.reports.grades import shares, words_of
from quetsach_portal.reports.models import (
    STANDS,
    FigureAlarm,
    InputUsed,
    ReportFigure,
    ReportInput,
    ReportVersion,
    VersionState,
)
from quetsach_portal.reports.places import RELATED, parent_slot
from quetsach_portal.reports.recount import WHOLE, check_version
from quetsach_portal.reports.stored import figures_of
from quetsach_portal.units.folding import folded

COUNTED = (InputUsed.YES, InputUsed.LATE)


@dataclass(frozen=True)
class Part:
    """A report below, as it went in: the very version, its value, and whether it was counted.

    Shapes: `newer` is the number of a later version that the total does not hold, None where
    there is none; `absence` says how the unit stood of which no report went in.
    """

    slot: Slot
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
class Step:
    """One version on the way from the top of the tree down to the one that is shown.

    `holds` is false where that report counts another version than the next one on the way.
    """

    name: str
    version: ReportVersion
    holds: bool = True


@dataclass(frozen=True)
class Trace:
    """One figure of one version with all that it was made of."""

    version: ReportVersion
    key: str
    entry: Field | Row
    figure: Figure
    parts: Sequence[Part]
    alarms: Sequence[FigureAlarm]

    @property
    def title(self) -> str:
        """Return what the form calls it."""
        return _in_language(self.entry.label)

    @property
    def unit_name(self) -> str:
        """Return what it counts; "" for words."""
        return "" if self.figure.unit is None else _in_language(UNIT_LABELS[self.figure.unit])

    @property
    def total(self) -> str:
        """Return the value as it is printed."""
        return shown_value(self.figure.total)

    @property
    def is_added(self) -> bool:
        """Whether it is a sum, and not words or what one unit says."""
        summed = (Aggregation.NONE, Aggregation.TEXTS, Aggregation.LATEST)
        return kind_of(self.entry) is Kind.COUNT and self.entry.aggregation not in summed

    @property
    def own(self) -> Own | None:
        """Return what the unit said of itself."""
        return self.figure.own

    @property
    def is_of_all_below(self) -> bool:
        """Whether the unit's own figure names units below it: each is counted once by name."""
        return self.figure.own_is_of_all

    @property
    def own_value(self) -> str:
        """Return what the unit said of itself, as it is printed."""
        own = self.figure.own
        return absent_words(Absent.MISSING) if own is None else shown_value(own.value)

    @property
    def records_say(self) -> str:
        """Return what the records had answered where the unit typed something else, else ""."""
        own = self.figure.own
        if own is None or own.derived is None or not own.differs:
            return ""
        return shown_value(own.derived)

    @property
    def missing(self) -> Sequence[Part]:
        """Return the units whose report was not there."""
        return [one for one in self.parts if one.version is None]

    @property
    def there(self) -> Sequence[Part]:
        """Return the reports that were there."""
        return [one for one in self.parts if one.version is not None]

    def named(self, asked: str = "") -> Sequence[Part]:
        """Return the units below whose name has `asked` in it, those first that are missing."""
        wanted = folded(asked)
        every = (*self.missing, *self.there)
        return [one for one in every if wanted in folded(one.slot.node.name_at_freeze)]

    @property
    def below(self) -> int:
        """Return what the counted reports below say together, added up again for this page."""
        return sum(one.number or 0 for one in self.parts if one.is_counted)

    @property
    def figures(self) -> Mapping[str, str]:
        """Return the lines of the sum as they are written, and how far each is to be trusted."""
        own, adjustment = self.figure.own, self.figure.adjustment
        amount = 0 if adjustment is None else adjustment.amount
        sign = "−" if amount < 0 else "+"
        return {
            "own_grade": words_of(None if own is None else own.value),
            "below": shown(self.below),
            "overlap": shown(self.figure.overlap),
            "adjusted": f"{sign}{shown(abs(amount))}",
            "shares": "; ".join(shares(self.figure.total, self.figure.grades)),
        }

    @property
    def gap(self) -> str:
        """Return what the parts give together where that is not the total, else ""."""
        total = self.figure.total
        if not self.is_added or not isinstance(total, Count):
            return ""
        own = self.figure.own
        mine = own.value.number if own is not None and isinstance(own.value, Count) else 0
        adjusted = 0 if self.figure.adjustment is None else self.figure.adjustment.amount
        found = mine + self.below + adjusted - self.figure.overlap
        return "" if found == total.number else shown(found)


def trace_of(version: ReportVersion, key: str) -> Trace | None:
    """Return the figure `key` of `version` with its parts, None where the form has no such field.

    The version is added up again: what does not fit is an alarm, and nothing is repaired.
    Errors: QuetsachError when the version is not what its digest says.
    Cost: some eight queries, whatever the number of units below.
    """
    entry = form_of(version.form).entry(key)
    figure = figures_of(version).get(key)
    if entry is None or figure is None:
        return None
    alarms = [one for one in check_version(version) if one.key in (key, WHOLE)]
    return Trace(version, key, entry, figure, _parts(version, key), alarms)


def _parts(version: ReportVersion, key: str) -> list[Part]:
    inputs = list(
        ReportInput.objects.filter(parent_version=version)
        .select_related("child_slot__node", "child_version__author")
        .order_by("child_slot__node__name_at_freeze", "child_slot_id")
    )
    told = {
        one.version_id: one
        for one in ReportFigure.objects.filter(version__used_in__parent_version=version, key=key)
    }
    now = queries.newest_of_slots([one.child_slot for one in inputs])
    absences = absences_in(version)
    return [_part(one, told, now, absences.get(one.child_slot_id)) for one in inputs]


def _part(
    one: ReportInput,
    told: Mapping[int, ReportFigure],
    now: Mapping[int, ReportVersion],
    absence: Absence | None,
) -> Part:
    figure = told.get(one.child_version_id or 0)
    newest = now.get(one.child_slot_id)
    used = one.child_version
    # One that waited when the total was made has not come since.
    is_newer = (
        newest is not None
        and absence is not Absence.WAITING
        and (used is None or newest.n > used.n)
    )
    return Part(
        slot=one.child_slot,
        version=used,
        used=InputUsed(one.used),
        reason=one.reason,
        value=_value(figure),
        number=None if figure is None else figure.total,
        newer=newest.n if newest is not None and is_newer and newest.state in STANDS else None,
        absence="" if absence is None else str(absence.label),
    )


def _value(figure: ReportFigure | None) -> str:
    if figure is None:
        return absent_words(Absent.MISSING)
    if figure.total is not None:
        return shown(figure.total)
    return absent_words(Absent(figure.absent)) if figure.absent else figure.words


def way_down(version: ReportVersion) -> list[Step]:
    """Return the reports above `version`, the highest first: those that count it where any does.

    Cost: three queries a level.
    """
    steps: list[Step] = []
    at = version
    while (above := parent_slot(at.slot)) is not None:
        holding = (
            ReportVersion.objects.filter(
                slot=above, inputs__child_version=at, inputs__used__in=COUNTED, state__in=STANDS
            )
            .order_by("-n")
            .first()
        )
        upper = holding or queries.standing(above)
        if upper is None:
            break
        upper.slot = above
        steps.append(Step(above.node.name_at_freeze, upper, holds=holding is not None))
        at = upper
    return steps[::-1]


def known_on(slot: Slot, day: date) -> ReportVersion | None:
    """Return the version of `slot` that stood at the end of `day`."""
    return queries.as_known(slot, end_of(day) - timedelta(microseconds=1))


def state_on(version: ReportVersion, day: date) -> VersionState | None:
    """Return in which state `version` was at the end of `day`, None before it came."""
    rows = ReportVersion.objects.filter(pk=version.pk)
    states = queries.states_at(rows, end_of(day) - timedelta(microseconds=1))
    return states[0][1] if states else None


def end_of(day: date) -> datetime:
    """Return the first moment after `day`, here."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def slot_of(version: ReportVersion) -> Slot:
    """Return the slot of `version` with all that pages show of it."""
    return Slot.objects.select_related(*RELATED).get(pk=version.slot_id)


def _in_language(label: Label) -> str:
    return label.of("en" if get_language() == "en" else "vi")
