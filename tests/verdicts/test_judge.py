"""The state of a device: each state by its plainest case, its borders, and what always holds."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from quetsach.texts import use_language
from quetsach.verdicts.judge import unit_verdicts
from quetsach.verdicts.model import DeviceState, DeviceVerdict, Signal
from tests.oracles.verdict import RANK, Case, Judged, judged
from tests.verdicts.cases import (
    CASES,
    CLEAN,
    QUIET_CASES,
    contact,
    covered,
    day,
    handling,
    said,
    untimed,
    word,
)
from tests.whole import daily


def test_seven_covered_days_after_the_handling_prove_it_clean() -> None:
    verdict = said(CLEAN)
    assert verdict.state is DeviceState.VERIFIED_CLEAN
    assert verdict.covered == verdict.alive == tuple(day(one) for one in range(7, 14))
    assert verdict.since_day == day(13)
    assert verdict.recheck == (day(13), day(36))
    assert verdict.missing == ()
    assert verdict.because == (
        "Since its handling on 6 September 2022 no contact: 7 days are covered (DNS log), "
        "and it was alive on 7 of them."
    )


def test_the_handling_day_and_today_are_no_whole_days() -> None:
    assert said(replace(CLEAN, as_of=day(13))).state is DeviceState.HANDLED
    assert said(replace(CLEAN, handlings=[handling(7)])).state is DeviceState.HANDLED


def test_a_device_that_was_off_is_not_proven_clean() -> None:
    coverage = [covered(one, alive=frozenset()) for one in range(7, 13)]
    verdict = said(replace(CLEAN, coverage=[*coverage, covered(13)]))
    assert verdict.state is DeviceState.QUIET_NOT_PROVEN
    assert verdict.alive == (day(13),)
    assert verdict.missing == ("seen alive on 1 of the 7 days covered, 3 are needed",)


def test_a_handled_device_is_told_only_of_days_that_have_passed() -> None:
    verdict = said(replace(CLEAN, coverage=[covered(7), covered(9)], as_of=day(10)))
    assert verdict.state is DeviceState.HANDLED
    assert verdict.missing == (
        "4 more whole days must pass",
        "no DNS log on 8 September 2022: 1 of 7 days are missing",
        "seen alive on 2 of the 2 days covered, 3 are needed",
    )


def test_a_contact_after_the_handling_reopens_and_counts() -> None:
    again = replace(CLEAN, contacts=[contact(5), contact(9)])
    verdict = said(again)
    assert (verdict.state, verdict.recurrences) == (DeviceState.RECURRED, 1)
    assert verdict.since_day == day(9)
    assert verdict.because == (
        "Handled on 6 September 2022, and it met bad.example again on 9 September 2022 "
        "(recurrence 1)."
    )
    twice = said(replace(again, handlings=[handling(6), handling(10)]))
    assert (twice.state, twice.recurrences) == (DeviceState.HANDLED, 1)


@pytest.mark.parametrize(
    ("hour", "state"),
    [
        (11, DeviceState.VERIFIED_CLEAN),
        (12, DeviceState.VERIFIED_CLEAN),
        (13, DeviceState.RECURRED),
    ],
)
def test_on_the_handling_day_the_time_decides(hour: int, state: DeviceState) -> None:
    assert said(replace(CLEAN, contacts=[contact(6, hour=hour)])).state is state


def test_who_was_never_handled_is_never_clean() -> None:
    verdict = said(replace(CLEAN, handlings=[]))
    assert verdict.state is DeviceState.QUIET_NOT_PROVEN
    assert verdict.missing == ("it has not been handled since",)
    short = said(replace(CLEAN, handlings=[], as_of=day(9)))
    assert short.state is DeviceState.INFECTED
    assert (
        short.because == "It met bad.example on 5 September 2022, and no handling since is known."
    )
    assert short.missing == ("it has not been handled since",), "days before it would prove nothing"


def test_a_handling_without_any_evidence_after_it_cannot_be_judged() -> None:
    verdict = said(replace(CLEAN, coverage=[covered(one) for one in range(1, 7)]))
    assert verdict.state is DeviceState.CANNOT_TELL
    assert "DNS log" in verdict.because


def test_a_device_that_is_only_one_of_several_cannot_be_judged() -> None:
    assert said(replace(CLEAN, contacts=[contact(5, sure=False)])).state is DeviceState.CANNOT_TELL


def test_a_doubtful_contact_later_on_spoils_the_proof() -> None:
    verdict = said(replace(CLEAN, contacts=[contact(5), contact(9, sure=False)]))
    assert verdict.state is DeviceState.QUIET_NOT_PROVEN
    assert verdict.missing == ("later contacts may be its own",)


def test_a_contact_without_time_may_be_later() -> None:
    verdict = said(replace(CLEAN, contacts=[contact(5), untimed()]))
    assert verdict.state is DeviceState.QUIET_NOT_PROVEN
    assert verdict.missing == ("records of its contacts carry no time and may be later",)
    alone = said(replace(CLEAN, contacts=[untimed()]))
    assert alone.state is DeviceState.CANNOT_TELL
    assert "no time" in alone.because


def test_a_scan_that_finds_something_is_a_sign_and_a_clean_one_is_only_told() -> None:
    assert said(replace(CLEAN, words=[word(9, clean=False)])).state is DeviceState.RECURRED
    bare = replace(CLEAN, coverage=[covered(7)])
    told = said(replace(bare, words=[word(9), word(10, Signal.COLLECTION)]))
    assert told.state is said(bare).state is DeviceState.QUIET_NOT_PROVEN
    assert told.signals == (
        "scan found nothing on 9 September 2022",
        "collection from the PC shows no contact on 10 September 2022",
    )


def test_what_somebody_declares_never_changes_the_state() -> None:
    for clean in (True, False):
        verdict = said(replace(CLEAN, words=[word(9, Signal.DECLARED, clean=clean)]))
        assert verdict.state is DeviceState.VERIFIED_CLEAN
        assert len(verdict.declared) == 1


def test_a_scan_alone_never_ends_in_a_proof() -> None:
    verdict = said(replace(CLEAN, contacts=[], words=[word(5, clean=False)]))
    assert verdict.state is DeviceState.CANNOT_TELL
    assert "no log can prove" in verdict.because


def test_a_re_check_that_passed_without_evidence_is_named() -> None:
    verdict = said(replace(CLEAN, as_of="2022-12-01"))
    assert verdict.state is DeviceState.VERIFIED_CLEAN
    assert verdict.missing == ("the re-check of 6 October 2022 is due: nothing was read since",)


def test_what_lies_ahead_does_not_count_yet() -> None:
    verdict = said(replace(CLEAN, handlings=[handling(20)], as_of=day(14)))
    assert verdict.state is DeviceState.QUIET_NOT_PROVEN
    assert "the handling of 20 September 2022 lies ahead and does not count yet" in verdict.missing
    assert (
        said(replace(CLEAN, contacts=[contact(5), contact(20)])).state is DeviceState.VERIFIED_CLEAN
    )


def test_a_clock_a_thousand_years_off_names_only_the_latest_days() -> None:
    verdict = said(replace(CLEAN, coverage=[], as_of="9999-12-31"))
    assert len(verdict.gaps) == 366
    assert verdict.missing[0].endswith("7 of 7 days are missing")


@settings(max_examples=daily(100, whole=400))
@given(st.one_of(CASES, QUIET_CASES))
def test_it_says_what_the_slow_twin_says(case: Case) -> None:
    verdict = said(case)
    twin = judged(case)
    assert verdict.state is twin.state
    if twin != Judged(DeviceState.CANNOT_TELL):
        assert (verdict.covered, verdict.alive) == (twin.covered, twin.alive)


@settings(max_examples=daily(75, whole=300))
@given(st.one_of(CASES, QUIET_CASES))
def test_no_device_is_clean_without_its_covered_and_its_alive_days(case: Case) -> None:
    verdict = said(case)
    if verdict.state is DeviceState.VERIFIED_CLEAN:
        assert len(verdict.covered) >= case.thresholds.covered_days
        assert len(verdict.alive) >= case.thresholds.alive_days
        assert set(verdict.alive) <= set(verdict.covered)
        assert any(one.day < verdict.covered[0] for one in case.handlings)


@settings(max_examples=daily(75, whole=300))
@given(st.one_of(CASES, QUIET_CASES), st.data())
def test_less_evidence_never_makes_a_state_better(case: Case, data: st.DataObject) -> None:
    taken = data.draw(st.sampled_from(["row", "hours", "alive", "clean word"]))
    coverage, words = list(case.coverage), list(case.words)
    if taken == "clean word":
        words = [one for one in words if not one.clean]
    else:
        assume(coverage)
        place = data.draw(st.integers(0, len(coverage) - 1))
        one = coverage.pop(place)
        if taken == "hours":
            coverage.append(replace(one, hours=frozenset(sorted(one.hours)[1:])))
        elif taken == "alive":
            coverage.append(replace(one, alive=frozenset()))
    less = replace(case, coverage=coverage, words=words)
    assert RANK[said(less).state] <= RANK[said(case).state]


@settings(max_examples=daily(75, whole=300))
@given(st.one_of(CASES, QUIET_CASES), st.integers(2, 13))
def test_a_lost_day_is_never_counted_and_is_named_as_a_gap(case: Case, number: int) -> None:
    """A log that is lost takes along what it showed; its day must then prove nothing."""
    lost = day(number)
    less = replace(
        case,
        contacts=[one for one in case.contacts if one.day != lost],
        coverage=[one for one in case.coverage if one.day != lost],
    )
    verdict = said(less)
    assert lost not in verdict.covered
    start = max((one.day for one in case.handlings if one.day <= case.as_of), default="9")
    if verdict.kinds and start < lost < case.as_of:
        assert lost in verdict.gaps


@settings(max_examples=daily(50, whole=200))
@given(CASES)
def test_taking_all_handlings_away_never_makes_a_device_clean(case: Case) -> None:
    assert said(replace(case, handlings=[])).state is not DeviceState.VERIFIED_CLEAN


@settings(max_examples=daily(50, whole=200))
@given(st.one_of(CASES, QUIET_CASES), st.randoms(use_true_random=False))
def test_the_order_in_which_evidence_arrives_does_not_matter(
    case: Case, chance: random.Random
) -> None:
    def mixed(rows: list[object]) -> list[object]:
        return chance.sample(rows, len(rows))

    other = replace(
        case,
        contacts=mixed(list(case.contacts)),
        handlings=mixed(list(case.handlings)),
        words=mixed(list(case.words)),
        coverage=mixed(list(case.coverage)),
    )
    assert said(other) == said(case)


def _only(*verdicts: tuple[str, DeviceVerdict], **more: Any) -> str:
    use_language("en")
    told = {"machines": {}, "untraced": {}, "untimed": {}, "share": 0.75, **more}
    (unit,) = unit_verdicts(verdicts, (), **told)
    return unit.sentence


def test_a_find_in_lines_without_time_is_told_and_no_zero() -> None:
    said = _only(("Xã A", DeviceVerdict("PC-1", DeviceState.INFECTED, "")))
    assert said.startswith("1 infected, and there may be more")


def test_a_unit_of_which_nothing_was_read_has_no_number() -> None:
    assert "This is not a zero" in _only(named=["Xã A"])


def test_files_without_times_are_named_where_nothing_else_was_read() -> None:
    assert "The lines of 2 files have no readable time" in _only(untimed={"Xã A": 2})
