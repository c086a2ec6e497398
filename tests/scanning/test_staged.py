"""Rows are written whole, each time under a new name, where the driver sees them; else sent."""

from dataclasses import replace
from pathlib import Path

import pytest

from quetsach.evidence.find import find_evidence
from quetsach.scanning.job import ScanJob, prepare
from quetsach.scanning.plan import make_plan
from quetsach.scanning.scan import SplitResult, scan_split
from quetsach.scanning.staged import (
    STAGED_BYTES,
    StagedRows,
    Staging,
    keep_rows,
    new_staging,
    with_rows_staged,
)
from tests.scanning.generated import indicators
from tests.sweeping.evidence import HEADER, conn

MANY = bytes(range(256)) * (STAGED_BYTES // 256)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> SplitResult:
    log = tmp_path_factory.mktemp("log") / "conn.log"
    log.write_text(HEADER + conn(1, "10.0.0.5", "198.51.100.1"))
    (split,) = make_plan(*find_evidence([str(log)])).splits()
    return scan_split(split, prepare(ScanJob(indicators())))


def test_many_rows_are_written_and_few_are_sent(result: SplitResult, tmp_path: Path) -> None:
    staging = new_staging(tmp_path / "staged")
    staged = with_rows_staged(replace(result, sightings=MANY, leases=b"few"), staging)
    assert staged.leases == b"few"
    assert isinstance(staged.sightings, StagedRows)
    assert staged.sightings.is_whole()
    keep_rows(staged.sightings, tmp_path / "sightings.arrow")
    keep_rows(b"few", tmp_path / "leases.arrow")
    assert (tmp_path / "sightings.arrow").read_bytes() == MANY
    assert (tmp_path / "leases.arrow").read_bytes() == b"few"
    few = replace(result, sightings=MANY[1:])
    assert with_rows_staged(few, staging) is few


def test_each_attempt_writes_a_part_of_its_own(result: SplitResult, tmp_path: Path) -> None:
    staging = new_staging(tmp_path / "staged")
    many = replace(result, sightings=MANY)
    parts = [with_rows_staged(many, staging).sightings for _attempt in range(2)]
    assert parts[0] != parts[1]
    assert all(isinstance(one, StagedRows) and one.is_whole() for one in parts)


def test_a_changed_or_lost_part_is_not_taken(result: SplitResult, tmp_path: Path) -> None:
    staging = new_staging(tmp_path / "staged")
    part = with_rows_staged(replace(result, sightings=MANY), staging).sightings
    assert isinstance(part, StagedRows)
    part.location.write_bytes(MANY[:-1] + b"?")
    assert not part.is_whole()
    part.location.unlink()
    assert not part.is_whole()


def test_a_folder_of_the_same_name_elsewhere_is_not_the_drivers(
    result: SplitResult, tmp_path: Path
) -> None:
    many = replace(result, sightings=MANY)
    for staging in (Staging(tmp_path, "sign"), Staging(tmp_path / "none", "sign"), None):
        assert with_rows_staged(many, staging) is many
    there = new_staging(tmp_path / "staged")
    assert with_rows_staged(many, replace(there, sign="another")) is many


def test_what_cannot_be_written_is_sent(
    result: SplitResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staging = new_staging(tmp_path / "staged")

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    many = replace(result, sightings=MANY)
    assert with_rows_staged(many, staging) is many
