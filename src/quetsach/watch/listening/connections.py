"""Syslog over TCP and TLS, and dnstap: one thread for all connections of a listener.

While the spool cannot take more, nothing is read: the senders wait, and nothing is lost. Whoever
sends too slowly, too much without end, or what is no message, is closed and counted.
"""

import errno
import selectors
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Protocol

from quetsach.clocks import MICROSECONDS
from quetsach.watch.listening.figures import ListenerFigures
from quetsach.watch.listening.peers import ConnectionLimits, sender_of
from quetsach.watch.listening.spools import Spool, Spools

SLOW_S = 120.0
"""A message that began is over within so long; between messages a sender may rest for days."""

BEGIN_S = 20.0
"""So long a sender has to begin: with TLS, or the greeting of dnstap."""

MOST_HELD = 64 << 20
"""The unfinished messages of all connections hold so many bytes at most."""

_READ_BYTES = 256 * 1024
_WAIT_S = 0.1
_LOOK_S = 1.0
_PAUSE_S = 0.1


@dataclass
class SpokenLines:
    """What a sender's bytes gave: whole lines of a spool, how many messages are in them, and what
    is to be answered; `close` is the reason to close, one of CLOSED_FOR, "" for none."""

    text: bytes = b""
    count: int = 0
    other: int = 0
    too_long: int = 0
    answer: bytes = b""
    close: str = ""


class SpokenProtocol(Protocol):
    """How one connection is understood."""

    @property
    def held(self) -> int:
        """How many bytes of something unfinished are kept."""
        ...

    @property
    def is_within(self) -> bool:
        """Whether a message, or the greeting before the first one, is not over."""
        ...

    def feed(self, received: bytes, now: datetime) -> SpokenLines:
        """Return what `received` completed."""
        ...

    def end(self, now: datetime) -> SpokenLines:
        """Return what the sender's end leaves."""
        ...


@dataclass
class _Connection:
    socket: socket.socket
    sender: str
    protocol: SpokenProtocol
    within_since_s: float
    is_greeting: bool


class ConnectionListener:
    """Receives connections in a thread of its own, until `stop` is set."""

    def __init__(
        self,
        opened: socket.socket,
        spools: Spools,
        spool: Spool,
        figures: ListenerFigures,
        speak: Callable[[str], SpokenProtocol],
        wrap: Callable[[], ssl.SSLContext] | None = None,
    ) -> None:
        """`speak` makes the protocol of a sender; `wrap` gives the TLS of each new connection."""
        self._socket, self._spools, self._spool, self._figures = opened, spools, spool, figures
        self._speak, self._wrap = speak, wrap
        self._admission = ConnectionLimits()
        self._selector = selectors.DefaultSelector()
        self._connections: dict[int, _Connection] = {}
        self._waiting: list[SpokenLines] = []
        opened.setblocking(False)

    def run(self, stop: Event) -> None:
        """Receive. Once stopped, what was sent by then is taken, and all is closed."""
        self._selector.register(self._socket, selectors.EVENT_READ)
        looked_s = time.monotonic()
        try:
            while not stop.is_set():
                if self._must_wait():
                    stop.wait(_PAUSE_S)
                    self._excuse(time.monotonic())
                else:
                    self._turn(_WAIT_S)
                if time.monotonic() - looked_s >= _LOOK_S:
                    looked_s = time.monotonic()
                    self._close_slow(looked_s)
            until_s = time.monotonic() + 2
            while not self._must_wait() and self._turn(0) and time.monotonic() < until_s:
                pass
        finally:
            for connection in list(self._connections.values()):
                self._close(connection)
            self._figures.dropped["spool"] += sum(spoken.count for spoken in self._waiting)
            self._selector.close()

    def _must_wait(self) -> bool:
        """Return whether nothing more can be taken now; first write what could not be written."""
        while self._waiting and self._write(self._waiting[0]):
            del self._waiting[0]
        return bool(self._waiting) or self._spools.is_behind or self._spools.is_full

    def _turn(self, wait_s: float) -> bool:
        """Take what came; return whether anything did."""
        ready = self._selector.select(wait_s)
        for key, _ in ready:
            if key.fileobj is self._socket:
                self._accept()
            elif (connection := self._connections.get(key.fd)) is not None:
                self._read(connection)
        return bool(ready)

    def _accept(self) -> None:
        try:
            accepted, peer = self._socket.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._figures.closed["refused"] += 1
                time.sleep(_PAUSE_S)
            return
        sender = sender_of(peer)
        if not self._admission.take(sender):
            self._figures.closed["refused"] += 1
            accepted.close()
            return
        is_open = False
        try:
            accepted.setblocking(False)
            with suppress(OSError):
                # A peer that is gone without a word is noticed.
                accepted.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            if self._wrap is not None:
                accepted = self._wrap().wrap_socket(
                    accepted, server_side=True, do_handshake_on_connect=False
                )
            protocol = self._speak(sender)
            self._selector.register(accepted, selectors.EVENT_READ)
            is_open = True
        except (OSError, ValueError):
            self._figures.closed["handshake"] += 1
        finally:
            if not is_open:
                self._admission.leave(sender)
                accepted.close()
        if is_open:
            greets = self._wrap is not None or protocol.is_within
            opened = _Connection(accepted, sender, protocol, time.monotonic(), greets)
            self._connections[accepted.fileno()] = opened
            self._figures.connections = len(self._connections)

    def _read(self, connection: _Connection) -> None:
        try:
            if isinstance(connection.socket, ssl.SSLSocket) and connection.is_greeting:
                connection.socket.do_handshake()
                connection.is_greeting = connection.protocol.is_within
            received = _received(connection.socket)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError, InterruptedError):
            return
        except (OSError, ValueError):
            # Reset, or no TLS: what was whole is kept already.
            why = "handshake" if connection.is_greeting else "cut"
            if connection.is_greeting or connection.protocol.is_within:
                self._figures.closed[why] += 1
            self._close(connection)
            return
        now = datetime.now(self._spools.zone)
        if not received:
            self._take(connection, connection.protocol.end(now))
            self._close(connection)
            return
        was_within = connection.protocol.is_within
        spoken = connection.protocol.feed(received, now)
        self._take(connection, spoken)
        if not was_within or spoken.count or spoken.other:
            connection.within_since_s = time.monotonic()
        if not connection.protocol.is_within:
            connection.is_greeting = False
        if not spoken.close and connection.protocol.held > _READ_BYTES:
            self._bound_held()

    def _take(self, connection: _Connection, spoken: SpokenLines) -> None:
        self._figures.other += spoken.other
        self._figures.dropped["length"] += spoken.too_long
        if spoken.text and not (not self._waiting and self._write(spoken)):
            self._waiting.append(spoken)
        if spoken.answer:
            try:
                connection.socket.sendall(spoken.answer)
            except OSError:
                spoken.close = spoken.close or "handshake"
        if spoken.close:
            self._figures.closed[spoken.close] += 1
            self._close(connection)

    def _write(self, spoken: SpokenLines) -> bool:
        now = datetime.now(self._spools.zone)
        if not self._spool.write(spoken.text, now):
            return False
        self._figures.took(spoken.count, len(spoken.text), int(now.timestamp() * MICROSECONDS))
        return True

    def _close(self, connection: _Connection) -> None:
        number = connection.socket.fileno()
        if self._connections.pop(number, None) is None:
            return
        self._selector.unregister(connection.socket)
        self._admission.leave(connection.sender)
        connection.socket.close()
        self._figures.connections = len(self._connections)

    def _excuse(self, now_s: float) -> None:
        """Note that nobody is slow of whom nothing was read: what waits in the system is kept."""
        for connection in self._connections.values():
            connection.within_since_s = now_s

    def _close_slow(self, now_s: float) -> None:
        for connection in list(self._connections.values()):
            limit_s = BEGIN_S if connection.is_greeting else SLOW_S
            is_open = connection.is_greeting or connection.protocol.is_within
            if is_open and now_s - connection.within_since_s > limit_s:
                self._figures.closed["handshake" if connection.is_greeting else "slow"] += 1
                self._close(connection)

    def _bound_held(self) -> None:
        held = sum(one.protocol.held for one in self._connections.values())
        while held > MOST_HELD:
            largest = max(self._connections.values(), key=lambda one: one.protocol.held)
            held -= largest.protocol.held
            self._figures.closed["memory"] += 1
            self._figures.dropped["length"] += 1
            self._close(largest)


def _received(opened: socket.socket) -> bytes:
    """Return what is there; b"" where the sender ended. Errors: OSError, also where nothing is."""
    received = opened.recv(_READ_BYTES)
    if isinstance(opened, ssl.SSLSocket):
        # What TLS has unpacked already, no selector tells of.
        with suppress(ssl.SSLWantReadError, ssl.SSLWantWriteError):
            while received and opened.pending():
                received += opened.recv(_READ_BYTES)
    return received
