"""Indicators with details stand among the simple ones, in place of those of their keys."""

from quetsach.indicators.column_building import build_columns
from quetsach.indicators.column_details import add_details
from quetsach.indicators.model import IndicatorKind, MatchRule
from tests.indicators.columns import bulk, some_indicators


def test_what_has_details_stands_in_place_of_the_row_of_its_key() -> None:
    columns = build_columns([bulk()])
    place = columns.find(IndicatorKind.NAME, "a.example")
    assert place is not None
    exact = columns.indicator(place)
    other = type(exact)(exact.key, exact.shown, exact.kind, MatchRule.EXACT)
    mixed = add_details(columns, [other, *some_indicators()])
    found = mixed.find(IndicatorKind.NAME, "a.example")
    assert found is not None
    assert mixed.indicator(found) == other
    assert len(mixed) == 4 + len(some_indicators())
    assert mixed.arrays.numbers.tolist() == [0xCB007107]
    rest = [one for one in columns.every() if one.key != "a.example"]
    assert [one for one in mixed.every() if one in rest] == rest
