"""The OOXML elements of official paper, and a fast way to write the rows of long tables."""

import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.sax.saxutils import escape, unescape

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import etree

from quetsach.documents.typeset import decree30 as decree

Element = Any  # lxml elements carry no types


@dataclass(frozen=True)
class ParagraphStyle:
    """How a paragraph and its text are set.

    Units: points; `line` in single lines.
    """

    size: float
    bold: bool = False
    italic: bool = False
    align: str = "left"
    first: float = 0.0
    before: float = 0.0
    after: float = 0.0
    line: float = 1.0
    keep_next: bool = False
    colour: str = "000000"


def element(tag: str, **attributes: str) -> Element:
    """Return the element w:`tag`; an attribute named `val` becomes w:val."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def twips(pt: float) -> str:
    """Return `pt` points in twentieths of a point."""
    return str(round(pt * 20))


def run(text: str, look: ParagraphStyle) -> Element:
    """Return a run of `text`; its line ends become line breaks."""
    result = element("r")
    result.append(run_properties(look))
    for number, line in enumerate(text.split("\n")):
        if number:
            result.append(element("br"))
        piece = element("t")
        piece.text = line
        piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        result.append(piece)
    return result


def run_properties(look: ParagraphStyle) -> Element:
    """Return the properties of a run, the font named for every script."""
    return deepcopy(_run_properties(look))


# A long table uses the same few styles thousands of times: a copy is faster than a new build.
@cache
def _run_properties(look: ParagraphStyle) -> Element:
    properties = element("rPr")
    font = decree.FONT
    properties.append(element("rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font))
    if look.bold:
        properties.extend((element("b"), element("bCs")))
    if look.italic:
        properties.extend((element("i"), element("iCs")))
    half = str(round(look.size * 2))
    properties.extend(
        (element("color", val=look.colour), element("sz", val=half), element("szCs", val=half))
    )
    properties.append(element("lang", val="vi-VN"))
    return properties


def paragraph(text: str, look: ParagraphStyle) -> Element:
    """Return a paragraph of one run."""
    result = element("p")
    result.append(deepcopy(_paragraph_properties(look)))
    if text:
        result.append(run(text, look))
    return result


def paragraph_of(pieces: Sequence[tuple[str, ParagraphStyle]], look: ParagraphStyle) -> Element:
    """Return a paragraph of runs, each with its own look; `look` is the paragraph's."""
    made = element("p")
    made.append(deepcopy(_paragraph_properties(look)))
    made.extend(run(text, own) for text, own in pieces if text)
    return made


def boxed(text: str, look: ParagraphStyle, *, width: float, column: float) -> Element:
    """Return a line in a box of `width` that is centred in a column, all in the line's colour."""
    result = paragraph(text, look)
    properties = result.find(qn("w:pPr"))
    border = element("pBdr")
    for side, space in (("top", "4"), ("left", "1"), ("bottom", "4"), ("right", "1")):
        border.append(element(side, val="single", sz="12", space=space, color=look.colour))
    properties.find(qn("w:spacing")).addprevious(border)
    rest = twips(max(0.0, (column - width) / 2))
    properties.find(qn("w:spacing")).addnext(element("ind", left=rest, right=rest))
    return result


def picture(inline: Element, look: ParagraphStyle) -> Element:
    """Return a paragraph that holds the picture `inline`."""
    result = paragraph("", look)
    piece, drawing = element("r"), element("drawing")
    drawing.append(inline)
    piece.append(drawing)
    result.append(piece)
    return result


def full_rule(text: str, look: ParagraphStyle) -> Element:
    """Return a line of text below a rule as wide as the text's area."""
    result = paragraph(text, look)
    border = element("pBdr")
    size = str(round(decree.RULE_PT * 8))
    border.append(element("top", val="single", sz=size, space="3", color="000000"))
    result.find(qn("w:pPr")).find(qn("w:spacing")).addprevious(border)
    return result


def rule(length: float, column: float, *, before: float = 3.0, after: float = 0.0) -> Element:
    """Return a solid rule of `length`, centred in a column.

    A border of a paragraph as thin as the rule itself: every word processor draws it, and it stays
    in its place when the text above changes.
    """
    side = twips(max(0.0, (column - length) / 2))
    result = element("p")
    properties = element("pPr")
    border = element("pBdr")
    border.append(
        element("top", val="single", sz=str(round(decree.RULE_PT * 8)), space="0", color="000000")
    )
    properties.append(border)
    spacing = {"before": twips(before), "after": twips(after), "line": "20", "lineRule": "exact"}
    properties.append(element("spacing", **spacing))
    properties.append(element("ind", left=side, right=side))
    mark = element("rPr")
    mark.extend((element("sz", val="2"), element("szCs", val="2")))
    properties.append(mark)
    result.append(properties)
    return result


def closing_mark(section: Element | None = None) -> Element:
    """Return the one-point paragraph that must follow a table at the end, and end `section`."""
    result = element("p")
    properties = element("pPr")
    properties.append(element("spacing", before="0", after="0", line="20", lineRule="exact"))
    mark = element("rPr")
    mark.extend((element("sz", val="2"), element("szCs", val="2")))
    properties.append(mark)
    if section is not None:
        properties.append(section)
    result.append(properties)
    return result


def page_number(look: ParagraphStyle) -> Element:
    """Return a paragraph that shows the page's number."""
    result = paragraph("", look)
    for kind, text in (
        ("begin", ""),
        ("", " PAGE "),
        ("separate", ""),
        ("result", "2"),
        ("end", ""),
    ):
        piece = element("r")
        piece.append(run_properties(look))
        if kind == "":
            inner = element("instrText")
            inner.text = text
        elif kind == "result":
            inner = element("t")
            inner.text = text
        else:
            inner = element("fldChar", fldCharType=kind)
        piece.append(inner)
        result.append(piece)
    return result


def table(columns: Sequence[float], rows: Sequence[Element], *, lines: bool) -> Element:
    """Return a table of fixed `columns` (points) that spans the text's width."""
    result = element("tbl")
    properties = element("tblPr")
    properties.append(element("tblW", w=twips(sum(columns)), type="dxa"))
    # Centred: a left-aligned table would stick out of the text by its cells' margin.
    properties.append(element("jc", val="center"))
    if lines:
        properties.append(_borders())
    properties.append(element("tblLayout", type="fixed"))
    properties.append(_cell_margins(decree.points(1.5) if lines else 0.0))
    result.append(properties)
    grid = element("tblGrid")
    grid.extend(element("gridCol", w=twips(width)) for width in columns)
    result.append(grid)
    result.extend(rows)
    return result


def row(cells: Sequence[Element], *, head: bool = False) -> Element:
    """Return a table row that stays on one page; a `head` comes again on each page."""
    result = element("tr")
    properties = element("trPr")
    properties.append(element("cantSplit"))
    if head:
        properties.append(element("tblHeader"))
    result.append(properties)
    result.extend(cells)
    return result


def cell(width: float, content: Sequence[Element], *, middle: bool = False) -> Element:
    """Return a table cell of `width` points."""
    result = element("tc")
    properties = element("tcPr")
    properties.append(element("tcW", w=twips(width), type="dxa"))
    if middle:
        properties.append(element("vAlign", val="center"))
    result.append(properties)
    result.extend(content)
    return result


@cache
def _paragraph_properties(look: ParagraphStyle) -> Element:
    properties = element("pPr")
    if look.keep_next:
        properties.append(element("keepNext"))
    properties.append(
        element(
            "spacing",
            before=twips(look.before),
            after=twips(look.after),
            line=str(round(look.line * 240)),
            lineRule="auto",
        )
    )
    if look.first:
        properties.append(element("ind", firstLine=twips(look.first)))
    properties.append(element("jc", val=look.align))
    properties.append(run_properties(look))
    return properties


def _borders() -> Element:
    made = element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        made.append(element(side, val="single", sz="4", space="0", color="000000"))
    return made


def _cell_margins(side: float) -> Element:
    made = element("tblCellMar")
    for name in ("left", "right"):
        made.append(element(name, w=twips(side), type="dxa"))
    return made


RAW = "raw"
_TEXT = "\ue000"
"""Placeholder for the text of a cell; no printable text contains it."""

_DECLARED = re.compile(r' xmlns:\w+="[^"]*"')
_HELD = re.compile(rb"<w:raw>(.*?)</w:raw>", re.DOTALL)
_LANGUAGE = '<w:lang w:val="%s"/>'


def raw_rows(
    rows: Iterable[Sequence[str]], widths: Sequence[float], looks: Sequence[ParagraphStyle]
) -> Element:
    """Return one element that holds `rows`, each as `word.row` would have made it."""
    held = element(RAW)
    held.text = "".join(_row(row, widths, looks) for row in rows)
    return held


def insert_rows(document: bytes) -> bytes:
    """Return the XML of a document with the rows that its RAW elements hold in their places."""
    return _HELD.sub(lambda found: _opened(found.group(1)), document)


def speak(body: Element, language: str) -> None:
    """Set the language of the rows that `body` holds as text."""
    for held in body.iter(f"{{*}}{RAW}"):
        held.text = held.text.replace(_LANGUAGE % "vi-VN", _LANGUAGE % language)


def _opened(held: bytes) -> bytes:
    return unescape(held.decode()).encode()


def _row(texts: Sequence[str], widths: Sequence[float], looks: Sequence[ParagraphStyle]) -> str:
    before, behind = _around()
    return before + "".join(map(_cell, texts, widths, looks)) + behind


def _cell(text: str, width: float, look: ParagraphStyle) -> str:
    if not text or "\n" in text:
        return _written(cell(width, [paragraph(text, look)], middle=True))
    return _shape(width, look).replace(_TEXT, escape(text))


@cache
def _shape(width: float, look: ParagraphStyle) -> str:
    return _written(cell(width, [paragraph(_TEXT, look)], middle=True))


@cache
def _around() -> tuple[str, str]:
    made = row([element("tc")])
    before, _, behind = _written(made).partition("<w:tc/>")
    return before, behind


def _written(made: Element) -> str:
    # The document declares the namespaces once, at its beginning.
    return _DECLARED.sub("", etree.tostring(made, encoding="unicode"))
