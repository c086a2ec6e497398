"""Acts of the tests carried out in the sandbox, and how they ended."""

import os
import time
from pathlib import Path

import msgspec
import pytest

from quetsach.sandbox.contract import SandboxFailed, SandboxLimits
from quetsach.sandbox.run import run

ROOT = Path(__file__).parents[2]
LIMITS = SandboxLimits(memory=2 << 30, seconds=60, file_bytes=0, answer=1 << 16)
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and groups are POSIX's")


def act(name: str) -> str:
    return f"tests.sandbox.acts:{name}"


def evaluated(expression: str, **changes: float) -> str:
    limits = msgspec.structs.replace(LIMITS, **changes)
    return run(act("evaluate"), expression.encode(), limits=limits).decode()


def failure_of(name: str, given: bytes = b"", **changes: float) -> SandboxFailed:
    with pytest.raises(SandboxFailed) as caught:
        run(act(name), given, limits=msgspec.structs.replace(LIMITS, **changes))
    return caught.value


def is_gone(pid: int) -> bool:
    """Whether the process ends within ten seconds; a zombie has ended."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
    return False
