"""Sockets opened where a watch listens, and the TLS of their connections."""

import errno
import os
import shutil
import socket
import ssl
import stat
from contextlib import suppress
from pathlib import Path

from quetsach.errors.exceptions import QuetsachError
from quetsach.watch.listening.addresses import ListenAddress, ListenKind

_BACKLOG = 128
_FIRST_FREE_PORT = 1024


def open_socket(address: ListenAddress) -> socket.socket:
    """Return the socket that listens at `address`.

    Errors: E507 where it cannot; E508 where this user has no right to the port.
    """
    try:
        return _unix(address) if address.path is not None else _network(address)
    except OSError as error:
        is_refused = error.errno in (errno.EACCES, errno.EPERM)
        if is_refused and address.path is None and address.port < _FIRST_FREE_PORT:
            raise QuetsachError("E508", address.written, port=address.port) from error
        reason = error.strerror or str(error)
        raise QuetsachError("E507", address.written, reason=reason) from error


def _network(address: ListenAddress) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    is_udp = address.kind is ListenKind.UDP
    opened = socket.socket(family, socket.SOCK_DGRAM if is_udp else socket.SOCK_STREAM)
    try:
        if not is_udp and os.name != "nt":
            # Connections of a watch that ended a moment ago keep no new one from its place.
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if address.host == "::":
            with suppress(OSError):
                opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        opened.bind((address.host, address.port))
        if not is_udp:
            opened.listen(_BACKLOG)
    except OSError:
        opened.close()
        raise
    return opened


def _unix(address: ListenAddress) -> socket.socket:
    assert address.path is not None
    if not hasattr(socket, "AF_UNIX"):
        raise OSError(errno.EAFNOSUPPORT, os.strerror(errno.EAFNOSUPPORT))
    opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _remove_left_over(address.path)
        # Until others may write to it, nobody does.
        before = os.umask(0o177)
        try:
            opened.bind(str(address.path))
        finally:
            os.umask(before)
        if address.group:
            shutil.chown(address.path, group=address.group)
        address.path.chmod(address.mode)
        opened.listen(_BACKLOG)
    except LookupError as error:
        opened.close()
        raise OSError(str(error)) from error
    except OSError:
        opened.close()
        raise
    return opened


def _remove_left_over(path: Path) -> None:
    """Remove the socket of a watch that was killed. Errors: OSError where anybody listens there."""
    try:
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    except FileNotFoundError:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asked:
        try:
            asked.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))


def tls_context(address: ListenAddress) -> ssl.SSLContext:
    """Return the TLS of a server with the certificate of `address`; with an authority, its clients
    must have one of it.

    Errors: E507 for files that cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        assert address.certificate is not None
        context.load_cert_chain(address.certificate, address.key, password=_no_password)
        if address.authority is not None:
            context.load_verify_locations(address.authority)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
        raise QuetsachError("E507", address.written, reason=str(reason)) from error
    return context


def _no_password() -> str:
    """Nobody is there to be asked: a key that needs a password is refused."""
    return ""
