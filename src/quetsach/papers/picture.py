"""Pictures of documents (PNG, JPEG, TIFF ...): scans and photographs, read by Tesseract."""

from quetsach.errors import QuetsachError
from quetsach.papers.contract import Limits, Paper
from quetsach.papers.gather import Gathering
from quetsach.papers.layout import take_words
from quetsach.papers.ocr import CannotReadError, Ocr
from quetsach.texts import _

_STARTS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"II*\0",
    b"MM\0*",
    b"GIF87a",
    b"GIF89a",
)


class Picture:
    """Reads a picture; everything in it is marked as read by OCR."""

    name = "picture"
    title = "Picture of a document (PNG, JPEG, TIFF)"

    def knows(self, raw: bytes, name: str) -> bool:  # noqa: ARG002
        """Return whether `raw` is a picture."""
        return raw.startswith(_STARTS) or (raw.startswith(b"RIFF") and raw[8:12] == b"WEBP")

    def read(self, raw: bytes, name: str, limits: Limits) -> Paper:
        """Return the text in the picture.

        Errors: E418 when Tesseract is not installed or cannot read it.
        """
        try:
            words = Ocr(limits.ocr_pages, limits.ocr_seconds).words(raw)
        except CannotReadError as err:
            raise QuetsachError("E418", name, what=_("it"), reason=str(err)) from err
        out = Gathering(name, self.name, limits)
        with out.bounded():
            take_words(words, out, page=1, by_ocr=True)
        return out.paper(raw)
