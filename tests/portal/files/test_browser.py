"""A real browser hands files in: in parts over a line that breaks, and whole without JavaScript."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from quetsach_portal.config import urls as portal_urls
from quetsach_portal.files.actions import accept_upload
from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.files.views import FileFieldForm
from quetsach_portal.people.models.account import User
from tests.portal.files.conftest import PATH
from tests.portal.signing_in import signed_in

CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.portal.files.test_browser"),
]

PAGE = """{% extends "layout.html" %}{% block content %}<h1>Tải tệp</h1>{% error_summary form %}
<form method="post" enctype="multipart/form-data">{% csrf_token %}
{% include "files/chooser.html" %}<button>Gửi</button></form>{% endblock %}"""
RAW = b"1662969600.0\t10.1.2.3\t192.0.2.7\n" * 300_000


def hand_in(request: HttpRequest) -> HttpResponse:
    purpose = request.GET["purpose"]
    about: dict[str, Any] = {"purpose": purpose, "owner_path": PATH, "user": request.user}
    form = FileFieldForm(request.POST or None, request.FILES or None, **about)
    if request.method == "POST" and form.is_valid():
        stored = accept_upload(
            form.given(),
            purpose=purpose,
            owner_path=PATH,
            actor=request.user,  # type: ignore[arg-type]
        )
        return HttpResponse(f"<!doctype html><title>x</title><p id=done>{stored.name}</p>")
    page = engines["django"].from_string(PAGE)
    return HttpResponse(page.render({"form": form}, request))


urlpatterns = [path("hand-in", hand_in), *portal_urls.urlpatterns]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    place = tmp_path / "nhật ký.log"
    place.write_bytes(RAW)
    return place


@pytest.fixture
def opened(
    live_server: Any, clerk: User, home: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """Open the page, with or without JavaScript, as somebody who has signed in."""
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread; the tables are asked while it waits.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    session = signed_in(clerk).cookies["sessionid"].value
    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        def open_page(purpose: str = "evidence", *, scripts: bool = True) -> Any:
            context = chromium.new_context(java_script_enabled=scripts)
            cookie = {"name": "sessionid", "value": session, "url": live_server.url}
            context.add_cookies([cookie])  # type: ignore[list-item]
            page = context.new_page()
            page.goto(f"{live_server.url}/hand-in?purpose={purpose}")
            return page

        yield open_page
        chromium.close()


def kept() -> bytes:
    return path_of(StoredFile.objects.get()).read_bytes()


def test_W1_a_file_is_handed_in_without_javascript(opened: Any, log: Path) -> None:
    page = opened(scripts=False)
    page.set_input_files("input[type=file]", log)
    page.click("main button")
    assert page.inner_text("#done") == "nhật ký.log"
    assert kept() == RAW


def test_a_file_goes_over_in_parts_though_the_line_breaks(opened: Any, log: Path) -> None:
    page = opened()
    heard: list[str] = []
    parts: list[int] = []
    page.on("console", lambda message: heard.append(message.text))

    def part(route: Any, request: Any) -> None:
        if request.method == "PATCH":
            parts.append(int(request.headers["upload-offset"]))
            if len(parts) == 2:
                route.abort()
                return
        route.continue_()

    page.route("**/files/uploads/*", part)
    page.set_input_files("input[type=file]", log)
    page.click("main button")
    page.wait_for_selector("#done", timeout=120_000)
    assert page.inner_text("#done") == "nhật ký.log"
    step = 4 << 20
    assert parts == [0, step, step, 2 * step]
    assert kept() == RAW
    assert not [one for one in heard if "Content Security Policy" in one]


def test_an_upload_goes_on_after_the_page_was_left(opened: Any, log: Path) -> None:
    page = opened()
    parts: list[int] = []

    def first_only(route: Any, request: Any) -> None:
        if request.method == "PATCH" and request.headers["upload-offset"] != "0":
            route.abort()
        else:
            route.continue_()

    page.route("**/files/uploads/*", first_only)
    page.set_input_files("input[type=file]", log)
    page.click("main button")
    page.get_by_text("Mất kết nối").wait_for()
    page.unroute("**/files/uploads/*")
    page.reload()
    page.on(
        "request",
        lambda one: parts.append(int(one.headers["upload-offset"])) if one.method == "PATCH" else 0,
    )
    page.set_input_files("input[type=file]", log)
    page.click("main button")
    page.wait_for_selector("#done", timeout=120_000)
    assert parts == [4 << 20, 8 << 20]
    assert kept() == RAW


def test_what_is_refused_at_the_beginning_is_said_on_the_page(
    opened: Any, tmp_path: Path, home: Path
) -> None:
    large = tmp_path / "anh.pdf"
    with large.open("wb") as file:
        file.truncate(21 << 20)
    page = opened("proof")
    page.set_input_files("input[type=file]", large)
    page.click("main button")
    page.get_by_text("chỉ nhận tệp tối đa 20 MB").wait_for()
    assert page.is_enabled("input[type=file]")
    assert not StoredFile.objects.exists()
