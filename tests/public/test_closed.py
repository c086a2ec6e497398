"""A page that was taken down says so at every address, answers nothing and counts nothing."""

from pathlib import Path

from quetsach_public.app import Application
from quetsach_public.pages.building import build_closed_site
from tests.public.asking import asked
from tests.public.made import CAMPAIGN, NOW, made_home


def test_a_closed_page_answers_nothing_and_thanks_nobody(tmp_path: Path) -> None:
    settings = made_home(tmp_path / "home", "127.0.0.1")
    app = Application(settings, now=lambda: NOW, check_interval_s=0)
    assert "Trang này đã đóng" not in asked(app, "/").text
    build_closed_site(settings.site, CAMPAIGN)
    for path in ("/", "/kiem-tra", "/tham-gia", "/cam-on", "/so-lieu", "/lam-sach/windows"):
        got = asked(app, path)
        # 200, and for all: nginx shows an old page on until it has one that is newer.
        assert (got.status, got.headers["Cache-Control"][:6]) == (200, "public")
        assert "Trang này đã đóng" in got.text
    assert "This page is closed" in asked(app, "/en/tham-gia").text
    sent = asked(app, "/tham-gia", "POST", "viec=joined&ve=x")
    assert (sent.status, "Cảm ơn" in sent.text) == (410, False)
    assert asked(app, "/health").status == 200
    app.counts.flush()
    assert not list(settings.inbox.glob("*.json"))
    assert "Trang này đã đóng" in asked(Application(settings, now=lambda: NOW), "/").text
