"""How much is asked: a part each day, everything in `make check-whole`, which has an hour."""

import os
from typing import TypeVar

import pytest

One = TypeVar("One")

WHOLE = os.environ.get("QUETSACH_WALK") == "whole"

fault_run = pytest.mark.skipif(not WHOLE, reason="a long fault run: make check-whole")
"""For a test that takes half a minute to kill what a shorter one kills each day."""


def daily(part: One, *, whole: One) -> One:
    """Return `part`, or `whole` where everything is asked."""
    return whole if WHOLE else part
