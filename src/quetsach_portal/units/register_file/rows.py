"""The rows of a register file, their problems, and whether they make a tree."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _lazy
from msgspec import Struct
from msgspec.structs import replace

from quetsach_portal.web.folding import folded


class UnitRow(Struct, frozen=True):
    """A row that was read: what the file says of a unit; "" and None where it says nothing.

    Shapes: `kind` and `line` are values of `units.models`; `id_old` and `id_new` are checked;
    `row` is the number that the office program shows.
    """

    row: int
    sheet: str
    code: str
    name: str
    parent: str = ""
    kind: str = ""
    line: str = ""
    short_name: str = ""
    doc_code: str = ""
    id_old: str = ""
    id_new: str = ""
    area_code: str = ""
    staff: int | None = None
    mail: str = ""
    phone: str = ""
    person: str = ""


class RegisterFlaw(StrEnum):
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


_TEXTS: dict[RegisterFlaw, tuple[Any, Any]] = {
    RegisterFlaw.NO_CODE: (
        _lazy("The unit has no code."),
        _lazy("Give each unit a code of its own."),
    ),
    RegisterFlaw.BAD_CODE: (
        _lazy("This is not a valid unit code."),
        _lazy("Use up to 40 unaccented letters, digits, dots, hyphens and slashes."),
    ),
    RegisterFlaw.NO_NAME: (
        _lazy("The unit has no name."),
        _lazy("Enter the full name of the unit."),
    ),
    RegisterFlaw.LONG_TEXT: (_lazy("The text is too long."), _lazy("Shorten it.")),
    RegisterFlaw.CONTROL: (
        _lazy("The text contains characters that cannot be printed."),
        _lazy("Delete the cell and type its text again."),
    ),
    RegisterFlaw.FORMULA_TEXT: (
        _lazy("The text begins like a formula."),
        _lazy("Remove the character =, +, - or @ at its beginning."),
    ),
    RegisterFlaw.BAD_KIND: (
        _lazy("This kind of unit is not known."),
        _lazy("Enter for example: huyện, phòng, xã, trường, cơ quan đảng, đoàn thể."),
    ),
    RegisterFlaw.BAD_LINE: (
        _lazy("This reporting line is not known."),
        _lazy("Enter: chính quyền, ngành dọc, đảng or đoàn thể."),
    ),
    RegisterFlaw.BAD_IDENTIFIER: (
        _lazy("This is not a valid electronic identifier."),
        _lazy("Enter it like 000.00.00.H49 (old form) or H55.242 (new form)."),
    ),
    RegisterFlaw.BAD_AREA: (
        _lazy("This is not a valid area code."),
        _lazy("Enter 2 digits for a province, 3 for a district, 5 for a commune, as text."),
    ),
    RegisterFlaw.BAD_STAFF: (
        _lazy("The head count is not a whole number."),
        _lazy("Enter digits only, for example 45 or 1.234."),
    ),
    RegisterFlaw.BAD_MAIL: (
        _lazy("This is not a valid e-mail address."),
        _lazy("Enter one address, for example vanthu@donvi.example."),
    ),
    RegisterFlaw.BAD_PHONE: (
        _lazy("This is not a valid telephone number."),
        _lazy("Enter one number of 8 to 15 digits."),
    ),
    RegisterFlaw.DOUBLE_CODE: (
        _lazy("The code appears twice in the file."),
        _lazy("Give each unit its own code, or delete one of the rows."),
    ),
    RegisterFlaw.OWN_PARENT: (
        _lazy("The unit is its own parent."),
        _lazy("Enter the code of the unit above it."),
    ),
    RegisterFlaw.UNKNOWN_PARENT: (
        _lazy("No unit has the code of this parent."),
        _lazy("Add the parent to the file, or correct its code."),
    ),
    RegisterFlaw.CYCLE: (
        _lazy("The units form a cycle of parents."),
        _lazy("Correct one of the parents."),
    ),
    RegisterFlaw.BAD_PARENT: (
        _lazy("The row of its parent has an error."),
        _lazy("Correct the row of the parent first."),
    ),
    RegisterFlaw.OUTSIDE: (
        _lazy("The unit is not below yours."),
        _lazy("Ask the office above you to change it."),
    ),
    RegisterFlaw.CLOSED_UNIT: (
        _lazy("The unit was dissolved."),
        _lazy("Use the unit that continues it."),
    ),
    RegisterFlaw.BY_EVENT: (
        _lazy("The unit is in a running campaign: a file cannot rename or move it."),
        _lazy("Propose a change of the tree for it, or leave name and parent as they are."),
    ),
    RegisterFlaw.UNREADABLE: (
        _lazy("The row cannot be read."),
        _lazy("Look for a quotation mark that is not closed."),
    ),
}


@dataclass(frozen=True)
class RowProblem:
    """One error: the row's number as its program shows it, the column's title, and what it is."""

    row: int
    column: str
    flaw: RegisterFlaw
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


@dataclass(frozen=True)
class RowTree:
    """Rows that make a tree, each after its parent's, and the problems of the others.

    Shapes: `more_edges` are further rows of a unit on several lines.
    """

    rows: tuple[UnitRow, ...]
    more_edges: tuple[UnitRow, ...]
    problems: tuple[RowProblem, ...]


def tree_of(
    rows: Sequence[UnitRow], known_codes: Container[str], refused: Container[str], top: str
) -> RowTree:
    """Return the rows as a tree.

    Shapes: `known_codes` are the codes that the register has already; `refused` codes of rows with
    errors; a row without a parent hangs below `top`.
    """
    problems: list[RowProblem] = []
    first, more = _once(rows, problems)
    by_name = _codes_by_name(first.values())
    first = {code: _placed(row, first, known_codes, by_name, top) for code, row in first.items()}
    more = [_placed(row, first, known_codes, by_name, top) for row in more]
    sound: list[UnitRow] = []
    state: dict[str, bool] = {}
    for row in first.values():
        _walk(row, first, (known_codes, refused), state, sound, problems)
    edges = [row for row in more if _has_parent(row, state, known_codes) and state.get(row.code)]
    lost = [row for row in more if row not in edges]
    problems += [_problem(row, RegisterFlaw.UNKNOWN_PARENT, row.parent) for row in lost]
    return RowTree(tuple(sound), tuple(edges), tuple(problems))


def _once(
    rows: Iterable[UnitRow], problems: list[RowProblem]
) -> tuple[dict[str, UnitRow], list[UnitRow]]:
    first: dict[str, UnitRow] = {}
    more: list[UnitRow] = []
    lines: set[tuple[str, str]] = set()
    for row in rows:
        if row.code not in first:
            first[row.code] = row
        elif (row.code, row.line) in lines or not row.parent or row.name != first[row.code].name:
            problems.append(_problem(row, RegisterFlaw.DOUBLE_CODE, row.code))
            continue
        else:
            more.append(row)
        lines.add((row.code, row.line))
    return first, more


def _codes_by_name(rows: Iterable[UnitRow]) -> Mapping[str, str]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(folded(row.name), []).append(row.code)
    return {name: codes[0] for name, codes in found.items() if len(codes) == 1}


def _placed(
    row: UnitRow,
    first: Mapping[str, UnitRow],
    known_codes: Container[str],
    by_name: Mapping[str, str],
    top: str,
) -> UnitRow:
    if not row.parent:
        return row if row.code == top else replace(row, parent=top)
    if row.parent in first or row.parent in known_codes:
        return row
    # Some registers give the parent's name instead of its code.
    return replace(row, parent=by_name.get(folded(row.parent), row.parent))


def _has_parent(row: UnitRow, state: Mapping[str, bool], known: Container[str]) -> bool:
    return row.parent != row.code and (bool(state.get(row.parent)) or row.parent in known)


def _walk(
    row: UnitRow,
    first: Mapping[str, UnitRow],
    codes: tuple[Container[str], Container[str]],
    state: dict[str, bool],
    sound: list[UnitRow],
    problems: list[RowProblem],
) -> None:
    """Follow the parents of `row` upwards, then check all of them from the top down."""
    known_codes, refused = codes
    way: list[UnitRow] = []
    on_way: set[str] = set()
    here: UnitRow | None = row
    while here is not None and here.code not in state and here.code not in on_way:
        way.append(here)
        on_way.add(here.code)
        here = first.get(here.parent) if here.parent != here.code else None
    circle = here is not None and here.code in on_way
    loop_start = here.code if here is not None and circle else ""
    for ancestor in reversed(way):
        if circle:
            flaw: RegisterFlaw | None = RegisterFlaw.CYCLE
            circle = ancestor.code != loop_start
        else:
            flaw = _flaw_of(ancestor, first, known_codes, refused, state)
        state[ancestor.code] = flaw is None
        if flaw is None:
            sound.append(ancestor)
        else:
            problems.append(_problem(ancestor, flaw, ancestor.parent))


def _flaw_of(
    row: UnitRow,
    first: Mapping[str, UnitRow],
    known_codes: Container[str],
    refused: Container[str],
    state: Mapping[str, bool],
) -> RegisterFlaw | None:
    if row.parent == row.code:
        return RegisterFlaw.OWN_PARENT
    if not row.parent:
        return None
    if row.parent in first:
        return None if state.get(row.parent) else RegisterFlaw.BAD_PARENT
    if row.parent in known_codes:
        return None
    return RegisterFlaw.BAD_PARENT if row.parent in refused else RegisterFlaw.UNKNOWN_PARENT


def _problem(row: UnitRow, flaw: RegisterFlaw, value: str) -> RowProblem:
    return RowProblem(row.row, "", flaw, value[:80], row.sheet)
