"""Requests to one host: TLS verified, no proxy, no other host, bounded in time and size."""

import hashlib
import http.client
import os
import re
import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from quetsach.addresses import parse_address
from quetsach.errors.exceptions import QuetsachError
from quetsach.hostnames import parse_name
from quetsach.indicators.fetch.trust import ClientCertificate, client_tls, is_distrust
from quetsach.scratch_folders import clear_aside, write_new
from quetsach.texts import _
from quetsach.urls import split_port

_LONGEST = 2048
_VISIBLE = re.compile(r"[\x21-\x7e]+")
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class ServerAddress:
    """The address of a server: `host` canonical, IPv6 without brackets; `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Return scheme, host and port, which must stay the same in all requests."""
        return self.scheme, self.host, self.port

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"

    def at(self, path: str) -> "ServerAddress":
        """Return the address of `path` on the same host."""
        return ServerAddress(self.scheme, self.host, self.port, path)


def parse_target(text: str, *, plainly: bool = False) -> ServerAddress:
    """Return the address that `text` writes.

    With `plainly` it may be http: for responses that are signed.
    Errors: E214 for one that is not https (http only to this machine itself), that carries a user
    or a password, or that is none.
    """
    host_port = None
    if len(text) <= _LONGEST and _VISIBLE.fullmatch(text):
        try:
            parts = urlsplit(text)
        except ValueError:
            parts = urlsplit("")
        if "@" in parts.netloc:
            raise QuetsachError(
                "E214", "***", reason=_("a password in the address would be visible to everyone")
            )
        host_port = split_port(parts.netloc)
    host = _host(host_port[0]) if host_port else None
    if host_port is None or host is None or parts.scheme not in _PORTS:
        raise QuetsachError("E214", text[:200], reason=_("it is not an https:// address"))
    if parts.scheme == "http" and not plainly and not _is_this_machine(host):
        raise QuetsachError("E214", text, reason=_("it is not https, so anybody could change it"))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return ServerAddress(parts.scheme, host, host_port[1] or _PORTS[parts.scheme], path)


def follow_link(link: str, seen_at: ServerAddress) -> ServerAddress:
    """Return the address of `link` in an answer from `seen_at`.

    Errors: E214 when it leads to another host, port or scheme.
    """
    try:
        joined = urljoin(str(seen_at), link[:_LONGEST])
    except ValueError:
        # As `https://[`; parse_target says what is wrong with it.
        joined = link[:_LONGEST]
    target = parse_target(joined)
    if target.origin != seen_at.origin:
        reason = _("the server %(host)s redirects to another host") % {"host": seen_at.host}
        raise QuetsachError("E214", str(target), reason=reason)
    return target


def _host(text: str) -> str | None:
    address = parse_address(text)
    if address is not None:
        return str(address)
    name = parse_name(text) if text else None
    return None if name is None else name.ascii


def _is_this_machine(host: str) -> bool:
    address = parse_address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


_CHUNK = 1 << 16
_LAST_WORD_S = 1.0
_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_LONGEST_SECRET = 4096


@dataclass(frozen=True)
class Credentials:
    """The credentials: a user with a password, or a token; never shown in a text or a log."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        for text in (self.user, self.password, self.token):
            # A token stands in a header as it is, and a header is ASCII.
            fits = text.isprintable() and (text.isascii() or text is not self.token)
            if len(text) > _LONGEST_SECRET or not fits:
                # http.client would show the whole header in its error message.
                raise QuetsachError("E601", "--token-file", reason=_("it must be one line of text"))

    def header(self, scheme: str) -> dict[str, str]:
        """Return the authorization header; `scheme` goes before a token ("Bearer"), or is ""."""
        if self.token:
            return {"Authorization": f"{scheme} {self.token}".strip()}
        if self.user:
            pair = f"{self.user}:{self.password}".encode()
            return {"Authorization": f"Basic {b64encode(pair).decode()}"}
        return {}


@dataclass(frozen=True)
class FetchBounds:
    """Limits of time and size: each wait for the server, each whole request, and all bytes."""

    wait_s: float = 30.0
    request_s: float = 600.0
    largest: int = 512 * 1024 * 1024


@dataclass(frozen=True)
class HttpReply:
    """The response from `address`, with its headers in lower case."""

    address: ServerAddress
    headers: Mapping[str, str]
    body: bytes
    status: int = 200


@dataclass
class HttpClient:
    """Sends requests to the host of `address` only, and counts the bytes received.

    `admits` says whether the address that its name led to may be asked; it is looked at on the
    connection itself, so that a name that leads elsewhere a moment later changes nothing.
    """

    address: ServerAddress
    headers: Mapping[str, str]
    bounds: FetchBounds = field(default_factory=FetchBounds)
    ca_file: Path | None = None
    received: int = 0
    certificate: ClientCertificate | None = None
    admits: Callable[[str], bool] | None = None

    def get(self, address: ServerAddress) -> HttpReply:
        """Return the answer to GET; a redirect is followed on the same host only.

        Errors: E213 unreachable or too slow; E214 another host; E215 not let in; E216 otherwise.
        """
        for _step in range(_MOST_REDIRECTS + 1):
            status, answer = self.ask("GET", address, None)
            if status == 304 and "If-None-Match" in self.headers:
                return answer
            if status not in _REDIRECTS:
                return _good(status, answer)
            address = follow_link(answer.headers.get("location", ""), address)
        raise QuetsachError("E216", str(address), reason=_("it redirects without end"))

    def post(self, address: ServerAddress, body: bytes) -> HttpReply:
        """Return the answer to POST of a JSON `body`; no redirect is followed. Errors as in get."""
        status, answer = self.ask("POST", address, body)
        if status in _REDIRECTS:
            follow_link(answer.headers.get("location", ""), address)
        return _good(status, answer)

    def ask(self, method: str, address: ServerAddress, body: bytes | None) -> tuple[int, HttpReply]:
        """Return the status of the answer, and the answer, whatever it is.

        Errors: E213 unreachable or too slow; E214 another host; E216 for what is no HTTP.
        """
        if address.origin != self.address.origin:
            raise QuetsachError("E214", str(address), reason=_("it is another host"))
        connection = self._connection()
        late = threading.Event()
        try:
            connection.connect()
            self._refuse_peer(connection.sock, address)
            timer = threading.Timer(self.bounds.request_s, _cut, (connection.sock, late))
            timer.daemon = True
            timer.start()
            try:
                status, answer = self._exchange(connection, method, address, body)
            finally:
                timer.cancel()
            if late.is_set():
                raise TimeoutError
        except OSError as first_err:
            err = _last_word(connection, first_err)
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
        address: ServerAddress,
        body: bytes | None,
    ) -> tuple[int, HttpReply]:
        sent = {"Accept-Encoding": "identity", "Connection": "close", **self.headers}
        connection.request(method, address.path, body=body, headers=sent)
        with connection.getresponse() as response:
            headers = {name.lower(): value for name, value in response.getheaders()}
            if headers.get("content-encoding", "identity").lower() != "identity":
                reason = _("it is compressed although that was not requested")
                raise QuetsachError("E216", str(address), reason=reason)
            status, body = response.status, self._body(response, address)
            return status, HttpReply(address, headers, body, status)

    def _refuse_peer(self, connected: socket.socket, address: ServerAddress) -> None:
        if self.admits is not None and not self.admits(connected.getpeername()[0]):
            reason = _("it leads to an address within a network, which is not allowed")
            raise QuetsachError("E214", str(address), reason=reason)

    def _connection(self) -> http.client.HTTPConnection:
        host, port, wait_s = self.address.host, self.address.port, self.bounds.wait_s
        if self.address.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=wait_s)
        context = client_tls(self.ca_file, self.certificate)
        return http.client.HTTPSConnection(host, port, timeout=wait_s, context=context)

    def _body(self, response: http.client.HTTPResponse, address: ServerAddress) -> bytes:
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
    """Abort a request that takes too long, in whatever state it is."""
    late.set()
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def _last_word(connection: http.client.HTTPConnection, err: OSError) -> OSError:
    """Return what the server said as it hung up while we were writing, else `err`."""
    connected = connection.sock
    if isinstance(connected, ssl.SSLSocket) and not is_distrust(err):
        try:
            connected.settimeout(_LAST_WORD_S)
            connected.recv(1)
        except OSError as said:
            return said if is_distrust(said) else err
    return err


def _good(status: int, answer: HttpReply) -> HttpReply:
    if status in (401, 403):
        raise QuetsachError("E215", str(answer.address), status=status)
    if status != 200:
        raise QuetsachError("E216", str(answer.address), reason=f"HTTP {status}")
    return answer


def _reason(err: Exception, late: threading.Event) -> str:
    return reason_of(TimeoutError() if late.is_set() else err)


def reason_of(err: Exception) -> str:
    """Return in words why a connection failed."""
    if isinstance(err, TimeoutError):
        return _("the server did not answer in time")
    if isinstance(err, ConnectionAbortedError):
        return _("the connection broke off")
    if isinstance(err, ssl.SSLCertVerificationError):
        return _("its certificate is not trusted: %(why)s") % {"why": err.verify_message}
    if is_distrust(err):
        return _("it wants a certificate of yours that it trusts (--cert-file): %(why)s") % {
            "why": str(err)
        }
    if isinstance(err, http.client.IncompleteRead):
        return _("the connection broke off")
    if isinstance(err, socket.gaierror):
        return _("this name cannot be resolved")
    if isinstance(err, ConnectionRefusedError):
        return _("no server answers at this address")
    return str(err) or type(err).__name__


@dataclass(frozen=True)
class FetchedList:
    """A list as it came from a server.

    Shapes: `count` is objects of STIX, attributes or events of MISP, lines of a file;
    `continue_after` is what to give as `--added-after` the next time, None where the server does
    not say; `etag` is what the server calls this version of a file, "" where it does not.
    """

    form: str
    body: bytes
    count: int
    requests: int
    continue_after: str | None = None
    etag: str = ""

    @property
    def sha256(self) -> str:
        """Return the digest of the list as it is written."""
        return hashlib.sha256(self.body).hexdigest()


def refuse_existing(target: Path) -> None:
    """Do nothing where no file has this name. Errors: E601."""
    if os.path.lexists(target):
        clear_aside(target)
        raise QuetsachError("E601", "-o", reason=_("a file of this name already exists"))


def write_list(fetched: FetchedList, target: Path) -> None:
    """Write the list to `target` atomically; an existing file is not replaced.

    Errors: E601 when it exists already; E406 when it cannot be written.
    """
    refuse_existing(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_new(target, fetched.body, 0o600)
    except OSError as err:
        raise QuetsachError("E406", str(target), reason=err.strerror or str(err)) from err
