"""A log with one sighting, its list, and the findings of its sweep."""

from pathlib import Path

import pytest

from tests.sweeping.evidence import HEADER, conn, swept, write

HOSTILE = "\x1b[2J\x1b]0;owned\x07\u202e"
"""What would clear a terminal, rename its window and turn its text round."""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return write(
        tmp_path / "evidence" / "conn.log",
        HEADER + conn(1, "10.0.0.5", "203.0.113.77") + conn(2, "10.0.0.6", "198.51.100.1"),
    )


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    return write(tmp_path / "list.txt", "203.0.113.77\n")


@pytest.fixture
def findings(tmp_path: Path, log: Path) -> Path:
    """Return the findings of `log`."""
    swept(tmp_path, log)
    return tmp_path / "findings"
