"""Each value of a letter is right or asked about, in Word, PDF and Excel; none is lost."""

import docx
import pytest

from quetsach.indicators.formats.contract import ListRow
from quetsach.indicators.formats.paper import paper_rows
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.values import parse_value, with_port
from quetsach.readers.contract import ReadDocument
from quetsach.readers.pdf import PdfReader
from quetsach.readers.read import read_paper
from quetsach.readers.word import WordReader
from quetsach.readers.workbook import WorkbookReader
from tests.letters.annexes import LETTERS, Annexed
from tests.letters.texts import paper_of_blocks
from tests.readers.samples import pdf, read, saved, workbook

OPTIONS = ListOptions()


def as_word(letter: Annexed) -> ReadDocument:
    document = docx.Document()
    table = None
    for part in letter.parts:
        if isinstance(part, str):
            document.add_paragraph(part)
            table = None
            continue
        table = document.add_table(0, len(part)) if table is None else table
        for cell, text in zip(table.add_row().cells, part, strict=True):
            cell.text = text
    return read(WordReader(read_paper), saved(document), "cv.docx")


def as_pdf(letter: Annexed) -> ReadDocument:
    body: list[str] = []
    rows: list[tuple[str, ...]] = []
    for part in (*letter.parts, ""):
        if isinstance(part, tuple):
            rows.append(part)
            continue
        if rows:
            cells = ", ".join(f"[{_set(cell)}]" for row in rows for cell in row)
            widths = ", ".join(["1.4cm", *["1fr"] * (len(rows[0]) - 1)])
            body.append(f"#table(columns: ({widths}), {cells})")
            rows = []
        body.append(_set(part))
    return read(PdfReader(read_paper), pdf("\n\n".join(body)), "cv.pdf")


def _set(text: str) -> str:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return " #linebreak() ".join(f'#text("{line}")' for line in quoted.split("\n"))


def as_workbook(letter: Annexed) -> ReadDocument:
    lines = [list(part) if isinstance(part, tuple) else [part] for part in letter.parts]
    return read(WorkbookReader(read_paper), workbook({"Phụ lục": lines}), "cv.xlsx")


def as_blocks(letter: Annexed) -> ReadDocument:
    return paper_of_blocks(*letter.parts)


def keys(row: ListRow) -> set[str]:
    return {with_port(one, row.port).key for one in parse_value(row.value, OPTIONS).values}


@pytest.mark.parametrize("made", [as_blocks, as_word, as_pdf, as_workbook])
@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.name)
def test_a_letter_gives_its_values_or_a_question_for_each(letter: Annexed, made: object) -> None:
    assert callable(made)
    rows = list(paper_rows(made(letter), OPTIONS))
    taken = {key for row in rows if row.refused is None for key in keys(row)}
    asked = {row.value for row in rows if row.refused is RefusalReason.UNCLEAR}
    others = {row.value for row in rows if row.refused not in (None, RefusalReason.UNCLEAR)}
    assert taken <= letter.taken, "a value that the letter does not ask for"
    if made is as_blocks or made is as_word:
        assert taken == letter.taken
        assert letter.asked <= asked
        assert letter.other <= others | asked
    # In other files a wrap or a sheet without paragraphs may turn a value into a question.
    lost = letter.taken - taken - {key for row in rows for key in keys(row)}
    assert not [key for key in lost if not any(_is_part(row.value, key) for row in rows)], rows


def _is_part(value: str, key: str) -> bool:
    return key.split("/")[0].split(":")[0] in value or value in key
