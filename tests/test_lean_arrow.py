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
assert sys.platform != "linux" or pa.default_memory_pool().backend_name == "jemalloc"
assert not {"numpy", "pandas"} & sys.modules.keys()
load_arrow()
import numpy
assert numpy.arange(3).sum() == 3
"""


LOCAL = """
import sys
from quetsach.lean_arrow import load_arrow
load_arrow(remote=False)
import pyarrow.compute as pc, pyarrow.fs, pyarrow as pa
assert not {"ssl", "pyarrow._s3fs", "pyarrow.vendored.docscrape"} & sys.modules.keys()
assert pc.utf8_lower(pa.array(["A"])).to_pylist() == ["a"]
assert pc.index_in(pa.array([2]), value_set=pa.array([1, 2])).to_pylist() == [1]
assert pyarrow.fs.LocalFileSystem().get_file_info(".").type
import ssl
assert ssl.create_default_context()
import pyarrow.vendored.docscrape
assert pyarrow.vendored.docscrape.NumpyDocString("Text.")["Summary"] == ["Text."]
"""


def test_who_reads_local_files_loads_no_certificates() -> None:
    done = subprocess.run([sys.executable, "-c", LOCAL], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_neither_is_loaded_and_both_can_be() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
