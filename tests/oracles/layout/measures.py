"""What the layout rules measure: how text is set, how long a rule is."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.decree30 import AllowedRange
from quetsach.documents.typeset.text import width_pt
from tests.oracles.layout.parts import worded
from tests.oracles.layout.word_reading import Cell, Para, sizes

Verdict: TypeAlias = tuple[bool, str]
"""Whether a rule is kept, and what was found."""


def set_as(
    paras: Iterable[Para],
    span: AllowedRange,
    *,
    bold: bool = False,
    italic: bool = False,
    upper: bool = False,
) -> Verdict:
    """Tell whether all text is set as asked, and how it is."""
    told = [para for para in paras if para.text]
    runs = [run for para in told for run in para.runs if run.text]
    text = "".join(run.text for run in runs)
    ok = (
        bool(runs)
        and all(span.holds(size) for size in sizes(told))
        and all(run.bold is bold and run.italic is italic for run in runs)
        and (not upper or text == text.upper())
    )
    style = "".join(
        name
        for name, on in (("b", any(r.bold for r in runs)), ("i", any(r.italic for r in runs)))
        if on
    )
    return ok, f"{sizes(told)} {style} {text}"


def text_of(cell: Cell) -> str:
    """Return the text of a cell, a line a paragraph."""
    return "\n".join(para.text for para in worded(cell))


def rules_in(cell: Cell) -> tuple[Para, ...]:
    """Return the paragraphs of a cell that draw a rule."""
    return tuple(para for para in cell.paras if para.rule_pt is not None)


def short_rule(drawn: Sequence[Para], above: Sequence[Para]) -> Verdict:
    """Tell whether one rule is a third to a half of the text above it."""
    widths = [
        width_pt(line, run.size, bold=run.bold)
        for para in above
        for run in para.runs
        for line in run.text.split("\n")
    ]
    return rule_length(drawn, max(widths, default=0.0), decree.SHORT_RULE)


def rule_length(drawn: Sequence[Para], text: float, share: tuple[float, float]) -> Verdict:
    """Tell whether one rule is this share of a text that is `text` points wide."""
    if len(drawn) != 1 or drawn[0].rule_pt is None or not text:
        return False, f"{len(drawn)} rules"
    found = drawn[0].rule_pt / text
    return share[0] <= found <= share[1], f"{found:.2f} of the text"
