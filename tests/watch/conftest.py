"""What the tests of the watch share: tools that are made once, and a watch."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quetsach.scanning.job import WorkerTools
from tests.watch import watched
from tests.watch.watched import Watched

Start = Callable[..., Watched]


@pytest.fixture(scope="session")
def tools() -> WorkerTools:
    """Return tools for a few indicators."""
    return watched.tools()


@pytest.fixture
def start(tmp_path: Path, tools: WorkerTools) -> Iterator[Start]:
    """Return what starts a watch over some paths; all end with the test."""
    running: list[Watched] = []

    def started(*paths: Path) -> Watched:
        running.append(Watched(tmp_path / f"state-{len(running)}", list(paths), tools))
        return running[-1]

    yield started
    for one in running:
        one.stop()
