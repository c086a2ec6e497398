"""Appendices: forms to fill in, with their blanks and tables, and lists."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from quetsach.letters.lines import LetterLine, fold_accents, is_marked
from quetsach.letters.model import (
    CountedThing,
    FormField,
    FormRow,
    FormTable,
    KnownForm,
    OpenQuestions,
    Quote,
    ReadAppendix,
    ReadField,
)

MOST_ROWS = 200
MOST_APPENDICES = 50
LONGEST_CELL = 2_000

_START = re.compile(
    r"(?:phu luc|mau bao cao|de cuong bao cao|annex|appendix)"
    r"(?: (?:so )?(?P<number>[ivx]{1,5}|[0-9]{1,2}))?(?:[.:] ?.{0,120})?\Z"
)
_NUMBERED = re.compile(r"phu luc (?:so )?([ivx]{1,5}|[0-9]{1,2})(?![a-z0-9])")
_SECTION = re.compile(r"(?:[0-9]{1,2}|[ivx]{1,5})[.)] ?(?=\S)")
_DOTS = re.compile(r"(?:…|[._]{3})[.…_]*")
_FIELD = re.compile(
    r"(?:[-+•*] ?|[a-z0-9]{1,2}[.)] ?)?(?P<label>[^:]{2,160}?) ?(?:: ?(?P<rest>.*))?\Z"
)
_SENT_WITH = re.compile(r"\(?(?:kem theo|ban hanh kem|dinh kem)")
_NUMBER_HEAD = re.compile(r"(?:s?tt|so tt|so thu tu|no\.?)\Z")
_REMARK_HEAD = re.compile(r"(?:ghi chu|chu thich|remarks?|notes?|comments?)\Z")
_WORDS: tuple[tuple[CountedThing, str], ...] = (
    (
        CountedThing.ORGANISATIONS,
        r"co quan|to chuc|don vi|phong,? ban|organi[sz]ations?|offices?|truong hoc",
    ),
    (
        CountedThing.PEOPLE,
        r"can bo|cong chuc|vien chuc|nguoi|nhan vien|hoc sinh|people|staff|officials",
    ),
    (CountedThing.TURNS, r"luot|turns"),
    (
        CountedThing.MACHINES,
        r"may tinh|may tram|may chu|may|thiet bi|machines?|computers?|devices?",
    ),
    (CountedThing.ADDRESSES, r"dia chi|ten mien|addresses|domains?"),
    (CountedThing.DETECTIONS, r"ma doc|tep nhiem|canh bao|detections?"),
)
_COUNTED = tuple((kind, re.compile(rf"(?<![a-z])(?:{words})(?![a-z])")) for kind, words in _WORDS)


def appendix_start(lines: Sequence[LetterLine], after: int) -> int:
    """Return the place of the first appendix behind `after`; the number of lines if none."""
    found = (n for n, one in enumerate(lines[after:], after) if _begins(one))
    return next(found, len(lines))


def _begins(line: LetterLine) -> bool:
    return not line.cells and line.text[:1].isupper() and _START.match(line.folded) is not None


def appendices(
    lines: Sequence[LetterLine], forms: Sequence[KnownForm], opened: OpenQuestions
) -> tuple[ReadAppendix, ...]:
    """Return the appendices that these lines, from the first one's head on, hold."""
    starts: list[int] = []
    for n, line in enumerate(lines):
        # "Phụ lục", then "Mẫu báo cáo ..." as its title: one appendix, and not two.
        titled = starts and n - starts[-1] <= 2 and not line.folded.startswith("phu luc")
        if _begins(line) and not titled:
            starts.append(n)
    pieces = [lines[start:end] for start, end in pairwise([*starts, len(lines)])]
    if len(pieces) > MOST_APPENDICES:
        opened.ask("appendices", "entries-more", limit=MOST_APPENDICES)
    return tuple(_appendix(_of_one_part(piece), forms) for piece in pieces[:MOST_APPENDICES])


def _of_one_part(lines: Sequence[LetterLine]) -> Sequence[LetterLine]:
    """Return the lines up to where another attachment begins."""
    part = lines[0].place.part
    end = next((n for n, one in enumerate(lines) if one.place.part != part), len(lines))
    return lines[:end]


@dataclass
class _Gathered:
    """What was read of one appendix so far."""

    title: list[LetterLine] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    fields: list[FormField] = field(default_factory=list)
    tables: list[list[LetterLine]] = field(default_factory=list)
    of_table: list[str] = field(default_factory=list)
    below: int | None = None
    in_brackets: bool = False
    """Whether "(Kèm theo Công văn số ...", which continues in the next line, is not closed yet."""

    @property
    def section(self) -> str:
        return self.sections[-1] if self.sections else ""

    @property
    def begun(self) -> bool:
        return bool(self.sections or self.fields or self.tables)


def _appendix(lines: Sequence[LetterLine], forms: Sequence[KnownForm]) -> ReadAppendix:
    start = _START.match(lines[0].folded)
    assert start is not None
    got = _Gathered()
    in_table = False
    for line in lines[1:]:
        in_table = _take(line, got, in_table)
    tables = tuple(map(_table, got.tables, got.of_table))
    words = " ".join(one.text for one in got.title)
    title: ReadField[str] = ReadField(words, got.title[0].source) if words else ReadField()
    form = _known(got, tables, forms)
    number = lines[0].at(*start.span("number")) if start["number"] else ""
    is_form = bool(got.fields) or any(one.blank for one in tables)
    return ReadAppendix(
        number=number,
        title=title,
        sections=tuple(got.sections),
        fields=tuple(got.fields),
        tables=tables,
        is_form=is_form,
        known_form=form,
        source=lines[0].source,
    )


def _take(line: LetterLine, got: _Gathered, in_table: bool) -> bool:
    """Take one line in; return whether it is of a table."""
    if line.cells and len(line.cells) > 1:
        if not in_table:
            got.tables.append([])
            got.of_table.append(got.section)
        # A table that runs over several pages repeats its heads on each.
        if not in_table or all(line.cells != one[0].cells for one in got.tables):
            got.tables[-1].append(line)
        got.below = line.place.line
        return True
    folded = line.folded
    if in_table and _goes_on(line, got):
        _lengthen(got.tables[-1], line)
        got.below = line.place.line
        return True
    if _SENT_WITH.match(folded) or got.in_brackets:
        opened = got.in_brackets or line.text.startswith("(")
        got.in_brackets = opened and ")" not in line.text and line.text[:1] not in "-+•*"
        return False
    if not _DOTS.sub("", line.text).strip(" -+•*"):
        return False
    section = _SECTION.match(folded)
    if section is not None and not _DOTS.search(line.text):
        got.sections.append(line.text[section.end() :].strip(" :"))
    elif _is_field(line):
        # "Người liên hệ: ..... Điện thoại: .....": a line may have several blanks.
        for piece in _DOTS.split(line.text)[:20]:
            found = _FIELD.match(piece.strip())
            label = "" if found is None else found["label"].strip(" -+•*:,;")
            if label:
                got.fields.append(FormField(label, got.section, line.source))
    elif not got.begun and len(got.title) < 5:
        got.title.append(line)
    return False


def _goes_on(line: LetterLine, got: _Gathered) -> bool:
    """Tell whether it is the rest of a cell of the row above, which the page broke apart.

    Such a row has lost its empty cells, and the rest is in the very next line.
    """
    rows = got.tables[-1]
    return (
        len(rows) > 1
        and len(rows[-1].cells) < len(rows[0].cells)
        and got.below is not None
        and line.place.line == got.below + 1
        and len(line.text) < 80
        and not is_marked(line)
    )


def _lengthen(rows: list[LetterLine], line: LetterLine) -> None:
    """Add the words to the last cell of the last row."""
    cells = list(rows[-1].cells)
    place = max((n for n, cell in enumerate(cells) if cell), default=0)
    if len(cells[place]) < LONGEST_CELL:
        cells[place] = f"{cells[place]} {line.text}".strip()
        rows[-1] = replace(rows[-1], text=f"{rows[-1].text} {line.text}", cells=tuple(cells))


def _is_field(line: LetterLine) -> bool:
    text = line.text
    if _DOTS.search(text):
        return True
    return text[0] in "-+•*" and text.rstrip().endswith(":")


def _table(lines: Sequence[LetterLine], section: str) -> FormTable:
    first = lines[0]
    headed = any(_NUMBER_HEAD.match(fold_accents(cell)) for cell in first.cells) or not any(
        re.search(r"[0-9]", cell) for cell in first.cells
    )
    columns = tuple(cell.replace("\n", " ") for cell in first.cells) if headed else ()
    rows = lines[1:] if headed else lines
    return FormTable(
        columns=columns,
        rows=tuple(map(_row, rows[:MOST_ROWS])),
        row_count=len(rows),
        section=section,
        blank=bool(rows) and all(_has_blank(one, columns) for one in rows[:MOST_ROWS]),
        source=first.source,
    )


def _has_blank(line: LetterLine, columns: Sequence[str]) -> bool:
    """Tell whether a cell waits to be filled; an empty remark makes a list no form."""
    cells = (*line.cells, *[""] * (len(columns) - len(line.cells)))
    return any(
        not _DOTS.sub("", one).strip()
        and not (n < len(columns) and _REMARK_HEAD.match(fold_accents(columns[n])))
        for n, one in enumerate(cells)
    )


def _row(line: LetterLine) -> FormRow:
    numbered = re.fullmatch(r"[0-9.ivx]{1,6}[.)]?", fold_accents(line.cells[0])) is not None
    number = line.cells[0] if numbered else ""
    label = next((cell for cell in line.cells[1 if numbered else 0 :] if cell), "")
    return FormRow(number, label, counted(label), line.source)


def counted(label: str) -> CountedThing | None:
    """Return what a row counts: the first thing that its label names."""
    folded = fold_accents(label)
    first = [
        (found.start(), kind)
        for kind, pattern in _COUNTED
        if (found := pattern.search(folded)) is not None
    ]
    return min(first, key=lambda one: one[0])[1] if first else None


def _known(got: _Gathered, tables: Sequence[FormTable], forms: Iterable[KnownForm]) -> str | None:
    blank = [one for one in tables if one.blank]
    rows = [row.label for one in blank for row in one.rows]
    ours = (
        _plain(one.label for one in got.fields),
        [_plain(one.columns) for one in blank],
        _plain(rows),
    )
    for form in forms:
        theirs = (_plain(form.fields), [_plain(one) for one in form.columns], _plain(form.rows))
        if ours == theirs and (rows or got.fields):
            return form.code
    return None


def _plain(labels: Iterable[str]) -> list[str]:
    """Return labels without accents, signs and spacing: a letter's slips make no other form."""
    return [re.sub(r"[^a-z0-9]+", " ", fold_accents(label)).strip() for label in labels]


def counts_open(found: Sequence[ReadAppendix]) -> Iterator[str]:
    """Yield the labels of rows to fill in of which nobody can tell what they count."""
    for one in found:
        for table in one.tables:
            if table.blank:
                yield from (row.label for row in table.rows if row.counts is None and row.label)


def missing_annexes(
    named: Sequence[Quote], appendices: Sequence[ReadAppendix]
) -> tuple[Quote, ...]:
    """Return what mentions an annex that is not there: by its number, or none is there at all."""
    if not appendices:
        return tuple(named)
    numbers = {fold_accents(one.number).lstrip("0") for one in appendices if one.number}
    if not numbers:
        return ()
    by_number = [(one, _NUMBERED.search(fold_accents(one.text))) for one in named]
    return tuple(
        one
        for one, number in by_number
        if number is not None and number[1].lstrip("0") not in numbers
    )
