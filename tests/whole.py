"""How much is asked: a part each day, everything in `make check-whole`, which has an hour."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar
from zlib import crc32

import pytest

One = TypeVar("One")

WHOLE = os.environ.get("QUETSACH_WALK") == "whole"

fault_run = pytest.mark.skipif(not WHOLE, reason="a long fault run: make check-whole")
"""For a test that takes half a minute to kill what a shorter one kills each day."""


def daily(part: One, *, whole: One) -> One:
    """Return `part`, or `whole` where everything is asked."""
    return whole if WHOLE else part


def todays_share(names: Sequence[str], days: int = 5) -> list[str]:
    """Return the names whose turn it is today: each comes once in `days` days, all in a whole run.

    For what one engine does alike for many files of data, such as the dialects of logs.
    """
    today = datetime.now(UTC).toordinal() % days
    return [name for name in names if WHOLE or crc32(name.encode()) % days == today]
