"""Plain text: a line is a paragraph, or the row of a table where tabs part it."""

from collections.abc import Iterator

from quetsach.decoding import decode
from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.contract import BlockPlace, ReadDocument, ReadLimits
from quetsach.readers.gather import BlockCollector
from quetsach.readers.legacy_fonts import coding_of

_HEAD = 4096
_MOST_CONTROLS = 0.02


class TextReader:
    """Reads plain text of any coding: UTF-8, UTF-16, Windows-1258, TCVN3, VNI."""

    name = "text"
    title = "Plain text (TXT)"

    def knows(self, raw: bytes, name: str) -> bool:  # noqa: ARG002
        """Return whether `raw` is text at all."""
        text = decode(raw[:_HEAD])
        return text is not None and _controls(text) <= _MOST_CONTROLS * len(text)

    def read(self, raw: bytes, name: str, limits: ReadLimits) -> ReadDocument:
        """Return the text; rows that follow each other are one table.

        Errors: E411 when it is not text.
        """
        text = decoded(raw)
        if text is None:
            raise QuetsachError("E411", name, reason="\\0")
        out = BlockCollector(name, self.name, limits)
        with out.bounded():
            take_lines(text, out)
        return out.paper(raw)


def decoded(raw: bytes) -> str | None:
    """Return the text of `raw`; that of an old font coding as Latin-1, to be turned later."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        if b"\0" not in raw[:_HEAD]:
            latin = raw.decode("latin-1")
            if coding_of(latin):
                return latin.replace("\r\n", "\n").replace("\r", "\n")
    return decode(raw)


def take_lines(text: str, out: BlockCollector) -> None:
    """Take the lines of `text` into `out`."""
    table = row_number = 0
    in_table = False
    for number, line in enumerate(_lines(text), 1):
        out.check()
        if "\t" not in line.strip():
            in_table = in_table and not line.strip()
            out.paragraph(line.strip("\t"), BlockPlace(line=number))
            continue
        row_number = row_number + 1 if in_table else 1
        table += not in_table
        in_table = True
        out.row(line.split("\t"), BlockPlace(table=table, row=row_number, line=number))


def _lines(text: str) -> Iterator[str]:
    # One by one: a file of nothing but line ends would be a list of as many.
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _controls(text: str) -> int:
    return sum(sign < " " and sign not in "\t\n\r\f\x1a\x1b" for sign in text)
