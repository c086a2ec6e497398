"""A stranger's PDF judged in a process of its own, which may not outlive its time or its memory."""

import subprocess
import sys
from datetime import datetime

import msgspec

from quetsach.errors import CATALOGUE, Problem, QuetsachError
from quetsach.sandbox.run import clean_environment
from quetsach.signing.pades.state import PdfVerdict
from quetsach.signing.pades.trust import Trust
from quetsach.texts import Language, _, language

HEADER_BYTES = 4
SECONDS = 30
MEMORY = 1024 * 1024 * 1024


class Request(msgspec.Struct, frozen=True):
    """What the process is asked; the sizes part the bytes that follow: the PDF, the original."""

    trust: Trust
    when: datetime
    where: str
    language: Language
    size: int
    has_original: bool


class Checked(msgspec.Struct, frozen=True):
    """A PDF's signatures, and whether it is the original with signatures behind it.

    Shapes: `is_changed` is None where no original was given.
    """

    verdict: PdfVerdict
    is_changed: bool | None


class Answer(msgspec.Struct, frozen=True):
    """What the process answers: what it found, or why it found nothing."""

    checked: Checked | None
    problem: Problem | None


def check_pdf(
    data: bytes, trust: Trust, when: datetime, *, original: bytes | None = None, where: str = "PDF"
) -> Checked:
    """Return what the signatures in a PDF are worth at `when` (aware), and whether it was changed.

    Errors: E471 for a certificate to trust that is none; E472 when it is no PDF that can be read,
    or costs more time or memory than a PDF does.
    Cost: about a second for the process.
    """
    asked = Request(trust, when, where, language(), len(data), original is not None)
    packed = msgspec.msgpack.encode(asked)
    head = len(packed).to_bytes(HEADER_BYTES)
    out = _run(b"".join((head, packed, data, original or b"")), where)
    try:
        answer = msgspec.msgpack.decode(out, type=Answer)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise QuetsachError("E472", where, reason=_("it cannot be read")) from error
    if answer.checked is not None:
        return answer.checked
    problem = answer.problem
    if problem is None or problem.code not in CATALOGUE:
        raise QuetsachError("E472", where, reason=_("it cannot be read"))
    raise QuetsachError(problem.code, problem.where, **problem.facts)


def _run(request: bytes, where: str) -> bytes:
    # -P keeps the folder that the user stands in, and what lies in it, out of the module path.
    command = [sys.executable, "-P", "-m", "quetsach.run.pdf_check_child"]
    try:
        done = subprocess.run(
            command,
            input=request,
            capture_output=True,
            check=False,
            timeout=2 * SECONDS,
            env=clean_environment(),
        )
    except subprocess.TimeoutExpired as error:
        raise _too_much(where) from error
    if done.returncode != 0:
        raise _too_much(where)
    return done.stdout


def _too_much(where: str) -> QuetsachError:
    return QuetsachError("E472", where, reason=_("reading it takes more time or memory than a PDF"))
