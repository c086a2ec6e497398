"""E2: of a damaged backup nothing is restored."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from quetsach.api.problems import QuetsachError
from quetsach_portal.operations.backup.restoring import restore, try_backup
from tests.portal.operations.damages import cut_database, cut_tar, no_tar, other_byte_in_tar


def test_E2_of_a_damaged_backup_nothing_is_restored(backup: Path, tmp_path: Path) -> None:
    address = "" if connection.vendor == "sqlite" else "postgresql:///nowhere"
    damages: list[Callable[[Path], None]] = [other_byte_in_tar, cut_database, cut_tar, no_tar]
    for damage in damages:
        damage(backup)
        assert try_backup(backup, tmp_path / "scratch").count
        assert not (tmp_path / "scratch").exists()
        with pytest.raises(QuetsachError) as refused:
            restore(backup, tmp_path / "new", address)
        assert refused.value.problem.code == "E608"
        assert not (tmp_path / "new").exists()
    with pytest.raises(QuetsachError) as refused:
        restore(tmp_path, tmp_path / "new", address)
    assert refused.value.problem.code == "E607"
