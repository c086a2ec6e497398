"""Read a list and make it ready: as it is, with an empty cache, and mapped; print how long it took.

Run as `python -m bench.compiling LIST`.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from quetsach.indicators.compiled.cache import read_cached
from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.scanning.job import ScanJob, prepare


def main(path: str) -> None:
    """Print the seconds of each step.

    Shapes: {"read", "compiled"} of the list alone; {"stored", "stored_ready"} of the first reading
    with a cache, which it fills; {"mapped", "mapped_ready"} of the second, from the cache.
    """
    lists = [Path(path)]
    seconds = _steps(("read", "compiled"), lambda: read_lists(lists, ListOptions()))
    with TemporaryDirectory() as folder:
        for first, then in (("stored", "stored_ready"), ("mapped", "mapped_ready")):
            seconds |= _steps(
                (first, then), lambda: read_cached(lists, ListOptions(), Path(folder)).indicators
            )
    print(json.dumps(seconds))


def _steps(names: tuple[str, str], read: Callable[[], IndicatorSet]) -> dict[str, float]:
    """Return how long it took to read a set, and to make its keys ready."""
    started = time.perf_counter()
    indicators = read()
    done = time.perf_counter()
    prepare(ScanJob(indicators))
    return dict(zip(names, (done - started, time.perf_counter() - done), strict=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
