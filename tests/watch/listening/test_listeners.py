"""Listeners are opened together or not at all; what they lose is told, and counted on."""

import errno
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.sandbox.shut_in import offered
from quetsach.watch.listening import listeners
from quetsach.watch.listening.addresses import dnstap_address, listen_address
from quetsach.watch.listening.datagrams import DatagramListener
from quetsach.watch.listening.listeners import Listeners
from quetsach.watch.listening.spools import Spools
from tests.waiting import wait_until

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def port_of(figures: dict[str, object]) -> int:
    return int(str(figures["address"]).rpartition(":")[2])


def send(figures: dict[str, object], message: bytes, count: int = 1) -> None:
    kind = str(figures["source"]).partition(":")[0]
    stream = socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, stream) as sender:
        sender.connect(("127.0.0.1", port_of(figures)))
        for _ in range(count):
            sender.sendall(message)


def test_each_listener_has_its_spool_and_figures(tmp_path: Path) -> None:
    addresses = [
        *map(listen_address, ("udp://127.0.0.1:0", "tcp://127.0.0.1:0")),
        dnstap_address(f"unix:{tmp_path}/tap.sock"),
    ]
    opened = Listeners(addresses, Spools(tmp_path / "spool", ZONE))
    opened.start()
    udp, tcp, _ = opened.figures()
    send(udp, b"<13>one", 3)
    send(tcp, b"<13>two\n", 4)
    opened.close()
    udp, tcp, tap = opened.figures()
    assert (udp["received"], tcp["received"], tap["received"]) == (3, 4, 0)
    assert not (tmp_path / "tap.sock").exists()
    folders = sorted(path.name for path in (tmp_path / "spool").iterdir())
    assert folders == sorted(one["spool"] for one in (udp, tcp, tap))
    later = Listeners(addresses, Spools(tmp_path / "spool", ZONE), [udp, tcp])
    assert [one["received"] for one in later.figures()] == [3, 4, 0]
    assert later.problems() == []
    later.close()


def test_where_one_cannot_be_opened_none_stays_open(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        wanted = (f"unix:{tmp_path}/tap.sock", f"tcp://127.0.0.1:{port}")
        with pytest.raises(QuetsachError, match="E507"):
            Listeners(
                [dnstap_address(wanted[0]), listen_address(wanted[1])],
                Spools(tmp_path / "spool", ZONE),
            )
    assert not (tmp_path / "tap.sock").exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "spool").touch()
    with pytest.raises(QuetsachError, match="E509"):
        Listeners([listen_address("udp://127.0.0.1:0")], Spools(tmp_path / "spool", ZONE))


def test_losses_are_told_once_and_their_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Listeners([listen_address("udp://127.0.0.1:0")], Spools(tmp_path / "spool", ZONE))
    with monkeypatch.context() as full:
        full.setattr(Spools, "is_full", property(lambda _self: True))
        opened.start()
        send(opened.figures()[0], b"<13>one", 2)
        wait_until(lambda: opened.figures()[0]["dropped"]["spool"] == 2, within_s=60)
    (problem,) = opened.problems()
    assert (problem.code, problem.facts["count"]) == ("E510", 2)
    assert opened.problems() == []
    (lost,) = opened.losses().values()
    assert (lost.code, lost.facts["count"], lost.facts["spool"]) == ("E510", 2, 2)
    assert opened.losses() == {}
    opened._listeners[0].figures.dropped["kernel"] += 5
    assert [one.facts["count"] for one in opened.losses().values()] == [5]
    opened.close()


def test_refused_connections_are_told(tmp_path: Path) -> None:
    opened = Listeners([listen_address("tcp://127.0.0.1:0")], Spools(tmp_path / "spool", ZONE))
    counted = opened._listeners[0].figures.closed
    for refused, is_told in ((2, True), (3, False), (4, True), (4, False)):
        counted["refused"] = refused
        assert [one.code for one in opened.problems()] == ["E507"] * is_told
    opened.close()


def test_what_left_a_spool_unread_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Listeners([listen_address("udp://127.0.0.1:0")], Spools(tmp_path / "spool", ZONE))
    lost = {opened.figures()[0]["spool"]: 5}
    monkeypatch.setattr(Spools, "tidy", lambda *_facts: lost)
    opened.tidy(lambda _path: 0, lambda _path: 0)
    assert opened.figures()[0]["dropped"]["spool"] == 5
    opened.close()


def test_a_listener_that_breaks_off_is_told_and_begins_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "_AGAIN_S", 0.01)
    batch, broken = DatagramListener._batch, [True]

    def breaking(self: DatagramListener) -> int:
        if broken:
            raise RuntimeError(broken.pop())
        return batch(self)

    monkeypatch.setattr(DatagramListener, "_batch", breaking)
    opened = Listeners([listen_address("udp://127.0.0.1:0")], Spools(tmp_path / "spool", ZONE))
    opened.start()
    send(opened.figures()[0], b"<13>one")
    wait_until(lambda: opened.figures()[0]["received"] == 1, within_s=60)
    assert [one.code for one in opened.problems()] == ["E509"]
    opened.close()


def test_certificates_are_renewed_and_a_broken_one_changes_nothing(
    tmp_path: Path, certificate: Path
) -> None:
    copy = tmp_path / "server.pem"
    copy.write_bytes(certificate.read_bytes())
    copy.with_suffix(".key").write_bytes(certificate.with_suffix(".key").read_bytes())
    written = f"tls://127.0.0.1:0?cert={copy}&key={copy.with_suffix('.key')}"
    opened = Listeners([listen_address(written)], Spools(tmp_path / "spool", ZONE))
    assert opened.renew_tls() == []
    copy.write_text("broken", encoding="ascii")
    assert [one.code for one in opened.renew_tls()] == ["E507"]
    opened.close()


@pytest.mark.skipif(not offered().is_whole, reason="this kernel confines no process")
def test_the_thread_that_takes_from_strangers_is_shut_in_and_the_watch_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside, spools = tmp_path / "outside", Spools(tmp_path / "spool", ZONE)
    outside.write_text("secret")
    escapes: dict[str, Callable[[], object]] = {
        "read": outside.read_text,
        "write": lambda: (tmp_path / "new").write_text("x"),
        "call": lambda: socket.create_connection(("127.0.0.1", 9)),
        "listen": lambda: socket.socket().bind(("127.0.0.1", 0)),
        "program": lambda: subprocess.run(["true"], check=False),
    }
    outcomes: dict[str, str] = {}

    def attempt(_listener: object, stop: threading.Event) -> None:
        for name, escape in escapes.items():
            try:
                escape()
                outcomes[name] = "done"
            except OSError as error:
                outcomes[name] = errno.errorcode[error.errno or 0]
        (spools.folder / "mine").write_text("x")
        outcomes["spool"] = "done"
        stop.wait()

    monkeypatch.setattr(DatagramListener, "run", attempt)
    opened = Listeners([listen_address("udp://127.0.0.1:0")], spools)
    opened.start()
    try:
        wait_until(lambda: "spool" in outcomes)
    finally:
        opened.close()
    refused = {"EACCES", "EPERM"}
    assert {name: outcome in refused for name, outcome in outcomes.items() if name != "spool"} == (
        dict.fromkeys(escapes, True)
    )
    assert outside.read_text() == "secret"
    socket.create_server(("127.0.0.1", 0)).close()
