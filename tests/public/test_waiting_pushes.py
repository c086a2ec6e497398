"""What is kept of who waits: unreadable, one a browser, and not for long."""

from pathlib import Path

import pytest

from quetsach_public import waiting_pushes
from quetsach_public.waiting_pushes import WaitingPush, WaitingPushes
from quetsach_public.web_push import PushSubscription
from tests.public.made import NOW
from tests.public.pushing import ENDPOINT, Browser, Plane, PushService


def test_what_is_kept_is_unreadable_one_a_browser_and_goes_with_its_ticket(
    plane: Plane, service: PushService
) -> None:
    browser, ticket = Browser(), plane.ticket()
    for _ in range(2):
        plane.ask("/hoi-lai/bao-tin", browser.form(ticket))
    (path,) = plane.kept()
    assert path.stat().st_mode & 0o077 == 0
    for secret in (b"googleapis", browser.secret.hex().encode(), ticket.encode()):
        assert secret not in path.read_bytes()
    plane.publish(days=34)
    assert plane.send(service) == {"ended": 1}
    assert plane.kept() == []
    assert service.heard == []
    plane.ask("/hoi-lai/bao-tin", browser.form(plane.ticket()))
    (plane.settings.run / "push.keys").unlink()
    assert plane.send(service) == {}
    assert plane.kept() == []


def test_a_full_house_says_so(plane: Plane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_pushes, "MOST_WAITING", 1)
    ticket = plane.ticket()
    assert plane.ask("/hoi-lai/bao-tin", Browser().form(ticket)).status == 200
    other = Browser(f"{ENDPOINT}2").form(ticket)
    assert plane.ask("/hoi-lai/bao-tin", other).status == 503


def test_a_waiting_row_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    waiting = WaitingPush(PushSubscription(ENDPOINT, b"p" * 65, b"s" * 16), "T" * 40, "km")
    place = WaitingPushes(tmp_path)
    assert place.keep(waiting, NOW.date())
    assert [push for _path, push in place.each(NOW.date())] == [waiting]
