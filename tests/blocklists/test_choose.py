"""Choosing: the first reason that fits is told, and what a person decided counts."""

import pytest
from msgspec import structs

from quetsach.blocklists.contract import BlockReason, Mode
from quetsach.indicators.model import Claim, Indicator, IndicatorStatus
from tests.blocklists.making import AT_US, DAY_US, indicators, make


def _why(form: str, one: Indicator, **wishes: object) -> BlockReason | None:
    made = make(form, (one, *indicators("rest.example", "192.0.2.50")), **wishes)
    return {left.indicator.key: left.why for left in made.chosen.left_out}.get(one.key)


@pytest.mark.parametrize(
    ("claim", "why"),
    [
        (Claim(status=IndicatorStatus.WITHDRAWN, valid_until_us=0), BlockReason.WITHDRAWN),
        (Claim(status=IndicatorStatus.REPLACED), BlockReason.WITHDRAWN),
        (Claim(status=IndicatorStatus.EXPIRED), BlockReason.EXPIRED),
        (Claim(valid_until_us=AT_US - 1), BlockReason.EXPIRED),
        (Claim(valid_until_us=AT_US), None),
        (Claim(valid_from_us=AT_US), None),
        (Claim(valid_from_us=AT_US + 1), BlockReason.NOT_YET),
    ],
)
def test_life_is_judged_at_the_moment_of_the_release(claim: Claim, why: BlockReason | None) -> None:
    (one,) = indicators("bad.example", claim=claim)
    assert _why("rpz", one) is why


def test_a_decision_never_outweighs_the_belt() -> None:
    (one,) = indicators("8.8.8.8")
    assert _why("rpz", one, take=frozenset(("8.8.8.8",))) is BlockReason.NEVER_BLOCK


def test_a_decision_names_one_indicator_and_no_other() -> None:
    (one,) = indicators("a.gov.vn")
    assert _why("rpz", one, take=frozenset(("b.gov.vn", "gov.vn"))) is BlockReason.STATE_NAME


def test_the_allow_classes_are_told_with_the_reason() -> None:
    (one,) = indicators("bad.example")
    tagged = structs.replace(one, allow_classes=("cdn", "top-sites"))
    made = make("rpz", (tagged, *indicators("rest.example")))
    (left,) = made.chosen.left_out
    assert left.detail == "cdn, top-sites"


def test_entries_end_with_their_validity_or_with_the_release() -> None:
    brief = indicators("brief.example", claim=Claim(valid_until_us=AT_US + DAY_US))
    made = make("rpz", (*brief, *indicators("long.example")), days=3)
    ends = {one.indicator.key: one.until_us for one in made.chosen.entries}
    assert ends == {"brief.example": AT_US + DAY_US, "long.example": AT_US + 3 * DAY_US}


def test_exchange_forms_hold_what_the_built_in_belt_would_keep_from_a_device() -> None:
    found = indicators("8.8.8.8", "a.gov.vn")
    assert make("plain", found).chosen.left_out == []
    listed = (("b", "8.8.8.8\n"),)
    assert [one.why for one in make("plain", found, never_block=listed).chosen.left_out] == [
        BlockReason.NEVER_BLOCK
    ]


def test_a_whole_address_stands_to_the_end_of_its_longest_port() -> None:
    brief = indicators("203.0.113.7:80", claim=Claim(valid_until_us=AT_US + DAY_US))
    made = make("mikrotik", (*brief, *indicators("203.0.113.7:443")), whole_address=True)
    (one,) = made.written
    assert one.indicator.key == "203.0.113.7"
    assert one.until_us == AT_US + 30 * DAY_US


def test_what_a_person_decided_to_keep_or_to_watch_counts_but_not_against_the_belt() -> None:
    (name,) = indicators("a.gov.vn")
    (resolver,) = indicators("8.8.8.8")
    assert _why("rpz", structs.replace(name, decided="keep")) is None
    watched = structs.replace(name, decided="watch", allow_classes=("watch-only",))
    assert _why("rpz", watched) is None
    assert _why("rpz", watched, mode=Mode.BLOCK) is BlockReason.WATCH_ONLY
    assert _why("rpz", structs.replace(resolver, decided="keep")) is BlockReason.NEVER_BLOCK
