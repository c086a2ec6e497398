"""The real server, with the pages it was given."""

import json
import os
import socket
import subprocess
import sys
from datetime import date
from http.client import HTTPConnection
from pathlib import Path

import pytest

from quetsach_public.pages.building import build_site
from quetsach_public.pages.materials.wording import MaterialFile
from tests.cli.running import folder_with_modules
from tests.public.made import CAMPAIGN, TOOL, made_home
from tests.waiting import wait_for_port

SHEET = MaterialFile("sheet-windows", "vi", 1, date(2022, 9, 20), b"%PDF-1.7 " + b"x" * 3000)
COMMAND = [sys.executable, "-P", "-m", "quetsach_public"]


@pytest.mark.parametrize("proxies", ["", "192.0.2.1"], ids=["alone", "behind-a-proxy"])
def test_granian_serves_it_until_it_is_told_to_stop(tmp_path: Path, proxies: str) -> None:
    made = made_home(tmp_path)
    build_site(made.site, CAMPAIGN, [TOOL], [SHEET])
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    told = {"QUETSACH_PUBLIC_HOME": str(tmp_path), "QUETSACH_PUBLIC_PROXIES": proxies}
    environ = {**os.environ, **told}
    words = ["--port", str(port), "--workers", "1"]
    # The folder in which it is started lends it no module.
    here = folder_with_modules(tmp_path / "here")
    with subprocess.Popen([*COMMAND, *words], env=environ, cwd=here) as server:
        try:
            assert _answer(port, "/") == 200
            assert _answer(port, "/kiem-tra") == 200
            silent = [_silent_form(port) for _ in range(30)]
            assert _answer(port, "/kiem-tra") == 200, "who sends nothing stops nobody"
            for one in silent:
                one.close()
            assert _raw(port, BROKEN_CHUNKS)[:12] in (b"HTTP/1.1 422", b"HTTP/1.1 503")
            assert _answer(port, f"/tai-lieu/tep/{SHEET.name}") == 200
        finally:
            server.terminate()
    assert server.returncode in (0, -15)
    counted = [json.loads(path.read_text())["counts"] for path in made.inbox.iterdir()]
    assert [row["act"] for rows in counted for row in rows] == ["pulled"]
    assert not any(made.journals.iterdir()), "told to stop, it brings what it counted"


BROKEN_CHUNKS = (
    b"POST /tham-gia HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"
)


def _raw(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=120) as line:
        line.sendall(request)
        return line.recv(65_536)


def _silent_form(port: int) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), timeout=120)
    line.sendall(b"POST /tham-gia HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n")
    return line


def test_without_pages_it_says_so(tmp_path: Path) -> None:
    environ = {**os.environ, "QUETSACH_PUBLIC_HOME": str(tmp_path)}
    done = subprocess.run(COMMAND, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "There are no pages to serve" in done.stderr


def _answer(port: int, path: str) -> int:
    wait_for_port(port)
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()
