"""The site is built whole, without a fault, and works as files without any server or network."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.portal.browser.conftest import CHROMIUM
from tools.docs_site.__main__ import FOREIGN_SHIM, build

WAIT_MS = 20_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site, for all tests here."""
    out = tmp_path_factory.mktemp("built") / "site"
    assert build(out) == []
    return out


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real browser; the test is skipped where there is none."""
    if not CHROMIUM.exists():
        pytest.skip("no Chromium: apt-get install chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("page", "word", "found"),
    [
        ("index.html", "neighbour", "explanations/results.html"),
        ("vi/index.html", "chỉ báo", "glossary.html"),
    ],
)
def test_the_search_works_on_files_and_nothing_is_asked_of_anybody(
    site: Path, browser: Any, page: str, word: str, found: str
) -> None:
    window = browser.new_page(viewport={"width": 360, "height": 800})
    asked: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    window.goto(f"{site.as_uri()}/{page}")
    assert window.evaluate("document.documentElement.scrollWidth <= innerWidth")
    window.keyboard.press("Control+k")
    window.keyboard.type(word)
    window.locator(f'a[href*="{found}?h="]').first.wait_for(timeout=WAIT_MS)
    assert [url for url in asked if not url.startswith(("file:", "data:", "about:", "blob:"))] == []
    window.close()


def test_nothing_foreign_is_left_in_the_pages(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 80
    assert not [page.name for page in pages if FOREIGN_SHIM in page.read_text("utf-8")]
