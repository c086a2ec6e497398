"""Asks the application as a server does."""

import gzip
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from quetsach_public.app import Application


@dataclass
class Got:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        packed = self.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


Ask = Callable[..., Got]


def asked(
    app: Application,
    path: str,
    method: str = "GET",
    body: str = "",
    remote: str = "192.0.2.77",
    **more: Any,
) -> Got:
    got: list[Got] = []
    where, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": where,
        "QUERY_STRING": query,
        "REMOTE_ADDR": remote,
        "HTTP_HOST": "quetsach.example",
        "CONTENT_LENGTH": str(len(body.encode())),
        "wsgi.input": io.BytesIO(body.encode()),
        **more,
    }

    def start(status: str, headers: list[tuple[str, str]]) -> None:
        assert len(headers) == len(dict(headers)), "no header twice"
        got.append(Got(int(status[:3]), dict(headers), b""))

    chunks = app(environ, start)
    got[0].body = b"".join(chunks)
    return got[0]


def ticket_of(page: Got) -> str:
    return re.findall(r'name="ve" value="([^"]+)"', page.text)[0]
