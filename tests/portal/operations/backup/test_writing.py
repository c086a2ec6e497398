"""E2: a backup is written whole or not at all, and says the digest of everything in it."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from quetsach.api.problems import QuetsachError
from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.operations.backup.manifest import (
    FILES,
    FileDigest,
    digest_of_file,
    read_manifest,
)
from quetsach_portal.operations.backup.writing import back_up
from tests.portal.cases.rows import make_file
from tests.portal.world import make_world

RUN = "from quetsach_portal.manage import main; main(['backup', {!r}])"


def test_E2_the_manifest_names_the_digest_of_every_part_and_file(
    transactional_db: None, home: Path, tmp_path: Path
) -> None:
    world = make_world()
    make_file(world, "TC01")
    stored = StoredFile.objects.get()
    # A second name of the same bytes, as kept findings have.
    os.link(path_of(stored), home / "files" / "linked")
    target = tmp_path / "kept"
    manifest = back_up(target)
    assert read_manifest(target) == manifest
    assert {name: digest_of_file(target / name) for name in manifest.parts} == manifest.parts
    assert set(manifest.parts) == {manifest.database, FILES}
    kept = {name: digest for name, digest in manifest.files.items() if "files/" in name}
    assert kept == {
        f"files/{stored.pk.hex[:2]}/{stored.pk.hex}": FileDigest(stored.size, stored.sha256),
        "files/linked": FileDigest(stored.size, stored.sha256),
    }
    assert manifest.tables[StoredFile._meta.db_table][0] == 1
    assert target.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.iterdir() if path != home) == ["kept"]


@pytest.mark.parametrize("limit", [1 << 12, 1_200_000])
def test_E2_a_full_disk_leaves_a_clear_error_and_no_half_backup(
    own_database: dict[str, str], home: Path, tmp_path: Path, limit: int
) -> None:
    make_world()
    home.mkdir(exist_ok=True)
    (home / "big").write_bytes(bytes(2_000_000))
    place = tmp_path / "backups"

    def bounded() -> None:
        # The kernel refuses to write on, as it does where the disk is full.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    ended = subprocess.run(
        [sys.executable, "-c", RUN.format(str(place / "kept"))],
        # Python would write its own cut bytecode and read it again later.
        env={**os.environ, **own_database, "LANGUAGE": "en", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=bounded,
    )
    assert ended.returncode == 1
    assert "E605" in ended.stderr or "E606" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert list(place.iterdir()) == []


def test_E2_what_a_killed_backup_left_goes_with_the_next(
    own_database: dict[str, str], home: Path, tmp_path: Path
) -> None:
    make_world()
    home.mkdir(exist_ok=True)
    pipe = home / "big"
    pipe.write_bytes(bytes(60_000_000))
    child = subprocess.Popen(
        [sys.executable, "-c", RUN.format(str(tmp_path / "kept"))],
        env={**os.environ, **own_database},
    )
    end = time.monotonic() + 120
    while not (drafts := list(tmp_path.glob(".kept.backup-partial-*/home.tar"))):
        assert child.poll() is None
        assert time.monotonic() < end
        os.sched_yield()
    child.send_signal(signal.SIGSTOP)
    back_up(tmp_path / "other")
    assert drafts[0].exists(), "it lives, and is no hindrance"
    shutil.rmtree(tmp_path / "other")
    child.kill()
    child.wait()
    pipe.unlink()
    assert drafts[0].exists()
    back_up(tmp_path / "kept")
    assert [path.name for path in tmp_path.iterdir() if path != home] == ["kept"]


def test_E2_a_folder_that_is_there_is_left_alone(db: None, tmp_path: Path) -> None:
    kept = tmp_path / "note.txt"
    kept.write_text("mine")
    with pytest.raises(QuetsachError) as refused:
        back_up(tmp_path)
    assert refused.value.problem.code == "E605"
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]
