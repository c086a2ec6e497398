"""Each allow-list has its class, and each class its proposal, which a person may overrule."""

import json

import pytest

from quetsach.indicators.allow import misp_lists
from quetsach.indicators.allow_classes import (
    CLASS_TEXTS,
    Meeting,
    Touch,
    class_of,
    class_text,
    proposal,
)
from quetsach.indicators.model import Indicator, Kind, Rule
from quetsach.indicators.options import ListOptions
from quetsach.indicators.parse_value import parse_value
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
        ("big.example", "top-sites", Touch.ITSELF, "drop"),
        ("a.big.example", "top-sites", Touch.BELOW, "watch"),
        ("me.dyn.example", "dynamic-dns", Touch.CUSTOMER, "keep"),
        ("dyn.example", "dynamic-dns", Touch.ITSELF, "drop"),
        ("dyn.example", "dynamic-dns", Touch.ABOVE, "watch"),
        ("http://short.example/aB3", "url-shortener", Touch.ITSELF, "keep"),
        ("http://short.example/", "url-shortener", Touch.ITSELF, "drop"),
        ("http://big.example/a/", "top-sites", Touch.ITSELF, "keep"),
        ("198.51.100.1", "sinkhole", Touch.ITSELF, "keep"),
        ("198.51.100.1", "cdn", Touch.ITSELF, "drop"),
        ("198.51.100.1:4782", "cdn", Touch.ITSELF, "watch"),
        ("198.51.100.0/24", "resolver", Touch.ABOVE, "watch"),
        ("198.51.100.1", "private-range", Touch.ITSELF, "keep"),
        ("198.51.100.1", "cloud", Touch.ITSELF, "keep"),
        ("198.51.100.0/24", "cloud", Touch.ITSELF, "watch"),
        ("198.51.100.1", "resolver", Touch.ITSELF, "drop"),
        ("site.example", "top-million", Touch.ITSELF, "watch"),
        ("site.example", "university", Touch.ITSELF, "watch"),
        ("site.example", "ours", Touch.ITSELF, "watch"),
    ],
)
def test_what_is_proposed_follows_from_class_and_kind(
    value: str, of_class: str, touch: Touch, expected: str
) -> None:
    (found,) = parse_value(value, ListOptions(accept_private=True)).values
    one = Indicator(found.key, found.shown, found.kind, found.rule)
    assert proposal(one, [Meeting(of_class, "list", touch)]) == expected


def test_the_strongest_proposal_of_several_lists_counts() -> None:
    one = Indicator("big.example", "big.example", Kind.NAME, Rule.BELOW)
    met = [Meeting("top-million", "a", Touch.ITSELF), Meeting("top-sites", "b", Touch.ITSELF)]
    assert proposal(one, met) == "drop"


def test_every_class_has_words() -> None:
    use_language("en")
    assert all(class_text(one) for one in CLASS_TEXTS)
    assert class_text("ours") == "ours"
