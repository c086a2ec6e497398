"""Servers on this machine: a real TAXII server, and one that answers as a test wants."""

import contextlib
import json
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

COLLECTION = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"
OTHER_COLLECTION = "52892447-4d7e-4f70-b94d-d7f22742ff63"
LOCKED_COLLECTION = "64993447-4d7e-4f70-b94d-d7f33742ee63"


@dataclass
class Asked:
    """One request as the server got it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Said:
    """One answer; `drip` is called while its body is on the way."""

    body: bytes = b"{}"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    drip: Callable[[], None] | None = None


@dataclass
class Serving:
    """A server that runs, where it is, and what it was asked."""

    address: str
    asked: list[Asked] = field(default_factory=list)


def as_said(value: Any, **headers: str) -> Said:
    """Return `value` as an answer in JSON."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Said(json.dumps(value).encode(), headers=named)


@contextlib.contextmanager
def serving(answer: Callable[[Asked], Said], wrap: Any = None) -> Iterator[Serving]:
    """Give a server on 127.0.0.1 that answers each request with `answer`."""
    running = Serving("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("content-length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            one = Asked(self.command, self.path, headers, self.rfile.read(length))
            running.asked.append(one)
            said = answer(one)
            with contextlib.suppress(OSError):
                self.say(said)

        do_POST = do_GET  # noqa: N815 - the library calls it so

        def say(self, said: Said) -> None:
            if said.raw is not None:
                self.wfile.write(said.raw)
                return
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            if not {"content-length", "transfer-encoding"} & {one.lower() for one in said.headers}:
                self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            self.wfile.write(said.body)
            if said.drip is not None:
                self.wfile.flush()
                said.drip()

        def log_message(self, *_words: Any) -> None:
            """Say nothing."""

    with _quiet_server(Handler, wrap) as (scheme, port):
        running.address = f"{scheme}://127.0.0.1:{port}"
        yield running


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that go away are part of the tests."""


@contextlib.contextmanager
def _quiet_server(handler: Any, wrap: Any) -> Iterator[tuple[str, int]]:
    server = _Quiet(("127.0.0.1", 0), handler)
    if wrap is not None:
        server.socket = wrap(server.socket)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield ("http" if wrap is None else "https"), server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def taxii_server(
    folder: Path, objects: list[dict[str, Any]], *, page: int = 100, others: bool = False
) -> Iterator[str]:
    """Give the address of a medallion server with `objects` in one collection."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import medallion
        from flask import Flask
        from werkzeug.serving import make_server

    config = folder / "data.json"
    config.write_text(json.dumps(_taxii_data(objects, others=others)))
    app = Flask("medallion")
    backend = {
        "module": "medallion.backends.memory_backend",
        "module_class": "MemoryBackend",
        "filename": str(config),
        # Its thread that ends sessions would outlive the test.
        "check_interval": 3600,
    }
    medallion.set_config(app, "users", {"users": {"unit": "mat khau"}})
    medallion.set_config(app, "taxii", {"taxii": {"max_page_size": page}})
    medallion.set_config(app, "backend", {"backend": backend})
    medallion.register_blueprints(app)
    app.register_error_handler(
        medallion.exceptions.ProcessingError, medallion.handle_processing_error
    )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _taxii_data(objects: list[dict[str, Any]], *, others: bool) -> dict[str, Any]:
    media = "application/stix+json;version=2.1"
    manifest = [
        {
            "id": one["id"],
            "date_added": f"2022-09-12T00:{number // 60:02}:{number % 60:02}.000000Z",
            "version": one["modified"],
            "media_type": media,
        }
        for number, one in enumerate(objects)
    ]
    collections = [
        {
            "id": COLLECTION,
            "title": "Danh sách",
            "can_read": True,
            "can_write": False,
            "media_types": [media],
            "objects": objects,
            "manifest": manifest,
        },
        {"id": LOCKED_COLLECTION, "title": "Khóa", "can_read": False, "can_write": False},
    ]
    if others:
        collections.append(
            {"id": OTHER_COLLECTION, "title": "Khác", "can_read": True, "can_write": False}
        )
    return {
        "/discovery": {"title": "TAXII", "api_roots": ["/trustgroup1/"]},
        "trustgroup1": {
            "information": {
                "title": "Nhóm",
                "versions": [media],
                "max_content_length": 9765625,
            },
            "collections": collections,
        },
    }
