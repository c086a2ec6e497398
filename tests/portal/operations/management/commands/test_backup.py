"""`quetsach manage backup`: an existing folder is not overwritten, half a backup not trusted."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

pytestmark = pytest.mark.django_db


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "note.txt"
    kept.write_text("mine")
    with pytest.raises(CommandError, match="exists"):
        call_command("backup", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_a_folder_without_a_manifest_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "home.tar").touch()
    with pytest.raises(CommandError, match="no complete backup"), override("en"):
        call_command("backup", str(tmp_path), check=True)
