"""An update carries what was taken back, and one that shrank by accident is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.model import (
    AllowDecision,
    Claim,
    Decision,
    Indicator,
    IndicatorClass,
    IndicatorKind,
    IndicatorSet,
    IndicatorStatus,
    ListReading,
    MatchRule,
    Origin,
    Tlp,
)
from quetsach.indicators.releases.decisions import Decisions
from quetsach.indicators.releases.lines import ReleaseEntry, Withdrawal
from quetsach.indicators.releases.release import Release
from quetsach.indicators.releases.updates import (
    IndicatorChange,
    ReleaseTitles,
    check_update,
    diff,
    next_release,
    sources_of,
)

FIRST, SECOND, THIRD = (
    ReleaseTitles("2026-09-01"),
    ReleaseTitles("2026-09-02"),
    ReleaseTitles("2026-09-03"),
)


def name(key: str, *lists: str, status: IndicatorStatus = IndicatorStatus.ACTIVE) -> Indicator:
    origins = tuple(Origin(one, "a", 1, key) for one in lists or ("l",))
    return Indicator(
        key, key, IndicatorKind.NAME, MatchRule.BELOW, None, Claim(status=status), origins
    )


def some(*indicators: Indicator, read: tuple[str, ...] = ("l",)) -> IndicatorSet:
    readings = tuple(ListReading(one, "a", "plain", "", 1, 1, 0) for one in read)
    return IndicatorSet(indicators, (), readings)


def states(release: Release) -> dict[str, tuple[str, bool, Withdrawal | None]]:
    return {
        one.indicator.key: (one.indicator.claim.status.value, one.dropped, one.withdrawn)
        for one in release.entries
    }


def test_what_no_list_has_any_more_is_carried_as_withdrawn_from_version_to_version() -> None:
    first = next_release(some(name("a"), name("b")), FIRST)
    second = next_release(some(name("a")), SECOND, previous=("d1", first))
    gone = ("withdrawn", False, Withdrawal("2026-09-02", "d1"))
    assert states(second) == {"a": ("active", False, None), "b": gone}
    assert second.previous == "d1"
    assert second.entries[1].indicator.origins == first.entries[1].indicator.origins
    third = next_release(some(name("a")), THIRD, previous=("d2", second))
    assert states(third)["b"] == gone, "since the version that dropped it"
    back = next_release(some(name("a"), name("b")), THIRD, previous=("d2", second))
    assert states(back)["b"] == ("active", False, None)


def test_what_its_own_list_took_back_keeps_the_date_of_the_version_that_said_so() -> None:
    first = next_release(some(name("a")), FIRST)
    revoked = some(name("a", status=IndicatorStatus.REPLACED))
    second = next_release(revoked, SECOND, previous=("d1", first))
    third = next_release(revoked, THIRD, previous=("d2", second))
    expected = ("replaced", False, Withdrawal("2026-09-02", "d1"))
    assert states(second)["a"] == states(third)["a"] == expected


def test_what_a_person_dropped_stays_listed_as_dropped() -> None:
    made = Decisions({"b": Decision("b", AllowDecision.DROP, "x", "2027-01-01", "2026-09-01")})
    first = next_release(some(name("a")), FIRST, dropped=[name("b")], decisions=made)
    assert states(first)["b"] == ("active", True, None)
    assert first.entries[1].decision == made.valid["b"]
    assert [one.key for one in first.indicator_set.indicators] == ["a"]
    second = next_release(some(name("a")), SECOND, previous=("d1", first))
    assert second.entries[1] == first.entries[1]


def release(*indicators: Indicator, read: tuple[str, ...] = ("l",)) -> Release:
    return next_release(some(*indicators, read=read), FIRST)


def many(count: int, *lists: str) -> list[Indicator]:
    return [name(f"n{number}", *lists) for number in range(count)]


def test_an_update_may_lose_a_fifth_and_not_more() -> None:
    before = release(*many(10))
    check_update(before, release(*many(8)))
    with pytest.raises(QuetsachError, match="E222") as told:
        check_update(before, release(*many(7)))
    assert told.value.problem.facts == {"before": 10, "after": 7, "dropped": 0}


def test_withdrawn_ones_carried_along_do_not_hide_that_the_update_shrank() -> None:
    before = release(*many(10))
    after = next_release(some(*many(7)), SECOND, previous=("d", before))
    assert len(after.entries) == 10
    with pytest.raises(QuetsachError, match="E222"):
        check_update(before, after)


def test_an_empty_update_is_refused() -> None:
    with pytest.raises(QuetsachError, match="E221"):
        check_update(release(*many(1)), release())


def test_what_a_person_dropped_is_no_loss() -> None:
    before = release(*many(10))
    after = next_release(some(*many(7)), SECOND, dropped=many(10)[7:])
    check_update(before, after)
    fresh = next_release(some(*many(7)), SECOND, dropped=[name("new1"), name("new2")])
    with pytest.raises(QuetsachError, match="E222"):
        check_update(before, fresh)


def test_a_source_that_fell_silent_is_refused_with_its_count() -> None:
    before = release(*many(20, "big"), name("x", "small"), name("y", "small"))
    with pytest.raises(QuetsachError, match=r"E223 .*small \(2 -> 0\)"):
        check_update(before, release(*many(20, "big"), read=("big", "small")))
    with pytest.raises(QuetsachError, match=r"E223 .*small \(2 -> 0\)"):
        check_update(before, release(*many(20, "big"), read=("big",)))


def test_a_list_that_was_only_renamed_is_not_silent() -> None:
    before = release(*many(5, "ds-2026-08.csv"))
    check_update(before, release(*many(6, "ds-2026-09.csv"), read=("ds-2026-09.csv",)))


def test_sources_are_counted_once_an_indicator() -> None:
    one = name("a", "l1", "l2")
    twice = structs.replace(one, origins=one.origins + one.origins)
    assert sources_of([twice, name("b", "l2")]) == {"l1": 1, "l2": 2}


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
