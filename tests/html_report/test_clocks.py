"""Clocks that are off: by how much, what was done about it, and what is not known."""

import pytest

from quetsach.html_report.clocks import clocks_of
from tests.html_report import example
from tests.html_report.reading import part


def test_the_clocks_that_are_off_stand_first_the_farthest_before_all() -> None:
    clocks = clocks_of(example.findings().coverage)
    assert clocks.told
    assert [one.apart for one in clocks.off] == [
        "nhanh 1 giờ 2 phút",
        "nhanh 6 phút 40 giây",
        "chậm 32 giây",
    ]
    assert [one.apart for one in clocks.same] == ["khớp, lệch không quá 2 giây"]


def test_the_page_says_whether_a_clock_was_set_right() -> None:
    text = part("looked-at", used="en")
    assert "1 h 2 min fast set right when machines were named" in text
    assert "6 min 40 s fast the difference is not steady: not set right" in text
    assert "32 s slow" in text
    assert "Clocks that agree within 2 seconds: 1" in text


def test_clocks_that_could_not_be_compared_are_said_to_be_unknown() -> None:
    found = example.findings()
    found.coverage["clocks"] = []
    assert "how their clocks differ is not known" in part("looked-at", found, "en")


def test_findings_of_an_earlier_version_say_nothing_of_clocks() -> None:
    found = example.findings()
    del found.coverage["clocks"]
    assert "Đồng hồ" not in part("looked-at", found)


@pytest.mark.parametrize(
    ("offset", "shown"), [(2.0, "the same"), (2.6, "3 s fast"), (31_536_000.0, "365 d fast")]
)
def test_a_difference_is_said_in_its_two_largest_units(offset: float, shown: str) -> None:
    found = example.findings()
    found.coverage["clocks"] = [{**found.coverage["clocks"][1], "offset_s": offset}]
    assert shown in part("looked-at", found, "en")


def test_a_declared_clock_that_the_events_contradict_stands_among_those_that_are_off() -> None:
    found = example.findings()
    declared = {"offset_s": 0.0, "declared_s": 0.0, "measured_s": 3600.0, "used": True}
    found.coverage["clocks"] = [{**found.coverage["clocks"][1], **declared}]
    (clock,) = clocks_of(found.coverage).off
    assert "1" in clock.done
    assert not clocks_of(found.coverage).same
