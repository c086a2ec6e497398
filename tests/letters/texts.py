"""Letters as documents: from plain text, and in the layouts in which other readers give them."""

import hashlib
from pathlib import Path

from quetsach.letters.model import ReadLetter
from quetsach.letters.read import read_letter
from quetsach.readers.contract import BlockKind, BlockPlace, DocumentBlock, ReadDocument

SAMPLES = Path(__file__).parent / "samples"


def paper_of(text: str, name: str = "letter.txt") -> ReadDocument:
    """Return a text as a document: a line is a paragraph, or a row where tabs part it."""
    blocks = []
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line.strip():
            cells = tuple(line.split("\t"))
            place = BlockPlace(table=1, row=number, line=number)
            blocks.append(DocumentBlock(BlockKind.ROW, line, place, cells))
        elif line.strip():
            blocks.append(DocumentBlock(BlockKind.PARAGRAPH, line, BlockPlace(line=number)))
    return _paper(tuple(blocks), text, name)


def paper_of_blocks(*parts: str | tuple[str, ...], form: str = "docx") -> ReadDocument:
    """Return a document of paragraphs (a string) and rows of tables (a tuple of cells)."""
    blocks = []
    table, before_was_row = 0, False
    for number, part in enumerate(parts, 1):
        if isinstance(part, tuple):
            table += not before_was_row
            place = BlockPlace(table=table, row=number)
            blocks.append(DocumentBlock(BlockKind.ROW, "\t".join(part), place, part))
        else:
            blocks.append(DocumentBlock(BlockKind.PARAGRAPH, part, BlockPlace(line=number)))
        before_was_row = isinstance(part, tuple)
    return _paper(tuple(blocks), repr(parts), "letter.docx", form)


def _paper(
    blocks: tuple[DocumentBlock, ...], text: str, name: str, form: str = "text"
) -> ReadDocument:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return ReadDocument(name, digest, form, blocks)


def letter_of(text: str, name: str = "letter.txt") -> ReadLetter:
    """Return the letter that a text is."""
    return read_letter(paper_of(text, name))


def sample(name: str) -> str:
    """Return the text of a sample."""
    return (SAMPLES / f"{name}.txt").read_text(encoding="utf-8")


def codes(letter: ReadLetter) -> list[str]:
    """Return the codes of its questions."""
    return [one.code for one in letter.questions]
