"""The tasks of a cluster: splits put together for its workers, and what a worker makes of them."""

import gc
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import quetsach
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.evidence.lines import PIECE_BYTES
from quetsach.scanning.job import WorkerTools, prepare
from quetsach.scanning.plan import Split
from quetsach.scanning.scan import SplitResult
from quetsach.scanning.staged import StagedRows, Staging, is_many, with_rows_staged
from quetsach.sweeping.local import batches, scan_batch
from quetsach.texts import _

MOST_SPLITS = 256
"""Small files are sent so many at a time: each is quicker to scan than to hand over."""

TASK_BYTES = (PIECE_BYTES, 8 * PIECE_BYTES)
"""Least and most of a task that holds several splits: handing one over costs as much as 30 MB."""

TASKS_EACH = 16
"""Tasks for each processor in the whole sweep, within these bounds: enough to end together."""

_worker_tools: dict[str, WorkerTools] = {}


# On the driver.


def tasks_of(splits: Sequence[Split], processors: int) -> Iterator[list[tuple[int, Split]]]:
    """Yield the splits with their index, in order, as many together as make one task."""
    most = _task_bytes(splits, processors)
    task: list[tuple[int, Split]] = []
    size = 0
    for index, split in enumerate(splits):
        if task and (len(task) == MOST_SPLITS or size + split.length > most):
            yield task
            task, size = [], 0
        # A worker is in another folder.
        task.append((index, replace(split, location=split.location.absolute())))
        size += split.length
    if task:
        yield task


def _task_bytes(splits: Sequence[Split], processors: int) -> int:
    """Return how much a task may hold: the fewer there are, the less is spent on handing over."""
    least, most = TASK_BYTES
    total = sum(split.length for split in splits)
    return min(most, max(least, total // (TASKS_EACH * processors)))


def unsent_told(
    results: Iterator[SplitResult],
    staging: Staging | None,
    tell: Callable[[Problem], None],
) -> Iterator[SplitResult]:
    """Yield the results once what workers wrote is whole; tell where they sent much instead."""
    for result in results:
        for rows in (result.sightings, result.leases):
            if isinstance(rows, StagedRows):
                if not rows.is_whole():
                    reason = _("%(path)s is not as a worker wrote it") % {"path": rows.location}
                    raise QuetsachError("E502", "spark", reason=reason)
            elif staging is not None and is_many(rows):
                tell(Problem("E503", "spark", {"folder": str(staging.folder)}))
                staging = None
        yield result


# On a worker.


def scan_tasks(
    job: Any, digest: str, version: str, staging: Staging | None, tasks: Iterable[bytes]
) -> Iterator[tuple[int, bytes]]:
    """Yield the results of `tasks` with their indexes; what each worker of the cluster runs.

    Shapes: `job` is the broadcast of a pickled Job, and `digest` identifies the job; a task is
    pickled pairs of index and split.
    """
    if version != quetsach.__version__:
        raise RuntimeError(f"quetsach is {quetsach.__version__} on a worker, {version} here")
    if digest not in _worker_tools:
        _worker_tools.clear()
        _worker_tools[digest] = prepare(pickle.loads(job.value))  # noqa: S301 - sent by our driver
        # PySpark collects garbage after each task; the job lives as long as the process.
        gc.collect()
        gc.freeze()
    tools = _worker_tools[digest]
    for body in tasks:
        numbered = pickle.loads(body)  # noqa: S301 - sent by our driver
        indexes = iter([index for index, _split in numbered])
        for batch in batches(split for _index, split in numbered):
            for result in scan_batch(batch, tools):
                yield next(indexes), pickle.dumps(with_rows_staged(result, staging))
