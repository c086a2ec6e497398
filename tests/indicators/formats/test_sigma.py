"""Sigma rules: values that are enough alone are taken, the others listed; hostile YAML is named."""

import pytest
from sigma.rule import SigmaRule

from quetsach.indicators.formats.strict_yaml import LARGEST_YAML
from quetsach.indicators.model import IndicatorStatus, MatchRule, Tlp
from quetsach.indicators.options import RefusalReason
from quetsach.texts import use_language
from tests.indicators.formats.reading import read, rows, taken

SHA256, MD5 = "a" * 64, "b" * 32
HEAD = """title: Liên lạc với máy chủ điều khiển
id: 5c1a3a0c-5b5e-4b42-9d3c-0d3f0a6d8a11
status: stable
tags:
    - attack.command-and-control
    - tlp.amber
logsource:
    category: dns_query
    product: windows
"""


def rule(detection: str, head: str = HEAD) -> bytes:
    return f"{head}detection:\n{detection}level: high\n".encode()


ALL_KINDS = rule(
    f"""    names:
        EventID: 22
        QueryName:
            - bad.example
            - '*.worse.example'
    below:
        QueryName|endswith:
            - .worst.example
            - notes.txt
    addresses:
        DestinationIp:
            - 203.0.113.7
            - 2001:db8::7
    networks:
        DestinationIp|cidr: 198.51.100.0/24
    pages:
        c-uri: http://bad.example/a
    parts:
        c-uri|contains: /gate.php
    files:
        Hashes|contains:
            - SHA256={SHA256}
            - IMPHASH={MD5}
    bare:
        md5: {MD5}
    programs:
        Image|endswith: \\x.exe
    condition: 1 of them
"""
)


def test_values_that_are_enough_alone_are_taken_by_their_field() -> None:
    found = rows(ALL_KINDS, "sigma")
    assert [(one.value, one.rule) for one in found if one.refused is None] == [
        ("bad.example", MatchRule.EXACT),
        ("worse.example", MatchRule.BELOW),
        ("worst.example", MatchRule.BELOW),
        ("203.0.113.7", None),
        ("2001:db8::7", None),
        ("198.51.100.0/24", None),
        ("http://bad.example/a", None),
        (SHA256, None),
        (MD5, None),
    ]
    assert [(one.value, one.refused) for one in found if one.refused is not None] == [
        ("notes.txt", RefusalReason.NOT_APPLIED),
        ("/gate.php", RefusalReason.NOT_APPLIED),
        (f"IMPHASH={MD5}", RefusalReason.OTHER_KIND),
        ("\\x.exe", RefusalReason.OTHER_KIND),
    ]
    claim = found[0].claim
    assert (claim.label, claim.tlp) == ("Liên lạc với máy chủ điều khiển", Tlp.AMBER)
    assert claim.status is IndicatorStatus.ACTIVE


def test_no_value_is_lost_by_the_judgement_of_pysigma() -> None:
    judged = SigmaRule.from_yaml(ALL_KINDS.decode())
    values = [
        str(value)
        for detection in judged.detection.detections.values()
        for item in detection.detection_items
        for value in item.value
        if item.field != "EventID"
    ]
    assert len(values) == len(rows(ALL_KINDS, "sigma"))


@pytest.mark.parametrize(
    "condition",
    [
        "selection and not filter",
        "all of them",
        "selection | count() by QueryName > 5",
        "selection or (filter and selection)",
        "not selection",
        "",
    ],
)
def test_what_is_not_enough_alone_is_listed_and_not_met(condition: str) -> None:
    text = f"""    selection:
        QueryName: bad.example
    filter:
        QueryName: good.example
    condition: '{condition}'
"""
    found = rows(rule(text), "sigma")
    assert {one.refused for one in found} == {RefusalReason.NOT_APPLIED}
    assert len(found) == 2


def test_two_fields_of_one_selection_are_joined_by_and() -> None:
    text = """    selection:
        QueryName: bad.example
        Image|endswith: .exe
    condition: selection
"""
    assert taken(rows(rule(text), "sigma")) == []
    maps = """    selection:
        - QueryName: bad.example
        - DestinationIp: 203.0.113.7
          DestinationPort: 4444
        - DestinationHostname|all:
            - a.example
            - b.example
    condition: selection
"""
    assert taken(rows(rule(maps), "sigma")) == ["bad.example"]


def test_rules_in_one_file_are_counted_on_and_a_rule_that_was_ended_withdraws() -> None:
    ended = HEAD.replace("stable", "deprecated")
    text = "    a:\n        QueryName: {}.example\n    condition: a\n"
    raw = rule(text.format("one")) + b"---\n" + rule(text.format("two"), ended)
    found = rows(raw, "sigma")
    assert [(one.number, one.value) for one in found] == [(1, "one.example"), (2, "two.example")]
    assert found[1].claim.status is IndicatorStatus.WITHDRAWN


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("    a: &x [1]\n    b: *x\n", "aliases"),
        ("    a: !!python/object/apply:os.system ['true']\n", "tags"),
        ("    a: " + "[" * 200 + "\n", "deep"),
        ("    a: [\n", "expected"),
        ("    \x00a: 1\n", "special characters"),
    ],
)
def test_hostile_yaml_is_named_and_not_read(harm: str, said: str) -> None:
    use_language("en")
    form, reading = read(rule(harm))
    assert form == "sigma"
    assert said in str(reading.problems[0].facts["reason"])
    assert not list(reading.rows)


def test_what_is_too_large_is_not_read_and_other_yaml_is_no_sigma() -> None:
    form, reading = read(rule("    a: 1\n") + b"# x\n" * (LARGEST_YAML // 4))
    assert form == "sigma"
    assert reading.problems
    assert read(b"title: x\nlogsource:\n  a: b\nhosts:\n  - bad.example\n")[0] != "sigma"


def test_them_and_patterns_leave_out_what_begins_with_an_underscore() -> None:
    text = """    selection:
        QueryName: bad.example
    _known:
        QueryName: good.example
    condition: 1 of {}
"""
    assert taken(rows(rule(text.format("them")), "sigma")) == ["bad.example"]
    assert taken(rows(rule(text.format("_kn*")), "sigma")) == ["good.example"]


@pytest.mark.parametrize("modifier", ["neq", "re", "startswith|neq"])
def test_a_labelled_hash_with_another_modifier_is_not_met(modifier: str) -> None:
    text = f"""    selection:
        Hashes|{modifier}: MD5={MD5}
    condition: selection
"""
    assert [one.refused for one in rows(rule(text), "sigma")] == [RefusalReason.NOT_APPLIED]


@pytest.mark.parametrize(
    "condition",
    [
        "selection" + " " * 300_000 + "x",
        "1 of " + "s*" * 30 + "x",
        " or ".join(["1 of s*"] * 5_000),
    ],
)
def test_a_condition_made_to_take_long_is_not_understood(condition: str) -> None:
    text = f"""    {"s" * 100}:
        QueryName: bad.example
    condition: '{condition}'
"""
    assert [one.refused for one in rows(rule(text), "sigma")] == [RefusalReason.NOT_APPLIED]


@pytest.mark.parametrize(
    ("more", "values"),
    [("", ["other.example"]), ("    generate: true\n", ["bad.example", "other.example"])],
)
def test_a_rule_that_a_correlation_counts_is_not_enough_alone(more: str, values: list[str]) -> None:
    text = "    a:\n        QueryName: {}\n    condition: a\n"
    counting = f"""title: often
correlation:
    type: event_count
    rules:
        - counted
{more}    timespan: 1h
    condition:
        gte: 100
"""
    counted = rule(text.format("bad.example"), f"name: counted\n{HEAD}")
    other = rule(text.format("other.example"))
    raw = b"---\n".join((counted, counting.encode(), other))
    assert taken(rows(raw, "sigma")) == values
