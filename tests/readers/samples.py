"""Documents made for the tests by other programs' writers: python-docx, typst, xlsxwriter, zip."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import docx
import typst
import xlsxwriter

from quetsach.documents.typeset.typst import BUILT_IN
from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.contract import (
    BlockKind,
    DocumentBlock,
    PaperReader,
    ReadDocument,
    ReadLimits,
)

QUICK = ReadLimits(seconds=20.0, ocr_seconds=60.0)


def read(reader: PaperReader, raw: bytes, name: str, limits: ReadLimits = QUICK) -> ReadDocument:
    """Return `raw` as `reader` reads it here, in this process."""
    assert reader.knows(raw, name)
    return reader.read(raw, name, limits)


def attempted(reader: PaperReader, raw: bytes, name: str, limits: ReadLimits = QUICK) -> list[str]:
    """Return the codes of what went wrong, whether anything could be read or not."""
    try:
        return codes(reader.read(raw, name, limits))
    except QuetsachError as error:
        return [error.problem.code]


def texts(paper: ReadDocument, kind: BlockKind = BlockKind.PARAGRAPH) -> list[str]:
    return [block.text for block in paper.blocks if block.kind is kind]


def rows(paper: ReadDocument) -> list[tuple[str, ...]]:
    return [block.cells for block in paper.blocks if block.kind is BlockKind.ROW]


def codes(paper: ReadDocument) -> list[str]:
    return [problem.code for problem in paper.problems]


def only(paper: ReadDocument, part: str) -> DocumentBlock:
    found = [block for block in paper.blocks if part in block.text]
    assert len(found) == 1, found
    return found[0]


def zipped(members: Mapping[str, bytes | str], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return out.getvalue()


def changed(raw: bytes, member: str, old: str, new: str) -> bytes:
    """Return the ZIP file `raw` with one text of one member replaced."""
    members = unzipped(raw)
    text = members[member].decode()
    assert old in text
    members[member] = text.replace(old, new).encode()
    return zipped(members)


def unzipped(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for one in paragraphs:
        document.add_paragraph(one)
    return saved(document)


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def workbook(sheets: Mapping[str, list[list[Any]]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False}) as book:
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for number, line in enumerate(lines):
                sheet.write_row(number, 0, line)
    return out.getvalue()


def pdf(body: str, page: str = 'paper: "a4", margin: 2cm') -> bytes:
    head = f'#set page({page})\n#set text(font: "{BUILT_IN}", size: 12pt)\n'
    return _typeset(head + body, format="pdf")


def png(body: str, ppi: float = 200.0) -> bytes:
    head = "#set page(width: 16cm, height: 8cm, margin: 1cm)\n"
    head += f'#set text(font: "{BUILT_IN}", size: 14pt)\n'
    return _typeset(head + body, format="png", ppi=ppi)


def _typeset(source: str, **how: Any) -> bytes:
    """Return `source` set in the typeface that typst brings, whatever fonts the machine has."""
    return bytes(typst.compile(source.encode(), ignore_system_fonts=True, **how))
