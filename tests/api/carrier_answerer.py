"""A carrier's answerer over HTTP, as /nha-mang/openapi.json describes it: a double for tests.

X-Inside-Address holds the inside address of the connection, as a carrier's gateway would add it.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.request import urlopen

from quetsach.api import carriers
from quetsach.api.traces import TraceRequest
from quetsach.errors.exceptions import QuetsachError


@contextmanager
def answering(page: str, issuer: str, request: TraceRequest, now: datetime) -> Iterator[str]:
    """Serve answers for slips of the public page at `page` while the block runs."""

    class Answerer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(min(int(self.headers["Content-Length"]), 10_000))
            with urlopen(f"{page}/nha-mang/keys.json", timeout=20) as answer:
                keys = carriers.read_slip_keys(answer.read())
            try:
                slip = carriers.read_slip(json.loads(body)["slip"], keys, issuer=issuer, now=now)
                asker = self.headers["X-Inside-Address"]
                self.say(200, carriers.answer_slip(slip, request, asker=asker).as_json())
            except QuetsachError as error:
                status = 403 if error.problem.code == "E259" else 400
                self.say(status, {"detail": str(error)})

        def say(self, status: int, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answerer)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
