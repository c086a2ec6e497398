"""Splits become tasks of a useful size; what a worker sends, or wrote, is looked at."""

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

import quetsach
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.evidence.find import find_evidence
from quetsach.scanning.job import ReadOptions, ScanJob, prepare
from quetsach.scanning.plan import Split, make_plan
from quetsach.scanning.scan import SplitResult, scan_split
from quetsach.scanning.staged import STAGED_BYTES, StagedRows, Staging
from quetsach.sweeping import cluster_tasks
from tests.scanning.generated import indicators
from tests.sweeping.evidence import HEADER, conn

JOB = ScanJob(indicators(), ReadOptions(sieve="python"))


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Split:
    """The only one of a small log."""
    log = tmp_path_factory.mktemp("log") / "conn.log"
    log.write_text(HEADER + conn(1, "10.0.0.5", "198.51.100.1"))
    (split,) = make_plan(*find_evidence([str(log)])).splits()
    return split


@pytest.fixture(scope="module")
def result(split: Split) -> SplitResult:
    """What that one gives."""
    return scan_split(split, prepare(JOB))


class _Sent:
    """What Spark hands a worker: a value that is fetched when it is asked for."""

    def __init__(self, value: bytes) -> None:
        self.value = value


def test_a_worker_of_another_version_refuses(split: Split) -> None:
    sent = _Sent(pickle.dumps(JOB))
    with pytest.raises(RuntimeError, match=r"0\.0\.0"):
        list(cluster_tasks.scan_tasks(sent, "digest", "0.0.0", None, []))


def test_a_worker_scans_what_its_tasks_hold(
    split: Split, result: SplitResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_tasks.gc, "freeze", lambda: None)
    tasks = [pickle.dumps([(3, split), (4, split)]), pickle.dumps([(5, split)])]
    sent = _Sent(pickle.dumps(JOB))
    given = cluster_tasks.scan_tasks(sent, "a digest", quetsach.__version__, None, tasks)
    assert [(index, pickle.loads(body)) for index, body in given] == [
        (index, result) for index in (3, 4, 5)
    ]


def test_a_staging_that_is_not_seen_is_told_once(result: SplitResult, tmp_path: Path) -> None:
    result = replace(result, sightings=bytes(STAGED_BYTES))
    told: list[Problem] = []
    staging = Staging(tmp_path, "sign")
    assert list(cluster_tasks.unsent_told(iter([result] * 3), staging, told.append)) == [result] * 3
    assert [(one.code, one.facts) for one in told] == [("E503", {"folder": str(tmp_path)})]


def test_a_part_that_is_not_as_it_was_written_stops_the_sweep(
    result: SplitResult, tmp_path: Path
) -> None:
    rows = StagedRows(tmp_path / "gone.arrow", 5, "00")
    result = replace(result, sightings=rows)
    with pytest.raises(QuetsachError) as failure:
        list(cluster_tasks.unsent_told(iter([result]), None, print))
    assert failure.value.problem.code == "E502"


def test_a_task_is_large_where_there_is_much_to_do(split: Split) -> None:
    small = [replace(split, length=1000)] * 600
    assert [len(task) for task in cluster_tasks.tasks_of(small, 2)] == [256, 256, 88]
    large = [replace(split, length=64 << 20)] * 40
    assert [len(task) for task in cluster_tasks.tasks_of(large, 1)] == [2] * 20
    assert cluster_tasks._task_bytes(large * 1000, 1) == 512 << 20
