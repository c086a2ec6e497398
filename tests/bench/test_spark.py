"""The benchmark of the engines counts the processor time of every process below it."""

import subprocess
import sys

from bench.spark import Sweep, processor_seconds, table

_BUSY = "import time\nwhile time.process_time() < 0.2: pass\nprint(flush=True)\ninput()"


def test_the_time_of_a_child_counts() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _BUSY], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        used = processor_seconds(child.pid)
        child.communicate(b"\n")
    assert used >= 0.15


def test_each_engine_stands_beside_the_local_one() -> None:
    local = Sweep("local", 0.0, 10.0, 20.0, 250.0, 3, "a")
    cluster = Sweep("local-cluster[2,1,1024]", 5.0, 12.0, 25.0, 260.0, 3, "a")
    assert table([local, cluster], 10_000).splitlines()[2:] == [
        "| `local` | 0.0 | 10.0 | 20.0 | 500 | 100% | 250 |",
        "| `local-cluster[2,1,1024]` | 5.0 | 12.0 | 25.0 | 400 | 80% | 260 |",
    ]
