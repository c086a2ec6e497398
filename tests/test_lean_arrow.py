"""pyarrow is loaded without NumPy and pandas, and they stay to be had."""

import subprocess
import sys

SCRIPT = """
import sys
from quetsach.lean_arrow import load_arrow
load_arrow()
import pyarrow as pa
table = pa.table({"a": [1, None], "b": [["x"], []], "c": pa.array([b"1", None], pa.binary())})
assert table.to_pylist()[0] == {"a": 1, "b": ["x"], "c": b"1"}
assert not {"numpy", "pandas"} & sys.modules.keys()
load_arrow()
import numpy
assert numpy.arange(3).sum() == 3
"""


def test_neither_is_loaded_and_both_can_be() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
