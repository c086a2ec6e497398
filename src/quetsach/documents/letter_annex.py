"""The annexes of a letter as finished content: label, title, the line that names the letter."""

from collections.abc import Iterator
from dataclasses import dataclass

from quetsach.documents import decree30 as decree
from quetsach.documents.columns import column_aligns, column_widths
from quetsach.documents.dates import day_month_year
from quetsach.documents.form_paper import blank_blocks
from quetsach.documents.letter import Annex, BlankForm, LetterTable, Medium, Passage
from quetsach.documents.letter_blocks import numbered
from quetsach.documents.letterhead import Letterhead
from quetsach.documents.paper import Appendix, Block, Grid
from quetsach.documents.paper_lines import BLANK_DAY, Fitting, dots
from quetsach.documents.times_width import balanced_lines
from quetsach.documents.wording import Head
from quetsach.forms.definition import Form
from quetsach.forms.reading import read_form, shipped_form

_ROMAN = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True)
class Attaching:
    """What all annexes of one letter share."""

    line: str
    count: int
    words: Head
    language: str


def attached_line(head: Letterhead, number: str, words: Head, medium: Medium) -> str:
    """Return the line that names the letter of an annex, its values blank where it must be.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, III.1: an electronic document leaves them blank.
    """
    day, month, year = (dots(count) for count in BLANK_DAY)
    shown, body = f"{dots(8)}/{dots(10)}", dots(16)
    if medium is Medium.PAPER:
        shown = number
        body = body if head.unit is None else " ".join(head.unit.split())
        if head.signed_on is not None:
            day, month, year = day_month_year(head.signed_on)
    facts = {"number": shown, "day": day, "month": month, "year": year, "body": body}
    return words.attached % facts


def appendix(annex: Annex, place: int, shared: Attaching, fitting: Fitting) -> Appendix:
    """Return the annex that is the `place`-th of its letter, 1 = first.

    Errors: E401, E402 for a form that it should hold.
    """
    label = shared.words.annex
    return Appendix(
        label=f"{label} {roman(place)}" if shared.count > 1 else label,
        title=balanced_lines(
            fitting.line(annex.title).upper(),
            decree.BIG_PT,
            decree.points(decree.TEXT_WIDTH_MM),
            bold=True,
        ),
        attached=shared.line,
        blocks=tuple(_blocks(annex, shared.language, fitting)),
    )


def _blocks(annex: Annex, language: str, fitting: Fitting) -> Iterator[Block]:
    run: list[Passage] = []
    for part in annex.content:
        if isinstance(part, Passage):
            run.append(part)
            continue
        # Points are counted up to the next table.
        yield from numbered(run, fitting, language)
        run = []
        if isinstance(part, BlankForm):
            yield from blank_blocks(form_of(part))
        else:
            yield _grid(part, fitting)
    yield from numbered(run, fitting, language)


def form_of(part: BlankForm) -> Form:
    """Return the form that `part` names. Errors: E401, E402."""
    if part.definition:
        return read_form(part.definition.encode(), part.code)
    return shipped_form(part.code)


def _grid(table: LetterTable, fitting: Fitting) -> Grid:
    heads = tuple(fitting.line(head) for head in table.heads)
    rows = tuple(tuple(fitting.text(cell).strip() for cell in row) for row in table.rows)
    return Grid(heads, rows, column_widths(heads, rows), column_aligns(rows, len(heads)))


def roman(number: int) -> str:
    """Return `number` in Roman numerals; 1 to 89."""
    written = ""
    for value, sign in _ROMAN:
        while number >= value:
            written += sign
            number -= value
    return written
