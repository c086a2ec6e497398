"""The unit and room of a device: by its network or machine in a table, else by evidence folder."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, Protocol

from quetsach.addresses import Network, parse_address, parse_network
from quetsach.decoding import decode
from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.folder import MANIFEST
from quetsach.indicators.lookup import PrefixTable
from quetsach.sweeping.own_network import OwnNetwork
from quetsach.texts import _

_SUBNET = ("subnet", "network", "cidr", "mạng", "mạng con", "dải mạng", "dải địa chỉ", "dải ip")
_UNIT = ("unit", "office", "đơn vị", "tên đơn vị", "cơ quan")
_NAME = ("name", "tên", "tên gọi")
"""What a unit is called where the table is of units and has no column `unit`."""
_SEPARATORS = ",;\t"


@dataclass(frozen=True)
class UnitResolver:
    """Answers which unit an address or an evidence file belongs to.

    Shapes: `roots` are the folders given as evidence; a unit is the first folder below one.
    """

    table: PrefixTable[str] | None = None
    roots: tuple[PurePath, ...] = ()

    def named(self) -> frozenset[str]:
        """Return the units that the table names, whether anything was read of them or not."""
        return frozenset(self.table.values()) if self.table is not None else frozenset()

    def unit_of(self, address: str, path: str) -> str:
        """Return the name of the unit, or "" where it is unknown; the table goes first."""
        if self.table is not None:
            found = parse_address(address)
            if found is not None:
                return next(iter(self.table.holding(found)), "")
        file = PurePath(path)
        for root in self.roots:
            if file.is_relative_to(root):
                below = file.relative_to(root).parts
                if len(below) > 1:
                    return below[0]
        return ""


def read_units(raw: bytes, where: str) -> PrefixTable[str]:
    """Return the units by network from a CSV with the columns `subnet` and `unit`.

    Errors: E228 for a file without these columns, or a row that names no network.
    """
    text = decode(raw)
    if text is None:
        raise QuetsachError("E228", where, reason=_("it is not a text file"))
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return PrefixTable(_networks(rows, where))
    except csv.Error as error:
        raise QuetsachError("E228", where, reason=str(error)) from error


def _networks(rows: Iterator[list[str]], where: str) -> Iterator[tuple[Network, str]]:
    heads = [one.strip().casefold() for one in next(rows, [])]
    subnet = _place(heads, _SUBNET)
    unit = _place(heads, _UNIT)
    unit = _place(heads, _NAME) if unit is None else unit
    if subnet is None or unit is None:
        raise QuetsachError("E228", where, reason=_("it has no columns `subnet` and `unit`"))
    for number, row in enumerate(rows, start=2):
        if not any(one.strip() for one in row):
            continue
        text = row[subnet].strip() if subnet < len(row) else ""
        name = row[unit].strip() if unit < len(row) else ""
        network = parse_network(text)
        if network is None or not name:
            reason = _("row %(row)s names no network and unit") % {"row": number}
            raise QuetsachError("E228", where, reason=reason)
        yield network[0], name


def _place(heads: Sequence[str], known: Sequence[str]) -> int | None:
    return next((place for place, one in enumerate(heads) if one in known), None)


def roots_of(evidence: Sequence[str]) -> tuple[PurePath, ...]:
    """Return the folders among what was given as evidence."""
    return tuple(PurePath(one) for one in evidence if Path(one).is_dir())


def with_places(devices: dict[str, Any], knowledge: OwnNetwork) -> dict[str, Any]:
    """Return the content of `devices.json` with the place of each device, None where unknown."""
    named = {
        group: [{**one, "place": _places_place(one, knowledge)} for one in devices[group]]
        for group in ("devices", "not_blamed")
    }
    return {**devices, **named}


def _places_place(device: dict[str, Any], knowledge: OwnNetwork) -> dict[str, str] | None:
    machine, plan = device.get("machine") or {}, knowledge.plan
    unit, room = machine.get("unit", ""), machine.get("room", "")
    if plan is not None and not unit:
        unit = _only({plan.unit_of(one) for one in device["addresses"]})
    if plan is not None and not room:
        room = _only({plan.room_of(one) for one in device["addresses"]})
    if not unit and not room:
        return None
    name = unit if plan is None else plan.name_of(unit)
    return {"unit": unit, "unit_name": name, "room": room}


def _only(found: set[str]) -> str:
    # A machine that was carried from one place to another is in none of them for sure.
    return next(iter(found)) if len(found) == 1 else ""


@dataclass(frozen=True)
class PlannedUnits:
    """Units by network (None where no sweep had a plan), and how many machines each has."""

    table: PrefixTable[str] | None = None
    machines: Mapping[str, int] = field(default_factory=dict)


class SweptFolder(Protocol):
    """A findings folder as far as its manifest, whole or in brief."""

    @property
    def folder(self) -> Path:
        """Return where it lies."""
        ...

    @property
    def manifest(self) -> dict[str, Any]:
        """Return what it says of the sweep."""
        ...


def planned_units(folders: Iterable[SweptFolder]) -> PlannedUnits:
    """Return what the sweeps knew together; the last of `folders` says whose a network is now.

    Errors: E305 for a manifest in which this is in no form that is known.
    """
    networks: dict[Network, str] = {}
    machines: dict[str, int] = {}
    for findings in folders:
        tables = findings.manifest.get("own_tables")
        known = tables if isinstance(tables, dict) else {}
        networks.update(_planned_units_networks(known.get("unit_networks", {}), findings))
        machines.update(_machines(known.get("unit_machines", {}), findings))
    if not networks:
        return PlannedUnits()
    return PlannedUnits(PrefixTable(networks.items()), machines)


def _planned_units_networks(recorded: Any, findings: SweptFolder) -> dict[Network, str]:
    if not isinstance(recorded, dict):
        raise _damaged(findings, "unit_networks")
    read = {parse_network(text): unit for text, unit in recorded.items()}
    networks = {one[0]: unit for one, unit in read.items() if one and isinstance(unit, str)}
    if len(networks) != len(recorded):
        raise _damaged(findings, "unit_networks")
    return networks


def _machines(found: Any, findings: SweptFolder) -> dict[str, int]:
    if not isinstance(found, dict) or not all(type(one) is int for one in found.values()):
        raise _damaged(findings, "unit_machines")
    return found


def _damaged(findings: SweptFolder, what: str) -> QuetsachError:
    return QuetsachError("E305", str(findings.folder / MANIFEST), reason=what)
