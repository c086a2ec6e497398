"""How long the first view of the public pages takes on a slow mobile network.

`python -m bench.public_view` serves a built site and opens its pages in Chromium, each in a fresh
profile, over a line as browsers' own tools call "slow 3G": 400 kbit/s both ways, 400 ms there and
back. It prints when the first words stood there and when all of the page did.
"""

import sys
import tempfile
import threading
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

KBIT, ROUND_TRIP_MS = 400, 400
PATHS = ("/", "/km", "/lam-sach/windows", "/so-lieu", "/tham-gia", "/tai-lieu")
TIMES = """() => [
  performance.getEntriesByName("first-contentful-paint")[0].startTime,
  performance.getEntriesByType("navigation")[0].loadEventEnd,
  performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
    .reduce((sum, one) => sum + one.transferSize, 0)]"""


def main() -> int:
    """Serve, open, print."""
    from playwright.sync_api import sync_playwright

    from quetsach_public.app import Application
    from tests.public.made import NOW, made_home
    from tests.public.test_browser import Server, Silent
    from tests.public.test_figures import shown, write

    home = Path(tempfile.mkdtemp(prefix="bench-view-"))
    made = made_home(home)
    write(home, shown())
    app = Application(made, now=lambda: NOW)
    server = make_server("127.0.0.1", 0, app, server_class=Server, handler_class=Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("| page | first words, ms | whole page, ms | bytes |\n|---|---|---|---|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for path in PATHS:
            words, whole, size = _middle(browser, f"http://127.0.0.1:{server.server_port}{path}")
            print(f"| {path} | {words:.0f} | {whole:.0f} | {size:.0f} |")
        browser.close()
    server.shutdown()
    return 0


def _middle(browser: Any, address: str) -> list[float]:
    """Return the middle of five views, each in a profile that has seen nothing."""
    views = []
    for _view in range(5):
        context = browser.new_context(viewport={"width": 360, "height": 640})
        page = context.new_page()
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        line.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": ROUND_TRIP_MS,
                "downloadThroughput": KBIT * 125,
                "uploadThroughput": KBIT * 125,
            },
        )
        page.goto(address)
        page.screenshot()  # a page that nobody looks at is painted late
        views.append(page.evaluate(TIMES))
        context.close()
    return sorted(views)[2]


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    raise SystemExit(main())
