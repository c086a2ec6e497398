"""The pages in a real Chromium: nothing from elsewhere, nothing sent."""

import hashlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from quetsach_public import tickets
from quetsach_public.app import Application
from quetsach_public.pages.campaign import LANGUAGES, prefix, texts
from tests.public.made import NOW, TOOL, made_home

CHROMIUM = Path("/usr/bin/chromium")
PATHS = (
    *("/", "/kiem-tra", "/lam-sach", "/lam-sach/windows", "/tham-gia", "/cam-on", "/nghia-la-gi"),
    *("/cong-cu", "/so-tep", "/phan-mem-be-khoa", "/tu-danh-gia", "/that-hay-gia", "/kiem-tra-tep"),
    *("/hoi-lai", "/nha-mang", "/nha-mang/quet", "/nha-mang/giao-dien"),
)

pytestmark = pytest.mark.browser


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Silent(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    app = Application(made_home(tmp_path, "127.0.0.1"), now=lambda: NOW)
    server = make_server("127.0.0.1", 0, app, server_class=Server, handler_class=Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip("no Chromium: apt-get install chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield opened
        opened.close()


@pytest.mark.asvs("V14.2.3")
def test_P5_every_page_asks_nobody_else_and_sets_no_cookie(chromium: Any, address: str) -> None:
    asked: list[str] = []
    context = chromium.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    for start in ("", "/en", "/km"):
        for path in PATHS:
            page.goto(address + (start + path).rstrip("/"))
    assert all(one.startswith(address) for one in asked)
    assert context.cookies() == []
    context.close()


@pytest.mark.parametrize("size", [0, 1, 55, 56, 63, 64, 119, 4_194_304, 4_194_305 + 64])
def test_a_file_is_compared_in_the_browser_and_goes_nowhere(
    chromium: Any, address: str, tmp_path: Path, size: int
) -> None:
    posted: list[str] = []
    page = chromium.new_page()
    page.on("request", lambda request: posted.append(request.method))
    page.goto(f"{address}/en/so-tep")
    data = bytes(n * 7 % 251 for n in range(1000)) * (size // 1000 + 1)
    page.set_input_files("#file", {"name": "x.exe", "mimeType": "", "buffer": data[:size]})
    page.wait_for_selector("#said.seen")
    text = page.inner_text("#said").replace(" ", "")
    assert hashlib.sha256(data[:size]).hexdigest() in text
    assert set(posted) == {"GET"}
    page.close()


def test_a_tool_of_the_catalogue_is_known_by_its_digest(chromium: Any, address: str) -> None:
    page = chromium.new_page()
    page.goto(f"{address}/en/so-tep")
    page.set_input_files("#file", {"name": "any", "mimeType": "", "buffer": b"MZ tool"})
    page.wait_for_selector("#said.good")
    assert f"{TOOL.name} {TOOL.version}" in page.inner_text("#said")
    page.close()


def test_a_kept_page_says_that_its_catalogue_is_old_over_or_has_withdrawn_the_tool(
    chromium: Any, address: str
) -> None:
    page = chromium.new_page()
    listed: dict[str, Any] = {}
    page.route("**/static/tools-*.json", lambda route: route.fulfill(json=listed))
    page.goto(f"{address}/en/so-tep")
    files = texts("en")["files"]
    tool = {name: getattr(TOOL, name) for name in ("name", "maker", "version", "sha256")}
    for days, gone, kind, said in (
        (25, [], "good", files["known"]),
        (20, [], "good", files["old"]),
        (-1, [], "cannot-tell", files["over"]),
        (25, [TOOL.sha256], "seen", files["withdrawn"]),
    ):
        until = (datetime.now(UTC) + timedelta(days=days)).isoformat()
        listed.update(tools=[tool], withdrawn=gone, valid_until=until)
        page.set_input_files("#file", {"name": "any", "mimeType": "", "buffer": b"MZ tool"})
        page.wait_for_selector(f"#said.{kind} >> text={said}")
        page.set_input_files("#file", [])
    page.close()


def test_W1_the_journey_without_script_from_check_to_thanks(
    chromium: Any, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tickets, "LEAST_AGE", 0)
    context = chromium.new_context(
        java_script_enabled=False,
        viewport={"width": 360, "height": 640},
        extra_http_headers={"X-Forwarded-For": "192.0.2.10"},
    )
    page = context.new_page()
    page.goto(address)
    page.click("a.button")
    assert "Mirai" in page.inner_text("main")
    page.click("main .places a.button.second")
    assert page.url.endswith("/lam-sach/router")
    page.click("a[href$='viec=cleaned']")
    page.click("main button")
    assert page.url.endswith("/cam-on")
    context.close()


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_navigation_is_one_row_on_a_phone_and_opens_without_script(
    chromium: Any, address: str, language: str, width: int
) -> None:
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 640}
    )
    page = context.new_page()
    page.goto(f"{address}{prefix(language)}/lam-sach")
    tops = {
        round(part.bounding_box()["y"])
        for part in (*page.query_selector_all("nav > ul > li"), page.query_selector("nav summary"))
    }
    assert max(tops) - min(tops) < 8, "all of it stands in one row"
    assert not page.is_visible(".more a")
    page.click("nav summary")
    assert page.is_visible(f".more a[href='{prefix(language)}/that-hay-gia']")
    context.close()
