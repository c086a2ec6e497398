"""The slow, obvious twin of adding up: it walks down to each unit and adds what they said there."""

from collections.abc import Iterator, Mapping, Sequence

from bench.reports_country import Country
from quetsach.forms.adding import add_up
from quetsach.forms.definition import Aggregation, ReportFormDefinition, TableCount
from quetsach.forms.values import ChildContribution, ChildUse, GradedCount, SummedFigure


def slow_total(country: Country, row: TableCount, unit: int, number: int) -> int | None:
    """Return the total of version `number` of `unit`: each used version below it, once; or None."""
    said = list(_used(country, unit, number))
    numbers = [
        (own, own.value.number)
        for used_unit, used_number in said
        if (own := country.versions[used_unit][used_number - 1].own.get(row.id)) is not None
        and isinstance(own.value, GradedCount)
    ]
    adjusted = [
        made.amount
        for used_unit, used_number in said
        if (made := country.versions[used_unit][used_number - 1].adjustments.get(row.id))
    ]
    if not numbers and not adjusted:
        return None
    total = sum(number for _own, number in numbers) + sum(adjusted)
    if row.aggregation is Aggregation.DISTINCT_ORGANISATIONS:
        named = [own.organisations for own, _number in numbers]
        total -= sum(map(len, named)) - len(frozenset().union(*named))
    return total


def slow_mismatches(
    form: ReportFormDefinition,
    figures: Mapping[str, SummedFigure],
    children: Sequence[ChildContribution],
) -> set[str]:
    """Return the fields that differ when all is added up anew and held side by side."""
    own = {key: one.own for key, one in figures.items() if one.own and form.entry(key)}
    adjusted = {
        key: one.adjustment for key, one in figures.items() if one.adjustment and form.entry(key)
    }
    anew = add_up(form, own, children, adjusted)
    return {key for key in {*figures, *anew} if figures.get(key) != anew.get(key)}


def _used(country: Country, unit: int, number: int) -> Iterator[tuple[int, int]]:
    yield unit, number
    for child, version, how in country.versions[unit][number - 1].used:
        if how is not ChildUse.EXCLUDED:
            yield from _used(country, child, version)
