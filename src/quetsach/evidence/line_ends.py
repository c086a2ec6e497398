"""Line ends other than a newline: a file that uses them is read, elsewhere they are counted.

Rewriting keeps every offset: a separator of three bytes becomes two returns and a newline.
Source: Unicode Standard, 5.8 (NEL, LS, PS); Mac OS to version 9 ended lines with CR alone.
"""

import re
from enum import StrEnum

_SEPARATORS = ((b"\xe2\x80\xa8", b"\r\r\n"), (b"\xe2\x80\xa9", b"\r\r\n"), (b"\xc2\x85", b"\r\n"))
_PREFIXES = (b"\xe2\x80", b"\xe2", b"\xc2")
# A run of them before a newline is part of that line's end, as where text was written twice.
_LONE_RETURN = re.compile(rb"\r(?![\r\n])")
_JSON = (b"{", b"[")


class LineEnds(StrEnum):
    """What ends the lines of a file; in JSON every other sign is part of a text."""

    NEWLINE = "newline"
    JSON = "json"
    RETURN = "carriage-return"
    SEPARATOR = "unicode-separator"


def line_ends_of(head: bytes) -> LineEnds:
    """Return what ends most lines of a file that begins with `head`."""
    newlines = head.count(b"\n")
    if _returns(head) > newlines:
        return LineEnds.RETURN
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_JSON):
        return LineEnds.JSON
    if _separators(head) > newlines:
        return LineEnds.SEPARATOR
    return LineEnds.NEWLINE


def _returns(text: bytes) -> int:
    # A search for one byte is many times as fast as one for more.
    return len(_LONE_RETURN.findall(text)) if b"\r" in text else 0


def _separators(text: bytes) -> int:
    if b"\xe2" not in text and b"\xc2" not in text:
        return 0
    return sum(text.count(sign) for sign, _ in _SEPARATORS)


def _kept_back(text: bytes) -> int:
    """Return how many bytes at the end of `text` may begin a line end of several bytes."""
    return next((len(one) for one in _PREFIXES if text.endswith(one)), 0)


class OddEnds:
    """Counts the signs within lines that elsewhere end a line, the same at every piece size.

    Cost: next to none where the text has no carriage return and no such letter.
    """

    def __init__(self) -> None:
        self._count = 0
        self._held = b""
        self._followed = b""

    @property
    def count(self) -> int:
        """The signs that begin in the text that was added."""
        text = self._held + self._followed
        last = bool(_LONE_RETURN.match(text)) or text.startswith(tuple(s for s, _ in _SEPARATORS))
        return self._count + last

    def add(self, text: bytes) -> None:
        """Count the signs of the next text."""
        text = self._held + text
        cut = len(text) - (1 if text.endswith(b"\r") else _kept_back(text))
        self._held, body = text[cut:], text[:cut]
        # Whether the last one is alone is not known yet.
        self._count += _returns(text) - text.endswith(b"\r") + _separators(body)

    def follow(self, text: bytes) -> None:
        """Say what comes behind all that was added."""
        self._followed = (self._followed + text[:2])[:2]


class LineEndRewriter:
    """Makes newlines of the line ends of one stream, piece by piece."""

    def __init__(self, ends: LineEnds) -> None:
        self._ends = ends
        self._held = b""

    def of(self, piece: bytes) -> bytes:
        """Return the next text; the last bytes of a piece may come with the next."""
        if self._ends in (LineEnds.NEWLINE, LineEnds.JSON):
            return piece
        if self._ends is LineEnds.RETURN:
            return piece.replace(b"\r", b"\n")
        text = self._held + piece
        cut = len(text) - _kept_back(text)
        self._held = text[cut:]
        return _rewritten(text[:cut])

    def rest(self) -> bytes:
        """Return what was kept back at the end of the stream."""
        held, self._held = self._held, b""
        return held


def rewritten(text: bytes, ends: LineEnds) -> bytes:
    """Return a whole text, or a head, with newlines for its line ends."""
    rewriter = LineEndRewriter(ends)
    return rewriter.of(text) + rewriter.rest()


def _rewritten(text: bytes) -> bytes:
    for sign, newline in _SEPARATORS:
        text = text.replace(sign, newline)
    return text
