"""Each page of the plane in each language: axe, width, keyboard, room for Khmer, old browsers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import make_server

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from quetsach_public import tickets
from quetsach_public.app import Application
from quetsach_public.block_page.app import BlockPageApplication
from quetsach_public.block_page.settings import BlockPageSettings
from quetsach_public.documents import write_documents
from quetsach_public.pages.building import build_site
from quetsach_public.pages.campaign import LANGUAGES, prefix
from quetsach_public.pages.materials.wording import GROUPS, MaterialFile
from quetsach_public.pages.site import read_site
from tests.portal.browser.soundness import AXE, BAD, CONTRAST, TOO_WIDE, Heard, inline_parts
from tests.public.made import CAMPAIGN, NOW, TOOL, made_home
from tests.public.test_browser import Server, Silent, chromium
from tests.public.test_figures import shown, write
from tests.public.test_verifying import ALL
from tests.whole import daily

__all__ = ["chromium"]
pytestmark = pytest.mark.browser
MADE = (
    *("/kiem-tra", "/tham-gia", "/tu-danh-gia", "/cam-on?ma=ABC", "/so-lieu", "/khong-co"),
    *("/that-hay-gia", "/kiem-tra-tep", "/hoi-lai", "/nha-mang"),
    "/hoi-lai/0000-0000",
)
NARROWEST, PHONE, WIDE = 320, 360, 1280
"""320 px is what WCAG's reflow asks for: 1280 at four times the size."""

SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, summary, input, label")]
  .filter(one => one.offsetParent && !one.closest("p, li p, dd, .skip"))
  .map(one => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.height > 0 && box.height < 24)
  .map(([one]) => one.outerHTML.slice(0, 100))"""

TIGHT_LINES = """least => [...document.querySelectorAll("main *")]
  .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .filter(one => !one.closest("svg, code, input, .address, .digest"))
  .map(one => [one, getComputedStyle(one)])
  .filter(([_, now]) => parseFloat(now.lineHeight) < (least - 0.01) * parseFloat(now.fontSize))
  .map(([one]) => one.outerHTML.slice(0, 100))"""


SOUND = """() => {
  const wrong = [], of = selector => document.querySelectorAll(selector).length;
  if (of("h1") !== 1) wrong.push(of("h1") + " h1");
  if (of("main") !== 1) wrong.push("not one main");
  if (!document.title.trim() || document.title.startsWith(" ·")) wrong.push("no title");
  let before = 1;
  for (const one of document.querySelectorAll("h1, h2, h3, h4")) {
    const level = Number(one.tagName[1]);
    if (level > before + 1) wrong.push("h" + before + " before h" + level);
    before = level;
  }
  return wrong;
}"""


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve `app` on a free port of the loopback while the block runs."""
    server = make_server("127.0.0.1", 0, app, server_class=Server, handler_class=Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    """The host of a plane with everything on it, and the paths of its pages in Vietnamese."""
    home = tmp_path_factory.mktemp("plane")
    made = made_home(home, "127.0.0.1")
    materials = [
        MaterialFile(kind, language, 1, NOW.date(), b"%PDF")
        for _, kinds in GROUPS
        for kind in kinds
        for language in LANGUAGES
    ]
    build_site(made.site, CAMPAIGN, [TOOL], materials)
    write_documents(made.documents, ALL, NOW)
    write(home, shown())
    pages = {one: page for one, page in read_site(made.site).pages.items() if not page.lasts}
    own = sorted(one for one in pages if not one.startswith(("/en", "/km")))
    with served(Application(made, now=lambda: NOW)) as host:
        yield host, [*own, *MADE]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The host of an office's held page."""
    home = tmp_path_factory.mktemp("held")
    app = BlockPageApplication(BlockPageSettings(home, office="Xã Một", phone="0299 000 000"))
    with served(app) as host:
        yield host


def wrong_with(page: Any, heard: Heard, source: str, language: str) -> list[str]:
    """Return what is wrong with the page that `page` shows."""
    wrong = inline_parts(source) + page.evaluate(SOUND) + heard.take()
    lang = page.evaluate("document.documentElement.lang")
    wrong += [] if lang == language else [f"lang {lang}"]
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate(AXE_SCRIPT)
    wrong += violations(page, AXE)
    page.emulate_media(color_scheme="dark")
    wrong += [f"dark: {one}" for one in violations(page, CONTRAST)] if language == "vi" else []
    page.emulate_media(color_scheme="light")
    wrong += [f"small: {one}" for one in page.evaluate(SMALL_TARGETS)]
    if language == "km":
        wrong += [f"tight lines: {one}" for one in page.evaluate(TIGHT_LINES, 1.6)]
    for width in (NARROWEST, PHONE):
        page.set_viewport_size({"width": width, "height": 800})
        too_wide = page.evaluate(TOO_WIDE)
        wrong += [f"at {width} px: {too_wide}"] if too_wide else []
    page.set_viewport_size({"width": WIDE, "height": 800})
    return wrong


def violations(page: Any, options: dict[str, Any]) -> list[str]:
    """Return what axe finds serious."""
    return [
        f"{one['id']}: {node['html'][:150]}"
        for one in page.evaluate("options => axe.run(options)", options)["violations"]
        if one["impact"] in BAD
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_W2_every_page_is_sound_in_every_language(
    chromium: Any, plane: tuple[str, list[str]], held: str, language: str
) -> None:
    host, paths = plane
    start = prefix(language)
    # The layout is one: of the other two languages each shows the half that the other does not.
    part = {"vi": slice(None), "en": slice(0, None, 2), "km": slice(1, None, 2)}[language]
    shown_today = paths[daily(part, whole=slice(None))]
    asked = [(host, f"{start}{one}".rstrip("/") or "/") for one in shown_today]
    asked += [(held, f"/.quetsach/{language}{one}") for one in ("", "/cho")]
    # axe is put into the page by a script of its own, which the policy would rightly refuse.
    context = chromium.new_context(viewport={"width": WIDE, "height": 800}, bypass_csp=True)
    page, wrong = context.new_page(), {}
    for at, path in asked:
        heard = Heard(at)
        heard.listen(page)
        answer = page.goto(f"http://{at}{path}")
        if path.endswith("/khong-co"):
            heard.take()
        if found := wrong_with(page, heard, answer.text(), language):
            wrong[path] = found
    # As a proxy would say it: a line that can be checked, and its port.
    page.set_extra_http_headers({"X-Forwarded-For": "192.0.2.77", "X-Client-Port": "40001"})
    for path in ("/tham-gia", "/tu-danh-gia", "/that-hay-gia", "/hoi-lai", "/nha-mang"):
        heard = Heard(host)
        heard.listen(page)
        page.goto(f"http://{host}{start}{path}")
        with page.expect_navigation() as sent:
            page.click("main form button")
        # A form that is refused with 422 is no mistake of the page.
        heard.take()
        if found := wrong_with(page, heard, sent.value.text(), language):
            wrong[f"{path}, sent empty"] = found
    context.close()
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_W2_the_keyboard_reaches_everything_in_order_and_is_seen(
    chromium: Any, plane: tuple[str, list[str]], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tickets, "LEAST_AGE", 0)
    host, _ = plane
    context = chromium.new_context(viewport={"width": PHONE, "height": 640})
    page = context.new_page()
    page.goto(f"http://{host}{prefix(language)}/tham-gia")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    stops = []
    for _stop in range(4):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
        seen = "getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(seen) != "none", stops
    assert stops[:3] == ["joined", "ma", "BUTTON"]
    page.focus("#ma")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    # What is wrong stands before the form, with a link to the field.
    for _stop in range(2):
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    page.wait_for_url("**#viec")
    page.focus("#joined")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.id") == "scanned"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/cam-on")
    context.close()
