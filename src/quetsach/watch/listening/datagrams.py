"""Syslog over UDP: a datagram is a message. What the system had to drop is counted by it.

Source: RFC 5426; socket(7), SO_RXQ_OVFL and SO_RCVBUFFORCE.
"""

import select
import socket
import struct
import sys
import time
from contextlib import suppress
from datetime import datetime
from threading import Event
from typing import Any

from quetsach.clocks import MICROSECONDS
from quetsach.formats.received import received_line
from quetsach.watch.listening.figures import ListenerFigures
from quetsach.watch.listening.peers import sender_of
from quetsach.watch.listening.spools import Spool, Spools

BUFFER_BYTES = 8 << 20
"""What the system keeps while nobody takes it: at 20,000 messages a second, about a second's."""

_LONGEST = 65_536
_AT_ONCE = 512
_WAIT_S = 0.1
_SO_RXQ_OVFL = getattr(socket, "SO_RXQ_OVFL", 40)
_SO_RCVBUFFORCE = (33,) if sys.platform == "linux" else ()
_COUNTER = struct.Struct("=I")


class DatagramListener:
    """Receives datagrams in a thread of its own, until `stop` is set."""

    def __init__(
        self, opened: socket.socket, spools: Spools, spool: Spool, figures: ListenerFigures
    ) -> None:
        self._socket, self._zone, self._spool, self._figures = opened, spools.zone, spool, figures
        opened.setblocking(False)
        figures.buffer = granted_buffer(opened)
        _count_drops_of(opened)
        self._dropped = 0
        self._buffer = bytearray(_LONGEST)

    def run(self, stop: Event) -> None:
        """Receive. Once stopped, what the system has taken by then is taken, too."""
        poll = select.poll() if hasattr(select, "poll") else None
        if poll is not None:
            poll.register(self._socket, select.POLLIN)
        while not stop.is_set():
            if poll is not None:
                poll.poll(_WAIT_S * 1000)
            else:
                select.select([self._socket], [], [], _WAIT_S)
            while self._batch() == _AT_ONCE and not stop.is_set():
                pass
        until_s = time.monotonic() + 2
        while self._batch() and time.monotonic() < until_s:
            pass

    def _batch(self) -> int:
        """Take what is there, at most _AT_ONCE messages; return how many."""
        lines: list[bytes] = []
        now = datetime.now(self._zone)
        for _ in range(_AT_ONCE):
            try:
                size, peer = self._take()
            except (BlockingIOError, InterruptedError):
                break
            except OSError:
                # Such as an answer of ICMP to somebody else's datagram.
                continue
            now = datetime.now(self._zone)
            stamp = now.isoformat(timespec="microseconds").encode("ascii")
            lines.append(received_line(stamp, sender_of(peer), bytes(self._buffer[:size])))
        if lines:
            self._keep(lines, now)
        return len(lines)

    def _take(self) -> tuple[int, Any]:
        """Read a datagram into the buffer; return its size and its sender. Errors: OSError."""
        if not hasattr(self._socket, "recvmsg_into"):
            return self._socket.recvfrom_into(self._buffer)
        size, ancillary, _flags, peer = self._socket.recvmsg_into([self._buffer], 32)
        if ancillary:
            self._count_drops(ancillary)
        return size, peer

    def _keep(self, lines: list[bytes], now: datetime) -> None:
        text = b"".join(lines)
        if self._spool.write(text, now):
            self._figures.took(len(lines), len(text), int(now.timestamp() * MICROSECONDS))
        else:
            self._figures.dropped["spool"] += len(lines)

    def _count_drops(self, ancillary: list[tuple[int, int, bytes]]) -> None:
        for level, kind, content in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, _SO_RXQ_OVFL) and len(content) >= 4:
                (dropped,) = _COUNTER.unpack(content[:4])
                self._figures.dropped["kernel"] += (dropped - self._dropped) & 0xFFFFFFFF
                self._dropped = dropped


def granted_buffer(opened: socket.socket) -> int:
    """Have the system keep BUFFER_BYTES, and return how much it grants, in bytes."""
    for option in (*_SO_RCVBUFFORCE, socket.SO_RCVBUF):
        try:
            opened.setsockopt(socket.SOL_SOCKET, option, BUFFER_BYTES)
            break
        except OSError:
            continue
    # Linux says twice of what it grants, as half of it is for its own notes.
    return opened.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2


def _count_drops_of(opened: socket.socket) -> None:
    if sys.platform == "linux":
        with suppress(OSError):
            opened.setsockopt(socket.SOL_SOCKET, _SO_RXQ_OVFL, 1)
