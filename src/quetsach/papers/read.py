"""From the bytes of a document to its text, whichever program wrote it.

Documents come from strangers, and their parsers are written in C or meet compression and nesting:
each document is read in the sandbox, with bounded time and memory (see `isolated`). Only
plain text of usual size is read here. A mail or an archive is read in its process, and each of its
parts in a further one, so that a hostile attachment costs only itself.
"""

import os

import msgspec

from quetsach.errors import QuetsachError
from quetsach.papers.archive import Archive
from quetsach.papers.contract import Limits, Paper, PaperReader
from quetsach.papers.isolated import IsolatedAnswer, read_isolated, unpack_request
from quetsach.papers.mail import Mail
from quetsach.papers.open_text import OpenText
from quetsach.papers.outlook import Outlook
from quetsach.papers.pdf import Pdf
from quetsach.papers.picture import Picture
from quetsach.papers.refused import refusal_of
from quetsach.papers.sheet import Sheet
from quetsach.papers.text import Text
from quetsach.papers.web import Web
from quetsach.papers.word import Word
from quetsach.sandbox.contract import ReportProgress
from quetsach.texts import _, use_language

_SMALL_TEXT_BYTES = 8 * 1024 * 1024

READERS: tuple[PaperReader, ...] = (
    Pdf(),
    Word(),
    Sheet(),
    OpenText(),
    Outlook(),
    Picture(),
    Archive(),
    Mail(),
    Web(),
    Text(),
)
"""In the order in which they are tried; plain text is the last, as it takes all that is text."""


def reader_of(raw: bytes, name: str, *, text: bool = True) -> PaperReader | None:
    """Return the reader that knows this document, or None if it is of no kind we know.

    With `text=False` plain text counts as no document: for callers who read text as a list.
    """
    readers = READERS if text else READERS[:-1]
    return next((one for one in readers if one.knows(raw, name)), None)


def read_paper(raw: bytes, name: str, limits: Limits | None = None) -> Paper:
    """Return the document `raw` that is called `name`.

    Errors: QuetsachError E410, E416 and E417 for a kind that is not read, E411 to E414 when
    nothing of it can be read.
    Cost: about 0.2 s for the process, beside the reading.
    """
    limits = Limits() if limits is None else limits
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
    if isinstance(reader, Text) and len(raw) <= _SMALL_TEXT_BYTES:
        return reader.read(raw, name, limits)
    return read_isolated(raw, name, limits)


def act(given: bytes, _report: ReportProgress) -> bytes:
    """Read one document: the act in the sandbox."""
    request, raw = unpack_request(given)
    use_language(request.language)
    if request.tessdata:
        os.environ["TESSDATA_PREFIX"] = request.tessdata
    return msgspec.msgpack.encode(_answer(raw, request.name, request.limits))


def _answer(raw: bytes, name: str, limits: Limits) -> IsolatedAnswer:
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
