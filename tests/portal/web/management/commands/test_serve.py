"""`quetsach serve` and `make run` start nothing beside something else, and say what to do."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from quetsach_portal.web.management.commands.serve import RunLock, _commands, is_running

ROOT = Path(__file__).parents[5]


@pytest.fixture
def taken() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        yield one.getsockname()[1]


def test_a_port_that_is_taken_is_named_with_what_to_do(taken: int) -> None:
    with pytest.raises(CommandError, match=rf"{taken}.*--port"):
        call_command("serve", "--port", str(taken))


def test_a_taken_port_of_the_public_page_is_named_too(taken: int) -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        free = one.getsockname()[1]
    with pytest.raises(CommandError, match=rf"{taken}.*--public-port.*PUBLIC_PORT="):
        call_command("serve", "--port", str(free), "--public-port", str(taken))


@pytest.mark.parametrize("port", ["0", "80808"])
def test_a_number_that_is_no_port_is_refused(port: str) -> None:
    with pytest.raises(CommandError, match="65535"):
        call_command("serve", "--port", port)


def test_a_home_is_served_once(tmp_path: Path) -> None:
    assert not is_running(tmp_path)
    with RunLock(tmp_path):
        assert is_running(tmp_path)
        with pytest.raises(BlockingIOError), RunLock(tmp_path):
            pass
    assert not is_running(tmp_path)


def fresh_home(home: Path, *ports: int) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, str(ROOT / "tools/fresh_home.py"), str(home), *map(str, ports)]
    return subprocess.run(words, capture_output=True, text=True)


def test_a_demo_that_runs_is_not_removed(tmp_path: Path, taken: int) -> None:
    home = tmp_path / "demo"
    home.mkdir()
    (home / "db.sqlite3").touch()
    with RunLock(home):
        ended = fresh_home(home, 1)
    assert ended.returncode == 1
    assert "end it first" in ended.stderr
    ended = fresh_home(home, taken)
    assert ended.returncode == 1
    assert f"make run PORT={taken + 1}" in ended.stderr
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        free = other.getsockname()[1]
    ended = fresh_home(home, free, taken, 8025)
    assert f"make run PORT={free} PUBLIC_PORT={taken + 2}\n" in ended.stderr
    assert (home / "db.sqlite3").exists()


def test_a_demo_that_does_not_run_makes_way(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    home.mkdir()
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    assert fresh_home(home, port).returncode == 0
    assert not home.exists()


def test_a_request_that_is_begun_and_not_ended_is_over_after_ten_seconds() -> None:
    options = {"host": "127.0.0.1", "port": 9, "workers": 1, "jobs": 1}
    _name, web = _commands(options)[0]
    assert web[web.index("--http1-header-read-timeout") + 1] == "10000"
