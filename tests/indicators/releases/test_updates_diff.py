"""A diff names each change of each indicator, with both states and its row."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from quetsach.indicators.model import (
    AllowDecision,
    Claim,
    Decision,
    Indicator,
    IndicatorClass,
    IndicatorKind,
    IndicatorStatus,
    MatchRule,
    Origin,
    Tlp,
)
from quetsach.indicators.releases.lines import ReleaseEntry
from quetsach.indicators.releases.updates import IndicatorChange, diff

ORIGIN = Origin("l.csv", "a", 3, "x")
BASE = Indicator("k.example", "K.example", IndicatorKind.NAME, MatchRule.EXACT, origins=(ORIGIN,))


def entry(**claim: Any) -> ReleaseEntry:
    return ReleaseEntry(structs.replace(BASE, claim=Claim(**claim)))


def told(old: list[ReleaseEntry], new: list[ReleaseEntry]) -> list[tuple[str, str, str]]:
    return [(one.change.value, one.before, one.after) for one in diff(old, new).changes]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (None, entry(), ("added", "", "active")),
        (entry(), None, ("removed", "active", "")),
        (entry(), entry(status=IndicatorStatus.WITHDRAWN), ("withdrawn", "active", "withdrawn")),
        (
            entry(),
            entry(status=IndicatorStatus.REPLACED, replaced_by="n.example"),
            ("replaced", "active", "replaced -> n.example"),
        ),
        (entry(status=IndicatorStatus.WITHDRAWN), entry(), ("returned", "withdrawn", "active")),
        (entry(), ReleaseEntry(BASE, dropped=True), ("dropped", "active", "dropped")),
        (
            entry(),
            ReleaseEntry(structs.replace(BASE, rule=MatchRule.BELOW)),
            ("widened", "exact", "below"),
        ),
        (entry(), entry(of_class=IndicatorClass.C2), ("class", "unknown", "c2")),
        (entry(), entry(family="Mirai"), ("family", "", "Mirai")),
        (entry(tlp=Tlp.RED), entry(tlp=Tlp.CLEAR), ("tlp", "red", "clear")),
        (entry(), entry(confidence=0), ("confidence", "", "0")),
        (entry(), entry(status=IndicatorStatus.EXPIRED), ("expired", "", "expired")),
        (entry(), ReleaseEntry(structs.replace(BASE, decided="watch")), ("decision", "", "watch")),
        (
            entry(),
            ReleaseEntry(structs.replace(BASE, allow_classes=("cdn",))),
            ("allow", "", "cdn"),
        ),
    ],
)
def test_each_change_is_named_with_both_states(
    old: ReleaseEntry | None, new: ReleaseEntry | None, expected: tuple[str, str, str]
) -> None:
    assert told([old] if old else [], [new] if new else []) == [expected]


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ({}, {"valid_until_us": 5}, "narrowed"),
        ({"valid_until_us": 5}, {}, "widened"),
        ({"valid_until_us": 5}, {"valid_until_us": 6}, "widened"),
        ({"valid_until_us": 6}, {"valid_until_us": 5}, "narrowed"),
        ({}, {"valid_from_us": 5}, "narrowed"),
        ({"valid_from_us": 5}, {"valid_from_us": 4}, "widened"),
        ({"valid_from_us": 4}, {"valid_from_us": 5}, "narrowed"),
    ],
)
def test_dates_that_reach_further_widen(
    old: dict[str, int], new: dict[str, int], change: str
) -> None:
    assert [one[0] for one in told([entry(**old)], [entry(**new)])] == [change]


def test_a_dropped_one_says_why_and_where_it_stood() -> None:
    decision = Decision("k.example", AllowDecision.DROP, "dùng chung", "2027-01-01", "2026-09-01")
    (one,) = diff([entry()], [ReleaseEntry(BASE, decision, dropped=True)]).changes
    assert (one.after, one.shown) == ("dropped: dùng chung", "K.example")
    assert (one.list_name, one.row) == ("l.csv", 3)


def test_sources_are_counted_before_and_after() -> None:
    other = ReleaseEntry(structs.replace(BASE, origins=(Origin("m.csv", "b", 1, "x"),)))
    found = diff([entry(), ReleaseEntry(structs.replace(BASE, key="z"))], [other])
    assert found.sources == {"l.csv": (2, 0), "m.csv": (0, 1)}
    assert (found.before, found.after) == (2, 1)
    assert found.counts == {"removed": 1, "sources": 1}


ENTRIES = st.lists(
    st.builds(
        lambda key, status, dropped: ReleaseEntry(
            structs.replace(BASE, key=key, claim=Claim(status=status)), dropped=dropped
        ),
        st.sampled_from("abcde"),
        st.sampled_from(IndicatorStatus),
        st.booleans(),
    ),
    unique_by=lambda one: one.indicator.key,
    max_size=5,
)


@given(ENTRIES, ENTRIES)
def test_the_counts_of_both_sides_follow_from_the_changes(
    old: list[ReleaseEntry], new: list[ReleaseEntry]
) -> None:
    found = diff(old, new)
    more = found.counts.get("added", 0) + found.counts.get("returned", 0)
    alive = {one.indicator.key for one in old if not one.dropped and one.indicator.is_met}
    less = sum(
        one.change
        in (
            IndicatorChange.REMOVED,
            IndicatorChange.WITHDRAWN,
            IndicatorChange.REPLACED,
            IndicatorChange.DROPPED,
        )
        and one.key in alive
        for one in found.changes
    )
    assert found.after == found.before + more - less
    assert diff(old, old).changes == ()
