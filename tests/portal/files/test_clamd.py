"""The real clamd, with a signature of our own, and scanners that go, hang or talk nonsense."""

import io
import shutil
import socket
import subprocess
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from hashlib import md5
from pathlib import Path

import pytest

from quetsach_portal.files import quarantine
from quetsach_portal.files.quarantine import Scanner, ScanOutcome, scan
from tests.portal.files.samples import EICAR, LOG, MIB
from tests.waiting import wait_until

CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
NEEDS_CLAMD = pytest.mark.skipif(
    CLAMD is None, reason="NOT TESTED: no clamd here (on Debian: apt-get install clamav-daemon)"
)


@pytest.fixture(scope="module")
def clamd() -> Iterator[Scanner]:
    # A path of a socket has at most 107 bytes, which a folder of pytest may exceed.
    with tempfile.TemporaryDirectory(prefix="clamd-") as name:
        folder = Path(name)
        (folder / "signatures").mkdir()
        digest = md5(EICAR, usedforsecurity=False).hexdigest()
        (folder / "signatures" / "own.hdb").write_text(f"{digest}:{len(EICAR)}:Eicar-Own\n")
        settings = folder / "clamd.conf"
        settings.write_text(
            f"Foreground yes\nLocalSocket {folder}/socket\nDatabaseDirectory {folder}/signatures\n"
            f"TemporaryDirectory {folder}\nStreamMaxLength 1M\n"
        )
        process = subprocess.Popen(
            [str(CLAMD), "-c", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            wait_until((folder / "socket").exists)
            yield Scanner(path=folder / "socket")
        finally:
            process.terminate()
            process.wait()


@NEEDS_CLAMD
@pytest.mark.asvs("V5.4.3")
def test_F11_clamd_finds_the_test_file_alone_and_in_an_archive(clamd: Scanner) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("deep/eicar.com", EICAR)
    for file in (io.BytesIO(EICAR), packed):
        found = scan(file, clamd)
        assert (found.result, found.said) == (ScanOutcome.FOUND, "Eicar-Own.UNOFFICIAL")


@NEEDS_CLAMD
def test_F11_clamd_passes_a_log_and_names_a_file_beyond_its_limit(clamd: Scanner) -> None:
    assert scan(io.BytesIO(LOG), clamd).result is ScanOutcome.CLEAN
    large = scan(io.BytesIO(b"x" * (3 * MIB)), clamd)
    assert (large.result, "limit" in large.said) == (ScanOutcome.NOT_SCANNED, True)


Speak = Callable[[socket.socket], None]


def _hang_up(_line: socket.socket) -> None:
    """Take the connection, and end it."""


def _stay_mute(line: socket.socket) -> None:
    while line.recv(1 << 16):
        pass


def _take_nothing(line: socket.socket) -> None:
    line.recv(1)
    threading.Event().wait(5)


def _say_it_slowly(line: socket.socket) -> None:
    for _time in range(100):
        line.sendall(b".")
        threading.Event().wait(0.05)


def _say(answer: bytes) -> Speak:
    def speak(line: socket.socket) -> None:
        line.settimeout(0.3)
        try:
            while line.recv(1 << 16):
                pass
        except TimeoutError:
            line.sendall(answer)

    return speak


@pytest.fixture
def speaking() -> Iterator[Callable[[Speak], Scanner]]:
    listening: list[socket.socket] = []

    def serve(opened: socket.socket, speak: Speak) -> None:
        line, _peer = opened.accept()
        with line:
            try:
                speak(line)
            except OSError:
                return

    def start(speak: Speak) -> Scanner:
        opened = socket.create_server(("127.0.0.1", 0))
        listening.append(opened)
        threading.Thread(target=serve, args=(opened, speak), daemon=True).start()
        return Scanner(host="127.0.0.1", port=opened.getsockname()[1])

    yield start
    for opened in listening:
        opened.close()


@pytest.mark.parametrize("speak", [_hang_up, _stay_mute, _take_nothing, _say_it_slowly])
def test_F11_a_scanner_that_goes_or_hangs_is_no_scan_and_ends(
    speak: Speak, speaking: Callable[[Speak], Scanner], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "_WAIT_S", 0.4)
    monkeypatch.setattr(quarantine, "_BYTES_A_SECOND", 1 << 30)
    answer = scan(io.BytesIO(b"x" * (8 * MIB)), speaking(speak))
    assert answer.result is ScanOutcome.NOT_SCANNED
    assert answer.said


@pytest.mark.parametrize(
    "answer",
    [
        *(b"\x00", b"OK", b"stream: OK", b"stream: OKAY\x00", b"stream: OK\n stream: X FOUND \x00"),
        *(b"\xff\xfe\x00", b"HTTP/1.1 200 OK\r\n\r\n", b"A" * 5_000, b"stream: \x00OK\x00\x00x"),
    ],
)
def test_F11_an_answer_that_is_not_clamd_s_is_no_scan(
    answer: bytes, speaking: Callable[[Speak], Scanner], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "_WAIT_S", 2.0)
    result = scan(io.BytesIO(LOG), speaking(_say(answer)))
    assert result.result is ScanOutcome.NOT_SCANNED
    assert len(result.said) <= 200


def test_F11_a_scanner_that_is_not_there_is_no_scan() -> None:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        port = opened.getsockname()[1]
    assert (
        scan(io.BytesIO(LOG), Scanner(host="127.0.0.1", port=port)).said == "ConnectionRefusedError"
    )
    assert scan(io.BytesIO(LOG), Scanner(path=Path("/nonexistent"))).said == "FileNotFoundError"
