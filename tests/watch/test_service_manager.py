"""systemd is told, where it started the watch; else nobody is."""

import socket
from pathlib import Path

from quetsach.watch.service_manager import ALIVE, READY, tell_service_manager


def test_it_is_told_where_it_listens(tmp_path: Path) -> None:
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(path))
        assert tell_service_manager(READY, {"NOTIFY_SOCKET": str(path)})
        assert tell_service_manager(ALIVE, {"NOTIFY_SOCKET": str(path)})
        assert (manager.recv(100), manager.recv(100)) == (b"READY=1", b"WATCHDOG=1")


def test_without_one_nobody_is_told(tmp_path: Path) -> None:
    assert not tell_service_manager(READY, {})
    assert not tell_service_manager(READY, {"NOTIFY_SOCKET": "relative"})
    assert not tell_service_manager(READY, {"NOTIFY_SOCKET": str(tmp_path / "gone")})
