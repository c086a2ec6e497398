"""The page in a real Chromium: it says what the engine says, and sends nothing."""

import gzip
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

import pytest

from quetsach_public.app import Application
from tests.public.made import NOW, made_home
from tests.public.matching.vectors import FILE, opened
from tests.public.test_browser import Server, Silent, chromium

__all__ = ["chromium"]
HEARD: list[str] = []
DNS = "    www.bad.example\r\n    ------------\r\n    Record Name . . . . . : www.bad.example\r\n"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    settings = made_home(tmp_path, "127.0.0.1")
    settings.open_list.write_bytes(opened("bad.example"))
    app = Application(settings, now=lambda: NOW)

    def heard(environ: dict[str, Any], start: Any) -> Any:
        HEARD.append(environ["PATH_INFO"])
        return app(environ, start)

    server = make_server("127.0.0.1", 0, heard, server_class=Server, handler_class=Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.browser
def test_a_file_is_matched_and_no_request_is_made(
    chromium: Any, address: str, tmp_path: Path
) -> None:
    page = chromium.new_page(viewport={"width": 360, "height": 640})
    page.goto(f"{address}/en/kiem-tra-tep")
    page.wait_for_selector("#files:enabled")
    after: list[str] = []
    page.on("request", lambda request: after.append(request.url))
    content = DNS.encode("utf-16")
    page.set_input_files(
        "#files",
        [
            {"name": "dns.txt", "mimeType": "", "buffer": content},
            {"name": "more.log.gz", "mimeType": "", "buffer": gzip.compress(b"a\nb\n")},
            {"name": "picture.png", "mimeType": "", "buffer": b"\x89PNG\0\0"},
        ],
    )
    page.wait_for_selector("#result .answer.seen")
    text = page.inner_text("#result")
    for words in ("bad.example", "Mirai", "dns.txt, line 3", "5 lines in 2 files", "not text"):
        assert words in text
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    with page.expect_download() as waiting:
        page.click("#result button")
    saved = tmp_path / "saved.txt"
    waiting.value.save_as(saved)
    assert "www.bad.example" in saved.read_text(encoding="utf-8-sig")
    assert [one for one in after if not one.startswith("blob:")] == []
    # Whatever a script might try now, the browser refuses.
    HEARD.clear()
    for attempt in (
        f"fetch('{address}/').then(() => 'sent', () => 'refused')",
        "new Promise(done => { const one = new Image(); one.onload = () => done('sent');"
        f" one.onerror = () => done('refused'); one.src = '{address}/x.svg'; }})",
    ):
        assert page.evaluate(attempt) == "refused"
    assert HEARD == []
    page.close()


@pytest.mark.browser
def test_chromium_says_what_the_engine_says(chromium: Any, address: str) -> None:
    given = json.loads(FILE.read_text(encoding="utf-8"))
    page = chromium.new_page()
    page.goto(f"{address}/kiem-tra-tep")
    worker = page.get_attribute("#match", "data-worker")
    # On a page whose doors are open.
    page.goto(f"{address}/nghia-la-gi")
    page.add_script_tag(url=worker)
    said = page.evaluate(
        "given => { const lookup = new quetsach.Lookup(given.list); return given.lines.map(one =>"
        " lookup.mentioned(one.line).map(met => [met.kind, met.key]).sort()); }",
        given,
    )
    wrong = [
        (one["line"], found, one["met"])
        for one, found in zip(given["lines"], said, strict=True)
        if sorted(found) != one["met"]
    ]
    assert wrong == []
    page.close()


@pytest.mark.browser
def test_W1_without_script_it_says_where_to_go(chromium: Any, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/en/kiem-tra-tep")
    assert "technician" in page.inner_text("main")
    assert not page.is_visible("#files")
    context.close()
