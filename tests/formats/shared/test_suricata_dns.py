"""What a dns section of each version asks and answers."""

from typing import Any

import pytest

from quetsach.formats.shared.suricata_dns import Record, dns_section, is_answer, questions

ASKED = {"rrname": "bad.example", "rrtype": "A"}


@pytest.mark.parametrize(
    "section",
    [ASKED, {"query": [ASKED]}, {"queries": [ASKED]}, {"queries": [None, ASKED], **ASKED}],
    ids=["versions 1 and 2", "an alert", "version 3", "version 3 with an odd row"],
)
def test_a_name_is_asked_for_in_each_version(section: dict[str, Any]) -> None:
    (record,) = questions({}, {"dns": section})
    assert record == {"dns.question.name": "bad.example", "dns.question.type": "A"}


def test_each_of_several_names_has_its_record_and_no_name_leaves_one() -> None:
    other = {"rrname": "also.example"}
    several = questions({"source.port": 1}, {"dns": {"queries": [ASKED, other, ASKED]}})
    assert {row["dns.question.name"] for row in several} == {"bad.example", "also.example"}
    assert all(row["source.port"] == 1 for row in several)
    assert questions({"source.port": 1}, {"dns": {"queries": "odd"}}) == [{"source.port": 1}]


@pytest.mark.parametrize(
    ("section", "answers"),
    [
        ({"rdata": "192.0.2.1"}, ["192.0.2.1"]),
        ({"answers": [{"rdata": "192.0.2.1"}, {"mx": {"name": "mail.example"}}]}, None),
        ({"grouped": {"A": ["192.0.2.1"], "SOA": [{"soa": {"mname": "ns.example"}}]}}, None),
    ],
)
def test_what_was_answered_is_read_in_each_version(
    section: dict[str, Any], answers: list[str] | None
) -> None:
    record: Record = {}
    dns_section(record, section, "dns")
    names = record["dns.answers"]
    assert names[0] == "192.0.2.1"
    assert answers is None or names == answers
    assert record["event.outcome"] == "success"


def test_a_name_that_does_not_exist_is_no_success() -> None:
    record: Record = {}
    dns_section(record, {"type": "answer", "rcode": "NXDOMAIN", **ASKED}, "dns")
    assert record["event.outcome"] == "failure"
    assert record["event.action"] == "answer"
    assert is_answer({"type": "response"})
    assert not is_answer({"type": "query"})
    assert not is_answer([])
