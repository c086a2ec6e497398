"""The days after a handling: covered, alive, or with a gap."""

from dataclasses import replace

from quetsach.verdicts.model import DeviceState
from tests.verdicts.cases import CLEAN, DEVICE, contact, covered, said


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


def test_days_on_which_it_could_ask_a_public_resolver_unseen_prove_nothing() -> None:
    blind = [covered(one, unseen=frozenset({DEVICE})) for one in (9, 10)]
    rows = [*(covered(one) for one in (7, 8, 11, 12, 13)), *blind]
    verdict = said(replace(CLEAN, coverage=rows))
    assert verdict.state is DeviceState.QUIET_NOT_PROVEN
    assert len(verdict.covered) == 5
    assert verdict.missing == (
        "the DNS log from 9 to 10 September 2022 proves nothing: it was in contact with a public "
        "DNS resolver over TLS or HTTPS, and no log shows what it asked there",
    )


def test_what_another_device_could_ask_takes_nothing_away() -> None:
    rows = [covered(one, unseen=frozenset({"pc-2"})) for one in range(7, 14)]
    assert said(replace(CLEAN, coverage=rows)).state is DeviceState.VERIFIED_CLEAN
