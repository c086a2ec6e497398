"""What is put into quarantine: the EICAR test file, and what a virus scanner says of a file.

Source: EICAR, "Anti-Malware Testfile"; clamd(8), INSTREAM. Without a scanner nothing is claimed:
the answer is "not scanned".
"""

import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import BinaryIO

# In two halves, so that no scanner takes this source file for the test file itself.
_EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
EICAR_NAME = "EICAR-Test-File"
LOOKED_AT_BYTES = 4_096
"""The test file is its first 68 bytes; deeper in a log the same text is what a sensor saw."""

_PIECE_BYTES = 1 << 16
_MOST_ANSWER_BYTES = 4_096
_WAIT_S = 60.0
_BYTES_A_SECOND = 1 << 20
"""A slower scanner is not waited for."""


class ScanOutcome(StrEnum):
    """What a scan came to; the settings read this file, so it knows no model."""

    CLEAN = "clean"
    FOUND = "found"
    NOT_SCANNED = "not-scanned"


@dataclass(frozen=True)
class MalwareScan:
    """The result of a scan, and the name of what was found or why nothing was scanned."""

    result: ScanOutcome
    said: str = ""


@dataclass(frozen=True)
class Scanner:
    """Where clamd listens: a socket in the file system, or a port of this machine."""

    path: Path | None = None
    host: str = ""
    port: int = 0


def is_eicar(start: bytes) -> bool:
    """Return whether the first bytes of a file contain the EICAR test text."""
    return _EICAR in start[:LOOKED_AT_BYTES]


def scanner_at(address: str) -> Scanner | None:
    """Return the scanner at `unix:/path` or `127.0.0.1:3310`; None for an empty address.

    Errors: ValueError for another form, or for another machine: files do not leave this one.
    """
    if not address:
        return None
    if address.startswith("unix:/"):
        return Scanner(path=Path(address.removeprefix("unix:")))
    host, _colon, port = address.removeprefix("tcp:").rpartition(":")
    if port.isdecimal() and ip_address(host.strip("[]")).is_loopback:
        return Scanner(host=host.strip("[]"), port=int(port))
    raise ValueError(f"no local scanner address: {address!r}")


def scan(file: BinaryIO, scanner: Scanner | None) -> MalwareScan:
    """Return what the scanner says of `file`; "not scanned" where none is, or none answers.

    Cost: one piece of memory; at most a minute of waiting, and a second for each MiB.
    """
    if scanner is None:
        return MalwareScan(ScanOutcome.NOT_SCANNED, "no scanner")
    until = time.monotonic() + _WAIT_S + file.seek(0, 2) / _BYTES_A_SECOND
    file.seek(0)
    try:
        with _connected(scanner) as line:
            answer = _asked(line, file, until)
    except OSError as err:
        return MalwareScan(ScanOutcome.NOT_SCANNED, type(err).__name__)
    return _understood(answer)


def _connected(scanner: Scanner) -> socket.socket:
    family = socket.AF_UNIX if scanner.path else socket.AF_INET
    family = socket.AF_INET6 if ":" in scanner.host else family
    line = socket.socket(family, socket.SOCK_STREAM)
    line.settimeout(_WAIT_S)
    try:
        line.connect(str(scanner.path) if scanner.path else (scanner.host, scanner.port))
    except OSError:
        line.close()
        raise
    return line


def _asked(line: socket.socket, file: BinaryIO, until: float) -> bytes:
    line.sendall(b"zINSTREAM\x00")
    try:
        for piece in _pieces(file):
            _wait_at_most(line, until)
            line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        # It says "size limit exceeded" and hangs up; what it said can still be read.
        pass
    answer = b""
    while len(answer) < _MOST_ANSWER_BYTES and not answer.endswith(b"\x00"):
        _wait_at_most(line, until)
        part = line.recv(_MOST_ANSWER_BYTES)
        if not part:
            break
        answer += part
    return answer


def _wait_at_most(line: socket.socket, until: float) -> None:
    """Bound the next wait, so that a scanner that says a byte now and then ends, too."""
    left_s = until - time.monotonic()
    if left_s <= 0:
        raise TimeoutError
    line.settimeout(left_s)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE_BYTES):
        yield piece


def _understood(answer: bytes) -> MalwareScan:
    if answer and not answer.endswith(b"\x00"):
        return MalwareScan(ScanOutcome.NOT_SCANNED, "an answer without end")
    text = answer.rstrip(b"\x00\n").decode("utf-8", "replace")
    answer_text = text.removeprefix("stream: ")
    if answer_text == "OK":
        return MalwareScan(ScanOutcome.CLEAN)
    if answer_text.endswith(" FOUND"):
        return MalwareScan(ScanOutcome.FOUND, answer_text.removesuffix(" FOUND")[:200])
    return MalwareScan(ScanOutcome.NOT_SCANNED, answer_text[:200] or "no answer")
