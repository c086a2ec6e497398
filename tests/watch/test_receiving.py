"""What is sent to a watch is told as it comes, and a sweep of its spool finds the same."""

import socket
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.sweeping.sweep import SweepRequest, read_evidence
from quetsach.watch import receiving, running
from quetsach.watch.chunks import numbered
from quetsach.watch.figures import SILENT_US, standing
from quetsach.watch.listening.addresses import dnstap_address, listen_address
from quetsach.watch.receiving import kept_figures
from quetsach.watch.running import WatchCallbacks, WatchOptions, run_watch
from quetsach.watch.state import WatchState
from quetsach.watch.telling import NewSightings
from tests.captures.dns_building import START, message, told
from tests.waiting import wait_until
from tests.watch.watched import eve


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "POLL_S", 0.001)
    monkeypatch.setattr(running, "ALIVE_S", 0.0)
    monkeypatch.setattr(receiving, "TIDY_S", 0.0)


SENT = (
    b"<30>gw1 dnsmasq[311]: query[A] bad.example from 10.1.2.3",
    b"<30>1 2026-11-30T08:15:22Z gw1 dnsmasq 311 - - query[A] bad.example from 10.1.2.4",
    b"<134>" + eve(7, client="10.1.2.5"),
    b"<30>gw1 dnsmasq[311]: query[A] good.example from 10.1.2.6",
)


def _plain(rows: list[dict[str, Any]]) -> list[Any]:
    apart = ("quetsach.device", "quetsach.lease.", "log.file.path")
    return sorted(
        [(name, str(told)) for name, told in row.items() if not name.startswith(apart)]
        for row in rows
    )


def test_what_is_received_is_told_and_swept_alike(tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("bad.example\n", encoding="ascii")
    indicators = read_lists([listed], ListOptions())
    request = SweepRequest([], indicators, tmp_path)
    listen = (
        listen_address("udp://127.0.0.1:0"),
        dnstap_address(f"unix:{tmp_path}/tap.sock"),
    )
    state = tmp_path / "state"
    wishes = WatchOptions(request, [listed], lambda: indicators, state, listen=listen)
    rows: list[dict[str, Any]] = []

    def sightings(tidings: NewSightings) -> None:
        rows.extend(tidings.rows)

    ears = WatchCallbacks(sightings, lambda _: None, lambda _: None, lambda _: None)
    ended: list[Any] = []
    begun = Event()
    ears.begun = begun.set
    thread = Thread(target=lambda: ended.append(run_watch(wishes, ears)), daemon=True)
    thread.start()

    def figures() -> list[dict[str, Any]]:
        if not begun.is_set():
            return []
        opened = WatchState(state, read_only=True)
        try:
            return kept_figures(opened)
        finally:
            opened.close()

    wait_until(figures, "listeners", within_s=60)
    port = int(figures()[0]["address"].rpartition(":")[2])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for one in SENT:
            sender.sendto(one, ("127.0.0.1", port))
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.connect(str(tmp_path / "tap.sock"))
        server.sendall(START + told(5, message("bad.example")))
        wait_until(lambda: len(rows) == 4, "sightings", within_s=60)
    ears.stop.set()
    thread.join(30)
    assert ended[0].figures.lines == 5
    assert [one["received"] for one in figures()] == [4, 1]
    assert {row["source.ip"] for row in rows} == {
        *("10.1.2.3", "10.1.2.4", "10.1.2.5", "10.20.3.41"),
    }
    assert _plain(rows) == _plain(_swept(state / "spool", indicators, tmp_path / "swept"))
    _stands_as_received(state)


def _swept(evidence: Path, indicators: Any, folder: Path) -> list[dict[str, Any]]:
    folder.mkdir()
    read = read_evidence(SweepRequest([str(evidence)], indicators, folder / "out"), folder)
    return [
        row
        for number, path in read.gathered.spools
        for batch in numbered(path.read_bytes(), read.gathered.sources[number].links)
        for row in batch.to_pylist()
    ]


def _stands_as_received(state: Path) -> None:
    opened = WatchState(state)
    try:
        now = standing(opened)
        assert now["files"] == []
        udp, tap = now["listeners"]
        assert (udp["lines"], udp["lag"], udp["is_silent"]) == (4, 0, False)
        assert (tap["lines"], tap["lag"]) == (1, 0)
        later = standing(opened, udp["last_us"] + 2 * SILENT_US)
        assert later["listeners"][0]["is_silent"]
    finally:
        opened.close()


def test_a_spool_that_is_too_large_goes_though_it_is_being_read(tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("bad.example\n", encoding="ascii")
    indicators = read_lists([listed], ListOptions())
    state = tmp_path / "state"
    old = state / "spool" / "udp-127.0.0.1-0" / "received-20261129T08.log"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"2026-11-29T08:00:00.000000+07:00 10.0.0.1 <30>hello\n" * 100)
    wishes = WatchOptions(
        SweepRequest([], indicators, tmp_path),
        *([listed], lambda: indicators, state),
        listen=(listen_address("udp://127.0.0.1:0"),),
        spool_limit=100,
    )
    ears = WatchCallbacks(lambda _: None, lambda _: None, lambda _: None, lambda _: None)
    thread = Thread(target=run_watch, args=(wishes, ears), daemon=True)
    thread.start()
    wait_until(lambda: not old.exists(), "the old spool is gone", within_s=60)
    ears.stop.set()
    thread.join(30)
    opened = WatchState(state, read_only=True)
    (figures,) = kept_figures(opened)
    opened.close()
    assert figures["dropped"]["spool"] == 100
    assert figures["received"] == 0
