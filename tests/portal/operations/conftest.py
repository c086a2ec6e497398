"""A backup that the tests of this folder change, check and restore."""

from pathlib import Path

import pytest

from quetsach_portal.operations.backup.writing import back_up
from tests.portal.cases.rows import make_file
from tests.portal.reports.acting import submitted
from tests.portal.world import make_world


@pytest.fixture
def backup(own_database: dict[str, str], home: Path, tmp_path: Path) -> Path:
    """A backup of a district with a report and a file, made by the portal of this test."""
    world = make_world()
    submitted(world, "TC01")
    make_file(world, "TC01")
    back_up(tmp_path / "kept")
    return tmp_path / "kept"
