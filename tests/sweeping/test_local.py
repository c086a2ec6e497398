"""The local engine: the answer of one worker, in order, from any number of them, and stoppable."""

from pathlib import Path

import pytest

from quetsach.evidence.find import find_evidence
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.scanning.job import ReadOptions, ScanJob, WorkerTools, prepare
from quetsach.scanning.plan import Split, make_plan
from quetsach.scanning.scan import StoppedError, scan_split
from quetsach.sweeping.local import run_local
from tests.sweeping.evidence import HEADER, conn, write


def _work(tmp_path: Path, *, sieve: str, lines: int, piece: int) -> tuple[list[Split], WorkerTools]:
    text = "".join(conn(n, f"10.0.0.{n % 9}", f"203.0.113.{n % 250}") for n in range(lines))
    log = write(tmp_path / "conn.log", HEADER + text)
    listed = write(tmp_path / "list.txt", "203.0.113.0/25\n")
    job = ScanJob(read_lists([listed], ListOptions()), ReadOptions(sieve=sieve))  # type: ignore[arg-type]  # one of the two
    return list(make_plan(*find_evidence([str(log)])).splits(piece)), prepare(job)


@pytest.mark.parametrize("sieve", ["auto", "python"])
def test_threads_and_processes_give_the_results_of_one_worker_in_order(
    sieve: str, tmp_path: Path
) -> None:
    splits, tools = _work(tmp_path, sieve=sieve, lines=800, piece=9_000)
    alone = list(run_local(splits, tools, 1, small_bytes=0))
    assert len(alone) > 5
    assert [one.offset for one in alone] == [one.offset for one in splits]
    assert list(run_local(splits, tools, 2, small_bytes=0)) == alone


def test_an_empty_plan_gives_no_result(tmp_path: Path) -> None:
    _, tools = _work(tmp_path, sieve="auto", lines=1, piece=9_000)
    assert list(run_local([], tools, None)) == []


def test_a_scan_that_is_stopped_gives_no_half_result(tmp_path: Path) -> None:
    splits, tools = _work(tmp_path, sieve="auto", lines=10, piece=9_000)
    tools.stopped.set()
    with pytest.raises(StoppedError):
        scan_split(splits[0], tools)


def test_workers_are_stopped_when_nobody_takes_their_results_and_only_then(
    tmp_path: Path,
) -> None:
    splits, tools = _work(tmp_path, sieve="auto", lines=800, piece=9_000)
    assert len(list(run_local(splits, tools, 2, small_bytes=0))) == len(splits)
    assert not tools.stopped.is_set()
    results = run_local(splits, tools, 2, small_bytes=0)
    next(results)
    results.close()  # type: ignore[attr-defined]  # it is a generator
    assert tools.stopped.is_set()
