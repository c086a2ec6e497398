"""From a row of a table to a machine, and what of the row could not be read."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from quetsach.inventory import cells
from quetsach.inventory.headings import InventoryColumn, folded
from quetsach.inventory.model import (
    InventoryFlaw,
    InventoryMachine,
    InventoryProblem,
    NetworkRole,
    SourceRow,
)

if TYPE_CHECKING:
    from quetsach.inventory.sections import GroupedRow, TableHeading

LONGEST_VALUE = 300
LONGEST_EXCERPT = 80

_HOST_NAME = re.compile(r"[\w.-]{1,253}\*?")
_DEPARTMENT = ("phong", "khoa", "bo phan", "to ", "ban ")
_SHARED = re.compile(r"(?<!khong )\b(?:dung chung|nhieu nguoi dung|shared)\b")
_TEXTS = {
    InventoryColumn.UNIT: "unit",
    InventoryColumn.CODE: "unit",
    InventoryColumn.ROOM: "room",
    InventoryColumn.KIND: "kind",
    InventoryColumn.DESK: "desk",
    InventoryColumn.SYSTEM: "system",
    InventoryColumn.REMARKS: "remarks",
}
_UNKEPT = frozenset({InventoryColumn.NUMBER, InventoryColumn.PERSON})


@dataclass
class _Draft:
    """What a row has said so far."""

    texts: dict[str, str] = field(default_factory=dict)
    macs: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    client_ids: list[str] = field(default_factory=list)
    duty: NetworkRole | None = None
    shared: bool | None = None
    extra: list[tuple[str, str]] = field(default_factory=list)
    flaws: list[tuple[InventoryFlaw, str]] = field(default_factory=list)


def machine_of(
    placed: "GroupedRow", heading: "TableHeading", source_row: SourceRow, *, unit: str = ""
) -> tuple[InventoryMachine | None, list[InventoryProblem]]:
    """Return the machine that a row names, or None, and what is wrong with the row.

    Shapes: `unit` is that of the sheet; a group's row and the table's own column go before it.
    What is written in a column of people is not looked at.
    """
    draft = _Draft()
    for place, column in enumerate(heading.columns):
        value = placed.text(place)[:LONGEST_VALUE]
        if value and column not in _UNKEPT:
            _take(draft, column, value, heading.titles[place])
    if not _has_content(placed, heading):
        return None, []
    problems = [
        InventoryProblem(source_row, flaw, text[:LONGEST_EXCERPT]) for flaw, text in draft.flaws
    ]
    if not _names_machine(draft):
        # Without an excerpt: below the table are the names of those who sign.
        return None, [*problems, InventoryProblem(source_row, InventoryFlaw.NO_MACHINE)]
    return _machine(_with_group(draft, placed.group, unit), source_row), problems


def _take(draft: _Draft, column: InventoryColumn | None, text: str, title: str) -> None:
    if column is InventoryColumn.MAC:
        _keep(draft, cells.macs_in(text), draft.macs, InventoryFlaw.BAD_MAC)
    elif column is InventoryColumn.ADDRESS:
        _keep(draft, cells.addresses_in(text), draft.addresses, InventoryFlaw.BAD_ADDRESS)
    elif column is InventoryColumn.CLIENT_ID:
        _keep(draft, cells.client_ids_in(text), draft.client_ids, InventoryFlaw.BAD_CLIENT_ID)
    elif column is InventoryColumn.PLACE_OR_ADDRESS and cells.addresses_in(text).values:
        _keep(draft, cells.addresses_in(text), draft.addresses, InventoryFlaw.BAD_ADDRESS)
    elif column in (InventoryColumn.NAME, InventoryColumn.KEY):
        if not cells.is_blank_cell(text):
            _set(draft, column.value, text, title)
    elif column is InventoryColumn.DEVICE:
        _set(draft, "name" if _is_host_name(text) else "kind", text, title)
    elif column is InventoryColumn.DUTY:
        draft.duty = cells.duty_of(text)
        draft.extra.append((title, text))
    elif column is InventoryColumn.SHARED:
        draft.shared = cells.is_yes(text)
        if draft.shared is None:
            draft.extra.append((title, text))
    elif column in _TEXTS:
        _set(draft, _TEXTS[column], text, title)
    else:
        draft.extra.append((title, text))


def _keep(draft: _Draft, found: cells.CellValues, values: list[str], flaw: InventoryFlaw) -> None:
    values += [one for one in found.values if one not in values]
    draft.flaws += [(flaw, one) for one in found.unread]


def _set(draft: _Draft, name: str, text: str, title: str) -> None:
    """Take the first column of a meaning; a further one is kept as it is."""
    tidy = " ".join(text.split())
    if draft.texts.setdefault(name, tidy) != tidy:
        draft.extra.append((title, text))


def _is_host_name(value: str) -> bool:
    # "Laptop" in a column "Thiết bị" is a kind; a name in the network has a number or a dash.
    telling = any(sign.isdigit() or sign in "-_." for sign in value)
    return value.isascii() and telling and _HOST_NAME.fullmatch(value) is not None


def _has_content(placed: "GroupedRow", heading: "TableHeading") -> bool:
    counts = heading.at(InventoryColumn.NUMBER)
    return any(cell.strip() for n, cell in enumerate(placed.line.cells) if n not in counts)


def _names_machine(draft: _Draft) -> bool:
    if draft.macs or draft.addresses or draft.client_ids or draft.texts.get("key"):
        return True
    name = draft.texts.get("name", "")
    # Words alone are a name only where the row says more: else it is a remark or a signature.
    return bool(name) and (_HOST_NAME.fullmatch(name) is not None or len(draft.texts) > 2)


def _with_group(draft: _Draft, group: str, unit: str) -> _Draft:
    if group:
        is_department = f"{folded(group)} ".startswith(_DEPARTMENT)
        draft.texts.setdefault("desk" if is_department else "unit", group)
    if unit:
        draft.texts.setdefault("unit", unit)
    return draft


def _machine(draft: _Draft, source_row: SourceRow) -> InventoryMachine:
    texts = draft.texts
    name, kind, remarks = (texts.get(one, "") for one in ("name", "kind", "remarks"))
    description = folded(f"{kind} . {remarks}")
    duty = cells.duty_of(kind) if draft.duty is None else draft.duty
    key = texts.get("key", "") or name or next(iter((*draft.macs, *draft.addresses)), "")
    return InventoryMachine(
        key=key or draft.client_ids[0],
        name=name,
        macs=tuple(draft.macs),
        addresses=tuple(draft.addresses),
        client_ids=tuple(draft.client_ids),
        unit=texts.get("unit", ""),
        room=texts.get("room", ""),
        kind=kind,
        desk=texts.get("desk", ""),
        system=texts.get("system", ""),
        duty=NetworkRole.ORDINARY if duty is None else duty,
        shared=bool(_SHARED.search(description)) if draft.shared is None else draft.shared,
        remarks=remarks,
        extra=tuple(draft.extra),
        row=source_row,
    )


def asset_of(machine: InventoryMachine) -> str:
    """Return the asset number of a machine, "" where its key is something else."""
    other = {machine.name, *machine.macs[:1], *machine.addresses[:1], *machine.client_ids[:1]}
    return "" if machine.key in other else machine.key
