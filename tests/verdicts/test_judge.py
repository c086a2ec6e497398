"""The state of a device: each state by its plainest case, its borders, and what always holds."""

import random
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from quetsach.texts import use_language
from quetsach.verdicts.judge import judge
from quetsach.verdicts.model import DeviceState, DeviceVerdict, Signal, Thresholds
from tests.oracles.verdict import RANK, Case, Judged, judged
from tests.verdicts.cases import (
    CASES,
    DEVICE,
    QUIET_CASES,
    contact,
    covered,
    day,
    handling,
    untimed,
    word,
)


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


def said(case: Case) -> DeviceVerdict:
    return judge(
        case.device,
        case.contacts,
        case.handlings,
        case.words,
        case.coverage,
        case.thresholds,
        case.as_of,
    )


CLEAN = Case(
    DEVICE,
    [contact(5)],
    [handling(6)],
    [],
    [covered(one) for one in range(1, 14)],
    Thresholds(),
    day(14),
)
"""Met on the 5th, handled on the 6th; seven whole days are covered until the 13th."""


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


def test_missing_days_are_named_as_spans() -> None:
    coverage = [covered(one) for one in (7, 8, 9, 13)]
    verdict = said(replace(CLEAN, coverage=coverage))
    assert verdict.state is DeviceState.QUIET_NOT_PROVEN
    assert verdict.gaps == (day(10), day(11), day(12))
    assert verdict.missing == ("no DNS log from 10 to 12 September 2022: 3 of 7 days are missing",)


def test_a_device_that_was_off_is_not_proven_clean() -> None:
    coverage = [covered(one, alive=frozenset()) for one in range(7, 13)]
    verdict = said(replace(CLEAN, coverage=[*coverage, covered(13)]))
    assert verdict.state is DeviceState.QUIET_NOT_PROVEN
    assert verdict.alive == (day(13),)
    assert verdict.missing == ("seen alive on 1 of the 7 days covered, 3 are needed",)


def test_life_on_days_that_are_not_covered_is_told_and_does_not_count() -> None:
    half = frozenset(range(8, 11))
    rows = [covered(one, hours=half) for one in (7, 8)] + [
        covered(one, alive=frozenset()) for one in range(9, 14)
    ]
    verdict = said(replace(CLEAN, coverage=rows))
    assert verdict.alive == ()
    assert verdict.missing[-1] == (
        "seen alive on 0 of the 5 days covered, 3 are needed; "
        "alive too from 7 to 8 September 2022, where the logs are not whole and nothing counts"
    )


def test_a_day_with_half_of_its_hours_is_named_as_not_whole() -> None:
    thin = covered(10, thin_hours=frozenset({8, 9, 10}))
    verdict = said(replace(CLEAN, coverage=[*(covered(n) for n in (7, 8, 9, 11, 12, 13)), thin]))
    assert verdict.state is DeviceState.QUIET_NOT_PROVEN
    assert verdict.missing == ("the DNS log of 10 September 2022 is not whole: 6 of 9 usual hours",)


def test_a_day_off_with_a_few_lines_is_named_as_such() -> None:
    quiet = covered(10, hours=frozenset({3}), usual=frozenset())
    verdict = said(replace(CLEAN, coverage=[*(covered(n) for n in (7, 8, 9, 11, 12, 13)), quiet]))
    assert verdict.missing == (
        "the DNS log of 10 September 2022, a day off, holds too little to count",
    )


def test_a_handled_device_is_told_only_of_days_that_have_passed() -> None:
    verdict = said(replace(CLEAN, coverage=[covered(7), covered(9)], as_of=day(10)))
    assert verdict.state is DeviceState.HANDLED
    assert verdict.missing == (
        "4 more whole days must pass",
        "no DNS log on 8 September 2022: 1 of 7 days are missing",
        "seen alive on 2 of the 2 days covered, 3 are needed",
    )


def test_every_kind_that_showed_a_contact_must_be_covered() -> None:
    both = replace(CLEAN, contacts=[contact(5), contact(4, "web")])
    verdict = said(both)
    assert verdict.state is DeviceState.QUIET_NOT_PROVEN
    assert verdict.kinds == ("dns", "web")
    assert verdict.missing[0] == ("no web log from 7 to 13 September 2022: 7 of 7 days are missing")
    web = [covered(one, "web") for one in range(7, 14)]
    assert said(replace(both, coverage=[*CLEAN.coverage, *web])).state is DeviceState.VERIFIED_CLEAN


def test_being_alive_in_another_kind_of_log_is_no_life() -> None:
    coverage = [covered(one, alive=frozenset({"pc-2"})) for one in range(7, 14)]
    web = [covered(one, "web") for one in range(7, 14)]
    assert said(replace(CLEAN, coverage=[*coverage, *web])).state is DeviceState.QUIET_NOT_PROVEN


def test_the_log_of_another_unit_proves_nothing() -> None:
    coverage = [covered(one, unit="school") for one in range(7, 14)]
    assert said(replace(CLEAN, coverage=coverage)).state is DeviceState.CANNOT_TELL


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
    assert verdict.missing == ("nobody has handled it since",)
    short = said(replace(CLEAN, handlings=[], as_of=day(9)))
    assert short.state is DeviceState.INFECTED
    assert (
        short.because == "It met bad.example on 5 September 2022, and no handling since is known."
    )
    assert short.missing == ("nobody has handled it since",), "days before it would prove nothing"


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


def test_foreign_words_cannot_break_a_sentence() -> None:
    verdict = said(replace(CLEAN, contacts=[contact(9, indicator="%(day)s %s %\x1b[2J")]))
    assert verdict.state is DeviceState.RECURRED
    assert "%(day)s %s %\\x1b[2J" in verdict.because


@pytest.mark.parametrize("language", ["vi", "en"])
@given(CASES)
def test_every_state_has_its_sentence(language: str, case: Case) -> None:
    use_language("vi" if language == "vi" else "en")
    verdict = said(case)
    assert verdict.because.endswith(".")
    assert "%(" not in "".join([verdict.because, *verdict.missing])


@settings(max_examples=400)
@given(st.one_of(CASES, QUIET_CASES))
def test_it_says_what_the_slow_twin_says(case: Case) -> None:
    verdict = said(case)
    twin = judged(case)
    assert verdict.state is twin.state
    if twin != Judged(DeviceState.CANNOT_TELL):
        assert (verdict.covered, verdict.alive) == (twin.covered, twin.alive)


@settings(max_examples=300)
@given(st.one_of(CASES, QUIET_CASES))
def test_no_device_is_clean_without_its_covered_and_its_alive_days(case: Case) -> None:
    verdict = said(case)
    if verdict.state is DeviceState.VERIFIED_CLEAN:
        assert len(verdict.covered) >= case.thresholds.covered_days
        assert len(verdict.alive) >= case.thresholds.alive_days
        assert set(verdict.alive) <= set(verdict.covered)
        assert any(one.day < verdict.covered[0] for one in case.handlings)


@settings(max_examples=300)
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


@settings(max_examples=300)
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


@settings(max_examples=200)
@given(CASES)
def test_taking_all_handlings_away_never_makes_a_device_clean(case: Case) -> None:
    assert said(replace(case, handlings=[])).state is not DeviceState.VERIFIED_CLEAN


@settings(max_examples=200)
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
