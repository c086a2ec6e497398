"""Columns give back each indicator as it was put in, and find keys by search."""

import pickle
import random

import pytest

from quetsach.indicators.column_building import build_columns
from quetsach.indicators.column_details import add_details
from quetsach.indicators.indicator_columns import IndicatorColumns
from quetsach.indicators.model import Claim, Indicator, IndicatorKind, MatchRule, Origin
from tests.indicators.columns import bulk, some_indicators


@pytest.fixture(scope="module")
def columns() -> IndicatorColumns:
    return add_details(build_columns([bulk()]), some_indicators())


def test_each_key_is_found_with_what_its_row_says(columns: IndicatorColumns) -> None:
    place = columns.find(IndicatorKind.NAME, "b.example")
    assert place is not None
    claim = Claim(family="Mirai")
    origin = Origin("great.txt", "0" * 64, 2, "b.example, Mirai", claim=claim)
    expected = Indicator(
        "b.example",
        "b.example",
        IndicatorKind.NAME,
        MatchRule.BELOW,
        claim=claim,
        origins=(origin,),
    )
    assert columns.indicator(place) == expected
    assert columns.find(IndicatorKind.NAME, "b.exampl") is None
    assert columns.find(IndicatorKind.HASH, "b.example") is None


def test_others_keep_their_details(columns: IndicatorColumns) -> None:
    for indicator in some_indicators():
        place = columns.find(indicator.kind, indicator.key)
        assert place is not None
        assert columns.indicator(place) == indicator
        assert columns.has_details(place)


def test_every_indicator_comes_once_in_the_order_of_kind_and_key(columns: IndicatorColumns) -> None:
    every = [(indicator.kind, indicator.key) for indicator in columns.every()]
    kinds = list(IndicatorKind)
    assert every == sorted(every, key=lambda pair: (kinds.index(pair[0]), pair[1].encode()))
    assert len(every) == len(columns)


def test_columns_are_the_same_after_a_journey_to_another_process(columns: IndicatorColumns) -> None:
    again = pickle.loads(pickle.dumps(columns))
    assert list(again.every()) == list(columns.every())


@pytest.mark.parametrize("seed", range(10))
def test_the_beginnings_of_a_key_are_found_as_by_looking_at_all(seed: int) -> None:
    rng = random.Random(seed)
    keys = {"".join(rng.choices("ab/", k=rng.randint(1, 7))) for _ in range(60)}
    urls = [Indicator(k, k, IndicatorKind.URL, MatchRule.URL_PREFIX) for k in keys]
    columns = add_details(build_columns([bulk()]), urls)
    for _ in range(50):
        asked = "".join(rng.choices("ab/", k=rng.randint(1, 9)))
        found = [columns.key(place) for place in columns.prefixes_of(IndicatorKind.URL, asked, 2)]
        expected = [key for key in keys if asked.startswith(key) and len(key) >= 2]
        assert found == sorted(expected, key=len, reverse=True)
        begun = [columns.key(n) for n in columns.beginning_with(IndicatorKind.URL, asked[:2])]
        assert begun == sorted(key for key in keys if key.startswith(asked[:2]))
