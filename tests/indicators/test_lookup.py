"""Values meet their indicators on label borders, by port, by the longest prefix."""

import ipaddress

from quetsach.indicators.lookup import IndicatorLookup
from quetsach.indicators.model import Indicator, IndicatorKind, IndicatorSet, MatchRule
from quetsach.indicators.options import ListOptions
from quetsach.indicators.sieve_keys import sieve_keys
from quetsach.indicators.values import parse_value
from tests.counted_work import growth


def _set(*texts: str, exact: tuple[str, ...] = ()) -> IndicatorSet:
    found = []
    for text in (*texts, *exact):
        for value in parse_value(text, ListOptions()).values:
            rule = MatchRule.EXACT if text in exact else value.rule
            found.append(Indicator(value.key, value.shown, value.kind, rule, value.port))
    return IndicatorSet(tuple(sorted(found, key=lambda one: one.key)))


def _met(lookup: IndicatorLookup, name: str) -> list[tuple[str, int]]:
    return [(one.key, below) for one, below in lookup.by_name(name)]


def test_name_meets_itself_and_all_below_it_but_no_substring() -> None:
    lookup = IndicatorLookup(_set("bad.example", "a.bad.example"))
    assert _met(lookup, "bad.example") == [("bad.example", 0)]
    assert _met(lookup, "x.a.bad.example") == [("a.bad.example", 1), ("bad.example", 2)]
    for name in ("notbad.example", "bad.example.test", "example", ""):
        assert _met(lookup, name) == []


def test_exact_name_is_not_met_from_below() -> None:
    lookup = IndicatorLookup(_set(exact=("bad.example",)))
    assert _met(lookup, "bad.example") == [("bad.example", 0)]
    assert _met(lookup, "www.bad.example") == []


def test_endless_name_is_still_met_and_costs_no_more_than_a_short_one() -> None:
    lookup = IndicatorLookup(_set("bad.example"))
    assert _met(lookup, "a." * 500_000 + "bad.example") == [("bad.example", 500_000)]
    assert growth(lambda labels: _met(lookup, "a." * labels + "bad.example"), 1_000) < 2


def test_address_meets_port_then_itself_then_networks_from_the_longest() -> None:
    lookup = IndicatorLookup(
        _set("203.0.113.7", "203.0.113.7:443", "203.0.113.0/24", "203.0.113.0/28")
    )
    narrow = ["203.0.113.0/28", "203.0.113.0/24"]
    both = ["203.0.113.7:443", "203.0.113.7", *narrow]
    assert [one.key for one in lookup.by_address("203.0.113.7", 443)] == both
    assert [one.key for one in lookup.by_address("203.0.113.7", None)] == both
    assert [one.key for one in lookup.by_address("203.0.113.7", 80)] == ["203.0.113.7", *narrow]
    assert [one.key for one in lookup.by_address("203.0.113.99", 80)] == ["203.0.113.0/24"]
    assert lookup.by_address("bad.example", None) == []


def test_ipv6_is_met_as_ipv4_is() -> None:
    lookup = IndicatorLookup(
        _set("2001:db8::1", "[2001:db8::1]:443", "2001:db8::/32", "203.0.113.7")
    )
    found = [one.key for one in lookup.by_address("2001:0DB8::1%eth0", 443)]
    assert found == ["[2001:db8::1]:443", "2001:db8::1", "2001:db8::/32"]
    assert [one.key for one in lookup.by_address("::ffff:203.0.113.7", None)] == ["203.0.113.7"]


def test_url_meets_every_prefix_at_a_border_and_no_other_site() -> None:
    lookup = IndicatorLookup(
        _set("http://bad.example/a", "http://bad.example/", "bad.example/a/b?c=1")
    )
    found = [one.key for one in lookup.by_url("HTTPS://BAD.example:443/a/b?c=1&d=2")]
    assert found == ["bad.example/a/b?c=1", "bad.example/a", "bad.example/"]
    assert [one.key for one in lookup.by_url("http://bad.example/ab")] == ["bad.example/"]
    assert lookup.by_url("http://www.bad.example/a") == []
    assert lookup.by_url("http://bad.example:8080/a") == []


def test_url_indicator_never_becomes_a_name_or_an_address() -> None:
    lookup = IndicatorLookup(_set("http://bad.example/", "http://203.0.113.7/"))
    assert lookup.by_name("bad.example") == []
    assert lookup.by_address("203.0.113.7", 80) == []


def test_hash_is_met_in_any_case() -> None:
    lookup = IndicatorLookup(_set("0cc175b9c0f1b6a831c399e269772661"))
    assert lookup.by_hash("0CC175B9C0F1B6A831C399E269772661") is not None
    assert lookup.by_hash("0" * 32) is None


def test_sieve_keys_hold_the_host_of_everything_that_is_looked_for() -> None:
    wanted = _set(
        "bad.example", "http://c2.example:8080/a", "203.0.113.7:443", "http://203.0.113.8/a",
        "198.51.100.0/24", "tài-khoản-giả.com", "2001:db8::1", "http://[2001:db8::2]/a",
        "2001:db8::/32", "0cc175b9c0f1b6a831c399e269772661",
    )  # fmt: skip
    inside = (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("fd00::/8"))
    keys = sieve_keys(wanted, inside)
    assert keys.names == {b"bad.example", b"c2.example", b"xn--ti-khon-gi-h4a7452gea.com"}
    assert keys.addresses == {0xCB007107, 0xCB007108}
    assert keys.networks == {(0xC6336400, 24)}
    assert keys.inside == ((0x0A000000, 8),)
    assert keys.any_unicode_name
    first = 0x20010DB8 << 96
    assert keys.addresses6 == {first + 1, first + 2}
    assert keys.networks6 == {(first, 32)}
    assert keys.hashes == {b"0cc175b9c0f1b6a831c399e269772661"}


def test_plain_names_alone_ask_for_no_unicode_lines() -> None:
    assert not sieve_keys(_set("bad.example")).any_unicode_name
    assert IndicatorKind.NAME in {one.kind for one in _set("bad.example").indicators}
