"""Rows written as text are the very bytes that as many elements would have been."""

from lxml import etree

from quetsach.documents import word_xml as word
from quetsach.documents.word_rows import put_in, raw_rows, speak
from quetsach.documents.word_xml import Look
from tests.documents.letters import HOSTILE

WIDTHS = (31.2, 255.0)
LOOKS = (Look(13, align="center", before=3, after=3), Look(13, before=3, after=3))
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
    assert put_in(etree.tostring(held, encoding="UTF-8")) == etree.tostring(plain, encoding="UTF-8")


def test_the_language_is_set_and_no_text_that_looks_like_one() -> None:
    held = word.table(WIDTHS, [raw_rows(ROWS, WIDTHS, LOOKS)], lines=True)
    speak(held, "en")
    told = put_in(etree.tostring(held, encoding="UTF-8")).decode()
    assert '<w:lang w:val="vi-VN"/>' not in told
    assert '&lt;w:lang w:val="vi-VN"/&gt;' in told


def test_a_document_without_rows_stays_as_it_is() -> None:
    plain = etree.tostring(word.table(WIDTHS, rows_as_elements(), lines=True))
    assert put_in(plain) == plain
