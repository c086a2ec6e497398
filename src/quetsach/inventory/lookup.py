"""Machines looked up by hardware address, name or address; rows joined, contradictions reported."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from quetsach.addresses import canonical_address
from quetsach.errors.exceptions import Problem
from quetsach.inventory.cells import bare_name
from quetsach.inventory.machines import asset_of
from quetsach.inventory.model import (
    InventoryFlaw,
    InventoryMachine,
    InventoryProblem,
    NetworkRole,
    OmittedColumn,
    SourceRow,
)
from quetsach.inventory.plan import NetworkPlan


class Inventory:
    """Machines and the network plan; a look-up gives every machine that fits, none is chosen.

    Shapes: `problems` are the flaws of rows, of machines and networks alike; `left_out` the
    columns of people that were not kept; `unread` what of the files could not be read.
    """

    def __init__(
        self,
        machines: Iterable[InventoryMachine] = (),
        plan: NetworkPlan | None = None,
        *,
        problems: Iterable[InventoryProblem] = (),
        left_out: Iterable[OmittedColumn] = (),
        unread: Iterable[Problem] = (),
    ) -> None:
        self.machines = tuple(machines)
        self.plan = NetworkPlan() if plan is None else plan
        self.networks = self.plan.networks
        self.problems = tuple(problems)
        self.left_out = tuple(left_out)
        self.unread = tuple(unread)
        self._macs: dict[str, list[InventoryMachine]] = defaultdict(list)
        self._names: dict[str, list[InventoryMachine]] = defaultdict(list)
        self._addresses: dict[str, list[InventoryMachine]] = defaultdict(list)
        self._client_ids: dict[str, list[InventoryMachine]] = defaultdict(list)
        for machine in self.machines:
            for mac in machine.macs:
                self._macs[mac].append(machine)
            if machine.name:
                self._names[bare_name(machine.name)].append(machine)
            for address in machine.addresses:
                self._addresses[address].append(machine)
            for client_id in machine.client_ids:
                self._client_ids[client_id].append(machine)

    def by_mac(self, mac: str) -> tuple[InventoryMachine, ...]:
        """Return the machines with this hardware address, written as 00-17-A4-B2-C3-D4."""
        return tuple(self._macs.get(mac, ()))

    def by_name(self, name: str) -> tuple[InventoryMachine, ...]:
        """Return the machines of this name, whatever its case and the domain behind it."""
        return tuple(self._names.get(bare_name(name), ())) if name else ()

    def by_address(self, address: str) -> tuple[InventoryMachine, ...]:
        """Return the machines with this fixed address."""
        if not self._addresses:
            return ()
        return tuple(self._addresses.get(canonical_address(address) or "", ()))

    def fixed_addresses(self) -> Iterator[str]:
        """Yield each address that a machine has as its fixed one."""
        return iter(self._addresses)

    def by_client_id(self, client_id: str) -> tuple[InventoryMachine, ...]:
        """Return the machines with this client identifier, in lower hex digits."""
        return tuple(self._client_ids.get(client_id, ()))

    def duty_of(self, address: str) -> NetworkRole | None:
        """Return what the machines and the plan say is at `address`, None where neither does.

        A fixed address that machines with different roles share gives no role.
        """
        duties = {one.duty for one in self.by_address(address)}
        if len(duties) == 1 and duties != {NetworkRole.ORDINARY}:
            return duties.pop()
        return self.plan.duty_of(address)

    def problem(self, where: str) -> Problem | None:
        """Return one problem that counts all flaws, or None where there is none."""
        if not self.problems:
            return None
        return Problem("E266", where, {"count": len(self.problems)})


def joined(
    machines: Iterable[InventoryMachine],
) -> tuple[list[InventoryMachine], list[InventoryProblem]]:
    """Return the machines with duplicates joined, and their rows.

    Two rows are one machine when name and hardware addresses are the same, and no unit, asset
    number or fixed address differs.
    """
    kept: list[InventoryMachine] = []
    places: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
    problems: list[InventoryProblem] = []
    for machine in machines:
        same_names = places[(bare_name(machine.name), tuple(sorted(machine.macs)))]
        # A few comparisons are enough: each repeat of a machine is reported.
        same = next(
            (at for at in same_names[:8] if machine.macs and _agree(kept[at], machine)), None
        )
        if same is None:
            same_names.append(len(kept))
            kept.append(machine)
        else:
            problems.append(
                _problem(machine, InventoryFlaw.REPEATED, machine.name or machine.key, kept[same])
            )
            kept[same] = _both(kept[same], machine)
    return kept, problems


def contradictions(machines: Sequence[InventoryMachine]) -> Iterator[InventoryProblem]:
    """Yield each hardware address, name, fixed address and asset number of two machines.

    Names and fixed addresses may recur in another unit: each school has its 192.168.1.10.
    """
    yield from _twice(
        machines, InventoryFlaw.MAC_TWICE, lambda one: [(mac, "") for mac in one.macs]
    )
    yield from _twice(
        machines,
        InventoryFlaw.NAME_TWICE,
        lambda one: [(bare_name(one.name), one.unit.casefold())] if one.name else [],
    )
    yield from _twice(
        machines,
        InventoryFlaw.ADDRESS_TWICE,
        lambda one: [(address, one.unit.casefold()) for address in one.addresses],
    )
    yield from _twice(
        machines,
        InventoryFlaw.ASSET_TWICE,
        lambda one: [(asset_of(one).casefold(), "")] if asset_of(one) else [],
    )


def with_unique_keys(machines: Sequence[InventoryMachine]) -> tuple[InventoryMachine, ...]:
    """Return the machines with keys of which each occurs once, whatever its case.

    A key that recurs gets the unit behind it, or else the hardware address, or else the row.
    """
    kept = list(machines)
    for behind in (
        lambda machine: machine.unit,
        lambda machine: next(iter(machine.macs), ""),
        _row,
    ):
        times = Counter(one.key.casefold() for one in kept)
        kept = [
            replace(one, key=f"{one.key} ({behind(one)})")
            if times[one.key.casefold()] > 1 and behind(one) not in ("", one.key)
            else one
            for one in kept
        ]
    return tuple(kept)


def _row(machine: InventoryMachine) -> str:
    row = machine.row
    return "" if row is None else f"{row.path}, {row.sheet} {row.number}"


def _twice(
    machines: Sequence[InventoryMachine],
    flaw: InventoryFlaw,
    values: Callable[[InventoryMachine], list[tuple[str, str]]],
) -> Iterator[InventoryProblem]:
    first: dict[tuple[str, str], InventoryMachine] = {}
    for machine in machines:
        for value in values(machine):
            other = first.setdefault(value, machine)
            if other is not machine:
                yield _problem(machine, flaw, value[0], other)


def _problem(
    one: InventoryMachine, flaw: InventoryFlaw, excerpt: str, other: InventoryMachine
) -> InventoryProblem:
    row = SourceRow("", "", 0) if one.row is None else one.row
    return InventoryProblem(row, flaw, excerpt[:80], other.row)


def _agree(machine: InventoryMachine, other: InventoryMachine) -> bool:
    alike = all(
        not mine or not theirs or mine == theirs
        for mine, theirs in (
            (machine.unit.casefold(), other.unit.casefold()),
            (asset_of(machine), asset_of(other)),
        )
    )
    return alike and (
        not machine.addresses or not other.addresses or machine.addresses == other.addresses
    )


def _both(machine: InventoryMachine, other: InventoryMachine) -> InventoryMachine:
    """Return what both rows say; the first counts where they differ, the rest is kept beside."""
    texts = {
        name: getattr(machine, name) or getattr(other, name)
        for name in ("addresses", "client_ids", "unit", "room", "kind", "desk", "system", "remarks")
    }
    return replace(
        machine,
        key=machine.key if asset_of(machine) or not asset_of(other) else other.key,
        shared=machine.shared or other.shared,
        extra=tuple(dict.fromkeys((*machine.extra, *other.extra))),
        **texts,
    )
