"""Syslog's way to its receiver: datagrams, or frames in a stream with or without TLS.

Source: RFC 5426 (UDP), RFC 6587, 3.4.1 (octet counting in TCP), RFC 5425 (TLS).
"""

import os
import select
import socket
import ssl
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import reason_of
from quetsach.indicators.fetch.trust import ClientCertificate, client_tls

LONGEST_DATAGRAM = 65_000
_WAIT_S = 20.0
_STEP_S = 0.01
_PIECE = 256


def deliver(
    transport: str,
    end: tuple[str, int],
    messages: Sequence[bytes],
    ca_file: Path | None = None,
    certificate: ClientCertificate | None = None,
) -> None:
    """Send messages to `end`; over a stream, return once its receiver has ended the connection.

    Errors: E213 where it cannot be reached, breaks off, is not trusted or does not trust our
    certificate; E601 for `ca_file` and `certificate`. How many messages arrived is not known then.
    """
    host, port = end
    context = client_tls(ca_file, certificate) if transport == "tls" else None
    shown = f"{transport}://{f'[{host}]' if ':' in host else host}:{port}"
    try:
        if transport == "udp":
            _datagrams(host, port, messages)
            return
        with socket.create_connection((host, port), _WAIT_S) as connected:
            if context is None:
                _frames(connected, messages)
                connected.shutdown(socket.SHUT_WR)
                _until_end(connected)
                return
            with context.wrap_socket(connected, server_hostname=host) as over_tls:
                _frames(over_tls, messages)
                _end_tls(over_tls)
    except OSError as error:
        raise QuetsachError("E213", shown, reason=reason_of(error)) from error


def _datagrams(host: str, port: int, messages: Sequence[bytes]) -> None:
    family, kind, protocol, _name, end = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind, protocol) as sender:
        # Connected, so that a machine that says that nobody listens is heard.
        sender.settimeout(_WAIT_S)
        sender.connect(end)
        for message in messages:
            sender.send(message)


def _frames(connected: socket.socket, messages: Sequence[bytes]) -> None:
    for start in range(0, len(messages), _PIECE):
        piece = messages[start : start + _PIECE]
        connected.sendall(b"".join(b"%d %s" % (len(message), message) for message in piece))


def _until_end(connected: socket.socket) -> None:
    """Wait until the receiver ends the connection: one that resets it has not read all.

    One that keeps it open has had its time.
    """
    with suppress(TimeoutError):
        while connected.recv(1024):
            pass


def _end_tls(over_tls: ssl.SSLSocket) -> None:
    """End our half as TLS does and wait for the receiver's end; an alert is a refusal.

    A receiver may want a certificate of ours, and say so only after the first message (TLS 1.3).
    `unwrap` alone takes that alert for a goodbye, so it may send ours, and reading does the rest.
    """
    select.select([], [over_tls], [], _WAIT_S)
    over_tls.settimeout(0)
    try:
        over_tls.unwrap()
    except ssl.SSLWantReadError:
        over_tls.settimeout(_WAIT_S)
        with suppress(ssl.SSLZeroReturnError):  # its goodbye
            _until_end(over_tls)
        _refuse_reset(over_tls)
    else:
        # It ended before we did: whether whole or by an alert is not known.
        raise ConnectionAbortedError


def _refuse_reset(connected: socket.socket) -> None:
    """Raise where the receiver had closed before all had reached it: that is answered by a reset.

    One that does not take our certificate may end the connection whole (rsyslog does), but reads
    nothing of it. Elsewhere than on Linux a reset that comes late is not seen.
    """
    try:
        socket.socket.shutdown(connected, socket.SHUT_WR)
    except OSError as error:
        raise ConnectionResetError(str(error)) from error
    until_s = time.monotonic() + _WAIT_S
    code = connected.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    while not code and _is_on_its_way(connected) and time.monotonic() < until_s:
        select.select([], [], [], _STEP_S)
        code = connected.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise ConnectionResetError(code, os.strerror(code))


def _is_on_its_way(connected: socket.socket) -> bool:
    """Return whether something that was sent is neither acknowledged nor refused.

    Source: Linux, include/uapi/linux/tcp.h, `tcpi_unacked` of `struct tcp_info`.
    """
    if sys.platform != "linux":
        return False
    facts = connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 28)
    return int.from_bytes(facts[24:28], sys.byteorder) > 0
