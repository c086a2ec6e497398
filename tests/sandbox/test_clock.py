"""A process in the sandbox ends itself in time, and waiting for another does not count."""

import time

import msgspec
import pytest

from quetsach.sandbox.contract import SandboxFailure
from quetsach.sandbox.run import run
from tests.sandbox.carrying_out import LIMITS, POSIX, act, failure_of


@POSIX
@pytest.mark.parametrize("name", ["hang", "hang_in_c"])
def test_it_ends_itself_in_time_also_in_c_code_that_does_not_return(name: str) -> None:
    started = time.monotonic()
    assert failure_of(name, own_seconds=0.5).failure is SandboxFailure.TIME
    assert time.monotonic() - started < 40


@POSIX
def test_the_clock_stands_still_while_one_within_works() -> None:
    limits = msgspec.structs.replace(LIMITS, own_seconds=2.5)
    assert run(act("nest_and_outlast"), b"4", limits=limits) == b"4"
