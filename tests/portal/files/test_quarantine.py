"""Quarantine: the test file is known, a scanner is asked, no scan is never called clean: F11."""

import io
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from quetsach_portal.files.models import FileScanResult, FileState
from quetsach_portal.files.quarantine import Scanner, ScanOutcome, is_eicar, scan, scanner_at
from tests.portal.files.conftest import Keep
from tests.portal.files.samples import EICAR, LOG, MIB, pdf
from tests.portal.working import run_ready


class Clamd(threading.Thread):
    """Speaks clamd's INSTREAM on a socket: finds EICAR, and takes no more than `most` bytes."""

    def __init__(self, listening: socket.socket, most: int = 4 * MIB, answer: bytes = b"") -> None:
        super().__init__(daemon=True)
        self.listening, self.most, self.answer = listening, most, answer

    def run(self) -> None:
        line, _peer = self.listening.accept()
        with line, line.makefile("rb") as came:
            assert came.read(10) == b"zINSTREAM\x00"
            seen = b""
            while size := struct.unpack("!L", came.read(4))[0]:
                seen += came.read(size)
                if len(seen) > self.most:
                    line.sendall(b"INSTREAM size limit exceeded. ERROR\x00")
                    return
            found = b"stream: Eicar-Signature FOUND\x00" if EICAR in seen else b"stream: OK\x00"
            line.sendall(self.answer or found)


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[Callable[..., Scanner]]:
    opened: list[socket.socket] = []

    def start(**more: object) -> Scanner:
        listening = socket.socket(socket.AF_UNIX)
        path = tmp_path / "clamd.ctl"
        listening.bind(str(path))
        listening.listen()
        opened.append(listening)
        Clamd(listening, **more).start()  # type: ignore[arg-type]
        return Scanner(path=path)

    yield start
    for one in opened:
        one.close()


def test_F11_a_scanner_finds_what_it_knows(clamd: Callable[..., Scanner]) -> None:
    found = scan(io.BytesIO(bytes(300_000) + EICAR), clamd())
    assert (found.result, found.said) == (ScanOutcome.FOUND, "Eicar-Signature")


def test_a_scanner_that_finds_nothing_says_clean(clamd: Callable[..., Scanner]) -> None:
    assert scan(io.BytesIO(LOG * 1000), clamd()).result is ScanOutcome.CLEAN


@pytest.mark.parametrize("answer", [b"\x00", b"stream: OKAY\x00", b"ERROR\x00", b"FOUND\x00"])
def test_an_answer_that_is_not_understood_is_no_scan(
    answer: bytes, clamd: Callable[..., Scanner]
) -> None:
    assert scan(io.BytesIO(LOG), clamd(answer=answer)).result is ScanOutcome.NOT_SCANNED


def test_a_file_too_large_for_the_scanner_is_not_scanned(clamd: Callable[..., Scanner]) -> None:
    assert scan(io.BytesIO(bytes(9 * MIB)), clamd(most=MIB)).result is ScanOutcome.NOT_SCANNED


def test_without_a_scanner_nothing_is_claimed(tmp_path: Path) -> None:
    assert scan(io.BytesIO(LOG), None).result is ScanOutcome.NOT_SCANNED
    gone = Scanner(path=tmp_path / "nobody")
    assert scan(io.BytesIO(LOG), gone).result is ScanOutcome.NOT_SCANNED


@pytest.mark.asvs("V5.4.3")
@pytest.mark.django_db
def test_F11_what_the_scanner_finds_in_evidence_goes_into_quarantine(
    clamd: Callable[..., Scanner], kept: Keep, settings
) -> None:
    settings.QUETSACH = replace(settings.QUETSACH, clamd=f"unix:{clamd().path}")
    stored = kept(LOG * 200 + EICAR, "nhat-ky.log", "evidence")
    run_ready()
    stored.refresh_from_db()
    assert (stored.state, stored.scan) == (FileState.QUARANTINED, FileScanResult.FOUND)
    assert "Eicar-Signature" in stored.told


@pytest.mark.django_db
def test_a_scanner_that_is_away_is_said_and_stops_nobody(
    kept: Keep, tmp_path: Path, settings
) -> None:
    settings.QUETSACH = replace(settings.QUETSACH, clamd=f"unix:{tmp_path}/away")
    stored = kept(LOG, "nhat-ky.log", "evidence")
    run_ready()
    stored.refresh_from_db()
    assert (stored.state, stored.scan) == (FileState.ACCEPTED, FileScanResult.NOT_SCANNED)
    assert [one.code for one in stored.remark_list] == ["P144"]


@pytest.mark.django_db
def test_what_the_scanner_passed_is_called_so(
    clamd: Callable[..., Scanner], kept: Keep, settings
) -> None:
    settings.QUETSACH = replace(settings.QUETSACH, clamd=f"unix:{clamd().path}")
    stored = kept(pdf(), "a.pdf")
    assert (stored.state, stored.scan) == (FileState.ACCEPTED, FileScanResult.CLEAN)


@pytest.mark.asvs("V13.2.4")
def test_files_go_to_no_scanner_on_another_machine() -> None:
    assert scanner_at("") is None
    assert scanner_at("unix:/run/clamav/clamd.ctl") == Scanner(path=Path("/run/clamav/clamd.ctl"))
    assert scanner_at("127.0.0.1:3310") == Scanner(host="127.0.0.1", port=3310)
    assert scanner_at("tcp:127.0.0.1:3310") == Scanner(host="127.0.0.1", port=3310)
    assert scanner_at("tcp:[::1]:3310") == Scanner(host="::1", port=3310)
    for bad in (
        "tcp:192.0.2.1:3310",
        "tcp:scan.example:3310",
        "unix:relative",
        "http://x",
        "tcp:",
        "192.0.2.1:1",
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - of ours, or of the address's own
            scanner_at(bad)


def test_eicar_is_looked_for_in_the_first_bytes_only() -> None:
    assert is_eicar(b"  " + EICAR)
    assert not is_eicar(bytes(5_000) + EICAR)
