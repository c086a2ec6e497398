"""Try to get out of the sandbox, in each profile, and say what succeeds.

Outside the sandbox lie baits: a secret file, a process, sockets. A success that nobody expects is
told by `quetsach doctor`, and fails a test.
"""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import msgspec

from quetsach.sandbox import escape_attempts
from quetsach.sandbox.contract import SandboxLimits, SandboxProfile
from quetsach.sandbox.run import run

_LIMITS = SandboxLimits(memory=2 << 30, seconds=60, file_bytes=1 << 20, answer=1 << 16)
_ENVIRONMENT = "SANDBOX_BAIT"


def attempt_escapes(profile: SandboxProfile) -> tuple[escape_attempts.EscapeAttempt, ...]:
    """Return which attempts succeed in a process of this profile, in the order of the table.

    Errors: SandboxFailed; EndedFromOutside; OSError. Cost: about 0.2 s.
    """
    with _baits_laid() as (baits, folder):
        answer = run(
            escape_attempts.ACT,
            msgspec.json.encode(baits),
            limits=_LIMITS,
            folder=folder,
            profile=profile,
        )
    names = set(msgspec.json.decode(answer, type=list[str]))
    return tuple(attempt for attempt in escape_attempts.ATTEMPTS if attempt.name in names)


def unexpected(
    profile: SandboxProfile, reached: tuple[escape_attempts.EscapeAttempt, ...]
) -> tuple[escape_attempts.EscapeAttempt, ...]:
    """Return those of `reached` that the sandbox promises to refuse."""
    return tuple(attempt for attempt in reached if profile not in attempt.stays)


def expected_of(profile: SandboxProfile) -> Mapping[str, bool]:
    """Return for each attempt by name whether it stays possible."""
    return {attempt.name: profile in attempt.stays for attempt in escape_attempts.ATTEMPTS}


@contextmanager
def _baits_laid() -> Iterator[tuple[escape_attempts.Baits, Path]]:
    word = secrets.token_hex(16)
    with ExitStack() as stack:
        top = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="quetsach-bait-")))
        folder, outside = top / "folder", top / "outside"
        folder.mkdir()
        outside.mkdir()
        secret = outside / "secret"
        secret.write_text(word, encoding="ascii")
        secret.chmod(0o600)
        opened = os.open(secret, os.O_RDONLY)
        stack.callback(os.close, opened)
        os.set_inheritable(opened, True)
        stack.enter_context(_in_environment(word))
        sibling = stack.enter_context(_waiting_process())
        sockets = _sockets(stack, outside / "socket", f"quetsach-bait-{word}")
        yield (
            escape_attempts.Baits(
                secret=str(secret),
                inode=secret.stat().st_ino,
                word=word,
                outside=str(outside),
                folder=str(folder),
                parent=os.getpid(),
                sibling=sibling.pid,
                port=sockets,
                unix=str(outside / "socket"),
                abstract=f"quetsach-bait-{word}",
            ),
            folder,
        )


@contextmanager
def _in_environment(word: str) -> Iterator[None]:
    os.environ[_ENVIRONMENT] = word
    try:
        yield
    finally:
        os.environ.pop(_ENVIRONMENT, None)


@contextmanager
def _waiting_process() -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", "input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _sockets(stack: ExitStack, unix: Path, abstract: str) -> int:
    """Listen on loopback, in the file system and without a file; return the port."""
    tcp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
    tcp.bind(("127.0.0.1", 0))
    tcp.listen()
    if hasattr(socket, "AF_UNIX"):
        for address in (str(unix), f"\0{abstract}"):
            with suppress(OSError):
                opened = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
                opened.bind(address)
                opened.listen()
    return int(tcp.getsockname()[1])
