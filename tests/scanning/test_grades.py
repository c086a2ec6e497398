"""How strong a sighting is, by what came of the contact."""

import pytest

from quetsach.indicators.model import MatchRule
from quetsach.scanning.grades import SightingGrade
from quetsach.scanning.matching import Direction
from tests.scanning.matches import lookup_of, only_match


def test_question_is_asked_until_an_answer_comes_back() -> None:
    lookup = lookup_of("bad.example")
    asked = only_match({"dns.question.name": "WWW.Bad.Example."}, lookup)
    assert (asked.grade, asked.rule, asked.labels_below) == (
        SightingGrade.ASKED,
        MatchRule.BELOW,
        1,
    )
    question = {"dns.question.name": "bad.example", "dns.answers": ["203.0.113.7"]}
    assert only_match(question, lookup).grade is SightingGrade.ANSWERED
    assert (
        only_match({**question, "dns.response_code": "NXDOMAIN"}, lookup).grade
        is SightingGrade.ASKED
    )
    assert only_match({**question, "event.type": "denied"}, lookup).grade is SightingGrade.ASKED


@pytest.mark.parametrize(
    ("more", "grade"),
    [
        ({}, SightingGrade.CONNECTED),
        (
            {"event.type": "denied", "source.bytes": 9, "destination.bytes": 9},
            SightingGrade.BLOCKED,
        ),
        ({"event.outcome": "failure"}, SightingGrade.BLOCKED),
        ({"source.bytes": 9, "destination.bytes": 0}, SightingGrade.CONNECTED),
        ({"source.bytes": 9, "destination.bytes": 9}, SightingGrade.MOVED),
        ({"http.response.status_code": 404}, SightingGrade.MOVED),
        ({"file.hash.md5": "0" * 32}, SightingGrade.MOVED),
    ],
)
def test_contact_is_graded_by_what_came_of_it(
    more: dict[str, object], grade: SightingGrade
) -> None:
    hit = only_match({"destination.ip": "203.0.113.7", **more}, lookup_of("203.0.113.7"))
    assert (hit.field, hit.grade, hit.direction) == ("destination.ip", grade, Direction.OUTBOUND)


def test_grades_are_in_order() -> None:
    ranks = [
        grade.rank for grade in map(SightingGrade, ("mentioned", "asked", "answered", "blocked"))
    ]
    assert ranks == [0, 1, 2, 3]
    assert SightingGrade.MOVED.rank > SightingGrade.CONNECTED.rank > SightingGrade.BLOCKED.rank


ANSWER = {
    "event.type": "connection",
    "source.ip": "10.20.9.5",
    "source.port": 443,
    "destination.ip": "203.0.113.77",
    "destination.port": 51544,
}


@pytest.mark.parametrize(
    "more",
    [
        {"event.dataset": "aws.vpcflow"},
        {"event.dataset": "ids.alert", "rule.name": "scan"},
        {"event.dataset": "cisco.asa", "event.type": "denied"},
        {"event.dataset": "cisco.asa", "event.action": "permitted"},
        {"event.dataset": "pf.filterlog", "source.port": 8080},
        {"event.dataset": "fortigate.sniffer"},
        {
            "event.dataset": "netflow.flow",
            "source.ip": "203.0.113.77",
            "destination.ip": "10.1.1.1",
        },
    ],
)
def test_a_servers_answer_seen_alone_says_nothing_of_who_began(more: dict[str, object]) -> None:
    met = only_match({**ANSWER, **more}, lookup_of("203.0.113.77"))
    assert (met.grade, met.direction) == (SightingGrade.MENTIONED, None)


@pytest.mark.parametrize(
    "more",
    [
        {"event.dataset": "aws.vpcflow", "source.port": 51544, "destination.port": 443},
        {"event.dataset": "aws.vpcflow", "source.port": 500, "destination.port": 4500},
        {"event.dataset": "netflow.flow", "source.port": 51544, "destination.port": 51545},
        {"event.dataset": "zeek.conn"},
        {"event.dataset": "fortigate.traffic"},
    ],
)
def test_who_began_is_known_by_state_or_by_ports(more: dict[str, object]) -> None:
    met = only_match({**ANSWER, **more}, lookup_of("203.0.113.77"))
    assert (met.grade, met.direction) == (SightingGrade.CONNECTED, Direction.OUTBOUND)
