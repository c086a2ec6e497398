"""Who is named among those with a claim to an address: certain, likely or ambiguous."""

import pytest

from tests.attribution.holding import AMBIGUOUS, CERTAIN, LIKELY, history_of, holder_at, outcome
from tests.attribution.lease_rows import MINUTE, A, B, Record


def test_between_two_holders_it_is_ambiguous_and_both_are_named() -> None:
    assert outcome(holder_at(history_of(Record(8), Record(20, B)), 15)) == (A, AMBIGUOUS, (B,))


def test_a_new_holder_after_a_release_is_certain() -> None:
    history = history_of(Record(8), Record(9, act="released"), Record(9, B))
    assert outcome(holder_at(history, 10)) == (B, CERTAIN, ())


def test_a_new_holder_while_the_old_lease_runs_has_the_old_one_for_a_rival() -> None:
    assert outcome(holder_at(history_of(Record(8), Record(9, B)), 10)) == (B, LIKELY, (A,))


def test_after_its_release_a_machine_is_not_blamed() -> None:
    assert holder_at(history_of(Record(8), Record(9, act="released")), 10) is None


@pytest.mark.parametrize("act", ["released", "expired", "declined"])
def test_after_a_release_the_next_holder_is_only_a_guess(act: str) -> None:
    history = history_of(Record(8), Record(9, act=act), Record(12, B))
    assert outcome(holder_at(history, 10)) == (B, AMBIGUOUS, (A,))


def test_before_the_first_record_of_two_machines_it_is_ambiguous() -> None:
    assert outcome(holder_at(history_of(Record(8), Record(20, B)), 7)) == (A, AMBIGUOUS, (B,))


def test_before_the_first_record_of_one_machine_it_is_likely() -> None:
    assert outcome(holder_at(history_of(Record(8)), 7)) == (A, LIKELY, ())


def test_a_time_that_is_not_known_is_answered_by_elimination() -> None:
    assert outcome(holder_at(history_of(Record(8)), None)) == (A, LIKELY, ())
    assert outcome(holder_at(history_of(Record(8), Record(20, B)), None)) == (B, AMBIGUOUS, (A,))


def test_who_holds_the_address_within_the_doubt_of_the_clocks_is_a_rival() -> None:
    history = history_of(Record(8), Record(9, act="released"), Record(9, B))
    assert outcome(holder_at(history, 9.01)) == (B, CERTAIN, ())
    assert outcome(holder_at(history, 9.01, MINUTE)) == (B, AMBIGUOUS, (A,))
    assert outcome(holder_at(history, 9.5, MINUTE)) == (B, CERTAIN, ())


def test_an_end_within_the_doubt_of_the_clocks_is_not_certain() -> None:
    assert outcome(holder_at(history_of(Record(8)), 11.999, MINUTE)) == (A, LIKELY, ())
    history = history_of(Record(8), Record(9, act="released"))
    assert outcome(holder_at(history, 9.001, MINUTE)) == (A, LIKELY, ())


def test_many_machines_at_once_are_ambiguous_and_few_are_listed() -> None:
    crowd = [Record(8, f"00-17-A4-00-01-{n:02X}", server=f"s{n}") for n in range(200)]
    history = history_of(*crowd)
    holder = holder_at(history, 9)
    assert holder is not None
    assert holder.grade is AMBIGUOUS
    assert 0 < len(holder.rivals) < 60
    later = holder_at(history, 99)
    assert later is not None
    assert 0 < len(later.rivals) <= 50
