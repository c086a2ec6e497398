"""The rows of a long table as text, which takes a tenth of the memory of as many elements.

A table holds them in one element, RAW, until the file is written; `put_in` then opens it.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from xml.sax.saxutils import escape, unescape

from lxml import etree

from quetsach.documents import word_xml as word
from quetsach.documents.word_xml import Element, Look

RAW = "raw"
_TEXT = "\ue000"
"""Stands where the text of a cell belongs; no text that can be printed holds it."""

_DECLARED = re.compile(r' xmlns:\w+="[^"]*"')
_HELD = re.compile(rb"<w:raw>(.*?)</w:raw>", re.DOTALL)
_LANGUAGE = '<w:lang w:val="%s"/>'


def raw_rows(
    rows: Iterable[Sequence[str]], widths: Sequence[float], looks: Sequence[Look]
) -> Element:
    """Return one element that holds `rows`, each as `word.row` would have made it."""
    held = word.element(RAW)
    held.text = "".join(_row(row, widths, looks) for row in rows)
    return held


def put_in(document: bytes) -> bytes:
    """Return the XML of a document with the rows that its RAW elements hold in their places."""
    return _HELD.sub(lambda found: _opened(found.group(1)), document)


def speak(body: Element, language: str) -> None:
    """Set the language of the rows that `body` holds as text."""
    for held in body.iter(f"{{*}}{RAW}"):
        held.text = held.text.replace(_LANGUAGE % "vi-VN", _LANGUAGE % language)


def _opened(held: bytes) -> bytes:
    return unescape(held.decode()).encode()


def _row(texts: Sequence[str], widths: Sequence[float], looks: Sequence[Look]) -> str:
    before, behind = _around()
    return before + "".join(map(_cell, texts, widths, looks)) + behind


def _cell(text: str, width: float, look: Look) -> str:
    if not text or "\n" in text:
        return _written(word.cell(width, [word.paragraph(text, look)], middle=True))
    return _shape(width, look).replace(_TEXT, escape(text))


@cache
def _shape(width: float, look: Look) -> str:
    return _written(word.cell(width, [word.paragraph(_TEXT, look)], middle=True))


@cache
def _around() -> tuple[str, str]:
    made = word.row([word.element("tc")])
    before, _, behind = _written(made).partition("<w:tc/>")
    return before, behind


def _written(made: Element) -> str:
    # The document declares the namespaces once, at its beginning.
    return _DECLARED.sub("", etree.tostring(made, encoding="unicode"))
