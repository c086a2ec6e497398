"""All that a watch listens at: opened together, each with its spool and its thread."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.sandbox.contract import SandboxProfile
from quetsach.sandbox.shut_in import shut_in_thread
from quetsach.texts import _
from quetsach.watch.listening.addresses import ListenAddress, ListenKind
from quetsach.watch.listening.connections import ConnectionListener
from quetsach.watch.listening.datagrams import DatagramListener
from quetsach.watch.listening.figures import ListenerFigures
from quetsach.watch.listening.frame_streams import FrameStream
from quetsach.watch.listening.sockets import open_socket, tls_context
from quetsach.watch.listening.spoken_syslog import SpokenSyslog
from quetsach.watch.listening.spools import Spool, Spools

TOLD_AGAIN_S = 600.0
"""How often losses that go on are told."""

_JOIN_S = 10.0
_AGAIN_S = 1.0


@dataclass
class _Listener:
    address: ListenAddress
    socket: socket.socket
    spool: Spool
    figures: ListenerFigures
    tls: ssl.SSLContext | None = None
    failure: str = ""
    told: str = ""
    told_lost: int = 0
    known_lost: int = 0
    told_refused: int = 0
    told_s: float | None = None

    def tls_now(self) -> ssl.SSLContext:
        """Return the TLS of the next connection."""
        assert self.tls is not None
        return self.tls


class Listeners:
    """Listens from `start` to `close`; the thread of the watch asks it in between."""

    def __init__(
        self,
        addresses: Sequence[ListenAddress],
        spools: Spools,
        kept: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """Open all sockets; `kept` are the figures of an earlier watch, as `figures` gave them.

        Errors: E507 for a socket or certificate; E508; E509 where a spool cannot be made.
        """
        self.spools = spools
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listeners: list[_Listener] = []
        earlier = {str(one.get("source")): one for one in kept if isinstance(one, Mapping)}
        try:
            for address in addresses:
                self._open(address, earlier)
        except BaseException:
            self._close_sockets()
            raise

    def _open(self, address: ListenAddress, earlier: Mapping[str, Mapping[str, Any]]) -> None:
        tls = tls_context(address) if address.kind is ListenKind.TLS else None
        opened = open_socket(address)
        try:
            stem = "dnstap" if address.kind is ListenKind.DNSTAP else "received"
            spool = Spool(self.spools, address.slug, stem)
        except OSError as error:
            opened.close()
            where, reason = str(self.spools.folder), error.strerror or str(error)
            raise QuetsachError("E509", where, reason=reason) from error
        figures = ListenerFigures(address.written, address.slug, address=_shown(opened))
        if address.written in earlier:
            figures.go_on_from(earlier[address.written])
        listener = _Listener(address, opened, spool, figures, tls)
        listener.told_lost = listener.known_lost = figures.lost
        listener.told_refused = figures.closed["refused"]
        self._listeners.append(listener)

    def start(self) -> None:
        """Begin to receive."""
        for listener in self._listeners:
            thread = threading.Thread(
                target=self._run, args=(listener,), name=listener.address.slug, daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _run(self, listener: _Listener) -> None:
        is_shut_in = False
        while not self._stop.is_set():
            try:
                if not is_shut_in:
                    # What strangers send is taken by a thread that writes its spools alone.
                    shut_in_thread([self.spools.folder], SandboxProfile.LISTENER)
                    is_shut_in = True
                self._receiver(listener)(self._stop)
            except Exception as error:  # noqa: BLE001 - a listener that ended would be silent
                listener.failure = f"{type(error).__name__}: {error}"
                self._stop.wait(_AGAIN_S)

    def _receiver(self, listener: _Listener) -> Callable[[threading.Event], None]:
        kind = listener.address.kind
        parts = (listener.socket, self.spools, listener.spool, listener.figures)
        if kind is ListenKind.UDP:
            return DatagramListener(*parts).run
        if kind is ListenKind.DNSTAP:
            return ConnectionListener(*parts, lambda _sender: FrameStream()).run
        wrap = listener.tls_now if kind is ListenKind.TLS else None
        return ConnectionListener(*parts, SpokenSyslog, wrap).run

    def close(self) -> None:
        """Take what was sent by now, and end."""
        self._stop.set()
        until_s = time.monotonic() + _JOIN_S
        for thread in self._threads:
            thread.join(max(until_s - time.monotonic(), 0.1))
        for listener in self._listeners:
            with suppress(OSError):
                listener.spool.close()
        self._close_sockets()

    def _close_sockets(self) -> None:
        for listener in self._listeners:
            listener.socket.close()
            if listener.address.path is not None:
                with suppress(OSError):
                    listener.address.path.unlink()

    def figures(self) -> list[dict[str, Any]]:
        """Return the figures of each listener since its watch first began, as plain values."""
        return [listener.figures.as_document() for listener in self._listeners]

    def renew_tls(self) -> list[Problem]:
        """Read the certificates again; where one cannot be used, the one in use stays."""
        problems = []
        for listener in self._listeners:
            if listener.tls is not None:
                try:
                    listener.tls = tls_context(listener.address)
                except QuetsachError as error:
                    problems.append(error.problem)
        return problems

    def tidy(self, read_to: Callable[[Path], int], let_go: Callable[[Path], int]) -> None:
        """Keep the spools within their limit; what goes unread is counted as lost."""
        for name, lines in self.spools.tidy(read_to, let_go).items():
            for listener in self._listeners:
                if listener.spool.name == name:
                    listener.figures.let_go += lines

    def losses(self) -> dict[str, Problem]:
        """Return by the folder of its spool what each listener lost since this was asked last."""
        losses = {}
        for listener in self._listeners:
            lost = listener.figures.lost
            if lost > listener.known_lost:
                dropped = listener.figures.as_document()["dropped"]
                facts = {"count": lost - listener.known_lost, **dropped}
                folder = str(self.spools.folder / listener.spool.name)
                losses[folder] = Problem("E510", listener.address.written, facts)
                listener.known_lost = lost
        return losses

    def problems(self) -> list[Problem]:
        """Return what is to be told now: a spool that cannot be written, messages that are lost."""
        problems, now_s = [], time.monotonic()
        for listener in self._listeners:
            figures, where = listener.figures, listener.address.written
            reason = listener.failure or listener.spool.problem
            if reason and reason != listener.told:
                problems.append(Problem("E509", where, {"reason": reason}))
            listener.told, listener.failure = reason, ""
            refused = figures.closed["refused"]
            if refused > listener.told_refused:
                reason = _("there are too many connections, %(count)s were refused so far")
                problems.append(Problem("E507", where, {"reason": reason % {"count": refused}}))
                # Told again when it grew by half.
                listener.told_refused = refused + refused // 2
            lost = figures.lost - listener.told_lost
            is_time = listener.told_s is None or now_s - listener.told_s >= TOLD_AGAIN_S
            if lost > 0 and is_time:
                facts = {"count": lost, **figures.as_document()["dropped"]}
                problems.append(Problem("E510", where, facts))
                listener.told_lost, listener.told_s = figures.lost, now_s
        return problems


def _shown(opened: socket.socket) -> str:
    """Return where a socket listens, as the system says: with the port that it gave."""
    name = opened.getsockname()
    if not isinstance(name, tuple):
        return str(name)
    host = f"[{name[0]}]" if ":" in name[0] else name[0]
    return f"{host}:{name[1]}"
