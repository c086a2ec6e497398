"""Adding up: a unit's own figures, its children's, and what it sets right itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from quetsach.errors import QuetsachError
from quetsach.forms.coherent import is_counted
from quetsach.forms.definition import Aggregation, Field, Form, Row, Unit
from quetsach.forms.figure import Adjustment, Child, Figure, Mismatch, Said, Used
from quetsach.forms.own import Own
from quetsach.forms.told_apart import told_apart
from quetsach.forms.values import MOST_TOGETHER, Absent, Count, Grade, Value, weaker
from quetsach.texts import _

_NOBODY = Figure(None, None, None, Absent.MISSING)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def add_up(
    form: Form,
    own: Mapping[str, Own],
    children: Sequence[Child],
    adjustments: Mapping[str, Adjustment],
) -> dict[str, Figure]:
    """Return each figure of `form`: own + used children + adjustment, what was told twice once.

    A child whose form does not have the field has not collected it. Errors: E451 when a child is
    left out, or a figure adjusted, without a reason; when a unit, or one that continues another
    and the other, stand twice; when unlike units would be added; when a total is below zero.
    """
    used = _used(children)
    for key in (*own, *adjustments):
        if form.entry(key) is None:
            raise _wrong(key, _("the form does not have it"))
    return {
        entry.id: _figure(entry, own.get(entry.id), used, adjustments.get(entry.id))
        for entry in form.entries()
    }


def mismatches(
    form: Form, figures: Mapping[str, Figure], children: Sequence[Child]
) -> tuple[Mismatch, ...]:
    """Return the figures that their parts do not give when they are added up again.

    Nothing is repaired: the figures stay as they are. Errors: E451 as add_up.
    """
    known = {key: figures[key] for key in form.ids() if key in figures}
    again = add_up(
        form,
        {key: one.own for key, one in known.items() if one.own is not None},
        children,
        {key: one.adjustment for key, one in known.items() if one.adjustment is not None},
    )
    keys = (*again, *(key for key in figures if key not in again))
    return tuple(
        Mismatch(key, figures.get(key, _NOBODY), again.get(key, _NOBODY))
        for key in keys
        if figures.get(key) != again.get(key)
    )


def counted_once(children: Sequence[Child]) -> tuple[Child, ...]:
    """Return `children`, each unit used at most once: its newest version, the others left out.

    A unit that reports on two lines stands among them twice; what is left out says why.
    """
    best: dict[str, int] = {}
    for place, child in enumerate(children):
        if child.used is Used.EXCLUDED:
            continue
        held = best.get(child.node)
        if held is None or child.version > children[held].version:
            best[child.node] = place
    return tuple(
        child
        if child.used is Used.EXCLUDED or best[child.node] == place
        else replace(child, used=Used.EXCLUDED, reason=_("counted already on another line"))
        for place, child in enumerate(children)
    )


def without_answer(key: str, children: Sequence[Child]) -> tuple[tuple[str, Absent], ...]:
    """Return the used children that give no value for `key`: name, and why."""
    found = []
    for child in children:
        if child.used is Used.EXCLUDED:
            continue
        figure = child.figures.get(key)
        total = Absent.NOT_COLLECTED if figure is None else figure.total
        if isinstance(total, Absent):
            found.append((child.name, total))
    return tuple(found)


def _used(children: Sequence[Child]) -> tuple[Child, ...]:
    used = tuple(child for child in children if child.used is not Used.EXCLUDED)
    for child in children:
        if child.used is Used.EXCLUDED and not child.reason.strip():
            raise _wrong(child.name, _("it is left out without a reason"))
    names: dict[str, str] = {}
    for child in used:
        if child.node in names:
            raise _wrong(child.name, _("the unit stands twice"))
        names[child.node] = child.name
    for child in used:
        for before in child.continues:
            if before in names:
                told = _("it continues %(unit)s, which stands beside it") % {"unit": names[before]}
                raise _wrong(child.name, told)
    return used


def _figure(
    entry: Field | Row, own: Own | None, children: Sequence[Child], adjustment: Adjustment | None
) -> Figure:
    is_sum = is_counted(entry)
    if is_sum and not children and adjustment is None:
        return _alone(entry, own)
    found = [(child, _of_child(entry, child)) for child in children]
    if is_sum:
        return _added(entry, own, [figure for _child, figure in found], adjustment)
    if adjustment is not None:
        raise _wrong(entry.id, _("it is not added up, so there is nothing to adjust"))
    total = Absent.MISSING if own is None else own.value
    unit = entry.unit
    if entry.aggregation is Aggregation.LATEST:
        latest = _latest(found) if isinstance(total, Absent) else None
        if latest is not None:
            return Figure(own, None, None, latest.value, unit=unit, said=(latest,))
    if entry.aggregation is Aggregation.TEXTS:
        return Figure(own, None, None, total, unit=unit, said=tuple(_said(found)))
    return Figure(own, None, None, total, unit=unit)


def _of_child(entry: Field | Row, child: Child) -> Figure | None:
    figure = child.figures.get(entry.id)
    if figure is not None and figure.unit is not entry.unit:
        told = _("%(unit)s counts %(theirs)s, not %(ours)s; unlike units are never added") % {
            "unit": child.name,
            "theirs": _unit_name(figure.unit),
            "ours": _unit_name(entry.unit),
        }
        raise _wrong(entry.id, told)
    return figure


def _unit_name(unit: Unit | None) -> str:
    return "-" if unit is None else unit.value


def _latest(found: Sequence[tuple[Child, Figure | None]]) -> Said | None:
    best: tuple[datetime, Said] | None = None
    for child, figure in found:
        if figure is None or isinstance(figure.total, Absent):
            continue
        moment = _LONG_AGO if child.at is None else child.at
        if best is None or moment >= best[0]:
            best = (moment, Said(child.node, child.name, figure.total))
    return None if best is None else best[1]


def _said(found: Sequence[tuple[Child, Figure | None]]) -> Iterator[Said]:
    for child, figure in found:
        if figure is None:
            continue
        if isinstance(figure.total, Absent):
            # A unit that wrote nothing itself hands on what those below it wrote.
            yield from figure.said
        else:
            yield Said(child.node, child.name, figure.total)


def _alone(entry: Field | Row, own: Own | None) -> Figure:
    """Return the figure of a count that nobody else adds to: most units have none below."""
    value = Absent.MISSING if own is None else _count_or_absent(entry.id, own.value)
    apart = told_apart(entry.aggregation, own, ())
    return Figure(
        own,
        None,
        None,
        value,
        apart.organisations,
        apart.sketch,
        apart.range_of(value),
        entry.unit,
        0,
        {value.grade: value.number} if isinstance(value, Count) else {},
        {value: 1} if isinstance(value, Absent) and own is not None else {},
    )


def _added(
    entry: Field | Row,
    own: Own | None,
    children: Sequence[Figure | None],
    adjustment: Adjustment | None,
) -> Figure:
    """Return the figure of a count; the sum itself is kept plain, for it runs a million times."""
    grades: dict[Grade, int] = {}
    absent: dict[Absent, int] = {}
    grade: Grade | None = None
    mine = 0
    if own is not None:
        value = _count_or_absent(entry.id, own.value)
        if isinstance(value, Count):
            mine, grade = value.number, value.grade
            grades[grade] = mine
        else:
            absent[value] = 1
    below = 0
    is_below = False
    for figure in children:
        if figure is None:
            absent[Absent.NOT_COLLECTED] = absent.get(Absent.NOT_COLLECTED, 0) + 1
            continue
        total = _count_or_absent(entry.id, figure.total)
        if isinstance(total, Count):
            is_below = True
            below += total.number
            if grade is not total.grade:
                grade = total.grade if grade is None else weaker(grade, total.grade)
        for of, number in figure.grades.items():
            grades[of] = grades.get(of, 0) + number
        for why, number in figure.absent.items():
            absent[why] = absent.get(why, 0) + number
    if adjustment is not None:
        _check_adjustment(entry.id, adjustment)
        grade = Grade.DECLARED
    apart = told_apart(entry.aggregation, own, children)
    amount = 0 if adjustment is None else adjustment.amount
    value = _total(entry.id, mine + below + amount - apart.overlap, grade, own, absent)
    return Figure(
        own,
        below if is_below else None,
        adjustment,
        value,
        apart.organisations,
        apart.sketch,
        apart.range_of(value),
        entry.unit,
        apart.overlap,
        _split(value, grades, mine + below, amount),
        absent,
    )


def _split(
    value: Count | Absent, grades: dict[Grade, int], told: int, adjusted: int
) -> dict[Grade, int]:
    """Return how much of `value` is of which grade; nothing where nobody can tell.

    Shapes: `told` is own and children together. Of which grade that is which was told twice, or
    taken off, is known only where all is of one grade.
    """
    if isinstance(value, Absent) or sum(grades.values()) != told:
        return {}
    if adjusted > 0:
        grades[Grade.DECLARED] = grades.get(Grade.DECLARED, 0) + adjusted
    if sum(grades.values()) == value.number:
        return grades
    is_of_one = all(grade is value.grade for grade, number in grades.items() if number)
    return {value.grade: value.number} if is_of_one else {}


def _total(
    key: str, number: int, grade: Grade | None, own: Own | None, absent: Mapping[Absent, int]
) -> Count | Absent:
    if grade is None:
        return _why_none(absent)
    if number < 0:
        raise _wrong(key, _("the total would be less than zero"))
    if number > MOST_TOGETHER:
        raise _wrong(key, _("the total is too large to be true"))
    said = None if own is None else own.value
    return Count(number, grade, said.remark if isinstance(said, Count) else "")


def _why_none(absent: Mapping[Absent, int]) -> Absent:
    """Return why nobody gives a number: "nothing happened" by one is an answer for all that gave.

    That others did not answer stands in the figure's `absent`, and is printed beside.
    """
    for why in (Absent.NIL, Absent.MISSING, Absent.NOT_COLLECTED, Absent.NOT_APPLICABLE):
        if absent.get(why):
            return why
    return Absent.MISSING


def _check_adjustment(key: str, adjustment: Adjustment) -> None:
    if not adjustment.reason.strip():
        raise _wrong(key, _("it is adjusted without a reason"))
    if abs(adjustment.amount) > MOST_TOGETHER:
        raise _wrong(key, _("the adjustment is too large to be true"))


def _count_or_absent(key: str, value: Value) -> Count | Absent:
    if isinstance(value, Count | Absent):
        return value
    raise _wrong(key, _("a text in place of a number"))


def _wrong(where: str, reason: str) -> QuetsachError:
    return QuetsachError("E451", where, reason=reason)
