"""Runs tests as where NumPy is not installed: `pytest -p tests.arrays.without_numpy PATH...`."""

import sys

_there = sys.modules.get("numpy")
sys.modules["numpy"] = None  # type: ignore[assignment]  # None says: not to be found
import quetsach.arrays  # noqa: E402, F401 - it looks for NumPy when it is first imported

del sys.modules["numpy"]
if _there is not None:
    sys.modules["numpy"] = _there
