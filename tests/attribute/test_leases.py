"""Who held an address: what records prove, what they only suggest, and what they cannot tell."""

import random

import pytest

from quetsach.attribute.leases import Certainty, Lease, LeaseHistory
from quetsach.clocks import MICROSECONDS

HOUR = 3600 * MICROSECONDS
A, B = "00-17-A4-00-00-0A", "00-17-A4-00-00-0B"


def _lease(hour: int, mac: str, *, hours: int = 4, released: bool = False, name: str = "") -> Lease:
    return Lease("10.0.0.5", hour * HOUR, mac, name, hours * 3600, released)


def test_within_its_lease_a_machine_is_certain() -> None:
    history = LeaseHistory([_lease(8, A, name="PC-01")])
    holder = history.holder("10.0.0.5", 9 * HOUR)
    assert holder is not None
    assert (holder.device, holder.grade) == (f"PC-01 ({A})", Certainty.CERTAIN)


def test_a_lease_that_ran_out_still_points_to_its_only_holder() -> None:
    holder = LeaseHistory([_lease(8, A)]).holder("10.0.0.5", 99 * HOUR)
    assert holder is not None
    assert (holder.device, holder.grade, holder.rivals) == (A, Certainty.LIKELY, ())


def test_between_two_holders_it_is_ambiguous_and_both_are_named() -> None:
    history = LeaseHistory([_lease(8, A), _lease(20, B)])
    holder = history.holder("10.0.0.5", 15 * HOUR)
    assert holder is not None
    assert (holder.device, holder.grade, holder.rivals) == (A, Certainty.AMBIGUOUS, (B,))


def test_a_new_holder_after_a_release_is_certain() -> None:
    history = LeaseHistory([_lease(8, A), _lease(9, A, released=True), _lease(9, B)])
    holder = history.holder("10.0.0.5", 10 * HOUR)
    assert holder is not None
    assert (holder.device, holder.grade, holder.rivals) == (B, Certainty.CERTAIN, ())


def test_a_new_holder_while_the_old_lease_runs_has_the_old_one_for_a_rival() -> None:
    history = LeaseHistory([_lease(8, A), _lease(9, B)])
    holder = history.holder("10.0.0.5", 10 * HOUR)
    assert holder is not None
    assert (holder.device, holder.grade, holder.rivals) == (B, Certainty.LIKELY, (A,))


def test_a_machine_goes_by_its_latest_name() -> None:
    other = Lease("10.0.0.1", 20 * HOUR, A, "NEW", 3600, False)
    history = LeaseHistory([_lease(8, A, name="OLD"), other])
    holder = history.holder("10.0.0.5", 9 * HOUR)
    assert holder is not None
    assert holder.host_name == "NEW"


def test_after_its_release_a_machine_is_not_blamed() -> None:
    history = LeaseHistory([_lease(8, A), _lease(9, A, released=True)])
    assert history.holder("10.0.0.5", 10 * HOUR) is None


def test_before_the_first_record_of_two_machines_it_is_ambiguous() -> None:
    history = LeaseHistory([_lease(8, A), _lease(20, B)])
    holder = history.holder("10.0.0.5", 7 * HOUR)
    assert holder is not None
    assert holder.grade is Certainty.AMBIGUOUS


def test_a_machine_keeps_one_key_although_a_record_lacks_its_name() -> None:
    history = LeaseHistory([_lease(8, A), _lease(10, A, name="PC-01")])
    first = history.holder("10.0.0.5", 8 * HOUR)
    assert first is not None
    assert first.device == f"PC-01 ({A})"


def test_an_address_that_no_record_names_has_no_holder() -> None:
    assert LeaseHistory([_lease(8, A)]).holder("10.0.0.6", 9 * HOUR) is None


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_the_records_does_not_matter(seed: int) -> None:
    source = random.Random(seed)
    leases = [
        _lease(source.randrange(50), source.choice([A, B]), released=source.random() < 0.2)
        for _ in range(8)
    ]
    shuffled = source.sample(leases, len(leases))
    for hour in range(60):
        answers = {LeaseHistory(one).holder("10.0.0.5", hour * HOUR) for one in (leases, shuffled)}
        assert len(answers) == 1
