"""Who finds no thread free is told so after a while; whether the process is alive needs none."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from quetsach_portal.config.answering_threads import AllBusy, AnsweringThreads
from quetsach_portal.config.front import RsgiFront


class Line:
    """A caller's connection that keeps what it was told."""

    def __init__(self) -> None:
        self.status, self.headers, self.body = 0, {}, b""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, dict(headers), body

    def response_str(self, status: int, headers: list[tuple[str, str]], text: str) -> None:
        self.response_bytes(status, headers, text.encode())


def scope(path: str) -> Any:
    return SimpleNamespace(
        server="127.0.0.1:1",
        method="GET",
        path=path,
        query_string="",
        http_version="1.1",
        client="127.0.0.1:2",
        scheme="http",
        headers={},
        authority=None,
    )


@pytest.fixture
def database_hangs() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_nobody_hangs_behind_a_database_that_hangs(database_hangs: threading.Event) -> None:
    answers: list[tuple[int, float]] = []

    def application(_environ: Any, start: Any) -> list[bytes]:
        database_hangs.wait(60)
        start("200 OK", [])
        return [b"late"]

    async def story() -> tuple[Line, list[Line], Line]:
        front = RsgiFront(
            application,
            lambda _environ, _length: pytest.fail("no large body comes"),
            Path,
            count=lambda status, seconds: answers.append((status, seconds)),
            threads=AnsweringThreads(threads=2, wait_s=0.05),
        )
        hanging = [Line(), Line()]
        tasks = [asyncio.create_task(front.__rsgi__(scope("/"), line)) for line in hanging]
        await asyncio.sleep(0)
        refused, alive = Line(), Line()
        await front.__rsgi__(scope("/"), refused)
        await front.__rsgi__(scope("/health"), alive)
        database_hangs.set()
        await asyncio.gather(*tasks)
        last = Line()
        await front.__rsgi__(scope("/"), last)
        assert last.status == 200
        return refused, hanging, alive

    refused, hanging, alive = asyncio.run(story())
    assert (refused.status, refused.headers["retry-after"]) == (503, "60")
    assert [line.body for line in hanging] == [b"late", b"late"]
    assert (alive.status, alive.body) == (200, b"ok")
    # The question whether it is alive counts for nothing.
    assert [status for status, _seconds in answers] == [503, 200, 200, 200]


def test_a_place_is_free_again_whatever_came_of_it() -> None:
    async def story() -> None:
        threads = AnsweringThreads(threads=1, wait_s=0.05)
        with pytest.raises(ZeroDivisionError):
            async with threads.one_free():
                await threads.run(lambda: 1 // 0)
        async with threads.one_free():
            assert await threads.run(lambda: 7) == 7
            with pytest.raises(AllBusy):
                async with threads.one_free():
                    pytest.fail("there is one place")

    asyncio.run(story())
