"""The process in which one PDF is judged: `python -m quetsach.run.pdf_check_child`; see there."""

import logging
import os
import sys

import msgspec

from quetsach.confined.shut_in import shut_in
from quetsach.errors import QuetsachError
from quetsach.run.pdf_check import HEADER_BYTES, MEMORY, SECONDS, Answer, Checked, Request
from quetsach.signing.pades.unchanged import changed_since
from quetsach.signing.pades.verify import verify_pdf
from quetsach.texts import use_language


def main() -> None:
    """Read the request and the PDF from stdin, and write the answer to stdout."""
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # pyHanko logs what it finds with the names in the certificates; those belong in no log.
    logging.disable(logging.CRITICAL)
    size = int.from_bytes(sys.stdin.buffer.read(HEADER_BYTES))
    request = msgspec.msgpack.decode(sys.stdin.buffer.read(size), type=Request)
    data = sys.stdin.buffer.read(request.size)
    original = sys.stdin.buffer.read() if request.has_original else None
    use_language(request.language)
    _bound()
    _load()
    shut_in()
    packed = msgspec.msgpack.encode(answer(request, data, original))
    with os.fdopen(answers, "wb") as out:
        out.write(packed)


def answer(request: Request, data: bytes, original: bytes | None) -> Answer:
    """Return what the PDF's signatures are worth, or why that cannot be said."""
    try:
        verdict = verify_pdf(data, request.trust, request.when, request.where)
        is_changed = None if original is None else changed_since(original, data)
    except QuetsachError as error:
        return Answer(None, error.problem)
    return Answer(Checked(verdict, is_changed), None)


def _load() -> None:
    """Load what judges a PDF before the process is shut in; much of it is found late."""
    import pyhanko.sign.diff_analysis
    import pyhanko.sign.validation  # noqa: F401


def _bound() -> None:
    try:
        import resource
    except ImportError:  # Windows has none
        return
    wanted = (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in wanted:
        hard = resource.getrlimit(kind)[1]
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (soft, hard))


if __name__ == "__main__":
    main()
