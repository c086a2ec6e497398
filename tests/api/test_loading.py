"""What is loaded ahead is what a sweep comes to, and starts no thread."""

import os
import subprocess
import sys

import pytest

from quetsach.sandbox.environment import clean_environment

CODE = """
import os, sys
from quetsach.api.loading import load_ahead
load_ahead()
print(*(name for name in sys.argv[1:] if name not in sys.modules))
print(len(os.listdir("/proc/self/task")), "pandas" in sys.modules)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
def test_all_is_loaded_and_no_thread_runs() -> None:
    loaded = ("quetsach.api.sweeps", "quetsach.html_report.page", "pyarrow.parquet")
    done = subprocess.run(
        [sys.executable, "-P", "-c", CODE, *loaded],
        env={**clean_environment(), "PYTHONHASHSEED": "0"},
        cwd=os.sep,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["", "1 False"]
