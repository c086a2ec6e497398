"""What is wrong in a register file, row by row, each with what to do about it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _lazy


class Flaw(StrEnum):
    """What can be wrong with a cell or a row."""

    NO_CODE = "no-code"
    BAD_CODE = "bad-code"
    NO_NAME = "no-name"
    LONG_TEXT = "long-text"
    CONTROL = "control"
    FORMULA_TEXT = "formula-text"
    BAD_KIND = "bad-kind"
    BAD_LINE = "bad-line"
    BAD_IDENTIFIER = "bad-identifier"
    BAD_AREA = "bad-area"
    BAD_STAFF = "bad-staff"
    BAD_MAIL = "bad-mail"
    BAD_PHONE = "bad-phone"
    DOUBLE_CODE = "double-code"
    OWN_PARENT = "own-parent"
    UNKNOWN_PARENT = "unknown-parent"
    CYCLE = "cycle"
    BAD_PARENT = "bad-parent"
    OUTSIDE = "outside"
    CLOSED_UNIT = "closed-unit"
    BY_EVENT = "by-event"
    UNREADABLE = "unreadable"


_TEXTS: dict[Flaw, tuple[Any, Any]] = {
    Flaw.NO_CODE: (_lazy("The unit has no code."), _lazy("Give each unit a code of its own.")),
    Flaw.BAD_CODE: (
        _lazy("This is no code of a unit."),
        _lazy("Use up to 40 letters without marks, digits, dots, hyphens and slashes."),
    ),
    Flaw.NO_NAME: (_lazy("The unit has no name."), _lazy("Write the full name of the unit.")),
    Flaw.LONG_TEXT: (_lazy("The text is too long."), _lazy("Shorten it.")),
    Flaw.CONTROL: (
        _lazy("The text holds signs that cannot be printed."),
        _lazy("Delete the cell and type its text again."),
    ),
    Flaw.FORMULA_TEXT: (
        _lazy("The text begins like a formula."),
        _lazy("Remove the sign =, +, - or @ at its beginning."),
    ),
    Flaw.BAD_KIND: (
        _lazy("This kind of unit is not known."),
        _lazy("Write for example: huyện, phòng, xã, trường, cơ quan đảng, đoàn thể."),
    ),
    Flaw.BAD_LINE: (
        _lazy("This line is not known."),
        _lazy("Write: chính quyền, ngành dọc, đảng or đoàn thể."),
    ),
    Flaw.BAD_IDENTIFIER: (
        _lazy("This is no electronic identifier."),
        _lazy("Write it like 000.00.00.H49 (old form) or H55.242 (new form)."),
    ),
    Flaw.BAD_AREA: (
        _lazy("This is no area code."),
        _lazy("Write 2 digits for a province, 3 for a district, 5 for a commune, as text."),
    ),
    Flaw.BAD_STAFF: (
        _lazy("The head count is no whole number."),
        _lazy("Write digits only, for example 45 or 1.234."),
    ),
    Flaw.BAD_MAIL: (
        _lazy("This is no e-mail address."),
        _lazy("Write one address, for example vanthu@donvi.example."),
    ),
    Flaw.BAD_PHONE: (
        _lazy("This is no telephone number."),
        _lazy("Write one number of 8 to 15 digits."),
    ),
    Flaw.DOUBLE_CODE: (
        _lazy("The code stands in the file twice."),
        _lazy("Give each unit its own code, or delete one of the rows."),
    ),
    Flaw.OWN_PARENT: (
        _lazy("The unit is its own parent."),
        _lazy("Write the code of the unit above it."),
    ),
    Flaw.UNKNOWN_PARENT: (
        _lazy("No unit has the code of this parent."),
        _lazy("Add the parent to the file, or put its code right."),
    ),
    Flaw.CYCLE: (
        _lazy("The units stand above each other in a circle."),
        _lazy("Put one of the parents right."),
    ),
    Flaw.BAD_PARENT: (
        _lazy("The row of its parent has an error."),
        _lazy("Put the row of the parent right first."),
    ),
    Flaw.OUTSIDE: (
        _lazy("The unit does not belong to yours."),
        _lazy("Ask the office above you to change it."),
    ),
    Flaw.CLOSED_UNIT: (
        _lazy("The unit was dissolved."),
        _lazy("Use the unit that continues it."),
    ),
    Flaw.BY_EVENT: (
        _lazy("The unit stands in a running campaign: a file cannot rename or move it."),
        _lazy("Propose a change of the tree for it, or leave name and parent as they are."),
    ),
    Flaw.UNREADABLE: (
        _lazy("The row cannot be read."),
        _lazy("Look for a quotation mark that is not closed."),
    ),
}


@dataclass(frozen=True)
class RowProblem:
    """One error: the row's number as its program shows it, the column's title, and what it is."""

    row: int
    column: str
    flaw: Flaw
    value: str = ""
    sheet: str = ""

    @property
    def told(self) -> str:
        """What is wrong, in the reader's language."""
        return str(_TEXTS[self.flaw][0])

    @property
    def remedy(self) -> str:
        """What to do, in the reader's language."""
        return str(_TEXTS[self.flaw][1])
