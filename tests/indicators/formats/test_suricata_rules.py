"""Suricata's rules: simple ones are lifted as narrow as they are, all others are told."""

from pathlib import Path

import pytest

from quetsach.indicators.formats.suricata_rules import LONGEST_RULE, content_text, parse_rule
from tests.indicators.formats.lists import form, read, refused, rules


def _rule(options: str, header: str = "alert dns any any -> any any") -> str:
    return f'{header} ({options} msg:"ET test"; sid:2000001; rev:3;)\n'


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ('dns.query; dotprefix; content:".bad.example"; endswith; nocase;', "below"),
        ('dns.query; content:"bad.example"; endswith;', "below"),
        ('dns_query; content:"bad.example"; depth:11; isdataat:!1,relative;', "exact"),
        ('dns.query; content:"bad|2e|example"; bsize:11; fast_pattern;', "exact"),
        ('tls.sni; content:"BAD.example"; startswith; endswith;', "exact"),
        ('content:"bad.example"; http_host; bsize:11;', "exact"),
        ('flow:established,to_server; http.host; content:"bad.example"; bsize:11;', "exact"),
    ],
)
def test_a_rule_for_one_name_is_lifted(tmp_path: Path, options: str, wanted: str) -> None:
    found = read(tmp_path, "x.rules", _rule(options))
    assert form(found) == "suricata-rules"
    assert rules(found) == [("bad.example", wanted)]
    assert found.indicators[0].claim.label == "ET test (sid 2000001, rev 3)"


@pytest.mark.parametrize(
    "options",
    [
        'dns.query; content:"bad.example"; nocase;',
        'dns.query; content:"bad.example"; startswith;',
        'dns.query; content:"bad.example"; bsize:>11;',
        'dns.query; content:"bad.example"; depth:30;',
        'dns.query; content:!"bad.example"; endswith;',
        'dns.query; content:"bad"; content:".example"; endswith;',
        'dns.query; content:"bad.example"; endswith; pcre:"/^[a-z]+/";',
        'http.host; content:"bad.example"; bsize:11; http.uri; content:"/a";',
        'http.uri; content:"/gate.php"; endswith;',
        'content:"bad.example";',
        "dns.query; dataset:isset,bad,type string,load bad.lst;",
        "filesha256:bad.lst;",
        'flowbits:isset,seen; dns.query; content:"bad.example"; bsize:11;',
        'tls.cert_fingerprint; content:"aa"; bsize:2;',
    ],
)
def test_what_says_more_than_one_name_is_told_with_its_number(tmp_path: Path, options: str) -> None:
    found = read(tmp_path, "x.rules", _rule(options))
    assert found.indicators == ()
    (one,) = found.refusals
    assert one.reason == "not-applied"
    assert one.origin.text == "sid:2000001; rev:3; ET test"


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (
            "alert ip any any -> [203.0.113.1,203.0.113.0/28] any",
            ["203.0.113.0/28", "203.0.113.1"],
        ),
        ("drop tcp $HOME_NET any -> 203.0.113.1 443", ["203.0.113.1:443"]),
        ("alert tcp any any -> 203.0.113.1 [80,443]", ["203.0.113.1:443", "203.0.113.1:80"]),
        ("alert ip [203.0.113.1] any -> $HOME_NET any", ["203.0.113.1"]),
        ("alert udp any any <> [2001:db8::1] any", ["2001:db8::1"]),
    ],
)
def test_listed_addresses_are_lifted(tmp_path: Path, header: str, wanted: list[str]) -> None:
    found = read(tmp_path, "x.rules", _rule("", header))
    assert [key for key, _rule in rules(found)] == wanted


@pytest.mark.parametrize(
    "header",
    [
        "alert ip any any -> !203.0.113.1 any",
        "alert ip any any -> [203.0.113.0/24,!203.0.113.1] any",
        "alert tcp any any -> 203.0.113.0/24 443",
        "alert tcp any any -> 203.0.113.1 $HTTP_PORTS",
        "alert tcp any any -> 203.0.113.1 1024:",
        "alert tcp any 53 -> 203.0.113.1 any",
        "alert ip 203.0.113.1 any -> 203.0.113.2 any",
        "alert ip $HOME_NET any -> $EXTERNAL_NET any",
    ],
)
def test_what_names_no_bare_address_is_told(tmp_path: Path, header: str) -> None:
    found = read(tmp_path, "x.rules", _rule("", header))
    assert found.indicators == ()
    assert refused(found) == [(1, "not-applied")]


def test_class_and_family_come_from_metadata(tmp_path: Path) -> None:
    text = (
        "alert dns any any -> any any "
        '(msg:"ET MALWARE Emotet CnC Domain"; dns.query; content:"bad.example"; bsize:11; '
        "classtype:command-and-control; metadata:created_at 2022_09_01, malware_family Emotet_X; "
        "sid:1; rev:1;)\n"
    )
    (one,) = read(tmp_path, "x.rules", text).indicators
    assert (one.claim.of_class, one.claim.family) == ("c2", "Emotet X")


def test_comments_are_no_rows_and_a_rule_may_go_on_over_lines(tmp_path: Path) -> None:
    text = (
        '# alert dns any any -> any any (dns.query; content:"off.example"; bsize:11; sid:1;)\n'
        "\n"
        "alert dns any any -> any any \\\n"
        '    (dns.query; content:"bad.example"; bsize:11; \\\n'
        "    sid:2; rev:1;)\n"
        'pass dns any any -> any any (dns.query; content:"www.example"; bsize:11; sid:3;)\n'
        "alert dns any any -> any any (broken\n"
    )
    found = read(tmp_path, "x.rules", text)
    assert rules(found) == [("bad.example", "exact")]
    assert found.indicators[0].origins[0].row == 3
    assert refused(found) == [(6, "exception"), (7, "unparsable")]


def test_a_line_that_goes_on_for_ever_ends_as_one_refused_row(tmp_path: Path) -> None:
    text = (
        _rule('dns.query; content:"bad.example"; bsize:11;')
        + "alert ip any any -> any any \\\n" * 9000
    )
    found = read(tmp_path, "x.rules", text)
    assert rules(found) == [("bad.example", "exact")]
    assert {reason for _row, reason in refused(found)} == {"unparsable"}


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
