"""Matching in the browser: the list has an address of its own, its worker asks nobody."""

import json
from pathlib import Path

from quetsach_public.app import Application
from tests.public.asking import asked
from tests.public.made import NOW, made_home
from tests.public.matching.vectors import opened


def test_the_list_has_an_address_that_changes_with_it(tmp_path: Path) -> None:
    settings = made_home(tmp_path)
    app = Application(settings, now=lambda: NOW)
    assert 'data-list=""' in asked(app, "/kiem-tra-tep").text
    settings.open_list.write_bytes(opened("bad.example"))
    app = Application(settings, now=lambda: NOW)
    page = asked(app, "/kiem-tra-tep").text
    path = page.split('data-list="')[1].split('"')[0]
    got = asked(app, path, HTTP_ACCEPT_ENCODING="gzip")
    assert json.loads(got.text)["names"] == {"bad.example": 1}
    assert got.headers["Cache-Control"].endswith("immutable")
    assert asked(app, path.replace("/danh-sach-mo/", "/danh-sach-mo/0")).status == 404
    for damage in (b"", b"[]", b'{"format":"x"}'):
        settings.open_list.write_bytes(damage)
        assert path in asked(app, "/kiem-tra-tep").text, "the whole one stays"


def test_the_worker_may_ask_nobody(tmp_path: Path) -> None:
    app = Application(made_home(tmp_path), now=lambda: NOW)
    worker = asked(app, "/kiem-tra-tep").text.split('data-worker="')[1].split('"')[0]
    assert asked(app, worker).headers["Content-Security-Policy"] == "default-src 'none'"
