"""Datagrams are taken, dated, and counted; what the system dropped is told by it."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.received import split_received
from quetsach.watch.listening import datagrams
from quetsach.watch.listening.datagrams import DatagramListener, granted_buffer
from quetsach.watch.listening.figures import ListenerFigures
from quetsach.watch.listening.spools import Spool, Spools

STOPPED = Event()
STOPPED.set()


@pytest.fixture
def opened() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound


def listener(opened: socket.socket, folder: Path) -> tuple[DatagramListener, ListenerFigures]:
    spools = Spools(folder, ZoneInfo("Asia/Ho_Chi_Minh"))
    figures = ListenerFigures("udp://127.0.0.1:0", "udp")
    return DatagramListener(opened, spools, Spool(spools, "udp", "received"), figures), figures


def lines_in(folder: Path) -> list[bytes]:
    return [
        line for path in sorted(folder.rglob("*.log")) for line in path.read_bytes().split(b"\n")
    ]


def test_a_datagram_is_a_line(opened: socket.socket, tmp_path: Path) -> None:
    receiver, figures = listener(opened, tmp_path)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for message in (b"<13>one\n", b"<13>two\nforged\0", b"", b"\xff\xfe"):
            sender.sendto(message, opened.getsockname())
    receiver.run(STOPPED)
    splits = [split_received(line) for line in lines_in(tmp_path) if line]
    assert [one.original for one in splits if one is not None] == [
        b"<13>one",
        b"<13>two forged",
        b"",
        b"\xff\xfe",
    ]
    assert {one.sender for one in splits if one is not None} == {"127.0.0.1"}
    assert b"+07:00 127.0.0.1 <13>one" in b"\n".join(lines_in(tmp_path))
    assert figures.received == 4
    assert figures.last_us > 0


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone counts what it drops")
def test_received_and_dropped_is_what_was_sent(
    opened: socket.socket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datagrams, "BUFFER_BYTES", 8_192)
    receiver, figures = listener(opened, tmp_path)
    sent = 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for _ in range(3):
            for _ in range(200):
                sender.sendto(b"<13>" + b"a" * 400, opened.getsockname())
            receiver.run(STOPPED)
            # The next datagram that is taken tells what was dropped before it.
            sender.sendto(b"<13>last", opened.getsockname())
            receiver.run(STOPPED)
            sent += 201
    assert figures.dropped["kernel"] > 0
    assert figures.received + figures.dropped["kernel"] == sent


def test_what_the_spool_cannot_take_is_counted(
    opened: socket.socket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver, figures = listener(opened, tmp_path)
    monkeypatch.setattr(Spools, "is_full", property(lambda _self: True))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"<13>one", opened.getsockname())
    receiver.run(STOPPED)
    assert (figures.received, figures.dropped["spool"]) == (0, 1)


def test_the_system_says_how_much_it_keeps(opened: socket.socket) -> None:
    assert granted_buffer(opened) > 1_000
