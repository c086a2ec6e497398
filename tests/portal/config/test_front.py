"""The front before the application, with the real server: what is silent harms nobody else: F8."""

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import wait_for_port

ROOT = Path(__file__).parents[3]
ECHO = """
import time
from pathlib import Path
from quetsach_portal.config.front import AdmittedSender, RsgiFront, NotAdmitted

class Streamed:
    streaming = True
    def __init__(self, pieces, pause_s=0.0): self.pieces, self.pause_s = pieces, pause_s
    def __iter__(self): return iter(self.pieces)

def application(environ, start):
    if environ["PATH_INFO"] == "/stream":
        start("200 OK", [("Content-Type", "text/plain")])
        return Streamed([b"a" * 70000, b"b" * 10])
    if environ["PATH_INFO"] == "/events":
        start("200 OK", [("Content-Type", "text/event-stream")])
        return Streamed([b"data: 1\\n\\n", b"data: 2\\n\\n"], pause_s=60.0)
    body = environ["wsgi.input"].read()
    told = "|".join([environ["REQUEST_METHOD"], environ["PATH_INFO"].encode("latin-1").decode(),
        environ["QUERY_STRING"], str(len(body)), environ.get("HTTP_X_A", "-"),
        environ.get("HTTP_X_B", "-"), environ.get("HTTP_COOKIE", "-"), environ["REMOTE_ADDR"],
        str(environ.get("quetsach.sender"))])
    start("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [told.encode()]

def admit(environ, length):
    if "HTTP_X_KNOWN" not in environ:
        raise NotAdmitted(413, "sign in first")
    return AdmittedSender(7, length, lambda: None)

front = RsgiFront(application, admit, lambda: Path("."))
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Start the real server with a small application behind the front."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "echo.py").write_text(ECHO)
    number = free_port()
    words = ["granian", "echo:front", "--interface", "rsgi", "--port", str(number)]
    process = subprocess.Popen(
        [sys.executable, "-m", *words, "--workers", "1", "--log-level", "error"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{folder}"},
        start_new_session=True,
    )
    try:
        wait_for_port(number)
        yield number
    finally:
        process.terminate()
        process.wait(timeout=180)


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def ask(port: int, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=180)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        line.request(method, path, body or None, sent)
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


def test_a_request_arrives_as_wsgi_tells_it(port: int) -> None:
    status, told = ask(port, "POST", "/c%C3%A1/b?q=%C3%A9", b"x" * 100_000, X_A="1", Cookie="a=b")
    assert status == 200
    wanted = ["POST", "/cá/b", "q=%C3%A9", "100000", "1", "-", "a=b", "127.0.0.1", "None"]
    assert told.decode().split("|") == wanted


def test_a_header_with_an_underscore_does_not_pass_for_another(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=180) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX_B: forged\r\nConnection: close\r\n\r\n")
        said = b"".join(iter(lambda: line.recv(65_536), b""))
    assert b"forged" not in said


@pytest.mark.asvs("V4.2.1")
@pytest.mark.parametrize(
    ("lengths", "status"),
    [
        (b"Content-Length: 3\r\nContent-Length: 30\r\n", b"400"),
        (b"Content-Length: 3, 30\r\n", b"400"),
        (b"Content-Length: +3\r\n", b"400"),
        (b"Transfer-Encoding: xchunked\r\n", b"400"),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 30\r\n", b"200"),
    ],
)
def test_a_request_of_two_lengths_is_refused_or_ends_with_its_last_piece(
    port: int, lengths: bytes, status: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=180) as line:
        line.sendall(
            b"POST /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
            + lengths
            + b"\r\n3\r\nabc\r\n0\r\n\r\nGET /len-lut HTTP/1.1\r\nHost: a\r\n\r\n"
        )
        said = b"".join(iter(lambda: line.recv(65_536), b""))
    assert said.count(b"HTTP/1.1 ") == 1
    assert said.startswith(b"HTTP/1.1 " + status)
    assert status == b"400" or b"|/a||3|" in said


def test_what_is_streamed_comes_whole(port: int) -> None:
    assert ask(port, "GET", "/stream") == (200, b"a" * 70_000 + b"b" * 10)


def test_a_large_body_is_asked_for_before_it_is_read(port: int) -> None:
    large = bytes(2 << 20)
    status, told = ask(port, "POST", "/", large, X_Known="1")
    assert (status, told.decode().split("|")[3::5]) == (200, [str(len(large)), "7"])
    with socket.create_connection(("127.0.0.1", port), timeout=180) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n")
        assert line.recv(65_536).startswith(b"HTTP/1.1 413")


def test_F8_200_silent_connections_stop_nobody(port: int) -> None:
    held = []
    try:
        for _one in range(200):
            line = socket.create_connection(("127.0.0.1", port), timeout=180)
            line.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
            held.append(line)
        for _turn in range(20):
            assert ask(port, "GET", "/")[0] == 200
    finally:
        for line in held:
            line.close()


def test_a_body_that_breaks_off_is_answered_by_nobody(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=180) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc")
    assert ask(port, "GET", "/")[0] == 200


def test_streams_that_pause_hold_no_thread(port: int) -> None:
    """Three times as many readers wait for their next event as there are threads."""
    lines = [http.client.HTTPConnection("127.0.0.1", port, timeout=60) for _number in range(24)]
    try:
        for line in lines:
            line.request("GET", "/events")
            assert line.getresponse().read(7) == b"data: 1"
        assert ask(port, "GET", "/plain")[0] == 200
    finally:
        for line in lines:
            line.close()
