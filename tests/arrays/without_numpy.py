"""Runs tests as where NumPy is not installed: `pytest -p tests.arrays.without_numpy PATH...`."""

from unittest import mock

with mock.patch.dict("sys.modules", {"numpy": None}):
    import quetsach.arrays  # noqa: F401 - it looks for NumPy when it is first imported
