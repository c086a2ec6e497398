"""Reads a document back as DOCX and tests it against the layout of Nghị định 30/2020/NĐ-CP.

A document under the heading of the Party is held against Hướng dẫn 36-HD/VPTW where that differs.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tests.oracles.layout.letter import LETTER_RULES
from tests.oracles.layout.parts import find_parts
from tests.oracles.layout.party import by_party
from tests.oracles.layout.report import REPORT_RULES
from tests.oracles.layout.word_reading import read_word

_LONGEST_FOUND = 80


@dataclass(frozen=True)
class Checked:
    """One rule: whether the document keeps it, and what was found."""

    rule: str
    ok: bool
    found: str


def check_layout(source: Path | BinaryIO) -> list[Checked]:
    """Return each rule with its verdict; only "structure" when the elements are not there.

    Errors: NotWordError when `source` is not a Word document.
    """
    parts = find_parts(read_word(source))
    if parts is None:
        return [Checked("structure", False, "head table, title or signature table is missing")]
    is_letter = parts.kind is None
    checked = [Checked("structure", True, "letter" if is_letter else "report")]
    rules = LETTER_RULES if is_letter else REPORT_RULES
    for name, rule in by_party(rules) if parts.is_party else rules:
        ok, found = rule(parts)
        checked.append(Checked(name, ok, found[:_LONGEST_FOUND]))
    return checked
