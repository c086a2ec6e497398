"""What stands in a Word document and how it is set, read back for the layout check."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.shared import Emu

from quetsach.documents.typeset.decree30 import millimetres


class NotWordError(Exception):
    """A document that cannot be read as DOCX."""


@dataclass(frozen=True)
class Run:
    """A piece of text and how it is set.

    Shapes: `fonts` for Latin, other Latin, East Asian and complex script, in this order.
    """

    text: str
    fonts: tuple[str | None, ...]
    size: float
    bold: bool
    italic: bool
    underlined: bool
    colour: str


@dataclass(frozen=True)
class Para:
    """A paragraph; `rule_pt` is the length of the rule that its border draws, None without one.

    Units: points; `line` in single lines, None where it is a fixed height. `boxed` says that the
    border goes all around, `pictured` that a picture stands in it.
    """

    runs: tuple[Run, ...]
    align: str
    first: float
    before: float
    after: float
    line: float | None
    rule_pt: float | None
    boxed: bool
    pictured: bool

    @property
    def text(self) -> str:
        """Return the text; its line breaks are line ends."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Cell:
    """A table cell: its paragraphs."""

    paras: tuple[Para, ...]


@dataclass(frozen=True)
class TableRow:
    """A table row; `head` repeats on each page, `whole` never breaks."""

    cells: tuple[Cell, ...]
    head: bool
    whole: bool


@dataclass(frozen=True)
class WordTable:
    """A table."""

    rows: tuple[TableRow, ...]


@dataclass(frozen=True)
class Section:
    """Pages of one geometry: their content in order, and how they are numbered.

    Units: millimetres; `starts_at` is None where the numbers of the section before go on. `feet`
    are those of its first page and of all others, tables included.
    """

    blocks: tuple[Para | WordTable, ...]
    page: tuple[float, float]
    margins: tuple[float, float, float, float]
    starts_at: int | None
    first_page_differs: bool
    feet: tuple[tuple[Para, ...], tuple[Para, ...]] = ((), ())


@dataclass(frozen=True)
class Reading:
    """A document: its page in millimetres, its sections in order, and its page number."""

    page: tuple[float, float]
    top: float
    bottom: float
    left: float
    right: float
    sections: tuple[Section, ...]
    header: tuple[Para, ...]
    header_fields: tuple[str, ...]
    first_header: tuple[Para, ...] | None
    first_footer: tuple[Para, ...]

    @property
    def blocks(self) -> tuple[Para | WordTable, ...]:
        """Return the content of the first section, which is all but the annexes."""
        return self.sections[0].blocks

    def paras(self) -> Iterator[Para]:
        """Yield all paragraphs of the content, in order, those in tables included."""
        for block in (block for section in self.sections for block in section.blocks):
            if isinstance(block, Para):
                yield block
            else:
                for row in block.rows:
                    for cell in row.cells:
                        yield from cell.paras


def read_word(source: Path | BinaryIO) -> Reading:
    """Return what stands in the DOCX `source`.

    Errors: NotWordError when it is not a Word document.
    """
    try:
        document: Any = Document(str(source) if isinstance(source, Path) else source)
    except (PackageNotFoundError, OSError, KeyError, ValueError, SyntaxError, BadZipFile) as err:
        raise NotWordError(str(err)) from err
    section = document.sections[0]
    width = Emu(section.page_width - section.left_margin - section.right_margin).pt
    normal = document.styles["Normal"].element
    header = section.header
    return Reading(
        page=(section.page_width.mm, section.page_height.mm),
        top=section.top_margin.mm,
        bottom=section.bottom_margin.mm,
        left=section.left_margin.mm,
        right=section.right_margin.mm,
        sections=tuple(_sections(document, width, normal)),
        header=tuple(_para(p._p, width, normal) for p in header.paragraphs),
        header_fields=tuple(
            (text.text or "").strip() for text in header._element.iter(qn("w:instrText"))
        ),
        first_header=(
            tuple(_para(p._p, width, normal) for p in section.first_page_header.paragraphs)
            if section.different_first_page_header_footer
            else None
        ),
        first_footer=tuple(
            _para(p._p, width, normal) for p in section.first_page_footer.paragraphs
        ),
    )


def _sections(document: Any, width: float, normal: Any) -> Iterator[Section]:
    # The properties of a section stand in its last paragraph; those of the last, in the body.
    parts: list[list[Any]] = [[]]
    for child in document.element.body:
        parts[-1].append(child)
        if child.find(_path("w:pPr/w:sectPr")) is not None:
            parts.append([])
    for children, section in zip(parts, document.sections, strict=False):
        start = section._sectPr.find(_path("w:pgNumType"))
        sides = ("top_margin", "right_margin", "bottom_margin", "left_margin")
        yield Section(
            blocks=tuple(_blocks(children, width, normal)),
            page=(section.page_width.mm, section.page_height.mm),
            margins=tuple(getattr(section, side).mm for side in sides),
            starts_at=None if start is None else int(start.get(qn("w:start"), "0")),
            first_page_differs=section.different_first_page_header_footer,
            feet=(_foot(section.first_page_footer, normal), _foot(section.footer, normal)),
        )


def _foot(foot: Any, normal: Any) -> tuple[Para, ...]:
    return tuple(_para(p, 0.0, normal) for p in foot._element.iter(qn("w:p")))


def _blocks(children: list[Any], width: float, normal: Any) -> Iterator[Para | WordTable]:
    for child in children:
        if child.tag == qn("w:p"):
            yield _para(child, width, normal)
        elif child.tag == qn("w:tbl"):
            yield WordTable(tuple(_row(row, normal) for row in child.iter(qn("w:tr"))))


def _row(row: Any, normal: Any) -> TableRow:
    cells = [_cell(cell, normal) for cell in row.findall(qn("w:tc"))]
    return TableRow(
        tuple(cells),
        head=row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None,
        whole=row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None,
    )


def _cell(cell: Any, normal: Any) -> Cell:
    width = _number(cell, "w:tcPr/w:tcW", "w") / 20
    return Cell(tuple(_para(p, width, normal) for p in cell.findall(qn("w:p"))))


def _para(p: Any, width: float, normal: Any) -> Para:
    line = _number(p, "w:pPr/w:spacing", "line", 240)
    fixed = _value(p, "w:pPr/w:spacing", "lineRule") in ("exact", "atLeast")
    left, right = (_number(p, "w:pPr/w:ind", side) / 20 for side in ("left", "right"))
    border = p.find(_path("w:pPr/w:pBdr"))
    boxed = border is not None and border.find(qn("w:left")) is not None
    return Para(
        runs=tuple(_run(run, normal) for run in p.findall(qn("w:r"))),
        align=_value(p, "w:pPr/w:jc", "val") or "left",
        first=_number(p, "w:pPr/w:ind", "firstLine") / 20,
        before=_number(p, "w:pPr/w:spacing", "before") / 20,
        after=_number(p, "w:pPr/w:spacing", "after") / 20,
        line=None if fixed else line / 240,
        rule_pt=None if border is None or boxed else width - left - right,
        boxed=boxed,
        pictured=next(p.iter(qn("w:drawing")), None) is not None,
    )


def _run(run: Any, normal: Any) -> Run:
    scripts = ("ascii", "hAnsi", "eastAsia", "cs")
    pieces = [
        "\n" if child.tag == qn("w:br") else child.text or ""
        for child in run
        if child.tag in (qn("w:t"), qn("w:br"))
    ]
    return Run(
        text="".join(pieces),
        fonts=tuple(_styled(run, normal, "rFonts", script) for script in scripts),
        size=float(_styled(run, normal, "sz", "val") or 20) / 2,
        bold=_switch(run, "b"),
        italic=_switch(run, "i"),
        underlined=_value(run, "w:rPr/w:u", "val") not in (None, "none"),
        colour=_styled(run, normal, "color", "val") or "auto",
    )


def _switch(run: Any, name: str) -> bool:
    found = run.find(_path(f"w:rPr/w:{name}"))
    return found is not None and found.get(qn("w:val")) not in ("0", "false", "off")


def _styled(run: Any, normal: Any, name: str, attribute: str) -> str | None:
    own = _value(run, f"w:rPr/w:{name}", attribute)
    return _value(normal, f"w:rPr/w:{name}", attribute) if own is None else own


def _value(start: Any, path: str, attribute: str) -> str | None:
    found = start.find(_path(path))
    value = None if found is None else found.get(qn(f"w:{attribute}"))
    return None if value is None else str(value)


def _number(start: Any, path: str, attribute: str, absent: float = 0.0) -> float:
    value = _value(start, path, attribute)
    return absent if value is None else float(value)


def _path(path: str) -> str:
    return "/".join(qn(step) for step in path.split("/"))


def sizes(paras: Sequence[Para]) -> list[float]:
    """Return the sizes of all text in `paras`, each once, in ascending order."""
    return sorted({run.size for para in paras for run in para.runs if run.text})


def indent_mm(para: Para) -> float:
    """Return how far the first line is set in, in millimetres."""
    return millimetres(para.first)
