"""One connection to the directory, to the first server that answers, and what it is asked.

Nothing is sent before the certificate was checked; referrals are followed nowhere. Only this file
knows ldap3, which is loaded where somebody signs in that way.
"""

import logging
import socket
import ssl
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from quetsach.api.problems import QuetsachError
from quetsach_portal.people.directory.settings import DirectorySettings

with warnings.catch_warnings():
    # ldap3 2.9 uses names of pyasn1 that 0.6 calls old.
    warnings.simplefilter("ignore", DeprecationWarning)
    import ldap3  # type: ignore[import-untyped]  # it has no types
    from ldap3.core.exceptions import LDAPException  # type: ignore[import-untyped]
    from ldap3.utils.conv import (  # type: ignore[import-untyped]
        escape_filter_chars as escape_filter_chars,
    )
    from ldap3.utils.dn import escape_rdn as escape_rdn  # type: ignore[import-untyped]

log = logging.getLogger(__name__)

# Results of a bind, RFC 4511, appendix A.
_BOUND = 0
_SIZE_EXCEEDED = 4
_NO_SUCH_OBJECT = 32
_REFUSED = frozenset((19, _NO_SUCH_OBJECT, 34, 48, 49, 50, 53))
"""The server answered, and this name with this password is let in nowhere."""

_LONGEST_ANSWER = 4 * 1024 * 1024
"""Bytes of one answer: two entries of two attributes and a number, however many a person has."""

_BROKEN = (LDAPException, OSError, ValueError, LookupError, TypeError)
"""What ldap3 raises for a server that is away, or that answers what is no LDAP."""


class _BoundedSocket:
    """A socket whose other side has `timeout_s` for each whole answer, of so many bytes.

    ldap3 gives each piece that much: a server that sends a byte now and then holds a thread for
    good, and one that never ends its entries fills the memory.
    """

    def __init__(self, opened: socket.socket, timeout_s: int) -> None:
        self._opened, self._timeout_s = opened, timeout_s
        self._begin()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._opened, name)

    def _begin(self) -> None:
        self._ends_at = time.monotonic() + self._timeout_s
        self._left = _LONGEST_ANSWER
        self._opened.settimeout(self._timeout_s)

    def sendall(self, content: bytes) -> None:
        """Send a question; the time of its answer begins."""
        self._begin()
        self._opened.sendall(content)

    def recv(self, size: int) -> bytes:
        """Return a piece of the answer. Errors: OSError for one too late, or too much."""
        left_s = self._ends_at - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("timed out")
        self._opened.settimeout(left_s)
        piece = self._opened.recv(size)
        self._left -= len(piece)
        if self._left < 0:
            raise OSError("answer too long")
        return piece


class _CheckedTls(ldap3.Tls):  # type: ignore[misc]  # ldap3 has no types
    """TLS by Python's own rules; ldap3's compares the name itself, and no address.

    Its other checks depend on which functions the version of Python still has.
    """

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        """Go over to TLS. Errors: ssl.SSLError for a certificate that is not the server's."""
        context = ssl.create_default_context(cafile=self.ca_certs_file)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        host = connection.server.host
        connection.socket = context.wrap_socket(
            connection.socket, server_hostname=host, do_handshake_on_connect=False
        )
        connection.socket.do_handshake()
        connection.socket = _BoundedSocket(connection.socket, connection.receive_timeout)


@contextmanager
def connected(directory: DirectorySettings) -> Iterator[Any]:
    """Give a connection on which nobody is bound. Errors: QuetsachError E632."""
    line = _first_that_answers(directory)
    try:
        yield line
    except _BROKEN as error:
        raise QuetsachError("E632", line.server.name, reason=reason_of(error)) from error
    finally:
        _close(line)


def _first_that_answers(directory: DirectorySettings) -> Any:
    trouble: QuetsachError | None = None
    for uri in directory.uris:
        try:
            return _opened(directory, uri)
        except _BROKEN as error:
            trouble = QuetsachError("E632", uri, reason=reason_of(error))
            log.warning("a directory server does not answer", extra={"why": reason_of(error)})
    assert trouble is not None, "settings without a server are none"
    raise trouble


def _opened(directory: DirectorySettings, uri: str) -> Any:
    parts = urlsplit(uri)
    is_tls = parts.scheme == "ldaps"
    authorities = None if directory.authorities is None else str(directory.authorities)
    checked = _CheckedTls(validate=ssl.CERT_REQUIRED, ca_certs_file=authorities)
    server = ldap3.Server(
        f"{parts.scheme}://{parts.netloc}",
        use_ssl=is_tls,
        tls=checked,
        get_info=ldap3.NONE,
        connect_timeout=directory.timeout_s,
        allowed_referral_hosts=[],
    )
    line = ldap3.Connection(
        server,
        receive_timeout=directory.timeout_s,
        auto_referrals=False,
        auto_range=False,
        check_names=False,
        read_only=True,
    )
    try:
        line.open(read_server_info=False)
        if not is_tls:
            line.socket = _BoundedSocket(line.socket, directory.timeout_s)
        if not is_tls and not directory.is_plain and not line.start_tls(read_server_info=False):
            raise ssl.SSLError("StartTLS")
    except _BROKEN:
        _close(line)
        raise
    return line


def _close(line: Any) -> None:
    """End the connection; ldap3 leaves its socket open where it never came to be one."""
    with suppress(*_BROKEN):
        line.unbind()
    if line.socket is not None:
        line.socket.close()


def reason_of(error: Exception) -> str:
    """Return why, in the words of ldap3 or the system; they hold no password."""
    # ldap3 puts the words of one error into a list of errors, as Python shows it.
    words = str(error).strip("()[]'\",\\ ").partition(" (_ssl.c")[0]
    return words[:200] or type(error).__name__


# What is asked.


def bind(line: Any, dn: str, password: str) -> bool:
    """True when the server lets `dn` in with `password`; only then does `line` speak for it."""
    line.user, line.password, line.authentication = dn, password, ldap3.SIMPLE
    try:
        line.bind(read_server_info=False)
    except LDAPException as error:
        if line.closed:
            raise
        # ldap3 itself refuses passwords that no directory can hold (RFC 4013).
        log.info("a password was refused before it was sent", extra={"why": type(error).__name__})
        return False
    finally:
        line.password = None
    code = line.result["result"]
    if code in _REFUSED:
        return False
    if code != _BOUND:
        raise OSError(str(line.result["description"]))
    return True


def entries_of(
    line: Any,
    *,
    base: str,
    is_base_alone: bool,
    filter_text: str,
    attributes: list[str],
    timeout_s: int,
) -> list[dict[str, Any]]:
    """Return the entries, at most two, each as ldap3 has it.

    Errors: OSError for a search that was not done.
    """
    line.search(
        base,
        filter_text,
        search_scope=ldap3.BASE if is_base_alone else ldap3.SUBTREE,
        dereference_aliases=ldap3.DEREF_NEVER,
        attributes=attributes or [ldap3.NO_ATTRIBUTES],
        size_limit=2,
        time_limit=timeout_s,
    )
    code = line.result["result"]
    is_absent = code == _NO_SUCH_OBJECT and is_base_alone
    if code not in (_BOUND, _SIZE_EXCEEDED) and not is_absent:
        raise OSError(str(line.result["description"]))
    return [entry for entry in line.response or () if entry["type"] == "searchResEntry"][:2]
