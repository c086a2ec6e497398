"""The portal as the server calls it (RSGI): the body is taken in first, then a thread answers.

The server's own WSGI interface lets a thread wait for each body, and a few silent connections stop
everything. Here waiting costs no thread: neither for a slow body nor for a slow reader of a file.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from errno import EDQUOT, ENOSPC
from io import BytesIO
from sys import stderr
from typing import Any, TypeAlias

from quetsach_portal.web.request_bodies import (
    SMALL,
    BodyBudget,
    BrokenBody,
    RequestBody,
    TooLarge,
    TooMany,
    read_body,
)

THREADS = 8
PIECE_BYTES = 1 << 16

Headers: TypeAlias = list[tuple[str, str]]
Environ: TypeAlias = dict[str, Any]
Application: TypeAlias = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class AdmittedSender:
    """Somebody who may send a large body; `done` is called when it has been dealt with."""

    sender: int
    most: int
    done: Callable[[], None]


class NotAdmitted(Exception):
    """A large body is not taken; the status and a sentence for who sent it."""

    def __init__(self, status: int, told: str) -> None:
        super().__init__(told)
        self.status, self.told = status, told


@dataclass
class ResponseSummary:
    """What the application answers, as far as it is known."""

    status: int = 500
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    pieces: Iterator[bytes] | None = None
    close: Callable[[], None] | None = None
    pause_s: float = 0.0


class RsgiFront:
    """Calls a WSGI application for a server that speaks RSGI.

    `admit` says, in a thread, whether a large body may come; `folder` is where bodies lie;
    `proxies` are addresses that stand for many people.
    """

    def __init__(
        self,
        application: Application,
        admit: Callable[[Environ, int], AdmittedSender],
        folder: Callable[[], Any],
        proxies: frozenset[str] = frozenset(),
    ) -> None:
        self._application = application
        self._admit = admit
        self._folder = folder
        self._room = BodyBudget(proxies)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="answer")

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        """Answer one request."""
        environ = environ_of(scope)
        admitted: AdmittedSender | None = None
        try:
            said = _said_length(environ)
            if said > SMALL:
                admitted = await self._in_thread(self._admit, environ, said)
                environ["quetsach.sender"] = admitted.sender
            request_body = await self._body(
                environ, proto, SMALL if admitted is None else admitted.most
            )
            with request_body.body:
                await self._answered(environ, request_body, proto)
        except NotAdmitted as no:
            _say(proto, no.status, no.told)
        except TooMany:
            _say(proto, 429, "Too many requests of your network are under way. Try again shortly.")
        except OSError as error:
            if error.errno not in (ENOSPC, EDQUOT):
                raise
            _say(proto, 507, "The disk of this portal is full. Send it again later.")
        except TooLarge:
            _say(proto, 413, "This is larger than what is taken here.")
        finally:
            if admitted is not None:
                admitted.done()

    async def _body(self, environ: Environ, proto: Any, most: int) -> RequestBody:
        if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" not in environ:
            return RequestBody(BytesIO(), is_whole=True)
        with self._room.for_one(environ["REMOTE_ADDR"]):
            return await read_body(aiter(proto), most, self._folder)

    async def _answered(self, environ: Environ, request_body: RequestBody, proto: Any) -> None:
        if not request_body.is_whole and environ["REQUEST_METHOD"] != "PATCH":
            _say(proto, 408, "The request came too slowly, or broke off.")
            return
        # Of a part of a file that breaks off, what came is kept: the sender goes on from there.
        environ["wsgi.input"] = (
            request_body.body if request_body.is_whole else BrokenBody(request_body.body)
        )
        if "HTTP_TRANSFER_ENCODING" in environ:
            request_body.body.seek(0, 2)
            environ["CONTENT_LENGTH"] = str(request_body.body.tell())
            request_body.body.seek(0)
        answer = await self._in_thread(self._call, environ)
        try:
            if answer.pieces is None:
                proto.response_bytes(answer.status, answer.headers, answer.body)
            else:
                await self._stream(answer, proto)
        finally:
            if answer.close is not None:
                await self._in_thread(answer.close)

    def _call(self, environ: Environ) -> ResponseSummary:
        """Run the application; what is whole is made whole and closed in this very thread."""
        answer = ResponseSummary()

        def start(status: str, headers: Headers, *_error: Any) -> None:
            answer.status = int(status[:3])
            answer.headers = [(name.lower(), value) for name, value in headers]

        chunks = self._application(environ, start)
        close = getattr(chunks, "close", None)
        if getattr(chunks, "streaming", False) and environ["REQUEST_METHOD"] != "HEAD":
            answer.pieces, answer.close = iter(chunks), close
            answer.pause_s = getattr(chunks, "pause_s", 0.0)
            return answer
        try:
            answer.body = b"".join(chunks) if environ["REQUEST_METHOD"] != "HEAD" else b""
        finally:
            if close is not None:
                close()
        return answer

    async def _stream(self, answer: ResponseSummary, proto: Any) -> None:
        transport = proto.response_stream(answer.status, answer.headers)
        pieces = answer.pieces
        assert pieces is not None
        # A reader that has gone is no error of ours.
        with suppress(RuntimeError, OSError):
            while piece := await self._in_thread(next, pieces, b""):
                await transport.send_bytes(piece)
                if answer.pause_s:
                    await asyncio.sleep(answer.pause_s)

    async def _in_thread(self, act: Callable[..., Any], *given: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, act, *given)


def environ_of(scope: Any) -> Environ:
    """Return the request as WSGI tells it. Source: PEP 3333."""
    host, _colon, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": stderr,
        "wsgi.input": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, header in scope.headers.items():
        # A name with an underscore would pass for one with a hyphen.
        if "_" in name:
            continue
        key, environ_value = name.upper().replace("-", "_"), header
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
            if key in environ:
                environ_value = (
                    f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{environ_value}"
                )
        environ[key] = environ_value
    if scope.authority and "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority
    return environ


def _said_length(environ: Environ) -> int:
    """Return how many bytes are said to come; what says nothing sound may send a little."""
    text = environ.get("CONTENT_LENGTH", "")
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise NotAdmitted(400, "The length of the request is no number.")
    return int(text)


def _say(proto: Any, status: int, text: str) -> None:
    headers = [
        ("content-type", "text/plain; charset=utf-8"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("connection", "close"),
    ]
    if status in (503, 507):
        headers.append(("retry-after", "60"))
    proto.response_str(status, headers, text)
