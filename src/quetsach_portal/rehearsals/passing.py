"""A request is handed on to the process of a rehearsal, and its answer handed back.

Both ways only headers of a list go, and only cookies whose names belong to this rehearsal: the
session of the real portal never comes into a rehearsal, and a rehearsal sets no cookie and leads to
no address outside its own path. docs/decisions/0017-rehearsals-in-processes.md has the reasons.
"""

import http.client
import os
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from quetsach_portal.web.public_address import public_address
from quetsach_portal.web.scratch_homes import SOCKET, base_path

ANSWERS_WITHIN_S = 120.0
AT_ONCE = 3
"""So many requests of rehearsals are under way in a web process; it has threads for eight."""

PIECE_BYTES = 1 << 16
LARGEST_WHOLE = 1 << 20

_ASKED_WITH = (
    *("Accept", "Accept-Language", "Content-Type", "Content-Length", "User-Agent"),
    *("If-None-Match", "If-Modified-Since", "Range", "Referer", "Origin", "Sec-Fetch-Site"),
    *("Upload-Offset", "X-CSRFToken", "X-Autosave", "X-Requested-With"),
)
"""Headers that go in. None says who somebody is: no address, no token, no proxy's word."""

_ANSWERED_WITH = (
    *("Content-Type", "Content-Disposition", "Content-Language", "Cache-Control", "ETag"),
    *("Last-Modified", "Upload-Offset", "Accept-Ranges", "Content-Range", "Retry-After"),
    *("Allow", "Referrer-Policy", "X-Robots-Tag", "X-Ended"),
)
"""Headers that come out; the policy of contents and the like are set by the real portal."""

_under_way = threading.BoundedSemaphore(AT_ONCE)
_COOKIE_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


class NotRunning(Exception):
    """The process of the rehearsal does not run yet, or not any more."""


class TooManyAtOnce(Exception):
    """Enough requests of rehearsals are under way in this process."""


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a socket in the file system, however long the path to it is."""

    def __init__(self, folder: Path) -> None:
        super().__init__("rehearsal", timeout=ANSWERS_WITHIN_S)
        self._folder = folder

    def connect(self) -> None:
        """Connect. Errors: OSError."""
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(self.timeout)
        try:
            with short_path(self._folder) as folder:
                line.connect(f"{folder}/{SOCKET}")
        except BaseException:
            line.close()
            raise
        self.sock = line


@contextmanager
def short_path(folder: Path) -> Iterator[str]:
    """Yield another path of `folder`: an address of a socket has room for 107 bytes alone."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}"
    finally:
        os.close(handle)


def pass_on(request: HttpRequest, folder: Path, rest: str) -> HttpResponseBase:
    """Return what the process of the rehearsal in `folder` answers for the page `rest` of it.

    Errors: NotRunning, TooManyAtOnce.
    """
    if not _under_way.acquire(blocking=False):
        raise TooManyAtOnce
    connection = _UnixConnection(folder)
    is_handed_over = False
    try:
        answer = _asked(connection, request, folder.name, rest)
        response = _response(answer, connection, folder.name, request.method == "HEAD")
        is_handed_over = response.streaming
        return response
    except (OSError, http.client.HTTPException) as error:
        raise NotRunning from error
    finally:
        if not is_handed_over:
            _done(connection)


def _done(connection: http.client.HTTPConnection) -> None:
    connection.close()
    _under_way.release()


def _asked(
    connection: http.client.HTTPConnection, request: HttpRequest, rehearsal_id: str, rest: str
) -> http.client.HTTPResponse:
    target = quote(f"/{rest}", safe="/:@!$&'()*+,;=~-._")
    if query := request.META.get("QUERY_STRING", ""):
        target += "?" + quote(query, safe="/:@!$&'()*+,;=~-._?%")
    connection.putrequest(str(request.method), target, skip_host=True, skip_accept_encoding=True)
    # The host that the real portal has let in: the browser's Origin is compared with it. Behind
    # another name than the configured one (localhost, a tunnel) every form would be refused.
    configured = urlsplit(settings.QUETSACH.public_url).netloc
    connection.putheader("Host", request.headers.get("Host", configured))
    for name in _ASKED_WITH:
        if (value := request.headers.get(name)) is not None:
            connection.putheader(name, value.encode("latin-1", "replace"))
    if cookies := own_cookies(request.headers.get("Cookie", ""), rehearsal_id):
        connection.putheader("Cookie", cookies)
    connection.putheader("Connection", "close")
    connection.endheaders()
    _send_body(connection, request)
    return connection.getresponse()


def _send_body(connection: http.client.HTTPConnection, request: HttpRequest) -> None:
    body: IO[bytes] = request  # type: ignore[assignment]  # it reads like a file
    while piece := body.read(PIECE_BYTES):
        # What is refused early answers before all has come.
        with suppress(BrokenPipeError):
            connection.send(piece)


def own_cookies(header: str, rehearsal_id: str) -> str:
    """Return those of the cookies in `header` that belong to this rehearsal, as a header."""
    pairs = (part.strip() for part in header.split(";"))
    return "; ".join(pair for pair in pairs if pair.startswith(cookie_prefix(rehearsal_id)))


def cookie_prefix(rehearsal_id: str) -> str:
    """Return how the names of all cookies of a rehearsal begin."""
    return f"dt_{rehearsal_id}_"


def _response(
    answer: http.client.HTTPResponse,
    connection: http.client.HTTPConnection,
    rehearsal_id: str,
    is_head: bool,
) -> HttpResponse | StreamingHttpResponse:
    kind = answer.getheader("Content-Type", "text/plain")
    if kind.startswith("text/event-stream"):
        # A page of a rehearsal is reloaded by hand; 204 tells the browser not to ask again.
        return HttpResponse(status=204)
    length = answer.length
    response: HttpResponse | StreamingHttpResponse
    if is_head or (length is not None and length <= LARGEST_WHOLE):
        response = HttpResponse(answer.read(), status=answer.status)
    else:
        response = StreamingHttpResponse(_Pieces(answer, connection), status=answer.status)
        if length is not None:
            response.headers["Content-Length"] = str(length)
    for name in _ANSWERED_WITH:
        if (value := answer.getheader(name)) is not None:
            response.headers[name] = value
    if (location := answer.getheader("Location")) is not None:
        response.headers["Location"] = own_location(location, rehearsal_id)
    for header in answer.headers.get_all("Set-Cookie", []):
        _set_own_cookies(response, header, rehearsal_id)
    return response


class _Pieces:
    """What is left of a long answer; its connection ends with it, read to its end or not."""

    def __init__(
        self, answer: http.client.HTTPResponse, connection: http.client.HTTPConnection
    ) -> None:
        self._answer, self._connection = answer, connection
        self._is_open = True

    def __iter__(self) -> Iterator[bytes]:
        while piece := self._answer.read(PIECE_BYTES):
            yield piece

    def close(self) -> None:
        """End the connection; again is the same as once."""
        if self._is_open:
            self._is_open = False
            _done(self._connection)


def own_location(location: str, rehearsal_id: str) -> str:
    """Return `location` where it lies below the path of the rehearsal, else its first page."""
    base = f"{base_path(rehearsal_id)}/"
    path = location.removeprefix(public_address(""))
    parts = urlsplit(path)
    is_below = path.startswith(base) and not parts.scheme and not parts.netloc
    climbs = any(step in (".", "..") for step in parts.path.split("/"))
    return path if is_below and not climbs and "\\" not in path else base


def _set_own_cookies(
    response: HttpResponse | StreamingHttpResponse, header: str, rehearsal_id: str
) -> None:
    cookies: SimpleCookie = SimpleCookie()
    with suppress(CookieError):
        cookies.load(header)
    for name, cookie in cookies.items():
        if not name.startswith(cookie_prefix(rehearsal_id)) or not _COOKIE_NAME.fullmatch(name):
            continue
        response.set_cookie(
            name,
            cookie.value,
            max_age=int(cookie["max-age"]) if str(cookie["max-age"]).isdigit() else None,
            path=f"{base_path(rehearsal_id)}/",
            secure=settings.QUETSACH.https,
            httponly=True,
            samesite="Lax",
        )
