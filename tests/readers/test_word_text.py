"""Numbers that Word draws: counted as Word counts them; LibreOffice agrees."""

import re
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from quetsach.readers.read import read_paper
from quetsach.readers.word import WordReader
from quetsach.readers.word_text import ParagraphNumbers, _written
from tests.libreoffice import Part, convert
from tests.readers.samples import read, rows, saved, texts

W = nsdecls("w")


def numbered(document: Any, levels: str, *, number: int = 77, override: str = "") -> None:
    part = document.part.numbering_part.element
    whole = f'<w:abstractNum {W} w:abstractNumId="{number}">{levels}</w:abstractNum>'
    part.insert(0, parse_xml(whole))
    part.append(
        parse_xml(
            f'<w:num {W} w:numId="{number}"><w:abstractNumId w:val="{number}"/>{override}</w:num>'
        )
    )


def level(depth: int, form: str, text: str, start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def put(paragraph: Any, depth: int = 0, number: int = 77) -> None:
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {W}><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')
    )


def outline() -> Any:
    document = Document()
    numbered(
        document,
        level(0, "decimal", "%1.") + level(1, "lowerLetter", "%2)") + level(2, "decimal", "%1.%3"),
    )
    for depth, text in ((0, "một"), (1, "a"), (1, "b"), (2, "sâu"), (0, "hai"), (1, "lại")):
        put(document.add_paragraph(text), depth)
    document.add_paragraph("không số")
    return document


OUTLINE = ["1. một", "a) a", "b) b", "1.1 sâu", "2. hai", "a) lại", "không số"]


def test_levels_count_and_begin_again_below_the_next() -> None:
    assert texts(read(WordReader(read_paper), saved(outline()), "x.docx")) == OUTLINE


def test_libreoffice_counts_the_same(tmp_path: Path) -> None:
    outline().save(str(tmp_path / "x.docx"))
    plain = convert(tmp_path / "x.docx", "txt:Text (encoded):UTF8", Part.WRITER)
    theirs = plain.read_text("utf-8-sig").split("\n")
    assert [re.sub(r"\s+", " ", line).strip() for line in theirs if line.strip()] == OUTLINE


def test_a_column_of_numbers_is_read_with_its_rows() -> None:
    document = Document()
    numbered(document, level(0, "decimal", "%1"))
    table = document.add_table(2, 2)
    for row, name in zip(table.rows, ("a.example", "b.example"), strict=True):
        put(row.cells[0].paragraphs[0])
        row.cells[1].text = name
    assert rows(read(WordReader(read_paper), saved(document), "x.docx")) == [
        ("1", "a.example"),
        ("2", "b.example"),
    ]


def test_a_list_that_starts_anew_and_a_style_that_is_numbered() -> None:
    document = Document()
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    numbered(document, level(0, "upperRoman", "%1 -"), override=override)
    put(document.add_paragraph("năm"))
    document.styles["Quote"]._element.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {W}><w:numId w:val="77"/></w:numPr>')
    )
    document.add_paragraph("sáu", style="Quote")
    assert texts(read(WordReader(read_paper), saved(document), "x.docx")) == ["V - năm", "VI - sáu"]


def test_bullets_are_signs_that_can_be_read() -> None:
    document = Document()
    numbered(document, level(0, "bullet", "\uf0b7") + level(1, "bullet", "-"))
    put(document.add_paragraph("một"))
    put(document.add_paragraph("hai"), 1)
    assert texts(read(WordReader(read_paper), saved(document), "x.docx")) == ["• một", "- hai"]


@pytest.mark.parametrize(
    ("count", "form", "text"),
    [
        (27, "lowerLetter", "aa"),
        (54, "upperLetter", "BBB"),
        (1994 - 1000, "lowerRoman", "cmxciv"),
        (49, "upperRoman", "XLIX"),
        (7, "decimalZero", "07"),
        (3, "none", ""),
        (10**9, "lowerLetter", "1000000000"),
    ],
)
def test_each_form_is_written_as_word_does(count: int, form: str, text: str) -> None:
    assert _written(count, form) == text


def test_without_a_list_there_is_no_label() -> None:
    paragraph = Document().add_paragraph("x")
    put(paragraph)
    assert ParagraphNumbers(None, None).label(paragraph._p, "") == ""
