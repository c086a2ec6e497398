"""Read a list and make it ready, and print how long each took.

Run as `python -m bench.compiling LIST`.
"""

import json
import sys
import time
from pathlib import Path

from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.scanning.job import ScanJob, prepare


def main(path: str) -> None:
    """Print {"read": seconds, "compiled": seconds}."""
    started = time.perf_counter()
    indicators = read_lists([Path(path)], ListOptions())
    read = time.perf_counter()
    prepare(ScanJob(indicators))
    compiled = time.perf_counter()
    print(json.dumps({"read": read - started, "compiled": compiled - read}))


if __name__ == "__main__":
    main(*sys.argv[1:])
