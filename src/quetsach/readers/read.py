"""From the bytes of a document to its text, whichever program wrote it.

Documents come from strangers, and their parsers are written in C or meet compression and nesting:
each document is read in the sandbox, with bounded time and memory. Only
plain text of usual size is read here. A mail or an archive is read in its process, and each of its
parts in a further one, so that a hostile attachment costs only itself.
"""

import hashlib
import os
import shutil
import signal
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import msgspec

from quetsach.containers.ole import root_names
from quetsach.containers.signatures import is_compound
from quetsach.errors.exceptions import CATALOGUE, Problem, QuetsachError
from quetsach.extras import missing_in
from quetsach.readers.attachments import ArchiveReader
from quetsach.readers.contract import PaperReader, ReadDocument, ReadLimits
from quetsach.readers.mail import MailReader
from quetsach.readers.open_text import OpenText
from quetsach.readers.outlook import OutlookReader
from quetsach.readers.packages import names_of
from quetsach.readers.pdf import PdfReader
from quetsach.readers.pictures import PictureReader
from quetsach.readers.text import TextReader
from quetsach.readers.web import WebPageReader
from quetsach.readers.word import WordReader
from quetsach.readers.workbook import WorkbookReader
from quetsach.sandbox import contract
from quetsach.sandbox.run import run
from quetsach.texts import Language, _, language, plain, use_language

# Kinds of documents that are known by their first bytes, and refused with what to do.

_ARCHIVES = (
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x1f\x8b", "gzip"),
    (b"\xfd7zXZ\0", "xz"),
    (b"BZh", "bzip2"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"MSCF", "CAB"),
)
_DOCUMENTS = ((b"{\\rtf", "RTF"), (b"AC10", "DWG"), (b"x\x9f\x3e\x22", "winmail.dat"))


def refusal_of(raw: bytes, name: str) -> QuetsachError | None:
    """Return why this document is refused before anything reads it, or None."""
    for start, kind in _ARCHIVES:
        if raw.startswith(start):
            return QuetsachError("E417", name, kind=kind)
    for start, kind in _DOCUMENTS:
        if raw.startswith(start):
            return QuetsachError("E416", name, kind=kind)
    if "ppt/presentation.xml" in names_of(raw):
        return QuetsachError("E416", name, kind="PPTX")
    return _compound(raw, name) if is_compound(raw) else None


def _compound(raw: bytes, name: str) -> QuetsachError | None:
    streams = root_names(BytesIO(raw))
    if "EncryptedPackage" in streams:
        return QuetsachError("E412", name)
    if "WordDocument" in streams:
        return QuetsachError("E416", name, kind="DOC")
    if "PowerPoint Document" in streams:
        return QuetsachError("E416", name, kind="PPT")
    return None


_SMALL_TEXT_BYTES = 8 * 1024 * 1024


def reader_of(raw: bytes, name: str, *, text: bool = True) -> PaperReader | None:
    """Return the reader that knows this document, or None if it is of no kind we know.

    With `text=False` plain text counts as no document: for callers who read text as a list.
    """
    readers = READERS if text else READERS[:-1]
    return next((reader for reader in readers if reader.knows(raw, name)), None)


def read_paper(raw: bytes, name: str, limits: ReadLimits | None = None) -> ReadDocument:
    """Return the document `raw` that is called `name`.

    Errors: QuetsachError E410, E416 and E417 for a kind that is not read, E411 to E414 when
    nothing of it can be read.
    Cost: about 0.2 s for the process, beside the reading.
    """
    limits = ReadLimits() if limits is None else limits
    if not raw:
        raise QuetsachError("E411", name, reason="0 bytes")
    if len(raw) > limits.bytes_in:
        raise QuetsachError("E413", name, limit=f"{limits.bytes_in:,} bytes")
    refusal = refusal_of(raw, name)
    if refusal is not None:
        raise refusal
    reader = reader_of(raw, name)
    if reader is None:
        raise QuetsachError("E410", name)
    if isinstance(reader, TextReader) and len(raw) <= _SMALL_TEXT_BYTES:
        return reader.read(raw, name, limits)
    return read_isolated(raw, name, limits)


READERS: tuple[PaperReader, ...] = (
    PdfReader(read_paper),
    WordReader(read_paper),
    WorkbookReader(read_paper),
    OpenText(read_paper),
    OutlookReader(read_paper),
    PictureReader(),
    ArchiveReader(read_paper),
    MailReader(read_paper),
    WebPageReader(),
    TextReader(),
)
"""In the order in which they are tried; plain text is the last, as it takes all that is text."""

# A document is read in the sandbox; of the answer nothing is taken that is known here.

ACT = "quetsach.readers.read:act"
_HEADER_BYTES = 4
_GRACE_SECONDS = 3.0
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

    Errors: QuetsachError, the one that its reader raised; E413 for time and memory; E614 where
    what reads it is not installed; E411 when the reader broke off.
    """
    tessdata = os.environ.get("TESSDATA_PREFIX", "")
    request = msgspec.msgpack.encode(IsolatedRequest(name, limits, language(), tessdata))
    given = b"".join((len(request).to_bytes(_HEADER_BYTES), request, raw))
    try:
        out = run(ACT, given, limits=_bounds(limits), reads=_of_tesseract(tessdata))
    except contract.SandboxFailed as failed:
        if failed.failure is contract.SandboxFailure.TIME:
            raise _late(name, limits) from failed
        if failed.failure is contract.SandboxFailure.MEMORY:
            raise _too_large(name, limits) from failed
        missing = missing_in(failed.last_line, name)
        if missing is not None:
            raise missing from failed
        reason = plain(failed.last_line) or failed.reason
        raise QuetsachError("E411", name, reason=reason) from failed
    except contract.EndedFromOutside as ended:
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
    start = _HEADER_BYTES + int.from_bytes(packed[:_HEADER_BYTES])
    request = msgspec.msgpack.decode(packed[_HEADER_BYTES:start], type=IsolatedRequest)
    return request, packed[start:]


_KILLED = getattr(signal, "SIGKILL", None)


def _bounds(limits: ReadLimits) -> contract.SandboxLimits:
    seconds = limits.seconds + limits.ocr_seconds
    return contract.SandboxLimits(
        memory=limits.memory,
        seconds=max(0.0, seconds + 2 * _GRACE_SECONDS),
        cpu_seconds=max(1, int(seconds) + 60),
        own_seconds=limits.seconds + _GRACE_SECONDS,
        file_bytes=0,
        # The document and its answer are in that memory at the same time.
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


def act(given: bytes, _report: contract.ReportProgress) -> bytes:
    """Read one document: the act in the sandbox."""
    request, raw = unpack_request(given)
    use_language(request.language)
    if request.tessdata:
        os.environ["TESSDATA_PREFIX"] = request.tessdata
    return msgspec.msgpack.encode(_answer(raw, request.name, request.limits))


def _answer(raw: bytes, name: str, limits: ReadLimits) -> IsolatedAnswer:
    reader = reader_of(raw, name)
    try:
        if reader is None:
            raise QuetsachError("E410", name)
        return IsolatedAnswer(reader.read(raw, name, limits), None)
    except QuetsachError as error:
        return IsolatedAnswer(None, error.problem)
    except RecursionError:
        reason = _("nested without end")
        return IsolatedAnswer(None, QuetsachError("E414", name, reason=reason).problem)
