"""The commands that start the portal."""

import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.cli.running import environment, quetsach
from tests.waiting import wait_for_port


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def answer(address: str) -> str:
    with urllib.request.urlopen(address, timeout=180) as response:
        return response.read().decode()


def test_serve_answers_with_its_style_and_ends_when_it_is_told(tmp_path: Path) -> None:
    port = free_port()
    own = environment(QUETSACH_HOME=str(tmp_path), DATABASE_URL="")
    own.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "quetsach", "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(command, env=own, stdout=subprocess.DEVNULL) as portal:
        try:
            wait_for_port(port)
            assert answer(f"http://127.0.0.1:{port}/health") == "ok"
            page = answer(f"http://127.0.0.1:{port}/")
            style = page.split('rel="stylesheet" href="')[1].split('"')[0]
            assert "--bs-" in answer(f"http://127.0.0.1:{port}{style}")
        finally:
            portal.send_signal(signal.SIGTERM)
            portal.wait(timeout=180)
    assert portal.returncode == 0


def test_manage_passes_its_words_on(tmp_path: Path) -> None:
    done = quetsach("manage", "audit", "--help", env=environment(QUETSACH_HOME=str(tmp_path)))
    assert done.returncode == 0
    assert b"verify" in done.stdout
