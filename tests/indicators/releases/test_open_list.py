"""Only what is marked for everybody goes out, and nothing that would frighten for nothing."""

import json
from datetime import UTC, datetime

import pytest

from quetsach.indicators.model import (
    Claim,
    Indicator,
    IndicatorClass,
    IndicatorKind,
    IndicatorSet,
    IndicatorStatus,
    MatchRule,
    Tlp,
)
from quetsach.indicators.releases.open_list import LONGEST_KEY, open_list

NOW_US = int(datetime(2022, 9, 20, tzinfo=UTC).timestamp()) * 1_000_000


def name(key: str, rule: MatchRule = MatchRule.BELOW, **claim) -> Indicator:
    said = Claim(**{"tlp": Tlp.CLEAR, "family": "Mirai", **claim})
    return Indicator(key, key, IndicatorKind.NAME, rule, claim=said)


def opened(*indicators: Indicator, most: int = 100) -> dict:
    made = open_list(IndicatorSet(indicators), NOW_US, made_us=NOW_US, most=most)
    return json.loads(made.content)


@pytest.mark.parametrize("tlp", [None, *(one for one in Tlp if one is not Tlp.CLEAR)])
def test_what_is_not_marked_clear_stays_in(tlp: Tlp | None) -> None:
    made = open_list(
        IndicatorSet((name("a.example"), name("b.example", tlp=tlp))), NOW_US, made_us=NOW_US
    )
    assert json.loads(made.content)["names"] == {"a.example": 1}
    assert (made.count, made.closed) == (1, 1)
    assert b"b.example" not in made.content


def test_doubtful_and_expired_ones_stay_in() -> None:
    doubtful = Indicator(
        "c.example",
        "c.example",
        IndicatorKind.NAME,
        MatchRule.BELOW,
        None,
        Claim(tlp=Tlp.CLEAR),
        (),
        ("top",),
    )
    watched = Indicator(
        *(
            "d.example",
            "d.example",
            IndicatorKind.NAME,
            MatchRule.BELOW,
            None,
            Claim(tlp=Tlp.CLEAR),
            (),
        ),
        decided="watch",
    )
    others = (
        name("e.example", valid_until_us=NOW_US - 1),
        name("f.example", status=IndicatorStatus.WITHDRAWN),
        name("g" * LONGEST_KEY + ".example"),
    )
    kept = name("a.example", valid_until_us=NOW_US + 1)
    made = open_list(IndicatorSet((kept, doubtful, watched, *others)), NOW_US, made_us=0)
    assert json.loads(made.content)["names"] == {"a.example": 1}
    assert (made.count, made.doubtful) == (1, 4), "a withdrawn one is not met at all"


def test_where_there_is_no_room_for_all_those_go_out_that_tell_most() -> None:
    rows = [name(f"{one}.example", of_class=one) for one in IndicatorClass]
    assert list(opened(*rows, most=2)["names"]) == ["c2.example", "download.example"]


def test_each_kind_has_its_place_and_the_same_set_the_same_bytes() -> None:
    claim = Claim(tlp=Tlp.CLEAR, label="x" * 99)
    rows = (
        name("a.example"),
        name("b.example", MatchRule.EXACT),
        Indicator("203.0.113.7:443", "", IndicatorKind.ADDRESS, MatchRule.IP_PORT, 443, claim),
        Indicator("198.51.100.0/24", "", IndicatorKind.NETWORK, MatchRule.CIDR, None, claim),
        Indicator("a.example/x", "", IndicatorKind.URL, MatchRule.URL_PREFIX, None, claim),
        Indicator("0" * 32, "", IndicatorKind.HASH, MatchRule.HASH, None, claim),
    )
    content = opened(*rows)
    assert content["exact"] == {"b.example": content["families"].index("Mirai")}
    for kind in ("names", "addresses", "networks", "urls", "hashes"):
        assert len(content[kind]) == 1
    assert content["families"] == ["", "x" * 60, "Mirai"]
    assert opened(*reversed(rows)) == content
    later = open_list(IndicatorSet(rows), NOW_US + 1, made_us=NOW_US).content
    assert later == open_list(IndicatorSet(rows), NOW_US, made_us=NOW_US).content
