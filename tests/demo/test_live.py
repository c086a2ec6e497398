"""The live office: what it writes is swept as it is meant, stays bounded, and keeps its time."""

import socket
from pathlib import Path

import pytest

from quetsach.demo import live
from quetsach.demo.live import EVE_FILE, ROUTER_FILE, LiveLogs, live_office, run_live

START_US = 1_800_000_000_000_000


class Clock:
    """A clock that only moves when somebody waits."""

    def __init__(self) -> None:
        self.now = START_US / 1_000_000

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


def run(out: Path, seconds: float, *, syslog: str = "", planted: tuple[str, ...] = ()) -> int:
    clock = Clock()
    logs = LiveLogs(out, syslog)
    office = live_office(START_US, planted)
    return run_live(office, logs, seconds, clock=clock, pause=clock.wait)


def test_infected_machines_and_planted_names_show_in_both_logs(tmp_path: Path) -> None:
    planted = "a1b2c3d4.planted.quetsach.example"
    lines = run(tmp_path, 80, planted=(planted,))
    sensor = (tmp_path / EVE_FILE).read_text()
    router = (tmp_path / ROUTER_FILE).read_text()
    assert sensor.count("\n") + router.count("\n") == lines > 300
    for text in (sensor, router):
        assert "bad.example" in text
        assert "dl.capnhat-windows.example" in text
        assert planted in text
    assert "DHCPACK(br-lan)" in router


def test_no_line_comes_before_its_time(tmp_path: Path) -> None:
    run(tmp_path, 10)
    assert "bad.example" not in (tmp_path / EVE_FILE).read_text()


def test_what_is_written_stays_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_ROTATE_AT", 5_000)
    run(tmp_path, 120)
    files = sorted((tmp_path / EVE_FILE).parent.iterdir())
    assert [file.name for file in files] == [f"eve.json{n}" for n in ("", ".1", ".2", ".3")]
    assert all(file.stat().st_size < 20_000 for file in files)


def test_the_router_sends_its_syslog(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        run(tmp_path, 3, syslog=f"udp://127.0.0.1:{listener.getsockname()[1]}")
        assert listener.recv(4096).startswith(b"<30>")
    assert not (tmp_path / ROUTER_FILE).exists()


@pytest.mark.parametrize("wrong", ["tcp://127.0.0.1:1", "udp://127.0.0.1", "udp:", "x"])
def test_an_address_that_is_none_is_refused(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        LiveLogs(tmp_path, wrong)
