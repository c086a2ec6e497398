"""The threads that answer requests, each with one connection to the database at most.

They are the bound of what the portal asks of its database at once. Whoever finds none free waits a
few seconds, and is told to come again then: nobody hangs behind a database that hangs.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

THREADS = 8
WAIT_S = 5.0
"""So long a request waits for a thread."""


class AllBusy(Exception):
    """No thread came free in time; nothing of the request was done."""


class AnsweringThreads:
    """The threads of one process, `waiting` and `busy` for those who look at it."""

    def __init__(self, threads: int = THREADS, wait_s: float = WAIT_S) -> None:
        self._wait_s = wait_s
        self._free = asyncio.Semaphore(threads)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="answer")

    @asynccontextmanager
    async def one_free(self) -> AsyncIterator[None]:
        """Hold a thread's place. Errors: AllBusy when none came free in time."""
        try:
            async with asyncio.timeout(self._wait_s):
                await self._free.acquire()
        except TimeoutError as error:
            raise AllBusy from error
        try:
            yield
        finally:
            self._free.release()

    async def run(self, act: Callable[..., Any], *arguments: Any) -> Any:
        """Return what `act` returns, run in a thread.

        The pieces of an answer that has begun wait for no place: they are short.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, act, *arguments)
