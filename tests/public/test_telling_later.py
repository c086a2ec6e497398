"""The offer to be told stands where the owner wants it, and takes good tickets alone."""

from pathlib import Path

import pytest

from quetsach_public import telling_later
from quetsach_public.web_push import subscription_of
from tests.public.pushing import ENDPOINT, Browser, Plane


def test_what_is_no_subscription_of_a_good_ticket_is_not_kept(plane: Plane) -> None:
    browser, ticket = Browser(), plane.ticket()
    bad = [
        browser.form("A" * 40),
        Browser("https://127.0.0.1/x").form(ticket),
        browser.form(ticket).replace("auth=", "auth=A"),
        browser.form(ticket).replace("p256dh=B", "p256dh=C"),
        "",
    ]
    for body in bad:
        assert plane.ask("/hoi-lai/bao-tin", body).status == 400, body
    assert plane.kept() == []
    assert subscription_of({"endpoint": ENDPOINT, "p256dh": "é", "auth": "é"}) is None


def test_an_address_that_asks_too_fast_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling_later, "BURST", 1.0)
    plane = Plane(tmp_path)
    ticket = plane.ticket()
    assert plane.ask("/hoi-lai/bao-tin", Browser().form(ticket)).status == 200
    assert plane.ask("/hoi-lai/bao-tin", Browser().form(ticket)).status == 429


def test_without_a_contact_there_is_no_offer_and_nothing_is_taken(tmp_path: Path) -> None:
    plane = Plane(tmp_path, push="")
    page = plane.ask("/hoi-lai", "").text
    assert "data-push-key" not in page
    assert plane.ask("/hoi-lai-bao-tin.js").status == 404
    body = Browser().form(plane.ticket())
    assert plane.ask("/hoi-lai/bao-tin", body).status == 404
    assert plane.kept() == []


def test_the_offer_is_hidden_until_a_script_shows_it_and_says_what_is_kept(plane: Plane) -> None:
    page = plane.ask("/hoi-lai", "").text
    assert "<div hidden data-push-key=" in page
    assert "trang này phải giữ phiếu và địa chỉ nhận tin" in page
    worker = plane.ask("/hoi-lai-bao-tin.js")
    assert dict(worker.headers)["Content-Type"].startswith("text/javascript")
    assert "no-cache" in dict(worker.headers)["Cache-Control"]
