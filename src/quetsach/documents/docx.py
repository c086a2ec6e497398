"""A report as a Word document in the layout of Nghị định 30/2020/NĐ-CP; same input, same bytes."""

import io
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from quetsach.documents import decree30 as decree
from quetsach.documents import word_xml as word
from quetsach.documents.fill import Filling
from quetsach.documents.form import Form
from quetsach.documents.letterhead import Letterhead
from quetsach.documents.paper import Grid, Paper, Role, compose
from quetsach.documents.word_xml import Element, Look

_INDENT = decree.points(decree.FIRST_INDENT_MM)
_BODY = Look(
    decree.BIG_PT, align="both", first=_INDENT, before=decree.PARAGRAPH_GAP_PT, line=decree.LINES
)
_GAP = decree.PARAGRAPH_GAP_PT
_LOOKS = {
    Role.LEAD: _BODY,
    Role.HEADING: Look(
        decree.BIG_PT,
        bold=True,
        align="both",
        first=_INDENT,
        before=_GAP,
        line=decree.LINES,
        keep_next=True,
    ),
    Role.ITEM: _BODY,
    Role.VALUE: _BODY,
    Role.GRADE: Look(
        decree.BIG_PT, italic=True, align="both", first=_INDENT, before=_GAP, line=decree.LINES
    ),
    Role.DOTS: Look(decree.BIG_PT, align="both", before=_GAP, line=decree.LINES),
    Role.CLOSING: Look(
        decree.BIG_PT,
        align="both",
        first=_INDENT,
        before=1.5 * _GAP,
        line=decree.LINES,
        keep_next=True,
    ),
}
# The zip format knows no earlier moment; a fixed one keeps the bytes the same.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def write_docx(
    form: Form, filling: Filling, header: Letterhead, target: Path | BinaryIO, *, created: datetime
) -> Paper:
    """Write the filled form to `target` as DOCX and return what was written.

    Errors: E403 when a value has no place in the form; OSError from the target.
    """
    paper = compose(form, filling, header)
    document: Any = Document()
    _page(document)
    _style(document)
    _properties(document, paper, header, created)
    body = document.element.body
    end = body.sectPr
    for piece in (
        *_head(paper),
        *_title(paper),
        *_content(paper),
        _foot(paper),
        word.closing_mark(),
    ):
        end.addprevious(piece)
    data = _same_bytes(document)
    if isinstance(target, Path):
        target.write_bytes(data)
    else:
        target.write(data)
    return paper


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(side) for side in decree.PAGE_MM)
    section.top_margin, section.bottom_margin = Mm(decree.TOP_MM), Mm(decree.BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(decree.LEFT_MM), Mm(decree.RIGHT_MM)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    shown = section.header
    shown.is_linked_to_previous = False
    number = word.page_number(Look(decree.BIG_PT, align="center"))
    shown._element.replace(shown.paragraphs[0]._p, number)
    section.first_page_header.is_linked_to_previous = False


def _style(document: Any) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = decree.FONT, Pt(decree.BIG_PT)
    fonts = normal.element.rPr.rFonts
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), decree.FONT)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    normal.paragraph_format.space_after = Pt(0)


def _properties(document: Any, paper: Paper, header: Letterhead, created: datetime) -> None:
    facts = document.core_properties
    facts.title, facts.language = paper.title[:255], "vi-VN"
    # The core properties hold 255 characters at most.
    facts.author = "" if header.unit is None else " ".join(" ".join(paper.body).split())[:255]
    facts.last_modified_by = facts.comments = facts.keywords = ""
    facts.created = facts.modified = created
    facts.revision = 1
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[key]


def _head(paper: Paper) -> list[Element]:
    left, right = (decree.points(width) for width in decree.HEAD_COLUMNS_MM)
    size, big = decree.HEAD_PT, decree.BIG_PT
    plain, bold = Look(size, align="center"), Look(size, bold=True, align="center")
    issuer = [word.paragraph(line, plain) for line in paper.parent]
    issuer += [word.paragraph(line, bold) for line in paper.body]
    issuer.append(word.rule(paper.body_rule, left))
    nation = [
        word.paragraph(paper.nation, bold),
        word.paragraph(paper.motto, Look(big, bold=True, align="center")),
        word.rule(paper.motto_rule, right),
    ]
    number = word.paragraph(paper.number, Look(size, align="center", before=_GAP))
    place = word.paragraph(paper.place, Look(big, italic=True, align="center", before=_GAP))
    rows = [
        word.row([word.cell(left, issuer), word.cell(right, nation)]),
        word.row([word.cell(left, [number]), word.cell(right, [place])]),
    ]
    return [word.table((left, right), rows, lines=False)]


def _title(paper: Paper) -> list[Element]:
    bold = Look(decree.BIG_PT, bold=True, align="center")
    first = Look(decree.BIG_PT, bold=True, align="center", before=decree.TITLE_GAP_PT)
    pieces = [word.paragraph(paper.kind, first), word.paragraph("\n".join(paper.subject), bold)]
    pieces.append(word.rule(paper.subject_rule, decree.points(decree.TEXT_WIDTH_MM), before=4))
    if len(paper.addressed) == 1:
        centred = Look(decree.BIG_PT, align="center", before=12, after=_GAP)
        return [*pieces, word.paragraph(paper.addressed[0], centred)]
    listed = Look(decree.BIG_PT, first=4 * _INDENT / 2, before=_GAP)
    return pieces + [word.paragraph(line, listed) for line in paper.addressed]


def _content(paper: Paper) -> list[Element]:
    pieces = []
    for number, block in enumerate(paper.blocks):
        if isinstance(block, Grid):
            pieces.append(_grid(block))
            continue
        look = _LOOKS[block.role]
        if isinstance(paper.blocks[min(number + 1, len(paper.blocks) - 1)], Grid):
            # A table has no space of its own above it.
            look = replace(look, after=_GAP)
        pieces.append(word.paragraph(block.text, look))
    return pieces


def _grid(grid: Grid) -> Element:
    widths = [decree.points(width) for width in decree.GRID_COLUMNS_MM]
    centred = Look(decree.GRID_PT, align="center", before=3, after=3)
    content = Look(decree.GRID_PT, align="left", before=3, after=3)
    looks = (centred, content, centred, centred)
    head = Look(decree.GRID_PT, bold=True, align="center", before=3, after=3, keep_next=True)
    rows = [
        word.row(
            [
                word.cell(w, [word.paragraph(text, head)], middle=True)
                for w, text in zip(widths, grid.heads, strict=True)
            ],
            head=True,
        )
    ]
    short = len(grid.rows) <= decree.GRID_KEPT_ROWS
    for number, texts in enumerate(grid.rows, 1):
        kept = short and number < len(grid.rows)
        cells = zip(widths, texts, (replace(look, keep_next=kept) for look in looks), strict=True)
        rows.append(
            word.row([word.cell(w, [word.paragraph(t, look)], middle=True) for w, t, look in cells])
        )
    return word.table(widths, rows, lines=True)


def _foot(paper: Paper) -> Element:
    left, right = (decree.points(width) for width in decree.FOOT_COLUMNS_MM)
    bold = Look(decree.BIG_PT, bold=True, align="center", before=2 * _GAP)
    told = [
        word.paragraph(paper.recipients_head, Look(12, bold=True, italic=True, before=2 * _GAP))
    ]
    told += [word.paragraph(line, Look(11)) for line in paper.recipients]
    name = Look(decree.BIG_PT, bold=True, align="center", before=decree.SIGNATURE_GAP_PT)
    signed = [
        word.paragraph("\n".join(paper.signer_post), bold),
        word.paragraph(paper.signer_name, name),
    ]
    rows = [word.row([word.cell(left, told), word.cell(right, signed)])]
    return word.table((left, right), rows, lines=False)


def _same_bytes(document: Any) -> bytes:
    raw, fixed = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w") as out:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=_ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            out.writestr(entry, source.read(name))
    return fixed.getvalue()
