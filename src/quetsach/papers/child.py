"""The process in which one document is read: `python -m quetsach.papers.child`; see `alone`."""

import os
import shutil
import sys
from pathlib import Path

import msgspec

from quetsach.confined.shut_in import shut_in
from quetsach.errors import QuetsachError
from quetsach.papers.alone import GRACE_SECONDS, HEADER_BYTES, Answer, Request, inside
from quetsach.papers.clock import arm
from quetsach.papers.contract import Limits
from quetsach.papers.read import reader_of
from quetsach.texts import _, use_language


def main() -> None:
    """Read the request and the document from stdin, and write the answer to stdout."""
    # What a C library says on stdout must not get between the bytes of the answer.
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    size = int.from_bytes(sys.stdin.buffer.read(HEADER_BYTES))
    request = msgspec.msgpack.decode(sys.stdin.buffer.read(size), type=Request)
    inside.set(True)
    if request.tessdata:
        os.environ["TESSDATA_PREFIX"] = request.tessdata
    use_language(request.language)
    _bound(request.limits)
    shut_in(reads=_of_tesseract())
    arm(request.limits.seconds + GRACE_SECONDS)
    packed = msgspec.msgpack.encode(answer(sys.stdin.buffer.read(), request))
    with os.fdopen(answers, "wb") as out:
        out.write(packed)


def answer(raw: bytes, request: Request) -> Answer:
    """Return the document that `raw` is, or why it cannot be read."""
    reader = reader_of(raw, request.name)
    try:
        if reader is None:
            raise QuetsachError("E410", request.name)
        return Answer(reader.read(raw, request.name, request.limits), None)
    except QuetsachError as error:
        return Answer(None, error.problem)
    except RecursionError:
        reason = _("nested without end")
        return Answer(None, QuetsachError("E414", request.name, reason=reason).problem)


def _of_tesseract() -> list[str]:
    program = shutil.which("tesseract")
    data = os.environ.get("TESSDATA_PREFIX", "")
    return [one for one in (program and str(Path(program).parent), data) if one]


def _bound(limits: Limits) -> None:
    try:
        import resource
    except ImportError:  # Windows has none
        return
    seconds = int(limits.seconds + limits.ocr_seconds) + 60
    wanted = (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in wanted:
        hard = resource.getrlimit(kind)[1]
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (soft, hard))


if __name__ == "__main__":
    main()
