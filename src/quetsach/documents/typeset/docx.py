"""A paper as a Word document in the layout of Nghị định 30/2020/NĐ-CP; same input, same bytes."""

import io
import zipfile
from copy import deepcopy
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset import word_xml as word
from quetsach.documents.typeset.content import DocumentContent, FooterProof, QrMark
from quetsach.documents.typeset.docx_blocks import (
    annex_elements,
    contact_lines,
    paper_elements,
    proof_elements,
)
from quetsach.documents.typeset.form_paper import compose
from quetsach.documents.typeset.letterhead import Letterhead
from quetsach.documents.typeset.typst import page_mark, qr_png
from quetsach.documents.typeset.word_xml import Element, ParagraphStyle, insert_rows, speak
from quetsach.forms.definition import ReportFormDefinition
from quetsach.forms.values import FilledForm

# The zip format knows no earlier moment; a fixed one keeps the bytes the same.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def write_docx(
    form: ReportFormDefinition,
    filling: FilledForm,
    header: Letterhead,
    target: Path | BinaryIO,
    *,
    created: datetime,
) -> DocumentContent:
    """Write the filled form to `target` as DOCX and return what was written.

    Errors: E403 when a value has no place in the form; OSError from the target.
    """
    paper = compose(form, filling, header)
    docx = docx_bytes(paper, created)
    if isinstance(target, Path):
        target.write_bytes(docx)
    else:
        target.write(docx)
    return paper


def docx_bytes(paper: DocumentContent, created: datetime) -> bytes:
    """Return `paper` as DOCX; the same paper and time give the same bytes."""
    document: Any = Document()
    _page(document, paper)
    _style(document)
    _properties(document, paper, created)
    draw = partial(_picture, document.part)
    picture = None if paper.mark is None else draw(paper.mark, decree.QR_MM)
    parts = [
        paper_elements(paper, picture, draw),
        *(annex_elements(annex, draw) for annex in paper.appendices),
    ]
    end = document.element.body.sectPr
    borders = [deepcopy(end), *(_annex_section(document, paper) for _ in paper.appendices)]
    for elements, border in zip(parts, borders, strict=True):
        for piece in elements:
            end.addprevious(piece)
        is_last = border is borders[-1]
        end.addprevious(word.closing_mark(None if is_last else border))
    end.getparent().replace(end, borders[-1])
    _in_language(document, paper.language)
    return _same_bytes(document)


def _page(document: Any, paper: DocumentContent) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(side) for side in decree.PAGE_MM)
    section.top_margin, section.bottom_margin = Mm(decree.TOP_MM), Mm(paper.bottom_mm)
    section.left_margin, section.right_margin = Mm(decree.LEFT_MM), Mm(decree.RIGHT_MM)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    shown = section.header
    shown.is_linked_to_previous = False
    number = word.page_number(ParagraphStyle(decree.BIG_PT, align="center"))
    shown._element.replace(shown.paragraphs[0]._p, number)
    section.first_page_header.is_linked_to_previous = False
    if mark := page_mark():
        for head in (section.header, section.first_page_header):
            line = head.add_paragraph()
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            line.add_run(mark).bold = True
    if paper.contact or paper.proof is not None:
        _foot_of_pages(section.first_page_footer, paper, paper.contact)
    if paper.proof is not None:
        section.footer_distance = Mm(_foot_mm(paper.proof))
        _foot_of_pages(section.footer, paper, ())


def _foot_mm(proof: FooterProof) -> float:
    return decree.FOOT_QR_ABOVE_EDGE_MM if proof.payload else 10


def _foot_of_pages(foot: Any, paper: DocumentContent, contact: tuple[str, ...]) -> None:
    foot.is_linked_to_previous = False
    foot._element.remove(foot.paragraphs[0]._p)
    foot._element.extend(_foot_elements(foot.part, paper.proof, contact))


def _foot_elements(part: Any, proof: FooterProof | None, contact: tuple[str, ...]) -> list[Element]:
    """Return the foot of a page; the picture of its code belongs to `part`."""
    if proof is None:
        return contact_lines(contact)
    picture = None
    if proof.payload:
        picture = _picture(part, QrMark(proof.payload, proof.lines[0]), decree.FOOT_QR_MM)
    return proof_elements(proof, picture, contact)


def _annex_section(document: Any, paper: DocumentContent) -> Element:
    """Return the properties of an annex: the letter's page, its numbers from 1 again."""
    properties = deepcopy(document.element.body.sectPr)
    numbers = word.element("pgNumType", start="1")
    properties.find(qn("w:pgMar")).addnext(numbers)
    if paper.contact:
        # A section without a foot of its own would show that of the section before.
        part, blank = document.part.add_footer_part()
        if paper.proof is not None:
            part.element.remove(part.element.find(qn("w:p")))
            part.element.extend(_foot_elements(part, paper.proof, ()))
        for reference in properties.findall(qn("w:footerReference")):
            if reference.get(qn("w:type")) == "first":
                reference.set(qn("r:id"), blank)
    return properties


def _picture(part: Any, mark: QrMark, side_mm: float) -> Element:
    side = Mm(side_mm)
    inline = part.new_pic_inline(io.BytesIO(qr_png(mark.payload)), side, side)
    inline.docPr.set("descr", mark.caption)
    return inline


def _in_language(document: Any, language: str) -> None:
    if language != "vi":
        for tag in document.element.body.iter(qn("w:lang")):
            tag.set(qn("w:val"), language)
        speak(document.element.body, language)


def _style(document: Any) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = decree.FONT, Pt(decree.BIG_PT)
    fonts = normal.element.rPr.rFonts
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), decree.FONT)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    normal.paragraph_format.space_after = Pt(0)


def _properties(document: Any, paper: DocumentContent, created: datetime) -> None:
    facts = document.core_properties
    facts.title = paper.title[:255]
    facts.language = "vi-VN" if paper.language == "vi" else paper.language
    # The core properties hold 255 characters at most; a blank for the clerk is no author.
    author = " ".join(" ".join(paper.head.body).split())[:255]
    facts.author = author if author.strip(".") else ""
    facts.last_modified_by = facts.comments = facts.keywords = ""
    facts.created = facts.modified = created
    facts.revision = 1
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[key]


def _same_bytes(document: Any) -> bytes:
    raw, fixed = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w") as out:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, date_time=_ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            content = source.read(name)
            out.writestr(member, insert_rows(content) if name == "word/document.xml" else content)
    return fixed.getvalue()
