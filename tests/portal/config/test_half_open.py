"""Three hundred requests that are begun and not ended, without nginx: nobody waits for them.

The server runs with the words of `quetsach serve`; only the ten seconds are one here.
"""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from quetsach_portal.web import request_bodies
from quetsach_portal.web.management.commands import serve
from tests.portal.config.test_front import ECHO, ROOT, ask, free_port
from tests.waiting import wait_for_port

QUICK = "from quetsach_portal.web import request_bodies\nrequest_bodies.SILENCE_S = 1.0\n"
KINDS = {
    "nothing at all": b"",
    "half a line": b"GE",
    "half a head": b"GET / HTTP/1.1\r\nHost: a\r\n",
    "a head that goes on": b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 50,
    "no body": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n",
    "half a body": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + b"x" * 500,
    "half a chunk": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
    "no last chunk": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
    "a line that lies still": b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "the words of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    (tmp_path / "echo.py").write_text(QUICK + ECHO)
    monkeypatch.setattr(serve, "HEAD_WITHIN_MS", 1000)
    number = free_port()
    options = {"host": "127.0.0.1", "port": number, "workers": 1, "jobs": 1}
    _name, words = serve._commands(options)[0]
    words = [
        f"{tmp_path / 'echo.py'}:front" if word.endswith("serving.py:front") else word
        for word in words
    ]
    words[words.index("--static-path-mount") + 1] = str(tmp_path)
    process = subprocess.Popen(
        words,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{tmp_path}"},
        start_new_session=True,
    )
    try:
        wait_for_port(number)
        yield number
    finally:
        process.terminate()
        process.wait(timeout=180)


def test_300_half_open_requests_stop_nobody_and_are_ended(port: int) -> None:
    lines: list[tuple[str, socket.socket]] = []
    try:
        for number in range(300):
            name = list(KINDS)[number % len(KINDS)]
            line = socket.create_connection(("127.0.0.1", port), timeout=180)
            lines.append((name, line))
            line.sendall(KINDS[name])
        # Of their bodies more are under way than one address may have: the rest is refused.
        assert 4 * 300 // len(KINDS) > request_bodies.AT_ONCE
        for _turn in range(20):
            assert ask(port, "GET", "/")[0] == 200
        for name, line in lines:
            assert ended(line), name
        assert ask(port, "POST", "/", b"x")[0] == 200
    finally:
        for _name, line in lines:
            line.close()


def ended(line: socket.socket) -> bool:
    """Return once the server has ended `line`. Errors: TimeoutError where it does not."""
    try:
        while line.recv(65_536):
            pass
    except ConnectionError:
        pass
    return True


def test_the_ten_seconds_of_the_portal() -> None:
    assert serve.HEAD_WITHIN_MS == 10_000
    assert request_bodies.SILENCE_S == request_bodies.GRACE_S == 10.0
