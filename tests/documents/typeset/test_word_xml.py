"""Rows written as text are the very bytes that as many elements would have been."""

from lxml import etree

from quetsach.documents.typeset import word_xml as word
from quetsach.documents.typeset.word_xml import ParagraphStyle, insert_rows, raw_rows, speak
from tests.documents.letters import HOSTILE

WIDTHS = (31.2, 255.0)
LOOKS = (
    ParagraphStyle(13, align="center", before=3, after=3),
    ParagraphStyle(13, before=3, after=3),
)
ROWS = [
    *(("1", text) for text in HOSTILE),
    ("", ""),
    ("2", "một\nhai"),
    ("3", " đầu và cuối "),
    ("4", "</w:raw><w:raw>&lt;w:t&gt;&amp;amp;"),
    ("5", '<w:lang w:val="vi-VN"/>'),
]


def rows_as_elements() -> list[word.Element]:
    return [
        word.row(
            [
                word.cell(width, [word.paragraph(text, look)], middle=True)
                for width, text, look in zip(WIDTHS, texts, LOOKS, strict=True)
            ]
        )
        for texts in ROWS
    ]


def test_text_and_elements_give_the_same_bytes() -> None:
    plain = word.table(WIDTHS, rows_as_elements(), lines=True)
    held = word.table(WIDTHS, [raw_rows(ROWS, WIDTHS, LOOKS)], lines=True)
    assert insert_rows(etree.tostring(held, encoding="UTF-8")) == etree.tostring(
        plain, encoding="UTF-8"
    )


def test_the_language_is_set_and_no_text_that_looks_like_one() -> None:
    held = word.table(WIDTHS, [raw_rows(ROWS, WIDTHS, LOOKS)], lines=True)
    speak(held, "en")
    told = insert_rows(etree.tostring(held, encoding="UTF-8")).decode()
    assert '<w:lang w:val="vi-VN"/>' not in told
    assert '&lt;w:lang w:val="vi-VN"/&gt;' in told


def test_a_document_without_rows_stays_as_it_is() -> None:
    plain = etree.tostring(word.table(WIDTHS, rows_as_elements(), lines=True))
    assert insert_rows(plain) == plain
