"""What a workbook says of its own answers before anybody imports it: by validation and by colour.

A program holds a typed cell against a rule; a cell that does not fit the others turns red. These
rules stand beside the cells and never in them, so no cell is a formula. The import checks anew.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from quetsach.documents.workbook_layout import ANSWER, Line, cell_name
from quetsach.forms.checks import LONGEST_TEXT
from quetsach.forms.definition import Check, Form, Kind, Rule
from quetsach.texts import _

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_MOST_DIGITS = 15


def ask_for_its_kind(page: "Worksheet", at: int, line: Line) -> None:
    """Let the answer in row `at` be a whole number, or a text that is not too long."""
    cell = cell_name(at + 1, ANSWER)
    if line.kind is Kind.COUNT:
        told = _("Only digits: a whole number such as 1234 or 1.234, without a sign or a comma.")
        rule: dict[str, object] = {"validate": "custom", "value": _only_digits(cell)}
    elif line.kind is Kind.TEXT:
        told = _("At most %(most)s characters.") % {"most": LONGEST_TEXT}
        rule = {"validate": "length", "criteria": "<=", "value": LONGEST_TEXT}
    else:
        return
    page.data_validation(at, ANSWER, at, ANSWER, {**rule, "error_message": told})


def mark_what_does_not_fit(
    page: "Worksheet", form: Form, rows: Mapping[str, int], red: "Format"
) -> None:
    """Colour answers that the form's checks contradict.

    Shapes: `rows` has the row of each line that asks for a count, by its id.
    """
    for check in form.checks:
        if check.rule in (Rule.NOT_MORE, Rule.SUM_OF) and {check.field, *check.of} <= rows.keys():
            cell = (rows[check.field], ANSWER, rows[check.field], ANSWER)
            rule = {"type": "formula", "criteria": _contradicted(check, rows), "format": red}
            page.conditional_format(*cell, rule)


def _only_digits(cell: str) -> str:
    # Shorter than the 255 characters that a rule may have; a number that was typed is its digits.
    left = cell
    for sign in ('"."', '" "', *range(10)):
        left = f'SUBSTITUTE({left},{sign},"")'
    return f"=AND(LEN({cell})<={_MOST_DIGITS},LEN({left})=0)"


def _contradicted(check: Check, rows: Mapping[str, int]) -> str:
    sign = ">" if check.rule is Rule.NOT_MORE else "<>"
    others = "+".join(_number(rows[one]) for one in check.of)
    # An empty cell is no number, and then nothing is said.
    return f"=IFERROR({_number(rows[check.field])}{sign}({others}),FALSE)"


def _number(row: int) -> str:
    cell = f"${chr(ord('A') + ANSWER)}${row + 1}"
    return f'VALUE(SUBSTITUTE(SUBSTITUTE({cell},".","")," ",""))'
