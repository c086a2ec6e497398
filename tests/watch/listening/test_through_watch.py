"""Real sockets through a whole watch: what TCP and TLS senders say becomes sightings."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from quetsach.errors.exceptions import Problem
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.sweeping.sweep import SweepRequest
from quetsach.watch import receiving, running
from quetsach.watch import watching as watching_rounds
from quetsach.watch.figures import standing
from quetsach.watch.listening import connections
from quetsach.watch.listening.addresses import ListenAddress, listen_address
from quetsach.watch.receiving import kept_figures
from quetsach.watch.running import WatchCallbacks, WatchOptions, run_watch
from quetsach.watch.state import WatchState
from quetsach.watch.telling import NewSightings
from tests.waiting import wait_until

_WITHIN_S = 120.0


def message(number: int, name: str = "bad.example") -> bytes:
    """Return what dnsmasq says of a question."""
    client = f"10.1.{number // 250}.{number % 250 + 1}"
    return f"<30>Nov 30 08:15:22 ns1 dnsmasq[7]: query[A] {name} from {client}".encode()


def counted(text: bytes) -> bytes:
    return b"%d %b" % (len(text), text)


@dataclass
class Running:
    """A watch that listens: what it told, and its figures. `go_on` unset, it stands still."""

    state: Path
    told: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    go_on: Event = field(default_factory=Event)
    begun: Event = field(default_factory=Event)

    def take(self, tidings: NewSightings) -> None:
        self.told += [row["source.ip"] for row in tidings.rows]
        self.go_on.wait(_WITHIN_S)

    def figures(self) -> list[dict[str, Any]]:
        if not self.begun.is_set():
            return []
        beside = WatchState(self.state, read_only=True)
        try:
            return kept_figures(beside)
        finally:
            beside.close()

    def connect(self, place: int = 0) -> socket.socket:
        wait_until(lambda: len(self.figures()) > place, "listeners", within_s=_WITHIN_S)
        port = int(str(self.figures()[place]["address"]).rpartition(":")[2])
        return socket.create_connection(("127.0.0.1", port), timeout=60)

    def wait_for(self, count: int) -> None:
        wait_until(lambda: len(self.told) >= count, f"{count} told", within_s=_WITHIN_S)


@contextmanager
def watching(folder: Path, *listen: ListenAddress, **more: Any) -> Iterator[Running]:
    listed = folder / "list.txt"
    listed.write_text("bad.example\n", encoding="ascii")
    indicators = read_lists([listed], ListOptions())
    wishes = WatchOptions(
        SweepRequest([], indicators, folder),
        [listed],
        lambda: indicators,
        folder / "state",
        listen=listen,
        **more,
    )
    live = Running(folder / "state")
    live.go_on.set()
    ears = WatchCallbacks(live.take, live.problems.append, lambda _: None, lambda _: None)
    ears.begun = live.begun.set
    thread = Thread(target=run_watch, args=(wishes, ears), daemon=True)
    thread.start()
    try:
        yield live
    finally:
        live.go_on.set()
        ears.stop.set()
        thread.join(60)
        assert not thread.is_alive()


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "POLL_S", 0.01)
    monkeypatch.setattr(running, "ALIVE_S", 0.05)
    monkeypatch.setattr(receiving, "TIDY_S", 0.05)
    monkeypatch.setattr(watching_rounds, "LOOK_S", 0.02)


def test_both_framings_over_tcp_and_tls_become_sightings(tmp_path: Path, certificate: Path) -> None:
    tls = f"tls://127.0.0.1:0?cert={certificate}&key={certificate.with_suffix('.key')}"
    addresses = [listen_address("tcp://127.0.0.1:0"), listen_address(tls)]
    context = ssl.create_default_context(cafile=str(certificate))
    with watching(tmp_path, *addresses) as live:
        with live.connect() as plain:
            plain.sendall(counted(message(1)) + message(2) + b"\n" + counted(message(3, "x.test")))
            # The rest of a line comes late, then the sender is half closed: its last line counts.
            last = message(4)
            plain.sendall(last[:30])
            live.wait_for(2)
            plain.sendall(last[30:])
            plain.shutdown(socket.SHUT_WR)
            assert plain.recv(1) == b"", "the watch closes its half, too"
        with context.wrap_socket(live.connect(1), server_hostname="127.0.0.1") as secret:
            secret.sendall(counted(message(5)) + counted(message(6)) + message(7) + b"\n")
            live.wait_for(6)
        wait_until(
            lambda: [one["received"] for one in live.figures()] == [4, 3], within_s=_WITHIN_S
        )
        assert sorted(live.told) == [f"10.1.0.{number + 1}" for number in (1, 2, 4, 5, 6, 7)]
        assert all(not any(one["dropped"].values()) for one in live.figures())
        assert live.problems == []
        beside = WatchState(live.state, read_only=True)
        assert [one["form"] for one in standing(beside)["listeners"]] == ["dnsmasq", "dnsmasq"]
        beside.close()


def test_a_line_of_100_megabytes_is_left_out_and_what_follows_is_met(tmp_path: Path) -> None:
    with watching(tmp_path, listen_address("tcp://127.0.0.1:0")) as live, live.connect() as sender:
        piece = b"a" * (1 << 20)
        for _ in range(100):
            sender.sendall(piece)
        sender.sendall(b"\n" + message(1) + b"\n")
        live.wait_for(1)
        wait_until(lambda: live.figures()[0]["dropped"]["length"] == 1, within_s=_WITHIN_S)
        kept = sum(path.stat().st_size for path in (tmp_path / "state" / "spool").rglob("*.log"))
        assert kept < 1 << 20


def test_a_watch_that_stands_still_has_its_senders_wait_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As small against the limit as it usually is.
    monkeypatch.setattr(connections, "_READ_BYTES", 16 << 10)
    limit, count = 1 << 20, 20_000
    address = listen_address("tcp://127.0.0.1:0")
    with watching(tmp_path, address, spool_limit=limit) as live, live.connect() as sender:
        live.go_on.clear()
        sender.sendall(message(0) + b"\n")
        live.wait_for(1)
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
        noise = b"".join(message(n, "good.example") + b"\n" for n in range(count))
        writing = Thread(target=sender.sendall, args=(noise + message(1) + b"\n",))
        writing.start()
        spool = tmp_path / "state" / "spool"

        def size() -> int:
            return sum(path.stat().st_size for path in spool.rglob("*.log"))

        wait_until(lambda: size() > limit // 2, "the spool fills", within_s=_WITHIN_S)
        assert size() < limit, "no more is taken than can be kept"
        live.go_on.set()
        live.wait_for(2)
        writing.join(60)
        wait_until(lambda: live.figures()[0]["received"] == count + 2, within_s=_WITHIN_S)
        assert not any(live.figures()[0]["dropped"].values())
        assert live.told == ["10.1.0.1", "10.1.0.2"]
        assert live.problems == []
