"""What an indicator asks, and what is not asked as it cannot be answered."""

import ipaddress

import pytest

from quetsach.fingerprints.questions import CannotTell, Question, question_of
from quetsach.indicators.model import Indicator, IndicatorKind, MatchRule
from quetsach.sieve.token_keys import texts_of_name, texts_of_network

NAME, ADDRESS, URL = IndicatorKind.NAME, IndicatorKind.ADDRESS, IndicatorKind.URL
INSIDE = [ipaddress.IPv4Network("10.0.0.0/8")]


def _asked(
    key: str, kind: IndicatorKind, rule: MatchRule = MatchRule.EXACT, port: int | None = None
) -> Question | CannotTell:
    return question_of(Indicator(key, key, kind, rule, port))


@pytest.mark.parametrize(
    ("key", "kind", "rule", "port", "name", "is_exact"),
    [
        ("bad.example", NAME, MatchRule.BELOW, None, b"bad.example", True),
        ("bad.example", NAME, MatchRule.EXACT, None, b"bad.example", False),
        ("bad.example/x", URL, MatchRule.URL_PREFIX, None, b"bad.example", False),
        ("bad.example:8443/", URL, MatchRule.URL_PREFIX, None, b"bad.example", False),
        ("192.0.2.1", ADDRESS, MatchRule.EXACT, None, 0xC0000201, True),
        ("192.0.2.1:443", ADDRESS, MatchRule.IP_PORT, 443, 0xC0000201, False),
        ("[2001:db8::1]:443", ADDRESS, MatchRule.IP_PORT, 443, 0x20010DB8 << 96 | 1, False),
        ("192.0.2.1/x", URL, MatchRule.URL_PREFIX, None, 0xC0000201, False),
    ],
)
def test_what_is_asked(
    key: str,
    kind: IndicatorKind,
    rule: MatchRule,
    port: int | None,
    name: bytes | int,
    is_exact: bool,
) -> None:
    asked = _asked(key, kind, rule, port)
    assert isinstance(asked, Question)
    if isinstance(name, bytes):
        texts = texts_of_name(name)
    else:
        bits = 32 if name < 1 << 32 else 128
        texts = texts_of_network(name, bits, bits) or []
    assert (list(asked.texts), asked.is_exact) == (texts, is_exact)


def test_networks_are_asked_up_to_a_width() -> None:
    for key, count in (("192.0.2.0/24", 1), ("198.51.0.0/16", 256), ("192.0.2.8/30", 4)):
        asked = _asked(key, IndicatorKind.NETWORK, MatchRule.CIDR)
        assert isinstance(asked, Question)
        assert len(asked.texts) == count
    for key in ("198.50.0.0/15", "2001:db8::/32"):
        assert _asked(key, IndicatorKind.NETWORK, MatchRule.CIDR) is CannotTell.WIDE
    asked = _asked("2001:db8::/44", IndicatorKind.NETWORK, MatchRule.CIDR)
    assert isinstance(asked, Question)
    assert len(asked.texts) == 16


def test_hashes_are_not_asked() -> None:
    assert _asked("0" * 64, IndicatorKind.HASH, MatchRule.HASH) is CannotTell.KIND
    asked = _asked("ja3:" + "0" * 32, IndicatorKind.FINGERPRINT, MatchRule.FINGERPRINT)
    assert asked is CannotTell.KIND


def test_own_addresses_have_no_key() -> None:
    for key, kind, is_inside in (
        ("10.1.2.3", ADDRESS, True),
        ("10.1.0.0/16", IndicatorKind.NETWORK, True),
        ("192.0.2.1", ADDRESS, False),
        ("2001:db8::1", ADDRESS, False),
    ):
        asked = _asked(key, kind)
        assert isinstance(asked, Question)
        assert asked.lies_inside(INSIDE) is is_inside
