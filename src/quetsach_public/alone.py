"""The public plane without a proxy of its own: requests that come too fast wait here.

Nothing may wait in a request of `Application` (decision 12): it tells nginx to. Here a coroutine
waits in nginx's place, which holds no thread. granian calls it by RSGI, and costs more so.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from io import BytesIO
from typing import Protocol

from quetsach_public.addresses import LONGEST_FORM, length_of
from quetsach_public.app import Application
from quetsach_public.responses import SLOWED

MOST_WAITING = 256
"""Answers that wait at once in a process: half of granian's limit. Further requests get "busy"."""

SECONDS = 1.0
"""What an answer waits."""

SLOWEST_FORM = 10.0
"""Seconds in which a form has to come."""


class RequestHeaders(Protocol):
    """What was sent with a request."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Return each name, in lower case, with its value."""
        ...


class RequestScope(Protocol):
    """What is asked."""

    @property
    def method(self) -> str:
        """Return the method."""
        ...

    @property
    def path(self) -> str:
        """Return the path, decoded."""
        ...

    @property
    def query_string(self) -> str:
        """Return the query as it came."""
        ...

    @property
    def client(self) -> str:
        """Return address and port of the client."""
        ...

    @property
    def headers(self) -> RequestHeaders:
        """Return the headers."""
        ...


class ClientLine(Protocol):
    """The connection to the client."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Return the body, piece by piece."""
        ...

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Answer."""
        ...

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        """Answer without a body."""
        ...


class DelayedApplication:
    """Answers what `application` answers, a second later where it says so."""

    def __init__(
        self,
        application: Application,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._application, self._pause = application, pause
        self._waiting = 0

    async def __rsgi__(self, scope: RequestScope, line: ClientLine) -> None:
        """Answer a request."""
        environ = _environ(scope)
        if scope.method == "POST":
            environ["wsgi.input"] = BytesIO(await _form(line, environ))
        answer = _Answer()
        body = b"".join(self._application(environ, answer.start))
        if answer.is_slowed and self._waiting >= MOST_WAITING:
            body = b"".join(self._application.busy(environ, answer.start))
        elif answer.is_slowed:
            self._waiting += 1
            try:
                await self._pause(SECONDS)
            finally:
                self._waiting -= 1
        if body:
            line.response_bytes(answer.status, answer.headers, body)
        else:
            line.response_empty(answer.status, answer.headers)


class _Answer:
    """What the application began to answer."""

    def start(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.status = int(status[:3])
        self.is_slowed = any(name == SLOWED for name, _ in headers)
        self.headers = [(name.lower(), value) for name, value in headers if name != SLOWED]


def _environ(scope: RequestScope) -> dict[str, object]:
    sent: dict[str, str] = {}
    for name, text in scope.headers.items():
        # With "_" a name would read as one with "-", which only the own proxy may write.
        if "_" not in name:
            key = f"HTTP_{name.upper().replace('-', '_')}"
            sent[key] = f"{sent[key]},{text}" if key in sent else text
    host, _, port = scope.client.rpartition(":")
    return {
        **sent,
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path,
        "QUERY_STRING": scope.query_string,
        "REMOTE_ADDR": host.strip("[]"),
        "REMOTE_PORT": port,
        "CONTENT_LENGTH": sent.get("HTTP_CONTENT_LENGTH", ""),
    }


async def _form(line: ClientLine, environ: Mapping[str, object]) -> bytes:
    """Return the body of a form, b"" for what could be none of ours or does not come."""
    length = length_of(environ)
    if length is None:
        return b""
    body = b""
    try:
        async with asyncio.timeout(SLOWEST_FORM):
            async for piece in line:
                body += piece
                if len(body) >= min(length, LONGEST_FORM):
                    break
    except TimeoutError:
        return b""
    return body
