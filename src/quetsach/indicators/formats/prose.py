"""Prose with indicators in it: reports in Markdown or AsciiDoc, notes with sections and lists."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from quetsach.indicators.formats.contract import FormReading, ListFile
from quetsach.indicators.formats.document import document_rows
from quetsach.indicators.formats.passages import DocumentContext, TextPassage
from quetsach.indicators.formats.plain import plain_rows
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.values import parse_value

_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_BAR_RULER = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
_ADOC_TABLE = re.compile(r"[|!]={3,}\s*")
_ADOC_CODE = re.compile(r"(-{4,}|\.{4,}|={4,}|_{4,}|\*{4,})\s*")
_ADOC_ATTRIBUTE = re.compile(r":[\w!-]{1,60}:(?:\s.*)?|\[[^\]]{0,300}\]\s*")
_RULER = re.compile(r"\s*([-=_*~#])\1{3,}\s*")
_COLUMN_RULER = re.compile(r"\s*-{2,}(?:\s+-{2,})+\s*")
_MARKED = re.compile(r"(?:#{1,6}|={1,6})\s+\S.*|\.[A-Z]\w.*")
_BULLET = re.compile(r"\s*(?:[-*+\u2022\u2013\u25cf\u25aa]|\d{1,4}[.)]|--|\*\*)\s")
_BOLD = re.compile(r"(\*\*|__)[^*_]{2,120}\1:?\s*")
_READ_ON = re.compile(r"[-*+ ]{0,4}(?:more|further) info\w*\b.{0,120}:", re.IGNORECASE)
_LONGEST_HEADING = 160
_CELL_END = re.compile(r"\s*\+?\s*$")
_MANY_COLUMNS = 64


@dataclass
class _State:
    """The state of the markup parser before the next line."""

    asciidoc: bool
    fence: str = ""
    table: int = 0
    cells: list[tuple[int, str]] = field(default_factory=list)
    in_adoc_table: bool = False
    columns: int = 0
    was_bar: bool = False


def passages_of(lines: Iterable[str], *, asciidoc: bool) -> Iterator[TextPassage]:
    """Return the passages of a text, blank lines among them. Cost: linear."""
    state = _State(asciidoc)
    for number, raw in enumerate(lines, start=1):
        line = raw.rstrip("\r\n")
        if state.in_adoc_table:
            yield from _in_adoc_table(number, line, state)
        elif asciidoc and not state.fence and _ADOC_TABLE.fullmatch(line):
            state.in_adoc_table, state.columns, state.cells = True, 0, []
            state.table += 1
        else:
            yield from _line(number, line, state)
    if state.cells:
        yield from _adoc_rows(state)


def _line(number: int, line: str, state: _State) -> Iterator[TextPassage]:
    is_bar = not state.fence and line.lstrip().startswith("|") and line.count("|") > 1
    if is_bar:
        if not state.was_bar:
            state.table += 1
        state.was_bar = True
        if not _BAR_RULER.fullmatch(line):
            yield TextPassage(line, number, cells=_bar_cells(line), table=state.table)
        return
    state.was_bar = False
    if _is_fence(line, state) or _is_marking(line, state):
        return
    if state.fence:
        yield TextPassage(line, number)
        return
    if _is_heading(line):
        yield TextPassage(line, number, heading=True)
        return
    yield TextPassage(line, number)


def _is_fence(line: str, state: _State) -> bool:
    match = _FENCE.match(line)
    if match is None and state.asciidoc:
        match = _ADOC_CODE.fullmatch(line)
        if match and match.group(1)[0] in "=_*":  # an open block, whose content is text
            return not state.fence
    if match is None:
        return False
    mark = match.group(1)
    if state.fence:
        if mark.startswith(state.fence):
            state.fence = ""
            return True
        return False
    state.fence = mark[:3] if mark[0] in "`~" else mark
    return True


def _is_marking(line: str, state: _State) -> bool:
    """Return whether `line` is a ruler, or a word to the program that sets the page."""
    if state.fence:
        return False
    if state.asciidoc and (_ADOC_ATTRIBUTE.fullmatch(line) or line.startswith("//")):
        return not re.match(r":\S+: .*\[\.\]", line)
    return _RULER.fullmatch(line) is not None or _COLUMN_RULER.fullmatch(line) is not None


def _is_heading(line: str) -> bool:
    text = line.strip()
    if not text or len(text) > _LONGEST_HEADING or "[.]" in text or "hxxp" in text:
        return False
    if _MARKED.fullmatch(text) or _BOLD.fullmatch(text):
        return True
    if _READ_ON.fullmatch(text):
        return True
    if _BULLET.match(line) or line.startswith(("    ", "\t")):
        return False
    return text.endswith(":") or (text.isupper() and len(text.split()) > 1)


def _bar_cells(line: str) -> tuple[str, ...]:
    inside = line.strip().removeprefix("|").removesuffix("|")
    return tuple(_clean(cell) for cell in re.split(r"(?<!\\)\|", inside)[:_MANY_COLUMNS])


def _clean(cell: str) -> str:
    """Return the text of a cell; a break in it (`<br>`, AsciiDoc's ` +`) begins a line."""
    text = re.sub(r"<br ?/?>|(?<=[\s`]) ?\+[^\S\n]{0,3}\n", "\n", cell, flags=re.IGNORECASE)
    # AsciiDoc's `+text as it is+`, and plain code.
    text = text.replace("`+", " ").replace("+`", " ").replace("`", " ")
    return "\n".join(line.strip() for line in _CELL_END.sub("", text).strip().split("\n"))


def _in_adoc_table(number: int, line: str, state: _State) -> Iterator[TextPassage]:
    if _ADOC_TABLE.fullmatch(line):
        yield from _adoc_rows(state)
        state.in_adoc_table, state.cells = False, []
        return
    pieces = re.split(r"(?<!\\)\|", line)
    if state.cells and pieces[0].strip():
        last, text = state.cells[-1]
        state.cells[-1] = (last, f"{text}\n{pieces[0]}")
    if not line.strip():
        # The cells before the first blank line are the header: one line, or one cell a line.
        state.columns = state.columns or len(state.cells)
    state.cells += [(number, piece) for piece in pieces[1:]]
    if len(pieces) > 2 and not state.columns:
        state.columns = len(pieces) - 1


def _adoc_rows(state: _State) -> Iterator[TextPassage]:
    width = min(state.columns or 1, _MANY_COLUMNS)
    for first in range(0, len(state.cells), width):
        row = state.cells[first : first + width]
        cells = tuple(_clean(text) for _, text in row)
        yield TextPassage(" | ".join(cells), row[0][0], cells=cells, table=state.table)


_ASCIIDOC = (".adoc", ".asciidoc")
_MARKUP = (".md", ".markdown", ".rst", *_ASCIIDOC)
_TEXT = ("", ".txt", ".text")
_HEADING = re.compile(r"(?![-*\u2022\s#;/]).{3,160}:\s*")
_DATA = re.compile(r"\s*[<{\[]")
_HEADINGS_OF_NOTES = 2


class ProseList:
    """A text for people, with values among sentences."""

    name = "prose"
    title = "Report or note (Markdown, AsciiDoc, text)"
    reads = "values in tables, lists and code; defanged values also in sentences"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each value, accepted or refused; None for plain lists and for data."""
        if not file.is_text or not looks_like_prose(file):
            return None
        passages = list(passages_of(file.lines(), asciidoc=file.suffix in _ASCIIDOC))
        return FormReading(document_rows(passages, DocumentContext(file.options)))


def looks_like_prose(file: ListFile) -> bool:
    """Return whether most lines of `file` are no values, or headings part its values."""
    if file.suffix in _MARKUP:
        return True
    if file.suffix not in _TEXT or _DATA.match("\n".join(file.head)):
        return False
    return _reads_as_note(file.sample, file.options)


def _reads_as_note(sample: Sequence[str], options: ListOptions) -> bool:
    headings = sum(_HEADING.fullmatch(line) is not None for line in sample)
    if headings >= _HEADINGS_OF_NOTES:
        return True
    bad = (RefusalReason.UNPARSABLE, RefusalReason.EMPTY)
    rows = list(plain_rows(iter(sample)))
    values = sum(parse_value(row.value, options).reason not in bad for row in rows)
    sentences = sum(len(row.text.split()) > 4 for row in rows)
    return 2 * values < len(rows) and 2 * sentences > len(rows)
