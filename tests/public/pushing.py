"""A browser that subscribed, a double of a push service on loopback, and a plane that offers."""

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

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from quetsach_public.app import Application
from quetsach_public.push_sending import send_due
from quetsach_public.settings import Settings
from quetsach_public.table_writing import PublicEntry, write_table
from tests.public.asking import Got, asked
from tests.public.made import MADE_AT, NOW, contents, made_home

FORM = {"CONTENT_TYPE": "application/x-www-form-urlencoded"}
ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc:DEF_1-2"


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


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
