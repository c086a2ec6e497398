"""Evidence made to do harm: the process that reads it is bounded and not believed."""

import gzip
from pathlib import Path

import msgspec
import pytest

from quetsach.sandbox.contract import SandboxLimits, SandboxProgress
from quetsach_portal.intake import sandboxed
from quetsach_portal.intake.boundary import EVIDENCE, SweepOutcome, SweepTask
from quetsach_portal.intake.folders import sha256_of
from quetsach_portal.jobs.queue import LeaseLost
from tests.portal.intake.handing_in import (
    LOG,
    processes_in,
    release_bytes,
)
from tests.sandbox.planted import assert_clean, plant

# What a process may use is what they try.
pytestmark = pytest.mark.new_process


@pytest.fixture
def task(tmp_path: Path) -> tuple[SweepTask, Path]:
    """A task, and the folder in which its evidence lies."""
    folder = tmp_path / "try"
    (folder / EVIDENCE).mkdir(parents=True)
    (folder / EVIDENCE / "conn.log").write_text(LOG)
    release = tmp_path / "release.jsonl"
    release.write_bytes(release_bytes())
    return SweepTask(release=str(release), release_sha256=sha256_of(release)), folder


def run(task: SweepTask, folder: Path) -> SweepOutcome:
    return sandboxed.look_through(task, folder, lambda progress: None)


def test_memory_is_bounded_and_its_end_is_told(task: tuple[SweepTask, Path]) -> None:
    asked, folder = task
    small = msgspec.structs.replace(asked, limits=SandboxLimits(memory=300 << 20))
    outcome = run(small, folder)
    assert outcome.refused is not None
    assert outcome.refused.code in ("H202", "H203")


def test_time_is_bounded_and_its_end_is_told(task: tuple[SweepTask, Path]) -> None:
    asked, folder = task
    late = msgspec.structs.replace(asked, limits=SandboxLimits(seconds=1))
    slow = folder / EVIDENCE / "big.log.gz"
    with gzip.open(slow, "wb", compresslevel=1) as file:
        for _part in range(48):
            file.write(LOG.encode() * 40_000)
    outcome = run(late, folder)
    assert outcome.refused is not None
    assert outcome.refused.code == "H201"


def test_the_answer_of_the_process_is_believed_only_in_its_shape() -> None:
    for content in (b"", b"[]", b'{"lines": "many"}', b"{" * 9_000, b'{"days": [{}]}', b"\xff"):
        outcome = sandboxed.believed(content)
        assert outcome.refused is not None
        assert outcome.refused.code == "H203"


def test_the_process_has_no_secret_and_no_database(
    task: tuple[SweepTask, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = plant(monkeypatch, tmp_path)
    assert run(*task).refused is None
    assert_clean(written)


def test_a_worker_that_wants_no_more_ends_the_process(task: tuple[SweepTask, Path]) -> None:
    asked, folder = task

    def lose(progress: SandboxProgress | None) -> None:
        raise LeaseLost("intake.sweep")

    with pytest.raises(LeaseLost):
        sandboxed.look_through(asked, folder, lose)
    assert not processes_in(folder)
