"""The elements of an official report, found by their place in a document that was read back."""

from collections.abc import Sequence
from dataclasses import dataclass

from quetsach.documents.word_reading import Cell, Para, Reading, WordTable
from quetsach.documents.wording import wording


@dataclass(frozen=True)
class Parts:
    """The elements of a report by their place in it."""

    reading: Reading
    issuer: Cell
    nation: Cell
    number: Cell
    place: Cell
    kind: Para
    subject: Para
    subject_rule: Para | None
    addressed: tuple[Para, ...]
    text: tuple[Para, ...]
    grids: tuple[WordTable, ...]
    recipients: Cell
    signer: Cell


def find_parts(reading: Reading) -> Parts | None:
    """Return the elements of `reading`, or None where one of the main ones is not there."""
    tables = [n for n, block in enumerate(reading.blocks) if isinstance(block, WordTable)]
    if len(tables) < 2:
        return None
    head, foot = reading.blocks[tables[0]], reading.blocks[tables[-1]]
    assert isinstance(head, WordTable)
    assert isinstance(foot, WordTable)
    between = reading.blocks[tables[0] + 1 : tables[-1]]
    paras = [block for block in between if isinstance(block, Para)]
    shapes = [len(row.cells) for row in (*head.rows, *foot.rows)]
    if len(head.rows) != 2 or shapes != [2, 2, 2] or len(paras) < 4:
        return None
    kind, subject, *rest = paras
    drawn = rest.pop(0) if rest[0].rule_pt is not None else None
    addressed, text = _split_addressed(rest)
    return Parts(
        reading,
        issuer=head.rows[0].cells[0],
        nation=head.rows[0].cells[1],
        number=head.rows[1].cells[0],
        place=head.rows[1].cells[1],
        kind=kind,
        subject=subject,
        subject_rule=drawn,
        addressed=addressed,
        text=text,
        grids=tuple(block for block in between if isinstance(block, WordTable)),
        recipients=foot.rows[0].cells[0],
        signer=foot.rows[0].cells[1],
    )


def _split_addressed(paras: Sequence[Para]) -> tuple[tuple[Para, ...], tuple[Para, ...]]:
    label = f"{wording().head.addressed}:"
    if not paras or not paras[0].text.startswith(label):
        return (), tuple(paras)
    end = 1
    if paras[0].text.strip() == label:
        while end < len(paras) and paras[end].text.startswith("- "):
            end += 1
    return tuple(paras[:end]), tuple(paras[end:])


def worded(cell: Cell) -> tuple[Para, ...]:
    """Return the paragraphs of `cell` that hold text."""
    return tuple(para for para in cell.paras if para.text)
