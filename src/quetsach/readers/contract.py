"""What a document holds once it is read: blocks of text in reading order, each with its place."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from quetsach.errors.exceptions import Problem


class BlockKind(StrEnum):
    """What a block is on its page."""

    PARAGRAPH = "paragraph"
    ROW = "row"
    HEADER = "header"
    FOOTER = "footer"


class BlockPlace(Struct, frozen=True):
    """Where a block is; what does not apply is None or "".

    Shapes: `part` names the attachment or the file inside an archive, "" for the document itself;
    pages, tables, rows and lines count from 1; `line` counts paragraphs (or lines of a PDF page)
    in their page or document.
    """

    part: str = ""
    page: int | None = None
    sheet: str = ""
    table: int | None = None
    row: int | None = None
    line: int | None = None


class DocumentBlock(Struct, frozen=True):
    """One paragraph, or one row of a table.

    Shapes: `text` is NFC, its cells parted by tabs for a ROW; `cells` are the cells of a ROW, with
    `\\n` where the cell breaks its line; `links` are the targets of hyperlinks in it, as written.
    `by_ocr` says that a machine read it from a picture.
    """

    kind: BlockKind
    text: str
    place: BlockPlace
    cells: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    by_ocr: bool = False


class MergedCells(Struct, frozen=True):
    """Merged cells of a sheet, whose text is in the first of them.

    Shapes: rows as in `BlockPlace.row`, columns as indexes of `DocumentBlock.cells`; the first and
    the last are included.
    """

    sheet: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class ReadDocument:
    """A document that was read: its form, its blocks in reading order, and what could not be read.

    Shapes: `form` is the name of its reader ("docx", "pdf" ...); `sender` is the mail address it
    came from, for mail; `problems` name parts left unread (a locked attachment, a page that is a
    picture where no OCR is installed); `merged` are the merged cells of a workbook's sheets.
    `by_ocr` is whether any block was read by OCR; `again` is what a second pass read of the same
    pictures, in its own order: what only one of the two saw is a proposal and no more.
    """

    name: str
    sha256: str
    form: str
    blocks: tuple[DocumentBlock, ...]
    sender: str = ""
    problems: tuple[Problem, ...] = ()
    merged: tuple[MergedCells, ...] = ()
    again: tuple[DocumentBlock, ...] = ()

    @property
    def by_ocr(self) -> bool:
        """Whether any block was read by OCR."""
        return any(block.by_ocr for block in self.blocks)


@dataclass(frozen=True)
class ReadLimits:
    """Where reading stops, so that a hostile document costs bounded time and memory.

    Shapes: `depth` is how deep attachments and archives are opened, `parts` how many of them.
    Units: bytes, pages, blocks, seconds.
    """

    bytes_in: int = 256 * 1024 * 1024
    bytes_unpacked: int = 512 * 1024 * 1024
    ratio: int = 200
    pages: int = 2_000
    blocks: int = 2_000_000
    depth: int = 3
    seconds: float = 120.0
    ocr_pages: int = 200
    ocr_seconds: float = 600.0
    memory: int = 2 * 1024 * 1024 * 1024
    parts: int = 500


class PaperReader(Protocol):
    """Reads one kind of document."""

    name: str
    title: str

    def knows(self, raw: bytes, name: str) -> bool:
        """Return whether `raw` is such a document; by its content first, by `name` second."""

    def read(self, raw: bytes, name: str, limits: ReadLimits) -> ReadDocument:
        """Return the document.

        Errors: QuetsachError E410 to E419 when nothing of it can be read.
        """
