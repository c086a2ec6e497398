"""Patterns: what is taken means the same as the pattern, judged by the parser of OASIS."""

import re

from hypothesis import given
from hypothesis import strategies as st
from stix2patterns.exceptions import ParseException
from stix2patterns.v21.pattern import Pattern

from quetsach.indicators.formats.stix_pattern import PatternValue, read_pattern
from quetsach.indicators.model import MatchRule
from quetsach.indicators.options import RefusalReason

MD5, SHA1, SHA256 = "a" * 32, "b" * 40, "c" * 64


def values(pattern: str) -> list[str]:
    found = read_pattern(pattern)
    assert found.refused is None, found
    return [one.value for one in found.values]


def refused(pattern: str) -> RefusalReason | None:
    found = read_pattern(pattern)
    assert not found.values
    return found.refused


def test_a_single_comparison_gives_its_value() -> None:
    assert read_pattern("[domain-name:value = 'bad.example']").values == (
        PatternValue("bad.example", rule=MatchRule.EXACT),
    )
    assert values("[ipv4-addr:value='203.0.113.77/32']") == ["203.0.113.77/32"]
    assert values("[ ipv6-addr:value = '2001:db8::5' ]") == ["2001:db8::5"]
    assert values(r"[url:value = 'http://bad.example/it\'s']") == ["http://bad.example/it's"]
    assert values(f"[file:hashes.MD5 = '{MD5}']") == [MD5]
    assert values(f"[file:hashes.'SHA-1' = '{SHA1}']") == [SHA1]
    assert values(f"[file:hashes.'SHA-256' = '{SHA256}']") == [SHA256]
    assert values(f"[file:hashes.SHA256 = '{SHA256}']") == [SHA256]
    assert values("[network-traffic:dst_ref.value = '203.0.113.7']") == ["203.0.113.7"]


def test_a_web_address_without_a_path_is_no_name() -> None:
    assert values("[url:value = 'bad.example']") == ["http://bad.example"]


def test_a_digest_of_the_wrong_length_is_not_taken_for_another() -> None:
    assert values(f"[file:hashes.MD5 = '{SHA1}']") == [f"file:hashes.md5 {SHA1}"]


def test_alternatives_give_one_value_each() -> None:
    both = ["203.0.113.7", "bad.example"]
    one, two = "ipv4-addr:value = '203.0.113.7'", "domain-name:value = 'bad.example'"
    for pattern in (
        f"[{one} OR {two}]",
        f"[{one}] OR [{two}]",
        f"([{one}] OR [{two}])",
        f"[({one} OR {two})]",
        f"[{one} OR {two} OR {one}]",
    ):
        assert values(pattern) == both, pattern
    assert values("[ipv4-addr:value IN ('203.0.113.7', '203.0.113.8')]") == [
        "203.0.113.7",
        "203.0.113.8",
    ]


def test_a_subset_is_a_network() -> None:
    assert values("[ipv4-addr:value ISSUBSET '203.0.113.0/24']") == ["203.0.113.0/24"]
    assert refused("[domain-name:value ISSUBSET 'bad.example']") is RefusalReason.NOT_APPLIED
    assert refused("[ipv4-addr:value ISSUPERSET '203.0.113.0/24']") is RefusalReason.NOT_APPLIED


def test_address_and_port_of_one_flow_are_one_value() -> None:
    flow = "network-traffic:dst_ref.value = '203.0.113.7' AND network-traffic:dst_port = 4443"
    expected = (PatternValue("203.0.113.7", 4443),)
    assert read_pattern(f"[{flow}]").values == expected
    assert read_pattern(f"[network-traffic:dst_ref.type = 'ipv4-addr' AND {flow}]").values == (
        expected
    )
    assert read_pattern(f"[({flow}) OR ipv4-addr:value = '203.0.113.8']").values == (
        *expected,
        PatternValue("203.0.113.8"),
    )
    assert (
        refused(f"[{flow} AND network-traffic:protocols[*] = 'tcp']") is RefusalReason.NOT_APPLIED
    )
    assert refused(flow.replace("4443", "70000").join("[]")) is RefusalReason.NOT_APPLIED
    assert refused(flow.replace(".7'", ".0/24'").join("[]")) is RefusalReason.NOT_APPLIED


def test_hashes_of_one_file_name_the_same_file() -> None:
    pair = f"file:hashes.MD5 = '{MD5}' AND file:hashes.'SHA-256' = '{SHA256}'"
    assert values(f"[{pair}]") == [MD5, SHA256]
    assert refused(f"[{pair} AND file:name = 'a.exe']") is RefusalReason.NOT_APPLIED
    assert refused(f"[file:hashes.MD5 = '{MD5}' AND file:hashes.MD5 = '{MD5}']") is (
        RefusalReason.NOT_APPLIED
    )


def test_a_name_with_all_below_it_is_met_so() -> None:
    both = "[domain-name:value = 'bad.example' OR domain-name:value LIKE '%.bad.example']"
    assert read_pattern(both).values == (PatternValue("bad.example", rule=MatchRule.BELOW),)
    assert refused(both.replace("%.", "%")) is RefusalReason.NOT_APPLIED
    assert refused("[domain-name:value LIKE '%.bad.example']") is RefusalReason.NOT_APPLIED


def test_what_says_more_than_a_value_is_not_applied() -> None:
    name, other = "domain-name:value = 'bad.example'", "ipv4-addr:value = '203.0.113.7'"
    for pattern in (
        f"[{name} AND {other}]",
        f"[{name}] AND [{other}]",
        f"[{name}] FOLLOWEDBY [{other}]",
        f"([{name}] FOLLOWEDBY [{other}]) WITHIN 300 SECONDS",
        f"[{name}] REPEATS 5 TIMES",
        "[domain-name:value != 'bad.example']",
        "[domain-name:value NOT = 'bad.example']",
        r"[domain-name:value MATCHES '^bad\\.']",
        f"[{name} AND ({other} OR {other})]",
        f"[({name} OR {other}) AND {other}]",
        f"[{name} OR {other} AND domain-name:value = 'b.example']",
        "[network-traffic:src_ref.value = '203.0.113.7']",
    ):
        assert refused(pattern) is RefusalReason.NOT_APPLIED, pattern


def test_what_is_no_value_of_ours_is_of_another_kind() -> None:
    assert refused("[file:name = 'a.exe']") is RefusalReason.OTHER_KIND
    assert refused("[email-addr:value = 'a@bad.example']") is RefusalReason.OTHER_KIND
    assert refused("[windows-registry-key:key = 'HKLM']") is RefusalReason.OTHER_KIND


def test_a_broken_pattern_is_unparsable() -> None:
    for pattern in (
        "",
        "bad.example",
        "[domain-name:value = 'bad.example'",
        "domain-name:value = 'bad.example'",
        "[domain-name:value = bad.example]",
        "[domain-name:value = 'bad.example' OR]",
        "[[domain-name:value = 'bad.example']]",
        "[domain-name:value = 'bad.example')]",
        "[domain-name:value = 'bad.example'] [domain-name:value = 'bad.example']",
    ):
        assert refused(pattern) is RefusalReason.UNPARSABLE, pattern


def test_a_huge_or_deep_pattern_is_not_given_to_the_parser() -> None:
    for pattern in (
        "[" + "(" * 500_000 + "a:b = 'c'" + ")" * 500_000 + "]",
        "[" + "a:b MATCHES 'c' AND " * 50_000 + "a:b = 'c']",
        "[" * 1_000_000,
        "[domain-name:value = '" + "\\" * 1_000_000,
        "[file:name" + "a" * 1_000_000,
    ):
        assert refused(pattern) in (
            RefusalReason.NOT_APPLIED,
            RefusalReason.UNPARSABLE,
            RefusalReason.OTHER_KIND,
        )
    one = "domain-name:value = 'a.example'"
    deep = "(" * 100_000 + "[" + " OR ".join([one] * 50_000) + "]" + ")" * 100_000
    assert values(deep) == ["a.example"]
    many = " OR ".join(f"ipv4-addr:value = '203.0.113.{n % 256}'" for n in range(20_000))
    assert len(values(f"[{many}]")) == 256


PATHS = st.sampled_from(
    ["domain-name:value", "ipv4-addr:value", "url:value", "file:hashes.'SHA-256'", "file:name"]
)
TEXTS = st.sampled_from(["a.example", "203.0.113.7", "it\\'s", "back\\\\slash", "", "%.a.example"])
COMPARISONS = st.builds(
    "{} {} '{}'".format, PATHS, st.sampled_from(["=", "!=", "LIKE", "NOT =", "MATCHES"]), TEXTS
) | st.builds("{} IN ('{}', '{}')".format, PATHS, TEXTS, TEXTS)
EXPRESSIONS = st.recursive(
    COMPARISONS,
    lambda inner: (
        st.builds("({})".format, inner)
        | st.builds("{} OR {}".format, inner, inner)
        | st.builds("{} AND {}".format, inner, inner)
    ),
    max_leaves=5,
)
PATTERNS = st.recursive(
    st.builds("[{}]".format, EXPRESSIONS),
    lambda inner: (
        st.builds("({})".format, inner)
        | st.builds("{} OR {}".format, inner, inner)
        | st.builds("{} FOLLOWEDBY {}".format, inner, inner)
        | st.builds("{} REPEATS 2 TIMES".format, inner)
    ),
    max_leaves=3,
)


@given(PATTERNS, st.integers(min_value=0), st.sampled_from(["", "'", "[", ")", " OR ", "\\"]))
def test_what_is_taken_is_valid_and_all_its_values_are_there(
    pattern: str, where: int, damage: str
) -> None:
    at = where % (len(pattern) + 1)
    for written in (pattern, pattern[:at] + damage + pattern[at:], pattern[:at]):
        found = read_pattern(written)
        try:
            judged = Pattern(written).inspect()
        except ParseException:
            assert found.refused is not None
            continue
        assert found.refused is not RefusalReason.UNPARSABLE
        if found.refused is None:
            assert not judged.qualifiers
            assert judged.observation_ops <= {"OR"}
            assert {one.value for one in found.values} == set(judged_values(judged.comparisons))


def judged_values(comparisons: dict[str, list[tuple[list[str], str, object]]]) -> list[str]:
    found = []
    for kind, tests in comparisons.items():
        for path, operator, literal in tests:
            assert operator in ("=", "IN", "LIKE")
            literals = re.findall(r"'(?:[^'\\]|\\.)*'", str(literal)) if operator != "LIKE" else []
            for each in literals:
                value = re.sub(r"\\(.)", r"\1", each[1:-1])
                if kind == "file" and len(value) != 64:
                    value = f"file:hashes.sha256 {value}"
                found.append(f"http://{value}" if kind == "url" and "/" not in value else value)
            assert path
    return found
