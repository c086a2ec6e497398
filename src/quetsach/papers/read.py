"""From the bytes of a document to its text, whichever program wrote it."""

from quetsach.errors import QuetsachError
from quetsach.papers.contract import Limits, Paper, PaperReader

READERS: tuple[PaperReader, ...] = ()
"""In the order in which they are tried."""


def reader_of(raw: bytes, name: str) -> PaperReader | None:
    """Return the reader that knows this document, or None if it is of no kind we know."""
    return next((one for one in READERS if one.knows(raw, name)), None)


def read_paper(raw: bytes, name: str, limits: Limits | None = None) -> Paper:
    """Return the document `raw` that is called `name`.

    Errors: QuetsachError E410 for a kind that is not read, E411 to E419 when nothing of it can be.
    """
    reader = reader_of(raw, name)
    if reader is None:
        raise QuetsachError("E410", name)
    return reader.read(raw, name, Limits() if limits is None else limits)
