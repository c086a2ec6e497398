"""R1, R2: a thousand phones behind one address are served; one script is slowed, others are not."""

import pytest

from quetsach_public.limits import BURST, RATE, PaceLimits, Paces, RequestPace, costs


def test_R1_five_thousand_requests_of_one_address_in_a_minute_are_all_served() -> None:
    limits = PaceLimits()
    assert all(limits.within(7, now=n * 60 / 5_000) for n in range(5_000))


def test_R2_one_address_at_200_a_second_is_slowed_and_others_are_not() -> None:
    limits = PaceLimits()
    served = [limits.within(7, now=n / 200) for n in range(200 * 120)]
    assert not all(served)
    assert abs(sum(served) - (BURST + 120 * RATE)) < 10
    assert limits.within(8, now=60.0)


def test_R2_processes_share_the_pace_and_each_takes_a_whole_crowd() -> None:
    two = PaceLimits(RATE / 2), PaceLimits(RATE / 2)
    assert all(two[0].within(7, now=n * 60 / 5_000) for n in range(5_000))
    served = [two[n % 2].within(8, now=n / 200) for n in range(200 * 240)]
    assert not all(served)
    assert sum(served[-200 * 60 :]) / 60 == pytest.approx(RATE, rel=0.02)


def test_addresses_that_are_counted_stay_bounded() -> None:
    limits = PaceLimits(most=100)
    for number in range(10_000):
        limits.within(number, now=1.0)
    assert len(limits._left) == 100


def test_R1_one_who_floods_takes_no_page_from_neighbours_and_nothing_from_others() -> None:
    paces = Paces(all_asked=PaceLimits(rate=0, burst=0), costly=PaceLimits(rate=0, burst=2))
    assert {paces.pace(7) for _ in range(100)} == {RequestPace.SLOWED}
    assert [paces.pace(7, costs=True) for _ in range(3)] == [
        RequestPace.SLOWED,
        RequestPace.SLOWED,
        RequestPace.BUSY,
    ]
    assert paces.pace(7) is RequestPace.SLOWED, "a page is served all the same"
    assert paces.pace(8, costs=True) is RequestPace.SLOWED


def test_forms_and_large_files_cost_and_pages_do_not() -> None:
    assert costs("POST", "/tham-gia")
    assert costs("GET", "/tai-lieu/tep/to-roi.pdf")
    assert not any(costs("GET", one) for one in ("/kiem-tra", "/", "/so-lieu", "/tai-lieu"))
