"""R1, R2: a thousand phones behind one address are served; one script is slowed, others are not."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from quetsach_public import limits as module
from quetsach_public.limits import (
    BURST,
    COSTLY_OF_ONE,
    MOST_WAITING,
    RATE,
    Limits,
    Pace,
    costs,
)


def test_R1_five_thousand_requests_of_one_address_in_a_minute_are_all_served() -> None:
    limits = Limits()
    assert all(limits.within(7, now=n * 60 / 5_000) for n in range(5_000))


def test_R2_one_address_at_200_a_second_is_slowed_and_others_are_not() -> None:
    limits = Limits()
    served = [limits.within(7, now=n / 200) for n in range(200 * 120)]
    assert not all(served)
    assert abs(sum(served) - (BURST + 120 * RATE)) < 10
    assert limits.within(8, now=60.0)


def test_R2_processes_share_the_pace_and_each_takes_a_whole_crowd() -> None:
    two = Limits(RATE / 2), Limits(RATE / 2)
    assert all(two[0].within(7, now=n * 60 / 5_000) for n in range(5_000))
    served = [two[n % 2].within(8, now=n / 200) for n in range(200 * 240)]
    assert not all(served)
    assert sum(served[-200 * 60 :]) / 60 == pytest.approx(RATE, rel=0.02)


def test_addresses_that_are_counted_stay_bounded() -> None:
    limits = Limits(most=100)
    for number in range(10_000):
        limits.within(number, now=1.0)
    assert len(limits._left) == 100


def test_R1_one_who_floods_takes_no_page_from_neighbours_and_no_place_from_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits, begun, go = Limits(rate=0, burst=0), threading.Semaphore(0), threading.Event()

    def wait(_seconds: float) -> None:
        begun.release()
        assert go.wait(20)

    monkeypatch.setattr(module.time, "sleep", wait)
    asked = [False] * MOST_WAITING + [True] * COSTLY_OF_ONE
    with ThreadPoolExecutor(len(asked)) as threads:
        waiting = [threads.submit(limits.pace, 7, costs=one) for one in asked]
        assert all(begun.acquire(timeout=20) for _ in waiting)
        assert limits.pace(7) is Pace.NOW, "all places are taken: a page is served all the same"
        assert limits.pace(7, costs=True) is Pace.BUSY
        monkeypatch.setattr(module.time, "sleep", lambda _seconds: None)
        assert limits.pace(8, costs=True) is Pace.SLOWED
        go.set()
        assert {one.result(20) for one in waiting} == {Pace.SLOWED}
    assert not limits._waiting._taken
    assert not limits._costly._taken


def test_forms_and_large_files_cost_and_pages_do_not() -> None:
    assert costs("POST", "/tham-gia")
    assert costs("GET", "/tai-lieu/tep/to-roi.pdf")
    assert not any(costs("GET", one) for one in ("/kiem-tra", "/", "/so-lieu", "/tai-lieu"))
