"""Connections: what was whole is kept; slow, broken and too many ones are closed and counted."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.received import split_received
from quetsach.watch.listening import connections
from quetsach.watch.listening.addresses import listen_address
from quetsach.watch.listening.connections import ConnectionListener, SpokenProtocol
from quetsach.watch.listening.figures import ListenerFigures
from quetsach.watch.listening.frame_streams import CONTENT, FrameStream
from quetsach.watch.listening.peers import ConnectionLimits
from quetsach.watch.listening.sockets import open_socket, tls_context
from quetsach.watch.listening.spoken_syslog import SpokenSyslog
from quetsach.watch.listening.spools import Spool, Spools
from tests.captures.dns_building import START, STOP, control, message, told
from tests.waiting import wait_until


@dataclass
class Listening:
    """A listener that runs, and what it got."""

    port: int
    spools: Spools
    figures: ListenerFigures
    folder: Path

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def originals(self) -> list[bytes]:
        text = b"".join(path.read_bytes() for path in sorted(self.folder.rglob("*.log")))
        splits = [split_received(line) for line in text.splitlines()]
        return [one.original for one in splits if one is not None]

    def wait_for(self, count: int) -> list[bytes]:
        wait_until(lambda: self.figures.received >= count, "messages", within_s=60)
        return self.originals()

    def wait_closed(self, why: str, count: int = 1) -> None:
        wait_until(lambda: self.figures.closed[why] >= count, why, within_s=60)


@contextmanager
def listening(
    folder: Path,
    speak: Callable[[str], SpokenProtocol] = SpokenSyslog,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Listening]:
    opened = open_socket(listen_address("tcp://127.0.0.1:0"))
    spools, figures = Spools(folder, ZoneInfo("Asia/Ho_Chi_Minh")), ListenerFigures("tcp", "tcp")
    spool = Spool(spools, "tcp", "received")
    wrap = None if tls is None else lambda: tls
    receiver = ConnectionListener(opened, spools, spool, figures, speak, wrap)
    stop = Event()
    thread = Thread(target=receiver.run, args=(stop,), daemon=True)
    thread.start()
    try:
        yield Listening(opened.getsockname()[1], spools, figures, folder)
    finally:
        stop.set()
        thread.join(30)
        opened.close()
        assert not thread.is_alive()


def test_counted_messages_and_lines_are_kept_and_a_half_closed_sender_is_answered_by_an_end(
    tmp_path: Path,
) -> None:
    with listening(tmp_path) as open_one, open_one.connect() as sender:
        sender.sendall(b"7 <13>one9 <13>a\nbcd<13>line\n<13>la")
        open_one.wait_for(3)
        sender.sendall(b"st")
        sender.shutdown(socket.SHUT_WR)
        assert sender.recv(1) == b""
        assert open_one.originals() == [b"<13>one", b"<13>a bcd", b"<13>line", b"<13>last"]
        assert sum(open_one.figures.closed.values()) == 0
        wait_until(lambda: open_one.figures.connections == 0, "an end")


def test_what_is_no_message_is_closed_and_counted(tmp_path: Path) -> None:
    with listening(tmp_path) as open_one:
        with open_one.connect() as sender:
            sender.sendall(b"7 <13>oneGET / HTTP/1.1\r\n\r\n")
            assert sender.recv(1) == b""
        open_one.wait_closed("malformed")
        with open_one.connect() as sender:
            sender.sendall(b"50 <13>never whole")
        open_one.wait_closed("cut")
        assert open_one.originals() == [b"<13>one"]


def test_one_address_takes_no_more_than_its_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "ConnectionLimits", lambda: ConnectionLimits(most_of_one=3))
    with listening(tmp_path) as open_one:
        taken = [open_one.connect() for _ in range(4)]
        open_one.wait_closed("refused")
        assert taken[-1].recv(1) == b""
        taken[0].sendall(b"<13>one\n")
        open_one.wait_for(1)
        for sender in taken:
            sender.close()


def test_a_sender_that_is_slow_within_a_message_is_closed_and_one_that_rests_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "SLOW_S", 0.0)
    monkeypatch.setattr(connections, "_LOOK_S", 0.01)
    with listening(tmp_path) as open_one, open_one.connect() as slow, open_one.connect() as resting:
        resting.sendall(b"<13>one\n")
        slow.sendall(b"<13>begun")
        open_one.wait_closed("slow")
        assert slow.recv(1) == b""
        resting.sendall(b"<13>two\n")
        assert open_one.wait_for(2) == [b"<13>one", b"<13>two"]


def test_a_message_without_end_is_left_out(tmp_path: Path) -> None:
    with listening(tmp_path) as open_one, open_one.connect() as sender:
        piece = b"a" * (1 << 20)
        for _ in range(17):
            sender.sendall(piece)
        sender.sendall(b"\n<13>next\n")
        assert open_one.wait_for(1) == [b"<13>next"]
        assert open_one.figures.dropped["length"] == 1


def test_all_unfinished_messages_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_HELD", 1 << 20)
    with listening(tmp_path) as open_one, open_one.connect() as large, open_one.connect() as small:
        small.sendall(b"<13>sm")
        large.sendall(b"a" * (1 << 20) + b"b" * 300_000)
        open_one.wait_closed("memory")
        small.sendall(b"all\n")
        assert open_one.wait_for(1) == [b"<13>small"]


def test_while_the_spool_takes_nothing_the_senders_wait_and_nothing_is_lost(tmp_path: Path) -> None:
    with listening(tmp_path) as open_one:
        open_one.spools._unread = open_one.spools.limit
        with open_one.connect() as sender:
            sender.sendall(b"<13>one\n" * 100)
            assert open_one.figures.received == 0
            open_one.spools._unread = 0
            assert len(open_one.wait_for(100)) == 100
            assert open_one.figures.lost == 0


def test_while_the_spool_takes_nothing_nobody_is_slow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_LOOK_S", 0.01)
    monkeypatch.setattr(connections, "_PAUSE_S", 0.01)
    monkeypatch.setattr(connections, "_WAIT_S", 0.01)
    with listening(tmp_path) as open_one, open_one.connect() as sender:
        sender.sendall(b"<13>one\n<13>tw")
        open_one.wait_for(1)
        open_one.spools._unread = open_one.spools.limit
        Event().wait(0.1)
        monkeypatch.setattr(connections, "SLOW_S", 0.1)
        sender.sendall(b"o\n<13>three\n")
        Event().wait(0.3)
        monkeypatch.setattr(connections, "SLOW_S", 120.0)
        open_one.spools._unread = 0
        assert open_one.wait_for(3) == [b"<13>one", b"<13>two", b"<13>three"]
        assert open_one.figures.closed["slow"] == 0


def test_tls_is_spoken_and_what_is_none_is_counted(tmp_path: Path, certificate: Path) -> None:
    tls = tls_context(
        listen_address(
            f"tls://127.0.0.1:0?cert={certificate}&key={certificate.with_suffix('.key')}"
        )
    )
    client = ssl.create_default_context(cafile=str(certificate))
    with listening(tmp_path, tls=tls) as open_one:
        with client.wrap_socket(open_one.connect(), server_hostname="127.0.0.1") as sender:
            sender.sendall(b"7 <13>one" * 5_000)
            assert len(open_one.wait_for(5_000)) == 5_000
        with open_one.connect() as plain:
            plain.sendall(b"<13>no tls at all, and long enough\n")
            open_one.wait_closed("handshake")


def test_only_senders_with_a_certificate_of_the_authority_are_heard(
    tmp_path: Path, certificate: Path
) -> None:
    key = certificate.with_suffix(".key")
    written = f"tls://127.0.0.1:0?cert={certificate}&key={key}&ca={certificate}"
    client = ssl.create_default_context(cafile=str(certificate))
    with listening(tmp_path, tls=tls_context(listen_address(written))) as open_one:
        # In TLS 1.3 a client learns late that it is not wanted.
        with (
            suppress(OSError),
            client.wrap_socket(open_one.connect(), server_hostname="127.0.0.1") as stranger,
        ):
            stranger.sendall(b"7 <13>one")
            assert stranger.recv(1) == b""
        open_one.wait_closed("handshake")
        client.load_cert_chain(certificate, key)
        with client.wrap_socket(open_one.connect(), server_hostname="127.0.0.1") as known:
            known.sendall(b"7 <13>two")
            assert open_one.wait_for(1) == [b"<13>two"]


def test_a_name_server_is_answered(tmp_path: Path) -> None:
    with (
        listening(tmp_path, lambda _sender: FrameStream()) as open_one,
        open_one.connect() as server,
    ):
        server.sendall(control(4, CONTENT))
        assert server.recv(100) == control(1, CONTENT)
        server.sendall(START + told(5, message("bad.example")) + told(3, message("bad.example")))
        open_one.wait_for(1)
        server.sendall(STOP)
        assert server.recv(100)[-1:] == b"\x05"
        assert open_one.figures.other == 1


def test_what_was_sent_before_the_end_is_taken(tmp_path: Path) -> None:
    with listening(tmp_path) as open_one:
        sender = open_one.connect()
        sender.sendall(b"<13>one\n" * 1_000)
        sender.close()
    assert len(open_one.originals()) == 1_000
