"""How much work something is, counted in calls: the same on every machine, however busy it is."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def calls_of(act: Callable[[], object]) -> int:
    """Return how many functions `act` calls, of Python and of C."""
    made = 0

    def note(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(before)
    return made


def growth(act: Callable[[int], object], size: int, times: int = 8) -> float:
    """Return how much more work `act` is at `times` the size: about `times` where it is linear."""
    return calls_of(lambda: act(times * size)) / calls_of(lambda: act(size))
