"""A PDF opened strictly, with its signatures and stamps; no repairs, so that all read the same."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from quetsach.errors import QuetsachError
from quetsach.signing.pades.sign import MOST_BYTES
from quetsach.texts import _, plain

MOST_SIGNATURES = 50
_MOST_SHOWN = 200

# As pyHanko and asn1crypto meet bytes that are not what they say they are.
UNREADABLE = (ValueError, TypeError, KeyError, IndexError, RecursionError, AttributeError, OSError)


@dataclass(frozen=True)
class Opened:
    """pyHanko's reader of a PDF, its signatures, and the stamps over it, each in its order."""

    reader: Any
    signatures: tuple[Any, ...]
    stamps: tuple[Any, ...]


def opened(data: bytes, where: str) -> Opened:
    """Return the PDF opened. Errors: E472 when it is none that can be read."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    if len(data) > MOST_BYTES:
        raise QuetsachError("E472", where, reason=_("it is too large"))
    if not data.startswith(b"%PDF-"):
        raise QuetsachError("E472", where, reason=_("it does not begin as a PDF"))
    try:
        reader = PdfFileReader(BytesIO(data), strict=True)
        if reader.encrypted:
            raise QuetsachError("E472", where, reason=_("it is locked by a password"))
        signatures = tuple(reader.embedded_regular_signatures)
        stamps = tuple(reader.embedded_timestamp_signatures)
    except (PdfError, *UNREADABLE) as error:
        raise QuetsachError("E472", where, reason=plain(str(error)[:_MOST_SHOWN])) from error
    if len(signatures) + len(stamps) > MOST_SIGNATURES:
        raise QuetsachError("E472", where, reason=_("it has too many signatures"))
    return Opened(reader, signatures, stamps)
