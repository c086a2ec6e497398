"""Fixtures: one Chromium for a module, and the portal it looks at."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.portal.browser.server import serving

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A real browser; the test is skipped where there is none."""
    if not CHROMIUM.exists():
        pytest.skip("no Chromium: apt-get install chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    # Playwright's loop runs in this thread, and Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_api.sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield opened
        opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def portal(db: None) -> Iterator[str]:
    """The address at which the portal answers."""
    with serving() as address:
        yield address
