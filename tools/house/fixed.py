"""A process with a fixed clock and fixed randomness, so that two runs give the same bytes."""

import ctypes
import datetime
import gc
import itertools
import os
import random
import sys
import time
from random import Random
from typing import Any

NOW = datetime.datetime(2026, 11, 25, 3, 0, tzinfo=datetime.UTC)
"""A Wednesday, ten in the morning in Vietnam."""

_random = Random(0)


def fix() -> None:
    """Fix clock and randomness of this process; call it before anything else is imported.

    The clock gains a microsecond each time it is read, so that what is sorted by time stays sorted.
    """
    ticks = itertools.count()
    start = NOW.timestamp()
    from_timestamp = datetime.datetime.fromtimestamp

    def seconds() -> float:
        return start + next(ticks) / 1_000_000

    def now(_class: type, tz: datetime.tzinfo | None = None) -> datetime.datetime:
        return from_timestamp(seconds(), tz)

    def utcnow(_class: type) -> datetime.datetime:
        return from_timestamp(seconds(), datetime.UTC).replace(tzinfo=None)

    def today(_class: type) -> datetime.date:
        return from_timestamp(seconds()).date()

    _replace(datetime.datetime, now=classmethod(now), utcnow=classmethod(utcnow))
    _replace(datetime.date, today=classmethod(today))
    time.time = seconds
    time.time_ns = lambda: int(seconds() * 1_000_000_000)
    os.urandom = _random.randbytes
    vars(random)["_urandom"] = os.urandom
    reseed("")


def reseed(name: str) -> None:
    """Begin the randomness anew for the step `name`, whatever the steps before it drew."""
    _random.seed(name)
    random.seed(name)


def _replace(kind: type, **methods: Any) -> None:
    """Replace methods of a built-in type, which refuses plain assignment."""
    gc.get_referents(vars(kind))[0].update(methods)
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


def run_command(arguments: list[str]) -> None:
    """Run the command line of quetsach with `arguments`, the clock fixed."""
    fix()
    from quetsach.cli.main import main

    sys.argv = ["quetsach", *arguments]
    main()


if __name__ == "__main__":
    run_command(sys.argv[1:])
