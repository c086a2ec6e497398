"""A made-up country of units that report, correct and absorb; the same each time for one seed."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from quetsach.forms.adding import add_up, mismatches
from quetsach.forms.definition import Aggregation, ReportFormDefinition, TableCount
from quetsach.forms.distinct import sketch_of
from quetsach.forms.values import (
    AbsenceReason,
    Adjustment,
    ChildContribution,
    ChildUse,
    FigureGrade,
    GradedCount,
    Mismatch,
    OwnValue,
    SummedFigure,
)
from quetsach.forms.version import FormVersionKind, Input, ReportVersionText

PROVINCES, COMMUNES = 34, 3321
"""The country's own figures since July 2025; the rest are offices and schools of the communes."""

SALT = b"a salt for benchmarks alone"
WHEN = datetime(2026, 9, 28, 10, 0, tzinfo=UTC)
_ABSENT = tuple(AbsenceReason)


@dataclass(frozen=True)
class Reported:
    """One version of a unit: what it said, what it used of its children, and its figures."""

    number: int
    own: dict[str, OwnValue]
    adjustments: dict[str, Adjustment]
    used: tuple[tuple[int, int, ChildUse], ...]
    figures: dict[str, SummedFigure]


@dataclass
class Country:
    """The units by number, 0 = the root; a parent has a smaller number than its children."""

    form: ReportFormDefinition
    children: list[list[int]]
    parents: list[int]
    versions: list[list[Reported]] = field(default_factory=list)

    def latest(self, unit: int) -> Reported:
        """Return the newest version of `unit`."""
        return self.versions[unit][-1]

    def figures_of(self, unit: int, number: int) -> dict[str, SummedFigure]:
        """Return the figures of version `number` of `unit`."""
        return self.versions[unit][number - 1].figures


def make_country(form: ReportFormDefinition, units: int, seed: int) -> Country:
    """Return a country of `units` units that have all reported once, from the bottom up."""
    chance = random.Random(seed)
    children: list[list[int]] = [[] for _unit in range(units)]
    parents = [-1] * units
    provinces = range(1, min(units, 1 + PROVINCES))
    communes = range(provinces.stop, min(units, provinces.stop + COMMUNES))
    for unit in range(1, units):
        above = range(1) if unit < provinces.stop else provinces
        parents[unit] = chance.choice(communes if unit >= communes.stop else above)
        children[parents[unit]].append(unit)
    country = Country(form, children, parents, [[] for _unit in range(units)])
    for unit in reversed(range(units)):
        hand_in(country, unit, chance)
    return country


def hand_in(country: Country, unit: int, chance: random.Random) -> None:
    """Let `unit` hand in a new version: new figures of its own, the newest of its children."""
    own = {row.id: _own(row, unit, chance) for row in country.form.counts()}
    _append(country, unit, own, _adjustments(country, unit, chance), _used(country, unit, chance))


def absorb(country: Country, unit: int) -> None:
    """Let `unit` take over its children's newest versions; its own figures stay."""
    last = country.latest(unit)
    used = tuple((child, len(country.versions[child]), how) for child, _number, how in last.used)
    _append(country, unit, last.own, last.adjustments, used)


def correct(country: Country, corrections: int, seed: int) -> None:
    """Let random units correct themselves; each unit above absorbs it, or leaves it where it is."""
    chance = random.Random(seed)
    for _correction in range(corrections):
        unit = chance.randrange(len(country.children))
        hand_in(country, unit, chance)
        unit = country.parents[unit]
        while unit >= 0 and chance.random() < 0.7:
            absorb(country, unit)
            unit = country.parents[unit]


def recompute(country: Country) -> list[tuple[int, Mismatch]]:
    """Add up the newest version of each unit again; return what does not add up."""
    found = []
    for unit in range(len(country.children)):
        last = country.latest(unit)
        wrong = mismatches(country.form, last.figures, children_of(country, last.used))
        found += [(unit, one) for one in wrong]
    return found


def children_of(
    country: Country, used: Sequence[tuple[int, int, ChildUse]]
) -> list[ChildContribution]:
    """Return what goes into a total, as the adding up takes it."""
    return [
        ChildContribution(
            f"n{unit}",
            f"Đơn vị {unit}",
            number,
            "",
            country.figures_of(unit, number),
            how,
            "" if how is ChildUse.YES else "lý do",
            WHEN,
        )
        for unit, number, how in used
    ]


def as_version(
    country: Country, unit: int, digests: dict[tuple[int, int], str]
) -> ReportVersionText:
    """Return the newest version of `unit` as it is handed in; `digests` are its children's."""
    last = country.latest(unit)
    inputs = tuple(
        Input(f"n{child}", f"Đơn vị {child}", number, digests[child, number], how, "")
        for child, number, how in last.used
    )
    return ReportVersionText(
        form=country.form.code,
        form_version=country.form.version,
        form_digest=hashlib.sha256(country.form.code.encode()).hexdigest(),
        campaign="1",
        phase=1,
        node=f"n{unit}",
        unit=f"Đơn vị {unit}",
        number=last.number,
        kind=FormVersionKind.ORIGINAL,
        previous=None,
        tree_revision=1,
        created_at=WHEN,
        figures=last.figures,
        children=inputs,
    )


def _append(
    country: Country,
    unit: int,
    own: dict[str, OwnValue],
    adjustments: dict[str, Adjustment],
    used: tuple[tuple[int, int, ChildUse], ...],
) -> None:
    figures = add_up(country.form, own, children_of(country, used), adjustments)
    number = len(country.versions[unit]) + 1
    country.versions[unit].append(Reported(number, own, adjustments, used, figures))


def _used(
    country: Country, unit: int, chance: random.Random
) -> tuple[tuple[int, int, ChildUse], ...]:
    hows = (ChildUse.YES,) * 8 + (ChildUse.LATE, ChildUse.EXCLUDED)
    return tuple(
        (child, len(country.versions[child]), chance.choice(hows))
        for child in country.children[unit]
    )


def _own(row: TableCount, unit: int, chance: random.Random) -> OwnValue:
    if chance.random() < 0.1:
        return OwnValue(chance.choice(_ABSENT))
    grade = chance.choice(tuple(FigureGrade))
    number = chance.randrange(60)
    if row.aggregation is Aggregation.DISTINCT_ORGANISATIONS:
        # Every third unit also names one that another unit may name as well.
        ids = {f"n{unit}"} | ({f"n{chance.randrange(unit + 9)}"} if number % 3 == 0 else set())
        return OwnValue(GradedCount(len(ids) + number % 2, grade), organisations=frozenset(ids))
    if row.aggregation is Aggregation.DISTINCT_MACHINES and number % 2:
        machines = {f"m{chance.randrange(400_000)}" for _machine in range(number % 7)}
        return OwnValue(GradedCount(len(machines), grade), sketch=sketch_of(SALT, machines))
    return OwnValue(GradedCount(number, grade))


def _adjustments(country: Country, unit: int, chance: random.Random) -> dict[str, Adjustment]:
    if not country.children[unit] or chance.random() < 0.7:
        return {}
    rows = [row for row in country.form.counts() if row.aggregation is Aggregation.SUM]
    return {chance.choice(rows).id: Adjustment(chance.randrange(1, 20), "hai trường báo hai lần")}
