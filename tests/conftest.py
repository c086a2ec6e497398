"""What all tests share: no deadline for generated ones, the long files at the beginning, words.

Tests run in any order, so what one speaks is given back before the next.
"""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from quetsach.indicators.allow import lists
from quetsach.indicators.allow.lists import AllowList
from quetsach.indicators.allow.warning_lists import misp_lists
from quetsach.sandbox import run as sandbox_run
from quetsach.sandbox.environment import clean_environment
from quetsach.sandbox.warm import ForkedProcess, WarmProcess
from quetsach.texts import language, use_language
from tests.sandbox.carrying_out import ROOT
from tests.whole import daily

settings.register_profile(
    "unhurried", parent=settings(), deadline=None, max_examples=daily(50, whole=200)
)
settings.load_profile("unhurried")

_read_warning = lists._warning
_started = sandbox_run.start_process

LONGEST_FIRST = (
    *("tests/portal/test_access_matrix.py", "tests/portal/browser/test_every_page.py"),
    *("tests/formats/test_every_format.py", "tests/real/test_scoreboard.py"),
    *("tests/portal/intake/test_from_home.py", "tests/portal/test_access_forms.py"),
    *("tests/scanning/test_scan.py", "tests/portal/browser/test_forms_with_errors.py"),
    *(
        "tests/sweeping/test_spark.py",
        "tests/documents/reports/test_paper_files.py",
        "tests/portal/cases/test_notices.py",
    ),
    *("tests/public/test_look.py", "tests/portal/intake/test_actions.py"),
    *("tests/portal/api/test_openapi.py", "tests/portal/intake/test_kills.py"),
    "tests/portal/people/test_login_delay.py",
)
"""A worker takes a file as a whole: one of these, begun last, would run on alone."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """Keep the collector away while 19,000 tests are made, all of which stay."""
    gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the long files to the beginning; all others keep the order that they were drawn in."""
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))


def pytest_collection_finish() -> None:
    """Keep the collector from walking all modules and tests again and again: they stay."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Speak after each test as before it, and say how its sandbox processes are made.

    Not by fixtures: 20,000 times they would cost more than many of the tests.
    """
    before = language()
    is_new = item.get_closest_marker("new_process") or "tests/sandbox/" in str(item.path)
    sandbox_run.start_process = _started if is_new or sys.platform != "linux" else _forked
    try:
        return (yield)
    finally:
        use_language(before)
        sandbox_run.start_process = _started


@cache
def _well_known(path: Path) -> AllowList | None:
    return _read_warning(path.read_bytes(), path)


def _warning_once(raw: bytes, path: Path) -> AllowList | None:
    is_well_known = path.suffix == ".json" and path.is_relative_to(misp_lists())
    return _well_known(path) if is_well_known else _read_warning(raw, path)


@pytest.fixture(scope="session", autouse=True)
def _well_known_lists_are_read_once() -> Iterator[None]:
    """Keep what MISP's lists say, a million names that take a second: nobody changes them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "_warning", _warning_once)
        yield


@cache
def _processes() -> WarmProcess:
    environment = clean_environment()
    environment["PYTHONPATH"] += f"{os.pathsep}{ROOT}"
    return WarmProcess(["tests.sandbox.loading:load_ahead"], environment)


def _forked(folder: Path | None) -> ForkedProcess:
    try:
        return _processes().start(folder)
    except OSError as gone:
        # One that was killed from outside costs one test at most, not all that follow.
        sys.stderr.write(f"the warm process has gone ({gone}); another is started\n")
        with suppress(OSError):
            _processes().end()
        _processes.cache_clear()
        return _processes().start(folder)


def pytest_sessionfinish() -> None:
    """End the process that sandbox processes are forked off."""
    if _processes.cache_info().currsize:
        _processes().end()
