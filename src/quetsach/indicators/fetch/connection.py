"""Requests to one host: TLS verified, no proxy, no other host, bounded in time and size."""

import http.client
import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from quetsach.errors import QuetsachError
from quetsach.indicators.fetch.address import Address, followed
from quetsach.texts import _

_CHUNK = 1 << 16
_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_LONGEST_SECRET = 4096


@dataclass(frozen=True)
class Credentials:
    """Who asks: a user with a password, or a token; it never shows in a text or a log."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        for one in (self.user, self.password, self.token):
            if len(one) > _LONGEST_SECRET or not one.isprintable():
                # http.client would show the whole header in its complaint.
                raise QuetsachError("E601", "--token-file", reason=_("not one line of text"))

    def header(self, scheme: str) -> dict[str, str]:
        """Return the header that says it; `scheme` goes before a token ("Bearer"), or is ""."""
        if self.token:
            return {"Authorization": f"{scheme} {self.token}".strip()}
        if self.user:
            pair = f"{self.user}:{self.password}".encode()
            return {"Authorization": f"Basic {b64encode(pair).decode()}"}
        return {}


@dataclass(frozen=True)
class Bounds:
    """How long and how much: each wait for the server, each request as a whole, and all bytes."""

    wait_s: float = 30.0
    request_s: float = 600.0
    largest: int = 512 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """What came back from `address`, with its headers in lower case."""

    address: Address
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Client:
    """Asks one host, the one of `address`, and counts what it got."""

    address: Address
    headers: Mapping[str, str]
    bounds: Bounds = field(default_factory=Bounds)
    ca_file: Path | None = None
    received: int = 0

    def get(self, address: Address) -> Answer:
        """Return the answer to GET; a redirect is followed on the same host only.

        Errors: E213 unreachable or too slow; E214 another host; E215 not let in; E216 otherwise.
        """
        for _step in range(_MOST_REDIRECTS + 1):
            status, answer = self._ask("GET", address, None)
            if status not in _REDIRECTS:
                return _good(status, answer)
            address = followed(answer.headers.get("location", ""), address)
        raise QuetsachError("E216", str(address), reason=_("it redirects without end"))

    def post(self, address: Address, body: bytes) -> Answer:
        """Return the answer to POST of a JSON `body`; no redirect is followed. Errors as in get."""
        status, answer = self._ask("POST", address, body)
        if status in _REDIRECTS:
            followed(answer.headers.get("location", ""), address)
        return _good(status, answer)

    def _ask(self, method: str, address: Address, body: bytes | None) -> tuple[int, Answer]:
        if address.origin != self.address.origin:
            raise QuetsachError("E214", str(address), reason=_("it is another host"))
        connection = self._connection()
        late = threading.Event()
        try:
            connection.connect()
            timer = threading.Timer(self.bounds.request_s, _cut, (connection.sock, late))
            timer.daemon = True
            timer.start()
            try:
                status, answer = self._exchange(connection, method, address, body)
            finally:
                timer.cancel()
            if late.is_set():
                raise TimeoutError
        except OSError as err:
            raise QuetsachError("E213", str(address), reason=_reason(err, late)) from err
        except http.client.HTTPException as err:
            code = "E213" if late.is_set() else "E216"
            raise QuetsachError(code, str(address), reason=_reason(err, late)) from err
        finally:
            connection.close()
        return status, answer

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        address: Address,
        body: bytes | None,
    ) -> tuple[int, Answer]:
        sent = {"Accept-Encoding": "identity", "Connection": "close", **self.headers}
        connection.request(method, address.path, body=body, headers=sent)
        with connection.getresponse() as response:
            headers = {name.lower(): value for name, value in response.getheaders()}
            if headers.get("content-encoding", "identity").lower() != "identity":
                reason = _("it is packed, though not asked to")
                raise QuetsachError("E216", str(address), reason=reason)
            return response.status, Answer(address, headers, self._body(response, address))

    def _connection(self) -> http.client.HTTPConnection:
        host, port, wait_s = self.address.host, self.address.port, self.bounds.wait_s
        if self.address.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=wait_s)
        context = ssl.create_default_context()
        if self.ca_file is not None:
            try:
                context.load_verify_locations(cafile=self.ca_file)
            except OSError as err:
                raise QuetsachError("E601", "--ca-file", reason=str(self.ca_file)) from err
        return http.client.HTTPSConnection(host, port, timeout=wait_s, context=context)

    def _body(self, response: http.client.HTTPResponse, address: Address) -> bytes:
        body = bytearray()
        while chunk := response.read1(_CHUNK):
            body += chunk
            self.received += len(chunk)
            if self.received > self.bounds.largest:
                reason = _("it is larger than %(limit)s bytes") % {"limit": self.bounds.largest}
                raise QuetsachError("E216", str(address), reason=reason)
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)
        return bytes(body)


def _cut(connected: socket.socket, late: threading.Event) -> None:
    """End a request that drips on for ever, wherever in it the server is."""
    late.set()
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def _good(status: int, answer: Answer) -> Answer:
    if status in (401, 403):
        raise QuetsachError("E215", str(answer.address), status=status)
    if status != 200:
        raise QuetsachError("E216", str(answer.address), reason=f"HTTP {status}")
    return answer


def _reason(err: Exception, late: threading.Event) -> str:
    if late.is_set() or isinstance(err, TimeoutError):
        return _("it did not answer in time")
    if isinstance(err, ssl.SSLCertVerificationError):
        return _("its certificate is not to be trusted: %(why)s") % {"why": err.verify_message}
    if isinstance(err, http.client.IncompleteRead):
        return _("it breaks off")
    if isinstance(err, socket.gaierror):
        return _("nobody knows this name")
    if isinstance(err, ConnectionRefusedError):
        return _("nothing answers there")
    return str(err) or type(err).__name__
