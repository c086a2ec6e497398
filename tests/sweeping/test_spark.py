"""The Spark engine gives the findings of the local one, whatever happens to its workers."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from quetsach.api import sweeps
from quetsach.demo.district import build_district
from quetsach.errors.exceptions import QuetsachError
from quetsach.evidence.find import find_evidence
from quetsach.scanning.job import ReadOptions, ScanJob, prepare
from quetsach.scanning.plan import Split, make_plan
from quetsach.scanning.scan import SplitResult, scan_split
from quetsach.scanning.staged import STAGED_BYTES, StagedRows, keep_rows
from quetsach.sweeping import cluster_tasks, gather, spark
from tests.sweeping.evidence import HEADER, conn
from tests.waiting import wait_until
from tests.whole import daily, fault_run

needs_spark = pytest.mark.skipif(
    find_spec("pyspark") is None
    or find_spec("pandas") is None
    or subprocess.run(["sh", "tools/has_java.sh"], cwd=Path(__file__).parents[2]).returncode != 0,
    reason="NOT TESTED: the Spark engine; it needs Java 17 and the packages of spark.txt",
)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo district: files of all formats, small ones, packed ones, one cut off."""
    folder = tmp_path_factory.mktemp("district")
    build_district(folder, 2022, "small", None)
    (folder / "indicators" / "many.txt").write_text("203.0.113.77\n")
    many = HEADER + "".join(conn(n, f"10.9.{n % 200}.7", "203.0.113.77") for n in range(1500))
    (folder / "evidence" / "many.log").write_text(many)
    return folder


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """One cluster of two worker processes for all tests that need one."""
    with spark.spark_session(2) as opened:
        yield opened


@pytest.fixture
def small_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many windows of small tasks, so that some are under way when something is killed."""
    monkeypatch.setattr(cluster_tasks, "MOST_SPLITS", 2)
    monkeypatch.setattr(cluster_tasks, "TASK_BYTES", (1 << 10, 1 << 10))


def _request(district: Path, out: Path, engine: Any) -> sweeps.SweepRequest:
    request = sweeps.sweep_request(
        evidence=[str(district / "evidence")],
        lists=[district / "indicators"],
        out=out,
        engine=engine,
    )
    # The slower sieve, so that there is a job to be disturbed, where executors are killed.
    sieve = daily("auto", whole="python")
    return replace(request, options=replace(request.options, sieve=sieve))


@pytest.fixture(scope="module")
def expected(district: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The findings folder of the local engine."""
    out = tmp_path_factory.mktemp("local") / "findings"
    summary = sweeps.sweep(_request(district, out, "local"))
    assert summary["sightings"] > 0
    assert summary["unread"]
    return _content(out)


def _content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _splits(district: Path, piece_bytes: int) -> list[Split]:
    files, problems = find_evidence([str(district / "evidence")])
    return list(make_plan(files, problems).splits(piece_bytes))


def _job(district: Path) -> ScanJob:
    return ScanJob(
        _request(district, district / "unused", "local").indicators, ReadOptions(sieve="python")
    )


def _descendants(parent: int) -> dict[int, str]:
    """Return the processes below `parent` with their command lines."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    below = {parent}
    found: dict[int, str] = {}
    for _generation in range(6):
        for pid, ppid, args in rows:
            if int(ppid) in below:
                below.add(int(pid))
                found[int(pid)] = args
    return found


def _executors() -> list[int]:
    below = _descendants(os.getpid())
    return [pid for pid, args in below.items() if "CoarseGrainedExecutorBackend" in args]


@needs_spark
@pytest.mark.spark
def test_the_findings_are_those_of_the_local_engine(
    district: Path,
    expected: dict[str, bytes],
    session: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[object] = []

    def keep(rows: bytes | StagedRows, target: Path) -> None:
        kept.append(rows)
        keep_rows(rows, target)

    monkeypatch.setattr(gather, "keep_rows", keep)
    said = sweeps.sweep(_request(district, tmp_path / "findings", "spark"))
    assert _content(tmp_path / "findings") == expected
    # The workers wrote many rows themselves, and sent few.
    assert {type(one) for one in kept} == {bytes, StagedRows}
    assert all(len(one) < STAGED_BYTES for one in kept if isinstance(one, bytes))
    assert "engine_notes" not in said


@fault_run
@needs_spark
@pytest.mark.spark
def test_a_killed_executor_loses_nothing(
    district: Path, expected: dict[str, bytes], session: Any, tmp_path: Path, small_tasks: None
) -> None:
    killed: list[int] = []

    def kill_one(done: int, total: int) -> None:
        # The first windows are back, others are under way.
        if done and done < total and not killed:
            killed.append(_executors()[0])
            for pid in (*_descendants(killed[0]), killed[0]):
                os.kill(pid, signal.SIGKILL)

    sweeps.sweep(_request(district, tmp_path / "findings", "spark"), kill_one)
    assert len(killed) == 1
    assert killed[0] not in _executors()
    assert _content(tmp_path / "findings") == expected


@needs_spark
@pytest.mark.spark
def test_a_killed_python_worker_loses_nothing(
    district: Path, session: Any, small_tasks: None
) -> None:
    job = _job(district)
    tools = prepare(job)
    splits = _splits(district, 16 << 10)
    results: list[SplitResult] = []
    for result in spark.run_spark(splits, job, None):
        if not results:
            daemons = [p for p, args in _descendants(os.getpid()).items() if "daemon" in args]
            os.kill(max(daemons), signal.SIGKILL)
        results.append(result)
    assert results == [scan_split(split, tools) for split in splits]


@needs_spark
@pytest.mark.spark
def test_what_a_worker_cannot_do_fails_with_its_reason(district: Path, session: Any) -> None:
    splits = [replace(one, format="no-such-form") for one in _splits(district, 1 << 20)[:1]]
    with pytest.raises(QuetsachError) as failure:
        list(spark.run_spark(splits, _job(district), None))
    assert failure.value.problem.code == "E502"
    assert "no-such-form" in failure.value.problem.facts["reason"]


@needs_spark
@pytest.mark.spark
def test_a_session_that_was_open_stays_open_when_the_reader_goes_away(
    district: Path, session: Any
) -> None:
    results = spark.run_spark(_splits(district, 64 << 10), _job(district), None)
    assert isinstance(next(results), SplitResult)
    results.close()  # type: ignore[attr-defined]  # a generator
    assert session.range(3).count() == 3


@needs_spark
@pytest.mark.spark
def test_a_cluster_of_our_own_stays_on_this_machine(session: Any) -> None:
    conf = session.sparkContext.getConf()
    assert conf.get("spark.driver.host") == "127.0.0.1"
    assert session.sparkContext.master.startswith("local-cluster[2,")
    assert session.sparkContext.uiWebUrl is None


@pytest.mark.parametrize("missing", ["pyspark", "pandas"])
def test_without_its_packages_the_engine_says_which(
    missing: str, district: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(QuetsachError) as failure:
        list(spark.run_spark(_splits(district, 1 << 20), _job(district), None))
    assert failure.value.problem.code == "E501"
    assert missing in failure.value.problem.facts["reason"]


INTERRUPTED = """
import signal, sys
from dataclasses import replace
from pathlib import Path
from quetsach.api import sweeps
# A shell that starts something in the background has Ctrl-C ignored there.
signal.signal(signal.SIGINT, signal.default_int_handler)
district, out = map(Path, sys.argv[1:])
request = sweeps.sweep_request(
    evidence=[str(district / "evidence")],
    lists=[district / "indicators"], out=out, engine="spark",
)
request = replace(request, options=replace(request.options, sieve="python"))
try:
    sweeps.sweep(request)
except KeyboardInterrupt:
    print("interrupted")
"""


@fault_run
@needs_spark
@pytest.mark.spark
def test_an_interrupted_sweep_leaves_nothing_behind(district: Path, tmp_path: Path) -> None:
    out, scratch = tmp_path / "findings", tmp_path / "scratch"
    scratch.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(district), str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "TMPDIR": str(scratch), "PYTHONPATH": os.pathsep.join(sys.path)},
        text=True,
    ) as started:
        below: dict[int, str] = {}
        while started.poll() is None and not any("pyspark.worker" in one for one in below.values()):
            below = _descendants(started.pid)
            with suppress(subprocess.TimeoutExpired):
                started.wait(0.3)
        started.send_signal(signal.SIGINT)
        said, _nothing = started.communicate(timeout=180)
    assert said == "interrupted\n"
    assert sorted(tmp_path.iterdir()) == [scratch]
    assert list(scratch.iterdir()) == []
    # A Java machine takes its time on a busy computer.
    wait_until(lambda: not any(map(_is_running, below)), "a process goes on", within_s=30)


def _is_running(pid: int) -> bool:
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return listed.stdout.strip()[:1] not in ("", "Z")


def _fails_to_start(java: Path | None, home: Path, path: str) -> str:
    """Return what a fresh process says in which Spark finds this Java."""
    if java is not None:
        (home / "bin").mkdir(parents=True)
        shutil.copy(java, home / "bin" / "java")
    script = (
        "from quetsach.sweeping.spark import spark_session\n"
        "from quetsach.errors.exceptions import QuetsachError\n"
        "try:\n"
        "    with spark_session(): pass\n"
        "except QuetsachError as error: print(error)\n"
    )
    environment = {
        "PATH": path,
        "JAVA_HOME": str(home),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment
    )
    assert done.stderr == ""
    return done.stdout


@needs_spark
def test_without_java_the_engine_says_so(tmp_path: Path) -> None:
    said = _fails_to_start(None, tmp_path / "none", os.environ["PATH"])
    assert said.startswith("E501 spark: ")
    assert "Java" in said


@needs_spark
def test_a_java_that_is_too_old_is_told_in_its_own_words(tmp_path: Path) -> None:
    old = tmp_path / "java"
    old.write_text("#!/bin/sh\necho 'Error: LinkageError: class file version 61.0' >&2\nexit 1\n")
    old.chmod(old.stat().st_mode | stat.S_IXUSR)
    said = _fails_to_start(old, tmp_path / "old", os.environ["PATH"])
    assert said.startswith("E501 spark: ")
    assert "class file version 61.0" in said


def test_a_cluster_is_taken_from_what_spark_itself_is_told(tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    defaults = tmp_path / "conf" / "spark-defaults.conf"
    assert not spark.names_master({}, tmp_path)
    assert spark.names_master({"MASTER": "spark://head.example:7077"}, tmp_path)
    assert spark.names_master({"PYSPARK_GATEWAY_PORT": "4040"}, tmp_path)
    for words in ("--master yarn pyspark-shell", "--conf spark.master=yarn pyspark-shell"):
        assert spark.names_master({"PYSPARK_SUBMIT_ARGS": words}, tmp_path)
    assert not spark.names_master({"PYSPARK_SUBMIT_ARGS": "--name x pyspark-shell"}, tmp_path)
    defaults.write_text("# spark.master yarn\nspark.executor.memory 4g\n")
    assert not spark.names_master({}, tmp_path)
    defaults.write_text("spark.executor.memory 4g\nspark.master   yarn\n")
    assert spark.names_master({}, tmp_path)
    assert not spark.names_master({"SPARK_CONF_DIR": str(tmp_path)}, tmp_path)


def test_the_reason_is_the_line_that_tells_what_happened() -> None:
    said = (
        "An error occurred while calling o91.collectToPython.\n"
        ": org.apache.spark.SparkException: Job aborted: Task 0 failed 4 times:\n"
        "Traceback (most recent call last):\n"
        '  File "scan.py", line 9, in scan\n'
        "    raise KeyError(name)\n"
        "KeyError: 'no-such-form'\n\n"
        "\tat org.apache.spark.api.python.BasePythonRunner.read(PythonRunner.scala:1)\n"
    )
    assert spark.reason_in(said) == "KeyError: 'no-such-form'"
    assert spark.reason_in("\nwarning\nException in thread main: no room\n") == (
        "Exception in thread main: no room"
    )
    log = 'level to "ERROR".\n26/11/24 16:35:17 ERROR Backend: Reason: All masters are silent.\n'
    assert spark.reason_in(log) == "Backend: Reason: All masters are silent"
    assert spark.reason_in("quite other words") == "quite other words"
    assert spark.reason_in("") == ""
