"""Verdicts are compared in English."""

import pytest

from quetsach.texts import use_language


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")
