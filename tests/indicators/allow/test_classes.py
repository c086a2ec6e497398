"""Each allow-list has its class, and each class its proposal, which a person may overrule."""

import ipaddress
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.indicators.allow.classes import (
    CLASS_TEXTS,
    AllowMatch,
    AllowMatchKind,
    Span,
    SpanTable,
    class_of,
    class_text,
    proposal,
    span_of,
)
from quetsach.indicators.allow.warning_lists import misp_lists
from quetsach.indicators.model import Indicator, IndicatorKind, MatchRule
from quetsach.indicators.options import ListOptions
from quetsach.indicators.values import parse_value
from quetsach.texts import use_language


def test_every_list_of_the_package_has_a_class_that_is_known() -> None:
    names = [
        json.loads(path.read_bytes())["name"] for path in sorted(misp_lists().glob("*/list.json"))
    ]
    assert len(names) > 100
    assert [name for name in names if class_of(name) not in CLASS_TEXTS] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("List of known Cloudflare IP ranges", "cdn"),
        ("List of known Amazon AWS IP address ranges", "cloud"),
        ("List of known sinkholes", "sinkhole"),
        ("Parking domains", "parking"),
        ("Top 1000 website from Alexa", "top-sites"),
        ("Top 1,000,000 most-used sites from Tranco", "top-million"),
        ("cisco-umbrella-blockpage-hostname", "block-page"),
        ("List of known hashes for empty files", "benign-file"),
        ("List of known domains to know external IP", "own-address-service"),
        ("Một danh sách khác", "m-t-danh-s-ch-kh-c"),
    ],
)
def test_class_follows_from_the_name_of_the_list(name: str, expected: str) -> None:
    assert class_of(name) == expected


@pytest.mark.parametrize(
    ("value", "of_class", "touch", "expected"),
    [
        ("big.example", "top-sites", AllowMatchKind.ITSELF, "drop"),
        ("a.big.example", "top-sites", AllowMatchKind.BELOW, "watch"),
        ("me.dyn.example", "dynamic-dns", AllowMatchKind.CUSTOMER, "keep"),
        ("dyn.example", "dynamic-dns", AllowMatchKind.ITSELF, "drop"),
        ("dyn.example", "dynamic-dns", AllowMatchKind.ABOVE, "watch"),
        ("http://short.example/aB3", "url-shortener", AllowMatchKind.ITSELF, "keep"),
        ("http://short.example/", "url-shortener", AllowMatchKind.ITSELF, "drop"),
        ("http://big.example/a/", "top-sites", AllowMatchKind.ITSELF, "keep"),
        ("198.51.100.1", "sinkhole", AllowMatchKind.ITSELF, "keep"),
        ("198.51.100.1", "cdn", AllowMatchKind.ITSELF, "drop"),
        ("198.51.100.1:4782", "cdn", AllowMatchKind.ITSELF, "watch"),
        ("198.51.100.0/24", "resolver", AllowMatchKind.ABOVE, "watch"),
        ("198.51.100.1", "private-range", AllowMatchKind.ITSELF, "keep"),
        ("198.51.100.1", "cloud", AllowMatchKind.ITSELF, "keep"),
        ("198.51.100.0/24", "cloud", AllowMatchKind.ITSELF, "watch"),
        ("198.51.100.1", "resolver", AllowMatchKind.ITSELF, "drop"),
        ("site.example", "top-million", AllowMatchKind.ITSELF, "watch"),
        ("site.example", "university", AllowMatchKind.ITSELF, "watch"),
        ("site.example", "ours", AllowMatchKind.ITSELF, "watch"),
    ],
)
def test_what_is_proposed_follows_from_class_and_kind(
    value: str, of_class: str, touch: AllowMatchKind, expected: str
) -> None:
    (found,) = parse_value(value, ListOptions(accept_private=True)).values
    one = Indicator(found.key, found.shown, found.kind, found.rule)
    assert proposal(one, [AllowMatch(of_class, "list", touch)]) == expected


def test_the_strongest_proposal_of_several_lists_counts() -> None:
    one = Indicator("big.example", "big.example", IndicatorKind.NAME, MatchRule.BELOW)
    met = [
        AllowMatch("top-million", "a", AllowMatchKind.ITSELF),
        AllowMatch("top-sites", "b", AllowMatchKind.ITSELF),
    ]
    assert proposal(one, met) == "drop"


def test_every_class_has_words() -> None:
    use_language("en")
    assert all(class_text(one) for one in CLASS_TEXTS)
    assert class_text("ours") == "ours"


NUMBERS = st.integers(0, 40)
SPANS = st.lists(
    st.tuples(st.just(4), NUMBERS, NUMBERS).filter(lambda one: one[1] <= one[2]), max_size=8
)


@given(st.lists(SPANS, max_size=5), SPANS)
def test_a_span_touches_the_lists_that_a_walk_finds(
    lists: list[list[Span]], asked: list[Span]
) -> None:
    table = SpanTable(lists)
    for span in asked:
        naive = {
            number
            for number, spans in enumerate(lists)
            if any(one[1] <= span[2] and span[1] <= one[2] for one in spans)
        }
        assert table.touching(span) == naive
    assert table.touching((6, 0, 40)) == set()


@given(st.integers(0, 2**32 - 1), st.integers(0, 32))
def test_the_short_way_reads_networks_as_the_library_does(number: int, length: int) -> None:
    text = f"{ipaddress.IPv4Address(number)}/{length}"
    network = ipaddress.ip_network(text, strict=False)
    last = int(network.broadcast_address)
    assert span_of(text) == (4, int(network.network_address), last)


@pytest.mark.parametrize("text", ["198.51.100", "198.51.100.1/33", "198.51.100.1/x", "a", ""])
def test_what_is_no_span_is_none(text: str) -> None:
    assert span_of(text) is None


def test_other_spellings_are_read_too() -> None:
    assert span_of("198.51.100.0/255.255.255.0") == span_of("198.51.100.0/24")
    assert span_of("2001:db8::/126") == (6, 0x20010DB8 << 96, (0x20010DB8 << 96) + 3)
