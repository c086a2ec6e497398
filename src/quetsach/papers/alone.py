"""A document read in a process of its own, which may not outlive its time or outgrow its memory.

The process gets the bytes on stdin and gives the blocks on stdout, both as MessagePack; it opens
no file that the document names and has no other channel. Its memory is bounded by the system
(RLIMIT_AS; where there is none, as on Windows, by the limits that the readers keep themselves),
its time by its readers, then by a clock of its own (`clock`), where C code does not come back,
and in the last resort by being ended from here.
"""

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
from contextvars import ContextVar
from dataclasses import replace

import msgspec

from quetsach.errors import CATALOGUE, Problem, QuetsachError
from quetsach.papers.clock import stopped
from quetsach.papers.contract import Limits, Paper
from quetsach.sandbox.run import clean_environment
from quetsach.texts import Language, _, language, plain

HEADER_BYTES = 4
GRACE_SECONDS = 3.0
"""How much later than its readers a process is ended."""

_MOST_SAID = 300
_OUT_OF_MEMORY = (-4, -5, -6, -9)
"""As PDFium (SIGILL, SIGTRAP), Rust (SIGABRT) and Linux (SIGKILL) end one without memory."""
_OUT_OF_TIME = (-14, -24)
"""As the clock (SIGALRM) and the system (SIGXCPU) end one."""

inside: ContextVar[bool] = ContextVar("inside", default=False)
"""Whether this is such a process itself: its own stay in its group, and end with it."""


class Request(msgspec.Struct, frozen=True):
    """What the process is asked: its document's name, the limits, the language of texts.

    Shapes: `tessdata` is where the data of Tesseract lie, "" where it looks itself.
    """

    name: str
    limits: Limits
    language: Language
    tessdata: str


class Answer(msgspec.Struct, frozen=True):
    """What it answers: the document, or why there is none."""

    paper: Paper | None
    problem: Problem | None


def read_alone(raw: bytes, name: str, limits: Limits) -> Paper:
    """Return the document, read in a process of its own.

    Errors: QuetsachError, the one that its reader raised; E413 for time and memory; E411 when
    the reader broke off.
    """
    asked = msgspec.msgpack.encode(
        Request(name, limits, language(), os.environ.get("TESSDATA_PREFIX", ""))
    )
    with stopped():
        code, out, said = _run(
            b"".join((len(asked).to_bytes(HEADER_BYTES), asked, raw)), name, limits
        )
    if code in _OUT_OF_TIME:
        raise _late(name, limits)
    if code in _OUT_OF_MEMORY or b"MemoryError" in said:
        raise QuetsachError("E413", name, limit=_memory(limits))
    if code != 0:
        last = said.decode("utf-8", "replace").strip().rpartition("\n")[2][:_MOST_SAID]
        raise QuetsachError("E411", name, reason=plain(last) or f"exit code {code}")
    return believed(out, raw, name)


def believed(out: bytes, raw: bytes, name: str) -> Paper:
    """Return the document of the answer `out`; what we know ourselves is not taken from it."""
    try:
        answer = msgspec.msgpack.decode(out, type=Answer)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as err:
        raise QuetsachError("E411", name, reason=plain(str(err)[:_MOST_SAID])) from err
    problem = answer.problem
    if answer.paper is not None:
        return replace(answer.paper, name=name, sha256=hashlib.sha256(raw).hexdigest())
    if problem is None or problem.code not in CATALOGUE:
        raise QuetsachError("E411", name, reason="?")
    raised = QuetsachError(problem.code, problem.where)
    raised.problem = problem
    raise raised


def _run(request: bytes, name: str, limits: Limits) -> tuple[int, bytes, bytes]:
    # -P keeps the folder that the user stands in, and what lies in it, out of the module path.
    command = [sys.executable, "-P", "-m", "quetsach.papers.child"]
    own_group = os.name == "posix" and not inside.get()
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(),
        process_group=0 if own_group else None,
    )
    wait_s = max(0.0, limits.seconds + limits.ocr_seconds + 2 * GRACE_SECONDS)
    try:
        out, said = process.communicate(request, timeout=wait_s)
    except subprocess.TimeoutExpired as err:
        raise _late(name, limits) from err
    finally:
        _end(process, own_group)
    return process.returncode, out, said


def _end(process: "subprocess.Popen[bytes]", own_group: bool) -> None:
    if process.poll() != 0:
        if own_group:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    with process:
        pass


def _late(name: str, limits: Limits) -> QuetsachError:
    limit = _("%(count)s seconds") % {"count": f"{limits.seconds:.3g}"}
    return QuetsachError("E413", name, limit=limit)


def _memory(limits: Limits) -> str:
    return _("%(count)s MB of memory") % {"count": f"{limits.memory // (1 << 20):,}"}
