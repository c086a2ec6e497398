"""From the bytes of a document to its text, whichever program wrote it.

Documents come from strangers, and their parsers are written in C or meet compression and nesting:
each document is read in the sandbox, with bounded time and memory (see `isolated`). Only
plain text of usual size is read here. A mail or an archive is read in its process, and each of its
parts in a further one, so that a hostile attachment costs only itself.
"""

import os
from io import BytesIO

import msgspec

from quetsach.containers.ole import root_names
from quetsach.containers.signatures import is_compound
from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.attachments import ArchiveReader
from quetsach.readers.contract import PaperReader, ReadDocument, ReadLimits
from quetsach.readers.isolated import IsolatedAnswer, read_isolated, unpack_request
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
from quetsach.sandbox.contract import ReportProgress
from quetsach.texts import _, use_language

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

READERS: tuple[PaperReader, ...] = (
    PdfReader(),
    WordReader(),
    WorkbookReader(),
    OpenText(),
    OutlookReader(),
    PictureReader(),
    ArchiveReader(),
    MailReader(),
    WebPageReader(),
    TextReader(),
)
"""In the order in which they are tried; plain text is the last, as it takes all that is text."""


def reader_of(raw: bytes, name: str, *, text: bool = True) -> PaperReader | None:
    """Return the reader that knows this document, or None if it is of no kind we know.

    With `text=False` plain text counts as no document: for callers who read text as a list.
    """
    readers = READERS if text else READERS[:-1]
    return next((one for one in readers if one.knows(raw, name)), None)


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


def act(given: bytes, _report: ReportProgress) -> bytes:
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
