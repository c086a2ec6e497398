"""The local engine: the scan mapped over the plan on the cores of this machine."""

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from quetsach.scanning.job import ScanJob, WorkerTools, prepare
from quetsach.scanning.plan import Split
from quetsach.scanning.scan import SplitResult, scan_split

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

SMALL_BYTES = 8 << 20
"""Less than this is scanned at once without any worker: starting one would take longer."""

BATCH_FILES = 256
BATCH_BYTES = 4 << 20
"""So many small splits are one task at most: handing one over takes longer than a small file."""

STORED_EACH = 3
"""So many threads has each worker where splits come from a storage: most wait for that."""

_worker_tools: list[WorkerTools] = []


def cores() -> int:
    """Return how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def run_local(
    splits: Sequence[Split], tools: WorkerTools, workers: int | None, small_bytes: int = SMALL_BYTES
) -> Iterator[SplitResult]:
    """Yield the result of each split, in order, holding only a few at a time.

    Less than `small_bytes` in all is scanned without any worker.
    """
    worker_count = cores() if workers is None else workers
    total = sum(split.length for split in splits)
    if worker_count <= 1 or len(splits) <= 1 or total < small_bytes:
        for batch in batches(splits):
            yield from _scan(batch, tools)
        return
    if tools.sieve.name == "rust" and any(split.stored is not None for split in splits):
        worker_count *= STORED_EACH
    with _executor(worker_count, tools) as executor:
        try:
            yield from _in_order(executor, splits, tools, 2 * worker_count)
        except BaseException:
            # Stopped, failed, or the results are no longer read: leave the rest undone.
            tools.stopped.set()
            raise
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


def _executor(workers: int, tools: WorkerTools) -> "Executor":
    # The kernel scans without the interpreter's lock, so threads share one compiled set. The
    # Python sieve holds the lock all the time: it needs processes.
    if tools.sieve.name == "rust":
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(workers)
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_start_worker, initargs=(tools.job,)
    )


def _in_order(
    executor: "Executor", splits: Sequence[Split], tools: WorkerTools, ahead: int
) -> Iterator[SplitResult]:
    # Threads share one compiled set; a process has made its own.
    shared = tools if tools.sieve.name == "rust" else None
    waiting: deque[Future[list[SplitResult]]] = deque()
    for batch in batches(splits):
        waiting.append(executor.submit(_scan, batch, shared))
        if len(waiting) >= ahead:
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


def batches(splits: Iterable[Split]) -> Iterator[list[Split]]:
    """Yield the splits in order, small ones together."""
    batch: list[Split] = []
    size = 0
    for split in splits:
        if batch and (len(batch) == BATCH_FILES or size + split.length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(split)
        size += split.length
    if batch:
        yield batch


def _start_worker(job: ScanJob) -> None:
    # Ctrl-C reaches the workers too: they go without a word, and their parent says what happened.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _worker_tools.append(prepare(job))


def _scan(batch: Sequence[Split], tools: WorkerTools | None) -> list[SplitResult]:
    return scan_batch(batch, _worker_tools[0] if tools is None else tools)


def scan_batch(batch: Sequence[Split], tools: WorkerTools) -> list[SplitResult]:
    """Return the result of each split of a batch, in order."""
    if len(batch) > 1 and all(split.stored is None for split in batch):
        from quetsach.scanning.small_files import scan_small  # A sweep of one file has none.

        return scan_small(batch, tools)
    return [scan_split(split, tools) for split in batch]
