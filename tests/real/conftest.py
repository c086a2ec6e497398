"""The third-party data set beside the repository; where it is absent its tests are skipped."""

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    """Return the folder of the data set."""
    if not DATA.is_dir():
        pytest.skip(f"NOT TESTED: no third-party data set at {DATA}")
    return DATA
