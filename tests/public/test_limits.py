"""R1, R2: a thousand phones behind one address are served; one script is slowed, others are not."""

from quetsach_public.limits import BURST, RATE, Limits


def test_R1_five_thousand_requests_of_one_address_in_a_minute_are_all_served() -> None:
    limits = Limits()
    assert all(limits.within(7, now=n * 60 / 5_000) for n in range(5_000))


def test_R2_one_address_at_200_a_second_is_slowed_and_others_are_not() -> None:
    limits = Limits()
    served = [limits.within(7, now=n / 200) for n in range(200 * 120)]
    assert not all(served)
    assert abs(sum(served) - (BURST + 120 * RATE)) < 10
    assert limits.within(8, now=60.0)


def test_addresses_that_are_counted_stay_bounded() -> None:
    limits = Limits(most=100)
    for number in range(10_000):
        limits.within(number, now=1.0)
    assert len(limits._left) == 100
