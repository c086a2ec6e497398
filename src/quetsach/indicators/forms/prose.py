"""Prose with indicators in it: reports in Markdown or AsciiDoc, notes with sections and lists."""

import re
from collections.abc import Sequence

from quetsach.indicators.forms.contract import FormReading, ListFile
from quetsach.indicators.forms.document import document_rows
from quetsach.indicators.forms.markup import passages_of
from quetsach.indicators.forms.passage import Document
from quetsach.indicators.forms.plain import plain_rows
from quetsach.indicators.options import ListOptions, Reason
from quetsach.indicators.parse_value import parse_value

_ASCIIDOC = (".adoc", ".asciidoc")
_MARKUP = (".md", ".markdown", ".rst", *_ASCIIDOC)
_TEXT = ("", ".txt", ".text")
_HEADING = re.compile(r"(?![-*\u2022\s#;/]).{3,160}:\s*")
_DATA = re.compile(r"\s*[<{\[]")
_HEADINGS_OF_NOTES = 2


class Prose:
    """A text written for people, in which values stand among sentences."""

    name = "prose"
    title = "Report or note (Markdown, AsciiDoc, text)"
    reads = "values in tables, lists and code; written defanged also in sentences"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each value, taken or not; None for plain lists and for data."""
        if file.text is None or not looks_like_prose(file):
            return None
        passages = list(passages_of(file.lines(), asciidoc=file.suffix in _ASCIIDOC))
        return FormReading(document_rows(passages, Document(file.options)))


def looks_like_prose(file: ListFile) -> bool:
    """Return whether most lines of `file` are no values, or headings part its values."""
    if file.suffix in _MARKUP:
        return True
    if file.suffix not in _TEXT or _DATA.match(file.text or ""):
        return False
    return _reads_as_note(file.sample, file.options)


def _reads_as_note(sample: Sequence[str], options: ListOptions) -> bool:
    headings = sum(_HEADING.fullmatch(line) is not None for line in sample)
    if headings >= _HEADINGS_OF_NOTES:
        return True
    bad = (Reason.UNPARSABLE, Reason.EMPTY)
    rows = list(plain_rows(iter(sample)))
    values = sum(parse_value(row.value, options).reason not in bad for row in rows)
    sentences = sum(len(row.text.split()) > 4 for row in rows)
    return 2 * values < len(rows) and 2 * sentences > len(rows)
