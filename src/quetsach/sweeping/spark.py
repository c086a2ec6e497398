"""The Spark engine: the same scan of the same splits, mapped by a cluster. PySpark lives here."""

import hashlib
import logging
import os
import pickle
import shutil
import signal
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module  # noqa: TID251 - PySpark is not always installed
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import quetsach
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.scanning.job import ScanJob
from quetsach.scanning.plan import Split
from quetsach.scanning.scan import SplitResult
from quetsach.scanning.staged import Staging
from quetsach.sweeping.cluster_tasks import scan_tasks, tasks_of, unsent_told
from quetsach.texts import _

LOCAL_WORKERS = 2
"""Worker processes of the cluster that we start ourselves when Spark names no other."""

QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""The Java of our own cluster only hands things over; starting it is what costs, and so less."""

WORKER_MB = 1024
"""Memory of the Java half of each such worker; less does not start an executor."""

WINDOW_TASKS = 4
"""Tasks for each processor of the cluster in one window; the driver holds three windows at most."""

WINDOWS_AHEAD = 2
"""Under way at once: while the last tasks of one end, free processors work on the next."""

_ERROR_WORDS = ("Error", "Exception", " ERROR ")

_log = logging.getLogger(__name__)


def run_spark(
    splits: Sequence[Split],
    job: ScanJob,
    workers: int | None,
    staging: Staging | None = None,
    tell: Callable[[Problem], None] = lambda _problem: None,
) -> Iterator[SplitResult]:
    """Yield the result of each split, in order, holding only a few windows of them at a time.

    Many rows are written to `staging` by the workers. Where they do not see it, the rows come with
    the answers, through the driver: `tell` is then given E503, once.

    Spark's own configuration says which cluster; where it names none, one of `workers` processes
    is started on this machine. A Spark session that is open already is used, and left open.
    Errors: E501 when there is no Spark to be had, E502 when a part failed for good.
    """
    if not splits:
        return
    # The session ends first: it is what the threads may be waiting for.
    with ThreadPoolExecutor(WINDOWS_AHEAD) as threads, spark_session(workers) as session:
        try:
            yield from unsent_told(_in_order(threads, session, splits, job, staging), staging, tell)
        except _spark_errors() as error:
            _log.debug("spark failed", exc_info=error)
            raise QuetsachError("E502", "spark", reason=reason_in(_message_of(error))) from error
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


@contextmanager
def spark_session(workers: int | None = None) -> Iterator[Any]:
    """Give a Spark session: the one that is open, or a new one that is stopped at the end.

    Errors: E501 when it cannot be had.
    """
    pyspark = _pyspark()
    if pyspark.SparkContext._active_spark_context is not None:
        yield pyspark.sql.SparkSession(pyspark.SparkContext._active_spark_context)
        return
    _check_java(os.environ)
    before = signal.getsignal(signal.SIGINT)
    with tempfile.TemporaryDirectory(
        prefix="quetsach-spark-", ignore_cleanup_errors=True
    ) as scratch:
        try:
            yield _start(pyspark, Path(scratch), workers)
        finally:
            _stop(pyspark)
            # PySpark puts its own handler there, which would go on asking the stopped context.
            with suppress(ValueError, TypeError):
                signal.signal(signal.SIGINT, before)


# On the driver: windows of tasks, a few of them under way.


def _in_order(
    threads: ThreadPoolExecutor,
    session: Any,
    splits: Sequence[Split],
    job: ScanJob,
    staging: Staging | None,
) -> Iterator[SplitResult]:
    context = session.sparkContext
    body = pickle.dumps(job)
    digest = hashlib.sha256(body).hexdigest()
    scan = partial(scan_tasks, context.broadcast(body), digest, quetsach.__version__, staging)
    group = f"quetsach-{uuid4().hex}"
    tasks = tasks_of(splits, context.defaultParallelism)
    waiting: deque[Future[list[SplitResult]]] = deque()
    try:
        while window := list(islice(tasks, WINDOW_TASKS * context.defaultParallelism)):
            waiting.append(threads.submit(_run_window, context, scan, window, group))
            if len(waiting) > WINDOWS_AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:
        with suppress(*_spark_errors()):
            context.cancelJobGroup(group)


def _run_window(
    context: Any, scan: Any, window: list[list[tuple[int, Split]]], group: str
) -> list[SplitResult]:
    context.setJobGroup(group, "quetsach", interruptOnCancel=True)
    # A task is one element, and one partition. A frame would be planned and turned into rows, too.
    tasks = context.parallelize([pickle.dumps(task) for task in window], len(window))
    result_by_index = dict(tasks.mapPartitions(scan).collect())
    indexes = [index for task in window for index, _split in task]
    if sorted(result_by_index) != indexes:
        facts = {"got": len(result_by_index), "wanted": len(indexes)}
        reason = _("only %(got)s of %(wanted)s parts came back") % facts
        raise QuetsachError("E502", "spark", reason=reason)
    # What our own workers wrote, over the channel through which Spark sends its own pickles.
    return [pickle.loads(result_by_index[index]) for index in indexes]  # noqa: S301


def _message_of(error: Exception) -> str:
    try:
        return str(error)
    except _spark_errors():
        # An error of Java asks Java for its words, and that may be gone.
        return type(error).__name__


def reason_in(said: str) -> str:
    """Return the one line of a Spark error, or of its log, that says what happened."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    if any(line.startswith("Traceback") for line in lines):
        start = max(place for place, line in enumerate(lines) if line.startswith("Traceback"))
        told = (line for line in lines[start + 1 :] if not line.startswith(("File ", "^", "at ")))
        errors = [line for line in told if line.split(":")[0].endswith(("Error", "Exception"))]
    else:
        errors = [line for line in lines if any(word in line for word in _ERROR_WORDS)]
    return (errors or lines or [""])[0].split(" ERROR ")[-1][:300].rstrip(".")


# Starting and stopping.


def _pyspark() -> Any:
    try:
        # mapInArrow does not run without pandas, and would say so only then.
        for name in ("pyspark", "pandas", "pyspark.java_gateway", "pyspark.sql"):
            import_module(name)
    except ImportError as error:
        reason = _("%(name)s is not installed") % {"name": error.name or str(error)}
        raise QuetsachError("E501", "spark", engine="spark", reason=reason) from error
    return sys.modules["pyspark"]


def _spark_errors() -> tuple[type[Exception], ...]:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    return (Py4JError, PySparkException, OSError)


def _check_java(environ: Mapping[str, str]) -> None:
    home = environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home, "bin")) if home else environ.get("PATH"))
    if java is None and "PYSPARK_GATEWAY_PORT" not in environ:
        reason = _("no Java was found; version 17 or newer is needed")
        raise QuetsachError("E501", "spark", engine="spark", reason=reason)


@dataclass(frozen=True)
class _Settings:
    """What Spark is started with: its configuration, and the environment it is started in."""

    conf: dict[str, str]
    environment: dict[str, str]


def _start(pyspark: Any, scratch: Path, workers: int | None) -> Any:
    """Return a new session; `scratch` takes its log and what its workers write."""
    from pyspark.find_spark_home import _find_spark_home

    log = scratch / "spark.log"
    failures: tuple[type[Exception], ...] = (*_spark_errors(), ValueError)
    try:
        home = Path(_find_spark_home())
        told = names_master(os.environ, home)
        settings = (
            _settings_from_environment() if told else _on_this_machine(home, scratch, workers)
        )
        conf = pyspark.SparkConf().setAll(list(settings.conf.items()))
        with _environment(settings.environment), log.open("wb") as said:
            # Java would write to our stdout and stderr.
            launch = pyspark.java_gateway.launch_gateway
            gateway = launch(conf, {"stdout": said, "stderr": said})
            return pyspark.sql.SparkSession(pyspark.SparkContext(gateway=gateway, conf=conf))
    except failures as error:
        _log.debug("spark did not start", exc_info=error)
        reason = reason_in(_why_not(_message_of(error), log))
        raise QuetsachError("E501", "spark", engine="spark", reason=reason) from error


def _why_not(message: str, log: Path) -> str:
    # Where Java did not come up, or gave up on the cluster, only its log knows why.
    if "JAVA_GATEWAY_EXITED" in message or "stopped SparkContext" in message:
        return log.read_text("utf-8", "replace") or message
    return message


def names_master(environ: Mapping[str, str], home: Path) -> bool:
    """Return whether Spark is configured to use a cluster, in one of its own ways.

    Source: spark-submit's order of precedence, docs/submitting-applications.
    """
    if "PYSPARK_GATEWAY_PORT" in environ or environ.get("MASTER"):
        return True
    words = environ.get("PYSPARK_SUBMIT_ARGS", "").split()
    if any(word.startswith(("--master", "spark.master=")) for word in words):
        return True
    defaults = Path(environ.get("SPARK_CONF_DIR", home / "conf"), "spark-defaults.conf")
    if not defaults.is_file():
        return False
    lines = defaults.read_text("utf-8", "replace").splitlines()
    return any(line.replace("=", " ").split()[:1] == ["spark.master"] for line in lines)


_QUIET = {
    "spark.app.name": "quetsach",
    "spark.log.level": "ERROR",
    "spark.ui.showConsoleProgress": "false",
}


def _settings_from_environment() -> _Settings:
    python = os.environ.get("PYSPARK_PYTHON", sys.executable)
    return _Settings(dict(_QUIET), {"PYSPARK_PYTHON": python})


def _on_this_machine(home: Path, scratch: Path, workers: int | None) -> _Settings:
    count = LOCAL_WORKERS if workers is None else workers
    package = str(Path(quetsach.__file__).parents[1])
    conf = {
        **_QUIET,
        "spark.master": f"local-cluster[{count},1,{WORKER_MB}]",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.local.dir": str(scratch / "local"),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.executorEnv.PYTHONPATH": package,
        "spark.driver.extraJavaOptions": QUICK_START,
        "spark.executor.extraJavaOptions": QUICK_START,
    }
    environment = {
        "SPARK_HOME": str(_linked(home, scratch / "home")),
        "SPARK_LOCAL_IP": "127.0.0.1",
        # Otherwise a worker takes the first python3 of the PATH, which has no pyarrow.
        "PYSPARK_PYTHON": sys.executable,
    }
    return _Settings(conf, environment)


def _linked(home: Path, target: Path) -> Path:
    """Return `target`, made to look like Spark's home, for its workers write under their home."""
    target.mkdir()
    for entry in home.iterdir():
        if entry.name != "work":
            (target / entry.name).symlink_to(entry)
    return target


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, former in before.items():
            if former is None:
                del os.environ[name]
            else:
                os.environ[name] = former


def _stop(pyspark: Any) -> None:
    """Stop the session and, where we started it, its Java: it is in a folder that goes away."""
    context = pyspark.SparkContext._active_spark_context
    with suppress(*_spark_errors()):
        if context is not None:
            context.stop()
    gateway = pyspark.SparkContext._gateway
    if gateway is None or gateway.proc is None:
        return
    with suppress(*_spark_errors()):
        gateway.shutdown()
    with suppress(*_spark_errors()):
        gateway.proc.stdin.close()
    gateway.proc.wait()
    pyspark.SparkContext._gateway = pyspark.SparkContext._jvm = None
