"""The acts of the tests are found by the process in the sandbox."""

import pytest

from tests.sandbox.carrying_out import ROOT


@pytest.fixture(autouse=True)
def acts_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
