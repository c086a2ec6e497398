"""A document read in the sandbox, and the answer believed no further than it has to be."""

import hashlib
import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import msgspec

from quetsach.errors.exceptions import CATALOGUE, Problem, QuetsachError
from quetsach.readers.contract import ReadDocument, ReadLimits
from quetsach.sandbox.contract import (
    EndedFromOutside,
    SandboxFailed,
    SandboxFailure,
    SandboxLimits,
)
from quetsach.sandbox.run import run
from quetsach.texts import Language, _, language, plain

ACT = "quetsach.readers.read:act"
HEADER_BYTES = 4
GRACE_SECONDS = 3.0
"""How much later than its readers a process is ended."""

_LONGEST_REASON = 300


class IsolatedRequest(msgspec.Struct, frozen=True):
    """What the process reads: its document's name, the limits, the language of texts.

    Shapes: `tessdata` is where the data of Tesseract lie, "" where it looks itself.
    """

    name: str
    limits: ReadLimits
    language: Language
    tessdata: str


class IsolatedAnswer(msgspec.Struct, frozen=True):
    """The document, or why there is none."""

    paper: ReadDocument | None
    problem: Problem | None


def read_isolated(raw: bytes, name: str, limits: ReadLimits) -> ReadDocument:
    """Return the document, read in a process of its own.

    Errors: QuetsachError, the one that its reader raised; E413 for time and memory; E411 when
    the reader broke off.
    """
    tessdata = os.environ.get("TESSDATA_PREFIX", "")
    request = msgspec.msgpack.encode(IsolatedRequest(name, limits, language(), tessdata))
    given = b"".join((len(request).to_bytes(HEADER_BYTES), request, raw))
    try:
        out = run(ACT, given, limits=_bounds(limits), reads=_of_tesseract(tessdata))
    except SandboxFailed as failed:
        if failed.failure is SandboxFailure.TIME:
            raise _late(name, limits) from failed
        if failed.failure is SandboxFailure.MEMORY:
            raise _too_large(name, limits) from failed
        reason = plain(failed.last_line) or failed.reason
        raise QuetsachError("E411", name, reason=reason) from failed
    except EndedFromOutside as ended:
        if ended.signal == _KILLED:
            # Linux ends a process so when the machine has no more memory.
            raise _too_large(name, limits) from ended
        raise QuetsachError("E411", name, reason=str(ended)) from ended
    return believed(out, raw, name)


def believed(out: bytes, raw: bytes, name: str) -> ReadDocument:
    """Return the document of the answer `out`; what we know ourselves is not taken from it."""
    try:
        answer = msgspec.msgpack.decode(out, type=IsolatedAnswer)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as err:
        raise QuetsachError("E411", name, reason=plain(str(err)[:_LONGEST_REASON])) from err
    problem = answer.problem
    if answer.paper is not None:
        return replace(answer.paper, name=name, sha256=hashlib.sha256(raw).hexdigest())
    if problem is None or problem.code not in CATALOGUE:
        raise QuetsachError("E411", name, reason="?")
    raised = QuetsachError(problem.code, problem.where)
    raised.problem = problem
    raise raised


def unpack_request(packed: bytes) -> tuple[IsolatedRequest, bytes]:
    """Return the request and the document that `read_isolated` packed."""
    start = HEADER_BYTES + int.from_bytes(packed[:HEADER_BYTES])
    request = msgspec.msgpack.decode(packed[HEADER_BYTES:start], type=IsolatedRequest)
    return request, packed[start:]


_KILLED = getattr(signal, "SIGKILL", None)


def _bounds(limits: ReadLimits) -> SandboxLimits:
    seconds = limits.seconds + limits.ocr_seconds
    return SandboxLimits(
        memory=limits.memory,
        seconds=max(0.0, seconds + 2 * GRACE_SECONDS),
        cpu_seconds=max(1, int(seconds) + 60),
        own_seconds=limits.seconds + GRACE_SECONDS,
        file_bytes=0,
        # The document and its answer stand in that memory side by side.
        answer=limits.memory // 2,
    )


def _of_tesseract(tessdata: str) -> list[str]:
    program = shutil.which("tesseract")
    return [path for path in (program and str(Path(program).parent), tessdata) if path]


def _late(name: str, limits: ReadLimits) -> QuetsachError:
    limit = _("%(count)s seconds") % {"count": f"{limits.seconds:.3g}"}
    return QuetsachError("E413", name, limit=limit)


def _too_large(name: str, limits: ReadLimits) -> QuetsachError:
    limit = _("%(count)s MB of memory") % {"count": f"{limits.memory // (1 << 20):,}"}
    return QuetsachError("E413", name, limit=limit)
