"""The portal as the server calls it (RSGI): the body is taken in first, then a thread answers.

The server's own WSGI interface lets a thread wait for each body, and a few silent connections stop
everything. Here waiting costs no thread: neither for a slow body nor for a slow reader of a file.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from errno import EDQUOT, ENOSPC
from io import BytesIO
from sys import stderr
from time import perf_counter
from typing import Any, TypeAlias

from quetsach_portal.config.answering_threads import AllBusy, AnsweringThreads
from quetsach_portal.web.request_bodies import (
    SMALL,
    BodyBudget,
    BrokenBody,
    RequestBody,
    TooLarge,
    TooMany,
    read_body,
)

PIECE_BYTES = 1 << 16
ALIVE = "/health"

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
    `proxies` are addresses that stand for many people. `busy` makes the answer for whom no thread
    is free, and `count` hears each answer's status and how many seconds it took.
    """

    def __init__(
        self,
        application: Application,
        admit: Callable[[Environ, int], AdmittedSender],
        folder: Callable[[], Any],
        proxies: frozenset[str] = frozenset(),
        *,
        busy: Callable[[Environ], "ResponseSummary"] | None = None,
        count: Callable[[int, float], None] = lambda _status, _seconds: None,
        threads: AnsweringThreads | None = None,
    ) -> None:
        self._application = application
        self._admit = admit
        self._folder = folder
        self._room = BodyBudget(proxies)
        self._busy = busy or _busy
        self._count = count
        self._threads = threads or AnsweringThreads()

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        """Answer one request."""
        environ = environ_of(scope)
        if environ["PATH_INFO"] == ALIVE and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            # Of this process alone: also while each thread waits for a database that hangs.
            _say(proto, 200, "ok")
            return
        counted = _CountedLine(proto)
        try:
            await self._answer(environ, counted)
        finally:
            self._count(counted.status, counted.seconds())

    async def _answer(self, environ: Environ, proto: "_CountedLine") -> None:
        admitted: AdmittedSender | None = None
        try:
            said = _said_length(environ)
            if said > SMALL:
                async with self._threads.one_free():
                    admitted = await self._threads.run(self._admit, environ, said)
                environ["quetsach.sender"] = admitted.sender
            request_body = await self._body(
                environ, proto, SMALL if admitted is None else admitted.most
            )
            with request_body.body:
                await self._answered(environ, request_body, proto)
        except NotAdmitted as no:
            _say(proto, no.status, no.told)
        except AllBusy:
            answer = self._busy(environ)
            proto.response_bytes(answer.status, answer.headers, answer.body)
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

    async def _body(self, environ: Environ, proto: "_CountedLine", most: int) -> RequestBody:
        if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" not in environ:
            return RequestBody(BytesIO(), is_whole=True)
        with self._room.for_one(environ["REMOTE_ADDR"]):
            # The time of the answer is ours: the body's is its sender's.
            body = await read_body(aiter(proto), most, self._folder)
            proto.has_come()
            return body

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
        async with self._threads.one_free():
            answer = await self._threads.run(self._call, environ)
        try:
            if answer.pieces is None:
                proto.response_bytes(answer.status, answer.headers, answer.body)
            else:
                await self._stream(answer, proto)
        finally:
            if answer.close is not None:
                await self._threads.run(answer.close)

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
            while piece := await self._threads.run(next, pieces, b""):
                await transport.send_bytes(piece)
                if answer.pause_s:
                    await asyncio.sleep(answer.pause_s)


class _CountedLine:
    """A caller's connection that knows what was answered, and how long it took once all had come.

    Where nothing was answered the server says 500.
    """

    def __init__(self, proto: Any) -> None:
        self._proto = proto
        self._came_at, self._answered_at = perf_counter(), 0.0
        self.status = 500

    def __aiter__(self) -> Any:
        return aiter(self._proto)

    def has_come(self) -> None:
        self._came_at = perf_counter()

    def seconds(self) -> float:
        return (self._answered_at or perf_counter()) - self._came_at

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        self._note(status)
        self._proto.response_bytes(status, headers, body)

    def response_str(self, status: int, headers: Headers, text: str) -> None:
        self._note(status)
        self._proto.response_str(status, headers, text)

    def response_stream(self, status: int, headers: Headers) -> Any:
        self._note(status)
        return self._proto.response_stream(status, headers)

    def _note(self, status: int) -> None:
        self.status, self._answered_at = status, perf_counter()


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


def _busy(_environ: Environ) -> ResponseSummary:
    headers = [("content-type", "text/plain; charset=utf-8"), ("retry-after", "60")]
    return ResponseSummary(503, headers, b"Too much is asked at the moment. Try again shortly.")


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
