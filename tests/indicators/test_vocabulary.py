"""The words of STIX and MISP lead to what we know, and back."""

import stix2
from hypothesis import given
from hypothesis import strategies as st

from quetsach.indicators.model import Indicator, IndicatorClass, IndicatorKind, MatchRule, Tlp
from quetsach.indicators.vocabulary import (
    LABEL_OF,
    MARKING_OF,
    TLP1_MARKINGS,
    TLP2_MARKINGS,
    class_of,
    misp_type,
    tag_parts,
    tlp_of,
)


def test_the_markings_of_tlp_1_are_those_of_the_library_of_oasis() -> None:
    theirs = {
        stix2.TLP_WHITE.id: Tlp.CLEAR,
        stix2.TLP_GREEN.id: Tlp.GREEN,
        stix2.TLP_AMBER.id: Tlp.AMBER,
        stix2.TLP_RED.id: Tlp.RED,
    }
    assert theirs == TLP1_MARKINGS


def test_every_level_has_its_own_marking_of_tlp_2() -> None:
    assert set(MARKING_OF) == set(Tlp)
    assert set(MARKING_OF.values()) == set(TLP2_MARKINGS)
    assert not set(TLP1_MARKINGS) & set(TLP2_MARKINGS)


def test_the_strictest_level_of_several_counts() -> None:
    assert tlp_of(["type:OSINT", "tlp:white"]) is Tlp.CLEAR
    assert tlp_of(["TLP:GREEN", "tlp:amber+strict"]) is Tlp.AMBER_STRICT
    assert tlp_of([*TLP1_MARKINGS]) is Tlp.RED
    assert tlp_of(["tlp:purple", "red", ""]) is None


def test_each_label_we_write_is_read_back_as_its_class() -> None:
    for of_class, label in LABEL_OF.items():
        assert class_of([] if label is None else ["other", label]) is of_class


def test_a_word_within_another_word_is_no_class() -> None:
    assert class_of(["c2", "phishing"]) is IndicatorClass.C2
    assert class_of(["kill-chain:Command and Control"]) is IndicatorClass.C2
    assert class_of(['rsit:fraud="phishing"']) is IndicatorClass.PHISHING
    assert class_of(["anti-phishing team", "doc2", "downloads"]) is IndicatorClass.UNKNOWN


def test_each_kind_has_its_type_of_misp() -> None:
    def one(key: str, kind: IndicatorKind, rule: MatchRule) -> Indicator:
        return Indicator(key, key, kind, rule)

    assert misp_type(one("bad.example", IndicatorKind.NAME, MatchRule.BELOW)) == "domain"
    assert misp_type(one("bad.example", IndicatorKind.NAME, MatchRule.EXACT)) == "hostname"
    assert misp_type(one("203.0.113.7", IndicatorKind.ADDRESS, MatchRule.EXACT)) == "ip-dst"
    assert (
        misp_type(one("203.0.113.7:80", IndicatorKind.ADDRESS, MatchRule.IP_PORT)) == "ip-dst|port"
    )
    assert misp_type(one("203.0.113.0/24", IndicatorKind.NETWORK, MatchRule.CIDR)) == "ip-dst"
    assert misp_type(one("bad.example/a", IndicatorKind.URL, MatchRule.URL_PREFIX)) == "url"
    assert [misp_type(one("a" * n, IndicatorKind.HASH, MatchRule.HASH)) for n in (32, 40, 64)] == [
        "md5",
        "sha1",
        "sha256",
    ]


def test_a_machine_tag_is_taken_apart() -> None:
    assert tag_parts('misp-galaxy:tool="X-Tunnel"') == ("misp-galaxy", "tool", "X-Tunnel")
    assert tag_parts("type:OSINT") == ("type", "OSINT", "")
    assert tag_parts("OceanLotus") == ("", "OceanLotus", "")


@given(st.lists(st.text()))
def test_no_word_is_too_odd(words: list[str]) -> None:
    assert class_of(words) in IndicatorClass
    assert tlp_of(words) in (None, *Tlp)
