"""A span of addresses becomes exactly its networks, or a person is asked; never its two ends."""

import pytest

from quetsach.indicators.options import ListOptions
from quetsach.indicators.text.address_spans import SPAN, SPAN_WORD, address_spans
from quetsach.indicators.text.in_text import find_indicators
from tests.indicators.text.test_spaced import read

WHOLE = ["203.0.113.4/30"]


@pytest.mark.parametrize(
    "text",
    [
        "203.0.113.4 đến 203.0.113.7",
        "từ 203.0.113.4 đến 203.0.113.7",
        "Từ 203[.]0[.]113[.]4 tới 203[.]0[.]113[.]7",
        "- 203.0.113.4 cho đến 203.0.113.7",
        "dải địa chỉ từ 203.0.113.4 đến 203.0.113.7 cần chặn",
        "Chặn các địa chỉ từ IP 203.0.113.4 đến IP 203.0.113.7.",
        "203.0.113.4 - 203.0.113.7",
        "203.0.113.4..203.0.113.7",
        "203.0.113.4 ~ 203.0.113.7",
        "203.0.113.4-7",
        "203.0.113.[4-7]",
    ],
)
def test_a_span_is_read_exactly(text: str) -> None:
    assert read(text) == WHOLE


@pytest.mark.parametrize(
    "text",
    [
        "máy kết nối từ 203.0.113.4 đến 203.0.113.7",
        "203.0.113.4 → 203.0.113.7",
        "203.0.113.4 to 203.0.113.7",
        "203.0.113.7 đến 203.0.113.4",
        "198.51.100.4 đến 203.0.113.4",
        "203.0.113.4 - 80",
        "203.0.113.x",
        "203.0.113.*",
        "chặn 203.0.113.4-7 ngay",
        "lưu lượng 2001:db8::1 đến 2001:db8::f",
    ],
)
def test_what_may_mean_something_else_is_asked_about(text: str) -> None:
    told = read(text)
    assert len(told) == 1
    assert told[0].startswith("?")


def test_addresses_of_the_newer_kind_have_spans_too() -> None:
    for text in ("2001:db8::1 đến 2001:db8::3", "2001:db8::1 - 2001:db8::3"):
        assert read(text) == ["2001:db8::1", "2001:db8::2/127"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("203.0.113.4, 203.0.113.7 đến nay", ["203.0.113.4", "203.0.113.7"]),
        ("từ 203.0.113.4 đến cổng khác", ["203.0.113.4"]),
        ("10.0.0.5 -> 203.0.113.7", ["203.0.113.7"]),
        ("phiên bản 1.2.3.4-5", []),
        ("từ 8:00 đến 9:30 ngày 1/9", []),
    ],
)
def test_what_is_no_span_is_left_alone(text: str, told: list[str]) -> None:
    assert read(text) == told


def test_the_words_between_and_the_whole_are_known() -> None:
    assert SPAN.fullmatch("từ 203.0.113.4 đến 203.0.113.7")
    assert SPAN_WORD.fullmatch("đến")
    (span,) = address_spans("x: 203.0.113.4-7")
    assert (span.start, span.value, span.asked) == (3, "203.0.113.4-203.0.113.7", True)


@pytest.mark.parametrize(
    "unit", ["203.0.113.4 đến ", "203.0.113.4-", "1:2:3:", "203.0.113.x ", "~"]
)
def test_hostile_spans_are_read_to_their_end(unit: str) -> None:
    find_indicators(unit * (60_000 // len(unit)), ListOptions())
