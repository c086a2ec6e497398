"""The destinations of notices as indicators."""

from dataclasses import replace

from quetsach.indicators.model import IndicatorKind, MatchRule
from quetsach.notices.model import Notice, NoticeFile
from quetsach.notices.world import MOST_ORIGINS, targets_of

NOTICE = Notice("n.csv", 1, "203.0.113.5", remote_address="198.51.100.77", remote_port=443, row=2)


def file_of(*notices: Notice) -> NoticeFile:
    return NoticeFile("n.csv", "table", "0" * 64, len(notices), notices, ())


def test_addresses_stand_without_port_and_names_are_met_exactly() -> None:
    named = replace(NOTICE, number=2, remote_address="", remote_name="bad.example", family="x")
    found = targets_of([file_of(NOTICE, named)])
    assert [(one.key, one.kind, one.rule) for one in found.indicators] == [
        ("198.51.100.77", IndicatorKind.ADDRESS, MatchRule.EXACT),
        ("bad.example", IndicatorKind.NAME, MatchRule.EXACT),
    ]
    assert found.indicators[0].origins[0].row == 2
    assert found.indicators[1].label == "x"


def test_one_destination_of_many_notices_is_one_indicator() -> None:
    many = [replace(NOTICE, number=number, row=number) for number in range(1, 101)]
    found = targets_of([file_of(*many)])
    assert len(found.indicators) == 1
    assert len(found.indicators[0].origins) == MOST_ORIGINS


def test_a_name_that_everybody_visits_is_refused_once() -> None:
    one = replace(NOTICE, remote_address="", remote_name="www.google.com")
    found = targets_of([file_of(one, one)])
    assert len(found.indicators) == 0
    assert [(row.value, row.reason) for row in found.refusals] == [("www.google.com", "reference")]


def test_private_destinations_are_taken_only_where_they_are_meant() -> None:
    one = replace(NOTICE, remote_address="10.0.5.13")
    assert [row.reason for row in targets_of([file_of(one)]).refusals] == ["private"]
    assert len(targets_of([file_of(one)], accept_private=True).indicators) == 1


def test_a_notice_without_destination_asks_for_nothing() -> None:
    assert len(targets_of([file_of(Notice("n.csv", 1, "203.0.113.5"))]).indicators) == 0
