"""The elements of an official document, found by their place in one that was read back."""

from collections.abc import Sequence
from dataclasses import dataclass

from quetsach.documents.typeset.wording import LetterheadWords, wording
from tests.oracles.layout.word_reading import Cell, Para, Reading, Section, WordTable


@dataclass(frozen=True)
class AnnexParts:
    """The elements of an annex; None where one is not there."""

    section: Section
    label: Para | None
    title: Para | None
    attached: Para | None
    text: tuple[Para, ...]


@dataclass(frozen=True)
class Parts:
    """The elements of a document by their place in it.

    A report has `kind` and `subject`; a letter has `about`, and may have a `stamp` and `annexes`.
    """

    reading: Reading
    words: LetterheadWords
    issuer: Cell
    nation: Cell
    number: tuple[Para, ...]
    place: Cell
    kind: Para | None
    subject: Para | None
    subject_rule: Para | None
    about: tuple[Para, ...]
    stamp: tuple[Para, ...]
    addressed: tuple[Para, ...]
    text: tuple[Para, ...]
    grids: tuple[WordTable, ...]
    recipients: Cell
    signer: Cell
    annexes: tuple[AnnexParts, ...]

    @property
    def is_party(self) -> bool:
        """Tell whether it stands under the heading of the Party."""
        return self.words is wording().head_party


def find_parts(reading: Reading) -> Parts | None:
    """Return the elements of `reading`, or None where one of the main ones is not there."""
    tables = [n for n, block in enumerate(reading.blocks) if isinstance(block, WordTable)]
    if len(tables) < 2:
        return None
    head, foot = reading.blocks[tables[0]], reading.blocks[tables[-1]]
    assert isinstance(head, WordTable)
    assert isinstance(foot, WordTable)
    between = reading.blocks[tables[0] + 1 : tables[-1]]
    rest = [block for block in between if isinstance(block, Para)]
    # A second row of the foot holds the QR code of the printed copy.
    shapes = [len(row.cells) for row in (*head.rows, *foot.rows)]
    if len(head.rows) != 2 or shapes not in ([2, 2, 2], [2, 2, 2, 2]):
        return None
    words = _words_of(head.rows[0].cells[1])
    is_letter = bool(rest) and rest[0].text.startswith(f"{words.addressed}:")
    if len(rest) < (2 if is_letter else 4):
        return None
    kind, subject = (None, None) if is_letter else (rest.pop(0), rest.pop(0))
    drawn = rest.pop(0) if not is_letter and rest[0].rule_pt is not None else None
    addressed, text = _split_addressed(rest, words)
    beside = worded(head.rows[1].cells[0])
    lines = tuple(para for para in beside if not para.boxed)
    return Parts(
        reading,
        words,
        issuer=head.rows[0].cells[0],
        nation=head.rows[0].cells[1],
        number=lines[:1] if is_letter else lines,
        place=head.rows[1].cells[1],
        kind=kind,
        subject=subject,
        subject_rule=drawn,
        about=lines[1:] if is_letter else (),
        stamp=tuple(para for para in beside if para.boxed),
        addressed=addressed,
        text=text,
        grids=_tables((*between, *_beyond(reading))),
        recipients=foot.rows[0].cells[0],
        signer=foot.rows[0].cells[1],
        annexes=tuple(_annex(section) for section in reading.sections[1:]),
    )


def _words_of(nation: Cell) -> LetterheadWords:
    shown = worded(nation)[:1]
    for words in (wording().head_en, wording().head_party):
        if shown and shown[0].text == words.nation:
            return words
    return wording().head


def _tables(blocks: Sequence[Para | WordTable]) -> tuple[WordTable, ...]:
    return tuple(block for block in blocks if isinstance(block, WordTable))


def _beyond(reading: Reading) -> list[Para | WordTable]:
    return [block for section in reading.sections[1:] for block in section.blocks]


def _annex(section: Section) -> AnnexParts:
    paras = [block for block in section.blocks if isinstance(block, Para) and block.text]
    label, title, attached = (*paras[:3], None, None, None)[:3]
    return AnnexParts(section, label, title, attached, tuple(paras[3:]))


def _split_addressed(
    paras: Sequence[Para], words: LetterheadWords
) -> tuple[tuple[Para, ...], tuple[Para, ...]]:
    label = f"{words.addressed}:"
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
