"""The digest of columns is that of their indicators, one at a time."""

from quetsach.indicators.column_building import build_columns
from quetsach.indicators.column_details import add_details
from quetsach.indicators.indicator_set import IndicatorTable
from quetsach.indicators.model import IndicatorKind, IndicatorSet
from tests.indicators.columns import bulk, some_indicators


def test_columns_have_the_digest_of_their_indicators() -> None:
    table = IndicatorTable(columns=add_details(build_columns([bulk()]), some_indicators()))
    assert IndicatorSet(table).digest == IndicatorSet(tuple(table)).digest


def test_what_stands_beside_columns_or_is_dropped_counts_in_the_digest() -> None:
    table = IndicatorTable(some_indicators(), build_columns([bulk()]))
    whole = IndicatorSet(table).digest
    assert whole == IndicatorSet(tuple(table)).digest
    (address,) = (one for one in table if one.key == "203.0.113.7")
    less = table.changed((), [address])
    assert len(less) == len(table) - 1
    assert less.get(IndicatorKind.ADDRESS, "203.0.113.7") is None
    assert IndicatorSet(less).digest == IndicatorSet(tuple(less)).digest != whole
