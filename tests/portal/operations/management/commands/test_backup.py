"""E2: `quetsach manage backup --check` says by its exit what a backup is worth."""

import json
from pathlib import Path

from quetsach_portal.operations.backup.manifest import MANIFEST
from quetsach_portal.operations.backup.writing import back_up
from tests.portal.operations.commands import manage
from tests.portal.operations.damages import changed


def test_E2_a_backup_of_a_damaged_portal_is_not_called_whole(
    own_database: dict[str, str], backup: Path, tmp_path: Path
) -> None:
    # The backup matches its own digests.
    changed("campaigns_nodecounter", "units", "units + 1")()
    back_up(tmp_path / "later")
    words = ["backup", str(tmp_path / "later"), "--check", "--scratch", str(tmp_path / "scratch")]
    ended = manage(own_database, *words)
    assert ended.returncode == 1, ended.stdout
    assert "counter" in ended.stderr
    assert list((tmp_path / "scratch").iterdir()) == []


def test_E2_a_backup_of_the_first_format_is_still_restored_and_checked(
    own_database: dict[str, str], backup: Path
) -> None:
    manifest = json.loads((backup / MANIFEST).read_text())
    rows = {name: count for name, (count, _sum) in manifest["tables"].items()}
    old = {name: manifest[name] for name in ("at", "database", "head")} | {"rows": rows}
    (backup / MANIFEST).write_text(json.dumps(old))
    ended = manage(own_database, "backup", str(backup), "--check")
    assert ended.returncode == 0, ended.stderr
    assert "earlier version" in ended.stdout
