"""Pictures of numbers: they fit, hide from who cannot see them, and hold no style of their own."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree

import pytest

from quetsach_portal.web.templatetags.charts import bar, columns


@dataclass
class Day:
    joined: int


def rows(*numbers: int) -> list[Day]:
    return [Day(one) for one in numbers]


def widths(drawn: str) -> list[int]:
    return [int(one.get("width")) for one in ElementTree.fromstring(drawn)]


@pytest.mark.parametrize(
    ("part", "whole", "filled"),
    [(0, 4, 0), (1, 4, 25), (4, 4, 100), (1, 50_000, 1), (49_999, 50_000, 99), (9, 4, 100)],
)
def test_a_bar_is_full_only_for_all_and_empty_only_for_none(
    part: int, whole: int, filled: int
) -> None:
    assert widths(bar(part, whole)) == [100, filled]


def test_a_bar_of_nothing_is_empty() -> None:
    assert widths(bar(None, None)) == widths(bar(3, 0)) == widths(bar(-2, 5)) == [100, 0]


def test_columns_share_one_scale_and_small_ones_are_still_seen() -> None:
    parts = list(ElementTree.fromstring(columns(rows(0, 1, 500, 1000), "joined")))[:-1]
    assert [int(one.get("height")) for one in parts] == [0, 2, 30, 60]
    assert [int(one.get("y")) for one in parts] == [60, 58, 30, 0]


def test_columns_of_nothing_are_a_floor() -> None:
    assert len(list(ElementTree.fromstring(columns([], "joined")))) == 1


@pytest.mark.parametrize(
    "drawn", [bar(1, 3), bar(1, 3, "bad"), bar(1, 3, "<b>"), columns(rows(1), "joined")]
)
def test_pictures_are_hidden_from_readers_and_hold_no_style(drawn: str) -> None:
    assert ElementTree.fromstring(drawn).get("aria-hidden") == "true"
    assert not re.search(r"style=|<style|<script|on\w+=", drawn)
