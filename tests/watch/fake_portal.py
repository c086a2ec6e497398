"""A portal of one unit as a watch sees it: what it was told, and how it answers."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

TOKEN = "a-token-for-a-watch"


@dataclass
class FakePortal:
    """Shapes: `folders` are the handed in ZIP files by their keys; `status` is answered, if any,
    409 with `not_now` to a folder, and `nodes` in place of its own. A heartbeat after so many as
    stand in `too_soon` is refused once."""

    listed: bytes = b""
    planted: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    state: str = "done"
    code: str = ""
    status: int = 0
    not_now: str = ""
    nodes: object = None
    address: str = ""
    beats: list[dict[str, Any]] = field(default_factory=list)
    too_soon: list[int] = field(default_factory=list)
    folders: dict[str, bytes] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)

    def answer(self, path: str, body: bytes, form: str) -> tuple[int, bytes]:
        """Return status and answer to a request."""
        if self.status:
            return self.status, b'{"detail": "no"}'
        if path == "/api/v1/watch":
            if self.nodes is not None:
                return 200, json.dumps({"nodes": self.nodes}).encode()
            node = {"node": 7, "unit": "An Khê", "campaign": "one", "release": self._release()}
            return 200, json.dumps({"nodes": [node]}).encode()
        if path == "/api/v1/nodes/7/watch/heartbeat":
            if len(self.beats) in self.too_soon:
                self.too_soon.remove(len(self.beats))
                return 429, b'{"detail": "too soon"}'
            self.beats.append(json.loads(body))
            answer = {"node": 7, "release": self._release(), "questions": self.questions}
            return 200, json.dumps({**answer, "planted": self.planted, "next_s": 60}).encode()
        if path == "/api/v1/nodes/7/submissions" and self.not_now:
            return 409, json.dumps({"detail": self.not_now}).encode()
        if path == "/api/v1/nodes/7/submissions":
            parts = message_from_bytes(b"Content-Type: " + form.encode() + b"\r\n\r\n" + body)
            told = {
                one.get_param("name", header="content-disposition"): one
                for one in parts.get_payload()
            }
            key = told["key"].get_payload()
            self.sent.append(key)
            self.folders[key] = told["file"].get_payload(decode=True)
            return 201, json.dumps(
                {"id": 1, "state": self.state, "told": {"code": self.code}}
            ).encode()
        if path == "/api/v1/nodes/7/release" and self.listed:
            return 200, self.listed
        return 404, b"{}"

    def _release(self) -> dict[str, str] | None:
        if not self.listed:
            return None
        digest = hashlib.sha256(self.listed).hexdigest()
        return {"digest": digest, "address": "/api/v1/nodes/7/release"}


@contextmanager
def running(portal: FakePortal) -> Iterator[FakePortal]:
    """Let it answer at `portal.address`, which is this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])))

        def _answer(self, body: bytes) -> None:
            is_known = self.headers["Authorization"] == f"Bearer {TOKEN}"
            status, answer = (401, b"{}")
            if is_known:
                status, answer = portal.answer(self.path, body, self.headers["Content-Type"])
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_facts: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        portal.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield portal
        finally:
            server.shutdown()
            thread.join()
