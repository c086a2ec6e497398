"""The page in a real Chromium: nothing overflows, nothing is asked for, the paper opens details."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from quetsach.html_report.page import render
from tests.html_report import example
from tests.html_report.test_page import spoiled

CHROMIUM = Path("/usr/bin/chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield opened
        opened.close()


def long_names() -> example.Findings:
    found = example.Findings(*(spoiled(one) for one in example.findings()))
    device = found.devices["devices"][0]
    device["device"] = device["host_name"] = device["addresses"][0] = "w" * 10_240
    device["findings"][0]["indicator"] = "a" * 10_240
    found.coverage["sources"][0]["path"] = "/" + "p" * 10_240
    found.manifest["refusals"][0]["text"] = "r" * 10_240
    return found


CASES = {
    "week": example.findings,
    "hostile and long": long_names,
    "void": example.nothing_looked_at,
}


def opened(browser: Any, folder: Path, source: str, width: int) -> tuple[Any, list[str]]:
    file = folder / "report.html"
    file.write_text(source, "utf-8")
    page = browser.new_page(viewport={"width": width, "height": 800})
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("request", lambda request: heard.append(request.url))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(file.as_uri())
    heard.remove(file.as_uri())
    return page, heard


@pytest.mark.parametrize("width", [360, 640, 1280])
@pytest.mark.parametrize("case", CASES)
def test_page_fits_its_window_and_asks_for_nothing(
    browser: Any, tmp_path: Path, case: str, width: int
) -> None:
    source = render(*CASES[case](), "vi", example.ZONE).html
    page, heard = opened(browser, tmp_path, source, width)
    assert heard == []
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_labels_of_the_plots_can_be_read_on_a_phone(browser: Any, tmp_path: Path) -> None:
    page, _heard = opened(
        browser, tmp_path, render(*example.findings(), "vi", example.ZONE).html, 360
    )
    high = page.evaluate("document.querySelector('.plot .label').getBoundingClientRect().height")
    assert high >= 10
    page.close()


def test_paper_is_a4_and_shows_what_is_collapsed_on_the_screen(
    browser: Any, tmp_path: Path
) -> None:
    found = example.findings()
    page, _heard = opened(browser, tmp_path, render(*found, "vi", example.ZONE).html, 1280)
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    width, height = document[0].get_size()
    assert (round(width), round(height)) in {(595, 842), (595, 841)}
    text = "".join(one.get_textpage().get_text_bounded() for one in document)
    assert "Việc cần làm tiếp theo" in document[0].get_textpage().get_text_bounded()
    assert found.devices["devices"][0]["findings"][0]["samples"][9] in text
    assert "08:00: 9; 09:00: 10; 14:00: 2" in text
    document.close()
    page.close()
