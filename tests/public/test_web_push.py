"""A message to a browser: the standard's example, a double of a push service, what is kept."""

import base64
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from quetsach_public import push_sending, telling_later, waiting_pushes
from quetsach_public.app import Application
from quetsach_public.push_sending import send_due
from quetsach_public.settings import Settings, settings
from quetsach_public.table_writing import PublicEntry, write_table
from quetsach_public.waiting_pushes import WaitingPush, WaitingPushes
from quetsach_public.web_push import PushSubscription, is_allowed, sealed, subscription_of
from tests.public.asking import Got, asked
from tests.public.made import MADE_AT, NOW, contents, made_home, seen

FORM = {"CONTENT_TYPE": "application/x-www-form-urlencoded"}
ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc:DEF_1-2"


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def test_a_message_is_sealed_as_in_the_example_of_the_standard() -> None:
    # RFC 8291, 5.
    subscription = PushSubscription(
        ENDPOINT,
        raw(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        raw("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    number = int.from_bytes(raw("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    message = sealed(
        subscription,
        b"When I grow up, I want to be a watermelon",
        sender=ec.derive_private_key(number, ec.SECP256R1()),
        salt=raw("DGv6ra1nlYgDCS1FRnbzlw"),
        length=0,
    )
    assert text(message) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
        "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
        "lcy4a-fN"
    )


@pytest.mark.parametrize(
    ("endpoint", "allowed"),
    [
        (ENDPOINT, True),
        ("https://wns2-sg2p.notify.windows.com/w/?token=BQ%3d", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/gAA", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com@192.0.2.1/x", False),
        ("https://192.0.2.1/fcm.googleapis.com", False),
        ("https://127.0.0.1/x", False),
        ("https://evil.example/x", False),
        ("https://xfcm.googleapis.com.evil.example/x", False),
        ("https://evilnotify.windows.com/x", False),
        ("https://fcm.googleapis.com/x\r\nHost: a", False),
        ("https://FCM.googleapis.com/x", False),
        ("https://fcm.googleapis.com/" + "a" * 1000, False),
        ("", False),
    ],
)
def test_only_services_of_browser_makers_are_ever_asked(endpoint: str, allowed: bool) -> None:
    assert is_allowed(endpoint) is allowed


class Browser:
    """A browser that subscribed: it alone opens what is sealed for it."""

    def __init__(self, endpoint: str = ENDPOINT) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        form = serialization.PublicFormat.UncompressedPoint
        self.point = self._key.public_key().public_bytes(serialization.Encoding.X962, form)
        self.secret, self.endpoint = b"s" * 16, endpoint

    def form(self, ticket: str) -> str:
        fields = {"phieu": ticket, "endpoint": self.endpoint}
        return urlencode({**fields, "p256dh": text(self.point), "auth": text(self.secret)})

    def opened(self, body: bytes) -> Any:
        salt, point, content = body[:16], body[21 : 21 + body[20]], body[21 + body[20] :]
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        info = b"WebPush: info\0" + self.point + point
        shared = self._key.exchange(ec.ECDH(), sender)
        shared = HKDF(hashes.SHA256(), 32, self.secret, info).derive(shared)
        key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(shared)
        nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(shared)
        plain = AESGCM(key).decrypt(nonce, content, None)
        return json.loads(plain.rstrip(b"\0").removesuffix(b"\2"))


class PushService:
    """A double of a push service on loopback: it notes what comes, and answers `status`."""

    def __init__(self, port: int) -> None:
        self.port, self.status = port, 201
        self.heard: list[tuple[str, dict[str, str], bytes]] = []
        self.hosts: list[str] = []

    def connect(self, host: str) -> HTTPConnection:
        self.hosts.append(host)
        return HTTPConnection("127.0.0.1", self.port, timeout=10)


@contextmanager
def serving() -> Iterator[PushService]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.heard.append((self.path, dict(self.headers), body))
            self.send_response(service.status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *_args: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    service = PushService(server.server_port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def service() -> Iterator[PushService]:
    with serving() as double:
        yield double


class Plane:
    """A plane that offers messages, with a clock and lists of the test."""

    def __init__(self, home: Path, push: str = "mailto:ai@coquan.example") -> None:
        self.settings: Settings = replace(made_home(home), push=push)
        self.now = NOW
        self.app = Application(self.settings, now=lambda: self.now, check_interval_s=0)

    def ask(self, path: str, body: str | None = None) -> Got:
        method = "GET" if body is None else "POST"
        return asked(self.app, path, method, body or "", "192.0.2.77")

    def ticket(self, path: str = "/hoi-lai") -> str:
        page = self.ask(path, "").text
        return page.split('class="ticket">')[1].split("<")[0].replace("-", "").replace(" ", "")

    def publish(self, *listed: PublicEntry, days: int) -> None:
        made_at = MADE_AT + timedelta(days=days)
        write_table(self.settings.table, replace(contents(*listed), made_at=made_at))
        self.now = made_at + timedelta(hours=1)

    def kept(self) -> list[Path]:
        folder = self.settings.run / "push"
        return sorted(folder.iterdir()) if folder.exists() else []

    def send(self, service: PushService) -> Counter[str]:
        return send_due(self.settings, self.now, service.connect)


@pytest.fixture
def plane(tmp_path: Path) -> Plane:
    return Plane(tmp_path)


@pytest.mark.parametrize("listed", [(), (seen("192.0.2.77/32", first=1, last=2),)])
def test_who_waits_is_told_once_alike_whatever_the_answer_is_and_then_forgotten(
    plane: Plane, service: PushService, listed: tuple[PublicEntry, ...]
) -> None:
    browser = Browser()
    ticket = plane.ticket("/en/hoi-lai")
    assert plane.ask("/en/hoi-lai/bao-tin", browser.form(ticket)).status == 200
    assert plane.send(service) == {"waits": 1}
    plane.publish(*listed, days=3)
    assert plane.send(service) == {"sent": 1}
    assert plane.kept() == []
    assert plane.send(service) == {}
    ((path, headers, body),) = service.heard
    assert (service.hosts, path) == (["fcm.googleapis.com"], "/fcm/send/abc:DEF_1-2")
    assert len(body) == 86 + 512 + 1 + 16
    message = browser.opened(body)
    assert message["title"] == "There is a newer list"
    assert message["path"].replace("-", "") == f"/en/hoilai/{ticket}".replace("-", "")
    assert plane.ask(message["path"]).status == 200
    kind, _space, rest = headers["Authorization"].partition(" ")
    named = dict(part.strip().split("=", 1) for part in rest.split(","))
    signer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(named["k"]))
    claims = jwt.decode(
        named["t"],
        signer,
        algorithms=["ES256"],
        audience="https://fcm.googleapis.com",
        options={"verify_exp": False},
    )
    assert (kind, claims["sub"]) == ("vapid", "mailto:ai@coquan.example")
    assert 0 < claims["exp"] - plane.now.timestamp() <= 86_400
    assert headers["Content-Encoding"] == "aes128gcm"


@pytest.mark.parametrize(
    ("status", "outcome", "is_kept"),
    [(503, "waits", True), (429, "waits", True), (410, "gone", False), (302, "refused", False)],
)
def test_what_a_service_answers_decides_and_no_redirect_is_followed(
    plane: Plane, service: PushService, status: int, outcome: str, is_kept: bool
) -> None:
    plane.ask("/hoi-lai/bao-tin", Browser().form(plane.ticket()))
    plane.publish(days=3)
    service.status = status
    assert plane.send(service) == {outcome: 1}
    assert bool(plane.kept()) is is_kept
    assert len(service.heard) == 1


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


def test_a_full_house_says_so(plane: Plane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_pushes, "MOST_WAITING", 1)
    ticket = plane.ticket()
    assert plane.ask("/hoi-lai/bao-tin", Browser().form(ticket)).status == 200
    other = Browser(f"{ENDPOINT}2").form(ticket)
    assert plane.ask("/hoi-lai/bao-tin", other).status == 503


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


def test_the_sender_ends_with_words_where_it_is_off_or_has_no_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QUETSACH_PUBLIC_HOME", str(tmp_path))
    monkeypatch.delenv("QUETSACH_PUBLIC_PUSH", raising=False)
    assert push_sending.main([]) == 2
    monkeypatch.setenv("QUETSACH_PUBLIC_PUSH", "mailto:ai@coquan.example")
    assert push_sending.main([]) == 2
    errors = capsys.readouterr().err
    assert "Push is off" in errors
    assert "No list to tell of" in errors
    Plane(tmp_path)
    assert push_sending.main([]) == 0
    monkeypatch.setenv("QUETSACH_PUBLIC_PUSH", "ai@coquan.example")
    with pytest.raises(ValueError, match="mailto"):
        settings()


def test_a_waiting_row_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    waiting = WaitingPush(PushSubscription(ENDPOINT, b"p" * 65, b"s" * 16), "T" * 40, "km")
    place = WaitingPushes(tmp_path)
    assert place.keep(waiting, NOW.date())
    assert [push for _path, push in place.each(NOW.date())] == [waiting]
