"""Whether the rows of a register make a tree: codes once, parents known, no circle."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from quetsach_portal.units.folding import folded
from quetsach_portal.units.register_file.problems import Flaw, RowProblem
from quetsach_portal.units.register_file.rows import UnitRow


@dataclass(frozen=True)
class Tree:
    """Rows that hang together, each after its parent's, and the errors of the others.

    Shapes: `more_edges` are further rows of a unit that stands on several lines.
    """

    rows: tuple[UnitRow, ...]
    more_edges: tuple[UnitRow, ...]
    problems: tuple[RowProblem, ...]


def tree_of(
    rows: Sequence[UnitRow], known: Container[str], refused: Container[str], top: str
) -> Tree:
    """Return the rows as a tree.

    Shapes: `known` are the codes that the register has already; `refused` codes of rows with
    errors; a row without a parent hangs below `top`.
    """
    problems: list[RowProblem] = []
    first, more = _once(rows, problems)
    by_name = _codes_by_name(first.values())
    first = {code: _placed(row, first, known, by_name, top) for code, row in first.items()}
    more = [_placed(row, first, known, by_name, top) for row in more]
    sound: list[UnitRow] = []
    state: dict[str, bool] = {}
    for row in first.values():
        _walk(row, first, (known, refused), state, sound, problems)
    edges = [row for row in more if _has_parent(row, state, known) and state.get(row.code)]
    lost = [row for row in more if row not in edges]
    problems += [_problem(row, Flaw.UNKNOWN_PARENT, row.parent) for row in lost]
    return Tree(tuple(sound), tuple(edges), tuple(problems))


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
            problems.append(_problem(row, Flaw.DOUBLE_CODE, row.code))
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
    known: Container[str],
    by_name: Mapping[str, str],
    top: str,
) -> UnitRow:
    if not row.parent:
        return row if row.code == top else replace(row, parent=top)
    if row.parent in first or row.parent in known:
        return row
    # Some registers name the parent where its code should stand.
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
    """Follow the parents of `row` upwards, then judge all on the way from the top down."""
    known, refused = codes
    way: list[UnitRow] = []
    on_way: set[str] = set()
    here: UnitRow | None = row
    while here is not None and here.code not in state and here.code not in on_way:
        way.append(here)
        on_way.add(here.code)
        here = first.get(here.parent) if here.parent != here.code else None
    circle = here is not None and here.code in on_way
    loop_start = here.code if here is not None and circle else ""
    for one in reversed(way):
        if circle:
            flaw: Flaw | None = Flaw.CYCLE
            circle = one.code != loop_start
        else:
            flaw = _flaw_of(one, first, known, refused, state)
        state[one.code] = flaw is None
        if flaw is None:
            sound.append(one)
        else:
            problems.append(_problem(one, flaw, one.parent))


def _flaw_of(
    row: UnitRow,
    first: Mapping[str, UnitRow],
    known: Container[str],
    refused: Container[str],
    state: Mapping[str, bool],
) -> Flaw | None:
    if row.parent == row.code:
        return Flaw.OWN_PARENT
    if not row.parent:
        return None
    if row.parent in first:
        return None if state.get(row.parent) else Flaw.BAD_PARENT
    if row.parent in known:
        return None
    return Flaw.BAD_PARENT if row.parent in refused else Flaw.UNKNOWN_PARENT


def _problem(row: UnitRow, flaw: Flaw, value: str) -> RowProblem:
    return RowProblem(row.row, "", flaw, value[:80], row.sheet)
