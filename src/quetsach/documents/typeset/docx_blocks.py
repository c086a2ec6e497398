"""The parts of a paper as Word elements: head, title or addressees, content, foot, annexes."""

from collections.abc import Callable
from dataclasses import replace
from itertools import zip_longest
from typing import TypeAlias

from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset import word_xml as word
from quetsach.documents.typeset.content import (
    Block,
    DocumentAppendix,
    DocumentContent,
    DocumentTable,
    FooterProof,
    Paragraph,
    ParagraphRole,
    QrMark,
)
from quetsach.documents.typeset.word_xml import Element, ParagraphStyle, raw_rows

_INDENT = decree.points(decree.FIRST_INDENT_MM)
_BODY = ParagraphStyle(
    decree.BIG_PT, align="both", first=_INDENT, before=decree.PARAGRAPH_GAP_PT, line=decree.LINES
)
_GAP = decree.PARAGRAPH_GAP_PT
_LOOKS = {
    ParagraphRole.LEGAL: replace(_BODY, italic=True),
    ParagraphRole.LEAD: _BODY,
    ParagraphRole.HEADING: ParagraphStyle(
        decree.BIG_PT,
        bold=True,
        align="both",
        first=_INDENT,
        before=_GAP,
        line=decree.LINES,
        keep_next=True,
    ),
    ParagraphRole.ITEM: _BODY,
    ParagraphRole.VALUE: _BODY,
    ParagraphRole.GRADE: ParagraphStyle(
        decree.BIG_PT, italic=True, align="both", first=_INDENT, before=_GAP, line=decree.LINES
    ),
    ParagraphRole.DOTS: ParagraphStyle(decree.BIG_PT, align="both", before=_GAP, line=decree.LINES),
    ParagraphRole.CLOSING: ParagraphStyle(
        decree.BIG_PT,
        align="both",
        first=_INDENT,
        before=1.5 * _GAP,
        line=decree.LINES,
        keep_next=True,
    ),
    ParagraphRole.ENDING: replace(_BODY, keep_next=True),
}
_RED = "FF0000"


Draw: TypeAlias = Callable[[QrMark, float], Element]
"""Draws a QR code so many millimetres wide, as a picture of the document."""


def paper_elements(paper: DocumentContent, picture: Element | None, draw: Draw) -> list[Element]:
    """Return the whole paper without its annexes; `picture` is the QR code of the printed copy."""
    title = _title(paper) if paper.kind else []
    return [
        _head(paper),
        *title,
        *_addressed(paper),
        *_content(paper.blocks, draw),
        _foot(paper, picture),
    ]


def annex_elements(annex: DocumentAppendix, draw: Draw) -> list[Element]:
    """Return an annex: its label, its title, the line that names its letter, its content."""
    bold = ParagraphStyle(decree.BIG_PT, bold=True, align="center", keep_next=True)
    line = ParagraphStyle(decree.BIG_PT, italic=True, align="center", after=_GAP, keep_next=True)
    return [
        word.paragraph(annex.label, bold),
        word.paragraph("\n".join(annex.title), bold),
        word.paragraph(annex.attached, line),
        *_content(annex.blocks, draw),
    ]


def contact_lines(lines: tuple[str, ...]) -> list[Element]:
    """Return the foot of page 1: the lines below a rule as wide as the text."""
    if not lines:
        return []
    look = ParagraphStyle(decree.SMALLEST_PT, align="center")
    first, *others = lines
    return [word.full_rule(first, look), *(word.paragraph(line, look) for line in others)]


def proof_elements(
    proof: FooterProof, picture: Element | None, contact: tuple[str, ...] = ()
) -> list[Element]:
    """Return the foot of a page that lets a copy be checked; `picture` is its QR code.

    The address at the foot of page 1 is beside the code: the margin has no room below it.
    """
    small, width = ParagraphStyle(decree.SMALLEST_PT), decree.points(decree.TEXT_WIDTH_MM)
    lines = [word.paragraph(line, small) for line in proof.lines]
    if picture is None:
        return [*contact_lines(contact), *lines]
    lines = [*(word.paragraph(line, small) for line in contact), *lines]
    ruled = [word.rule(width, width, before=0)] if contact else []
    # Wider than the picture: LibreOffice clips content at the cell's margin.
    right = decree.points(decree.FOOT_CODE_MM)
    text_width = width - right
    drawn = word.picture(picture, ParagraphStyle(decree.SMALLEST_PT, align="right"))
    cells = [word.cell(text_width, lines, middle=True), word.cell(right, [drawn])]
    return [
        *ruled,
        word.table((text_width, right), [word.row(cells)], lines=False),
        word.closing_mark(),
    ]


def _head(paper: DocumentContent) -> Element:
    left_width, right_width = (decree.points(width) for width in decree.HEAD_COLUMNS_MM)
    top, house, big = paper.head, paper.house, decree.BIG_PT
    plain = ParagraphStyle(house.issuer, align="center")
    issuer = [word.paragraph(line, plain) for line in top.parent]
    issuer += [word.paragraph(line, replace(plain, bold=True)) for line in top.body]
    issuer.append(
        word.paragraph(house.star, plain) if house.star else word.rule(top.body_rule, left_width)
    )
    nation = [word.paragraph(top.nation, ParagraphStyle(house.nation, bold=True, align="center"))]
    if top.motto:
        nation.append(word.paragraph(top.motto, ParagraphStyle(big, bold=True, align="center")))
    nation.append(word.rule(top.motto_rule, right_width))
    number = [word.paragraph(top.number, ParagraphStyle(house.number, align="center", before=_GAP))]
    if paper.about:
        italic = house.is_about_italic
        about = ParagraphStyle(decree.SMALL_PT, italic=italic, align="center", before=_GAP)
        number.append(word.paragraph("\n".join(paper.about), about))
    if paper.stamp is not None:
        stamp = ParagraphStyle(
            decree.HEAD_PT, bold=True, align="center", before=2 * _GAP, after=_GAP, colour=_RED
        )
        width = decree.points(paper.stamp.width_mm)
        number.append(word.boxed(paper.stamp.text, stamp, width=width, column=left_width))
    place = word.paragraph(top.place, ParagraphStyle(big, italic=True, align="center", before=_GAP))
    rows = [
        word.row([word.cell(left_width, issuer), word.cell(right_width, nation)]),
        word.row([word.cell(left_width, number), word.cell(right_width, [place])]),
    ]
    return word.table((left_width, right_width), rows, lines=False)


def _title(paper: DocumentContent) -> list[Element]:
    bold = ParagraphStyle(decree.BIG_PT, bold=True, align="center")
    size = paper.house.kind
    first = ParagraphStyle(size, bold=True, align="center", before=decree.TITLE_GAP_PT)
    pieces = [word.paragraph(paper.kind, first), word.paragraph("\n".join(paper.subject), bold)]
    pieces.append(word.rule(paper.subject_rule, decree.points(decree.TEXT_WIDTH_MM), before=4))
    return pieces


def _addressed(paper: DocumentContent) -> list[Element]:
    if len(paper.addressed) == 1:
        centred = ParagraphStyle(decree.BIG_PT, align="center", before=12, after=_GAP)
        return [word.paragraph(paper.addressed[0], centred)]
    listed = ParagraphStyle(decree.BIG_PT, first=4 * _INDENT / 2, before=_GAP)
    return [word.paragraph(line, listed) for line in paper.addressed]


def _content(blocks: tuple[Block, ...], draw: Draw) -> list[Element]:
    pieces = []
    for block, below in zip_longest(blocks, blocks[1:]):
        if isinstance(block, QrMark):
            middle = ParagraphStyle(decree.SMALLEST_PT, align="center", before=_GAP, keep_next=True)
            pieces.append(word.picture(draw(block, decree.ANNEX_QR_MM), middle))
            pieces.append(word.paragraph(block.caption, replace(middle, keep_next=False)))
            continue
        if isinstance(block, DocumentTable):
            pieces.append(_grid(block))
            continue
        look = _LOOKS[block.role]
        if isinstance(below, DocumentTable):
            # A table has no space of its own above it.
            look = replace(look, after=_GAP)
        pieces.append(_paragraph(block, look))
    return pieces


def _paragraph(block: Paragraph, look: ParagraphStyle) -> Element:
    strong = replace(look, bold=True, italic=True)
    return word.paragraph_of(
        [(piece.text, strong if piece.strong else look) for piece in block.pieces], look
    )


def _grid(grid: DocumentTable) -> Element:
    widths = [decree.points(width) for width in grid.widths]
    looks = [ParagraphStyle(decree.GRID_PT, align=side, before=3, after=3) for side in grid.aligns]
    head = ParagraphStyle(
        decree.GRID_PT, bold=True, align="center", before=3, after=3, keep_next=True
    )
    rows = [
        word.row(
            [
                word.cell(w, [word.paragraph(text, head)], middle=True)
                for w, text in zip(widths, grid.heads, strict=True)
            ],
            head=True,
        )
    ]
    if len(grid.rows) > decree.GRID_KEPT_ROWS:
        return word.table(widths, [*rows, raw_rows(grid.rows, widths, looks)], lines=True)
    for number, texts in enumerate(grid.rows, 1):
        kept = number < len(grid.rows)
        cells = zip(widths, texts, (replace(look, keep_next=kept) for look in looks), strict=True)
        rows.append(
            word.row([word.cell(w, [word.paragraph(t, look)], middle=True) for w, t, look in cells])
        )
    return word.table(widths, rows, lines=True)


def _foot(paper: DocumentContent, picture: Element | None) -> Element:
    left_width, right_width = (decree.points(width) for width in decree.FOOT_COLUMNS_MM)
    bold = ParagraphStyle(decree.BIG_PT, bold=True, align="center", before=2 * _GAP)
    recipients = [
        word.paragraph(
            paper.recipients_head, ParagraphStyle(12, bold=True, italic=True, before=2 * _GAP)
        )
    ]
    recipients += [word.paragraph(line, ParagraphStyle(11)) for line in paper.recipients]
    name = ParagraphStyle(decree.BIG_PT, bold=True, align="center", before=decree.SIGNATURE_GAP_PT)
    signed = [
        word.paragraph("\n".join(paper.signer_post), bold),
        word.paragraph(paper.signer_name, name),
    ]
    rows = [word.row([word.cell(left_width, recipients), word.cell(right_width, signed)])]
    if paper.mark is not None and picture is not None:
        rows.append(_mark_row(paper.mark, picture))
    return word.table((left_width, right_width), rows, lines=False)


def _mark_row(mark: QrMark, picture: Element) -> Element:
    """Return the row of the QR code below the recipients, with what it is for."""
    left_width, right_width = (decree.points(width) for width in decree.FOOT_COLUMNS_MM)
    small = ParagraphStyle(decree.SMALLEST_PT)
    drawn = [word.picture(picture, ParagraphStyle(decree.SMALLEST_PT, before=_GAP))]
    drawn.append(word.paragraph(mark.caption, small))
    return word.row(
        [word.cell(left_width, drawn), word.cell(right_width, [word.paragraph("", small)])]
    )
