"""One Suricata rule, taken apart."""

import pytest

from quetsach.indicators.formats.suricata_rules import LONGEST_RULE, content_text, parse_rule


def test_options_keep_signs_that_are_quoted_or_escaped() -> None:
    rule = parse_rule('alert dns any any -> any any (msg:"a; b \\"c\\""; content:"x|3b|y"; sid:7;)')
    assert rule is not None
    assert rule.options == (
        ("msg", '"a; b \\"c\\""'),
        ("content", '"x|3b|y"'),
        ("sid", "7"),
    )
    assert (rule.protocol, rule.source, rule.target_port) == ("dns", "any", "any")


def test_lists_of_hosts_may_hold_blanks() -> None:
    rule = parse_rule("drop ip any any <> [203.0.113.1, 203.0.113.2] 80 (sid:1;)")
    assert rule is not None
    assert rule.target == "[203.0.113.1, 203.0.113.2]"


@pytest.mark.parametrize(
    "text",
    [
        "alert dns any any -> any any",
        'alert dns any any -> any any (msg:"never closed; sid:1;)',
        "alert dns any any any any (sid:1;)",
        "alert dns any any -> any any (sid:1)",
        "alert dns any any -> any any (" + "a" * LONGEST_RULE + ";)",
    ],
)
def test_what_is_no_rule_is_none(text: str) -> None:
    assert parse_rule(text) is None


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ('"bad|2e|example"', "bad.example"),
        ('"a|62 61 64 2E|example"', "abad.example"),
        ('"a\\;b"', "a;b"),
        ('!"bad.example"', None),
        ('"|ff fe|"', None),
        ('"|2|"', None),
        ("bad.example", None),
    ],
)
def test_the_text_of_a_content(written: str, text: str | None) -> None:
    assert content_text(written) == text
