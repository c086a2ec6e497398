"""Reads an inventory of machines, a network plan, or both out of one file."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.inventory.headings import InventoryColumn, folded
from quetsach.inventory.lookup import Inventory, contradictions, joined, with_unique_keys
from quetsach.inventory.machines import machine_of
from quetsach.inventory.model import (
    InventoryFlaw,
    InventoryMachine,
    InventoryProblem,
    OmittedColumn,
    PlannedNetwork,
    SourceRow,
)
from quetsach.inventory.plan import NetworkPlan, networks_of
from quetsach.inventory.sections import TableSection, sections_of
from quetsach.inventory.tables import tables_of
from quetsach.texts import _

_OFFICES = (
    *("ubnd", "hdnd", "phong", "so", "truong", "xa", "phuong", "thi tran", "tt", "trung tam"),
    *("ban", "chi cuc", "cuc", "tram", "van phong", "huyen", "tinh", "thcs", "thpt", "th", "mn"),
)
"""How the names of offices begin, folded; a sheet so called holds the machines of that office."""


@dataclass
class _Gathered:
    """What the sheets of all files have given so far."""

    machines: list[InventoryMachine] = field(default_factory=list)
    networks: list[PlannedNetwork] = field(default_factory=list)
    problems: list[InventoryProblem] = field(default_factory=list)
    plan_problems: list[InventoryProblem] = field(default_factory=list)
    unread: list[Problem] = field(default_factory=list)
    people: dict[tuple[str, str, str], int] = field(default_factory=lambda: defaultdict(int))


def read_inventory(*paths: Path) -> Inventory:
    """Return the machines and networks of workbooks or tables in text, of one or several files.

    Errors: QuetsachError E262 for a file that cannot be used; E410 to E419 for a document of which
    nothing can be read.
    Cost: a workbook is read in a process of its own, about 0.2 s beside the reading.
    """
    out = _Gathered()
    for path in paths:
        before = len(out.machines) + len(out.networks)
        _read_file(path, out, "E262")
        if len(out.machines) + len(out.networks) == before:
            raise QuetsachError("E262", str(path), reason=_("it names no machine and no network"))
    machines, repeated = joined(out.machines)
    plan = NetworkPlan(out.networks, out.plan_problems)
    problems = [*out.problems, *repeated, *contradictions(machines)]
    return Inventory(
        with_unique_keys(machines),
        plan,
        problems=(*problems, *plan.problems, *plan.overlaps),
        left_out=(OmittedColumn(*where, count) for where, count in out.people.items()),
        unread=out.unread,
    )


def read_plan(*paths: Path) -> NetworkPlan:
    """Return the network plan of one or several files; sheets of machines are passed over.

    Errors: QuetsachError E263 for a file that cannot be used; E410 to E419 for a document of which
    nothing can be read.
    """
    out = _Gathered()
    for path in paths:
        before = len(out.networks)
        _read_file(path, out, "E263")
        if len(out.networks) == before:
            raise QuetsachError("E263", str(path), reason=_("it names no network"))
    return NetworkPlan(out.networks, out.plan_problems, out.unread)


def _read_file(path: Path, out: _Gathered, code: str) -> None:
    found = tables_of(path, code)
    out.unread += found.unread
    for table in found.tables:
        unit = table.sheet if _is_office(table.sheet) else ""
        sections = list(sections_of(table))
        if not sections and any(len(line.cells) > 1 for line in table.lines):
            row = SourceRow(str(path), table.sheet, table.lines[0].number)
            out.problems.append(InventoryProblem(row, InventoryFlaw.NO_HEADING))
        for section in sections:
            _read_section(section, (str(path), table.sheet), unit, out)


def _read_section(section: TableSection, where: tuple[str, str], unit: str, out: _Gathered) -> None:
    heading = section.heading
    for place in heading.at(InventoryColumn.PERSON):
        out.people[*where, heading.titles[place]] += sum(
            bool(placed.text(place)) for placed in section.rows
        )
    for placed in section.rows:
        source_row = SourceRow(*where, placed.line.number)
        if heading.is_network_plan:
            networks, problems = networks_of(placed, heading, source_row, unit=unit)
            out.networks += networks
            out.plan_problems += problems
        else:
            machine, problems = machine_of(placed, heading, source_row, unit=unit)
            out.machines += [] if machine is None else [machine]
            out.problems += problems
        if placed.line.fault:
            out.problems.append(InventoryProblem(source_row, InventoryFlaw(placed.line.fault)))


def _is_office(sheet: str) -> bool:
    return f"{folded(sheet)} ".startswith(tuple(f"{one} " for one in _OFFICES))
