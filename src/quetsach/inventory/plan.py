"""The network plan: which subnet is whose, what is at which address, what is public."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from ipaddress import ip_network
from typing import TYPE_CHECKING

from quetsach.addresses import (
    AddressScope,
    Network,
    parse_address,
    parse_network,
    parse_range,
    standing,
)
from quetsach.errors.exceptions import Problem
from quetsach.indicators.lookup import PrefixTable
from quetsach.inventory.cells import addresses_in, duty_of, is_blank_cell, is_only_duty, is_yes
from quetsach.inventory.headings import InventoryColumn
from quetsach.inventory.model import (
    InventoryFlaw,
    InventoryProblem,
    NetworkRole,
    PlannedNetwork,
    SourceRow,
)

if TYPE_CHECKING:
    from quetsach.inventory.sections import GroupedRow, TableHeading

_MOST_ADDRESSES = 16
"""A network of more addresses has a duty only if the cell holds nothing else."""

_POINTS = {
    InventoryColumn.GATEWAY: NetworkRole.GATEWAY,
    InventoryColumn.RESOLVER: NetworkRole.RESOLVER,
    InventoryColumn.PROXY: NetworkRole.PROXY,
    InventoryColumn.ACCESS_POINT: NetworkRole.ACCESS_POINT,
}
_RANGE = re.compile(r"([0-9a-f.:]+)\s*(?:-|–|->|đến|den|to|~)\s*([0-9a-f.:]+)", re.IGNORECASE)
_STARS = re.compile(r"((?:\d{1,3}\.){1,3})[x*](?:\.[x*])*(?:/\d+)?", re.IGNORECASE)
_BETWEEN = re.compile(r"[\n,;]+")


class NetworkPlan:
    """Answers whose an address is and what is there, by the longest prefix.

    Shapes: `problems` are the flaws of the rows, `overlaps` those of two units that claim one
    network, `unread` what of the file could not be read.
    """

    def __init__(
        self,
        networks: Iterable[PlannedNetwork] = (),
        problems: Iterable[InventoryProblem] = (),
        unread: Iterable[Problem] = (),
    ) -> None:
        self.networks = tuple(networks)
        self.problems = tuple(problems)
        self.unread = tuple(unread)
        self._table = PrefixTable((one.network, one) for one in self.networks)

    def holding(self, address: str) -> tuple[PlannedNetwork, ...]:
        """Return all networks of the plan that hold `address`, the longest prefix first."""
        found = parse_address(address)
        return () if found is None else tuple(self._table.holding(found))

    def units_of(self, address: str) -> tuple[str, ...]:
        """Return the units that claim the longest network around `address` that has one."""
        owned = [one for one in self.holding(address) if one.unit]
        longest = [one.unit for one in owned if one.network == owned[0].network]
        return tuple(dict.fromkeys(longest))

    def unit_of(self, address: str) -> str:
        """Return the unit of `address`, "" where none or more than one claims it."""
        units = self.units_of(address)
        return units[0] if len(units) == 1 else ""

    def name_of(self, unit: str) -> str:
        """Return the name of a unit that the plan knows by its code, else `unit` as it is."""
        return self._names.get(unit.casefold(), unit)

    @cached_property
    def _names(self) -> dict[str, str]:
        named = [one for one in self.networks if one.unit and one.unit_name]
        return {one.unit.casefold(): one.unit_name for one in reversed(named)}

    def room_of(self, address: str) -> str:
        """Return the room of `address`, "" where the plan names none."""
        return next((one.room for one in self.holding(address) if one.room), "")

    def duty_of(self, address: str) -> NetworkRole | None:
        """Return what is at `address`, None where the plan does not say."""
        return next((one.duty for one in self.holding(address) if one.duty is not None), None)

    def publics(self) -> tuple[PlannedNetwork, ...]:
        """Return the public networks and addresses of the units."""
        return tuple(one for one in self.networks if one.public)

    @cached_property
    def overlaps(self) -> tuple[InventoryProblem, ...]:
        """The networks that two units claim; the row of the later claim first."""
        first: dict[Network, dict[str, PlannedNetwork]] = defaultdict(dict)
        problems: list[InventoryProblem] = []
        for planned in self.networks:
            if planned.unit:
                claims = first[planned.network]
                if claims and planned.unit not in claims:
                    other = next(iter(claims.values()))
                    row = SourceRow("", "", 0) if planned.row is None else planned.row
                    text = str(planned.network)
                    problems.append(
                        InventoryProblem(row, InventoryFlaw.CLAIMED_TWICE, text, other.row)
                    )
                claims.setdefault(planned.unit, planned)
        return tuple(problems)


def networks_of(
    placed: "GroupedRow", heading: "TableHeading", source_row: SourceRow, *, unit: str = ""
) -> tuple[list[PlannedNetwork], list[InventoryProblem]]:
    """Return the networks and addresses that a row of a plan names, and what is wrong with it."""
    cells = {column: _text(placed, heading, column) for column in InventoryColumn}
    whose = _unit(cells) or placed.group or unit
    problems: list[InventoryProblem] = []

    def refuse(flaw: InventoryFlaw, text: str) -> None:
        problems.append(InventoryProblem(source_row, flaw, text[:80]))

    name = _name(cells)
    room, remarks = cells[InventoryColumn.ROOM], cells[InventoryColumn.REMARKS] or name
    subnets, unread = networks_in(cells[InventoryColumn.SUBNET], cells[InventoryColumn.MASK])
    publics, unread_publics = _publics(cells[InventoryColumn.PUBLIC])
    for text in (*unread, *unread_publics):
        refuse(InventoryFlaw.BAD_NETWORK, text)
    is_public = is_yes(cells[InventoryColumn.PUBLIC]) is True
    role = cells[InventoryColumn.DUTY] or cells[InventoryColumn.KIND]
    networks = [
        PlannedNetwork(
            network=one,
            unit=whose,
            unit_name=name,
            room=room,
            duty=_duty(one, role),
            public=is_public or standing(one) is AddressScope.PUBLIC,
            remarks=remarks,
            row=source_row,
        )
        for one in subnets
    ]
    networks += [
        PlannedNetwork(
            network=one,
            unit=whose,
            unit_name=name,
            room=room,
            public=True,
            remarks=remarks,
            row=source_row,
        )
        for one in publics
    ]
    for column, duty in _POINTS.items():
        points = addresses_in(cells[column])
        for text in points.unread:
            refuse(InventoryFlaw.BAD_ADDRESS, text)
        for address in points.values:
            networks.append(_point(ip_network(address), duty, networks, source_row))
    if not networks and not problems and any(cell.strip() for cell in placed.line.cells):
        refuse(InventoryFlaw.NO_NETWORK, "")
    return networks, problems


def networks_in(cell: str, mask: str = "") -> tuple[list[Network], list[str]]:
    """Return the networks that a cell writes, and what of it could not be read.

    `192.168.1.0/24`, with a mask, `192.168.1.x` and a range are known; an address without a mask
    is one machine, unless it ends in 0, which could be any network.
    """
    networks: list[Network] = []
    unread: list[str] = []
    for word in filter(None, (one.strip() for one in _BETWEEN.split(cell))):
        if is_blank_cell(word):
            continue
        found = _network(word, mask)
        networks += [one for one in found if one not in networks]
        if not found:
            unread.append(word)
    return networks, unread


def _network(word: str, mask: str) -> list[Network]:
    address = parse_address(word)
    if address is not None:
        if mask and (wide := parse_network(f"{word}/{mask.lstrip('/').strip()}")) is not None:
            return [wide[0]]
        open_ended = str(address).endswith((".0", ":"))
        return [] if open_ended or mask else [ip_network(address)]
    stars = _STARS.fullmatch(word)
    if stars is not None:
        octets = stars.group(1).rstrip(".").split(".")
        word = ".".join(octets + ["0"] * (4 - len(octets))) + f"/{8 * len(octets)}"
    span = _RANGE.fullmatch(word)
    if span is not None:
        first, last = span.groups()
        if last.isdigit():
            last = f"{first.rpartition('.')[0]}.{last}"
        return parse_range(first, last) or []
    wide = parse_network(re.sub(r"\s*/\s*", "/", word))
    # A network of all addresses is a slip of the pen, and would give all of them to one unit.
    return [] if wide is None or "/" not in word or not wide[0].prefixlen else [wide[0]]


def _publics(cell: str) -> tuple[list[Network], list[str]]:
    if is_yes(cell) is not None:
        return [], []
    return networks_in(cell)


def _point(
    network: Network, duty: NetworkRole, known: list[PlannedNetwork], source_row: SourceRow
) -> PlannedNetwork:
    # A resolver outside is not the unit's: only what lies in its own networks is.
    around = next((one for one in known if _holds(one.network, network)), None)
    unit, room = ("", "") if around is None else (around.unit, around.room)
    return PlannedNetwork(network=network, unit=unit, room=room, duty=duty, row=source_row)


def _holds(wide: Network, narrow: Network) -> bool:
    return wide.version == narrow.version and narrow.network_address in wide


def _duty(network: Network, role: str) -> NetworkRole | None:
    if network.num_addresses > _MOST_ADDRESSES and not is_only_duty(role):
        return None
    return duty_of(role)


def _text(placed: "GroupedRow", heading: "TableHeading", column: InventoryColumn) -> str:
    texts = (placed.text(place) for place in heading.at(column))
    return "\n".join(one for one in texts if one)[:2_000]


def _unit(cells: dict[InventoryColumn, str]) -> str:
    # A code is what other tables name the unit by; its name is kept with the remarks.
    order = (
        InventoryColumn.CODE,
        InventoryColumn.UNIT,
        InventoryColumn.DEVICE,
        InventoryColumn.DESK,
    )
    return " ".join(next((cells[one] for one in order if cells[one]), "").split())


def _name(cells: dict[InventoryColumn, str]) -> str:
    return (
        (cells[InventoryColumn.UNIT] or cells[InventoryColumn.DEVICE])
        if cells[InventoryColumn.CODE]
        else ""
    )
