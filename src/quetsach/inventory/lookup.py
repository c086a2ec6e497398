"""The inventory as it is asked: which machines have this hardware address, name or address."""

from collections import defaultdict
from collections.abc import Iterable

from quetsach.addresses import canonical_address
from quetsach.errors import Problem
from quetsach.inventory.model import Duty, Machine
from quetsach.inventory.names import bare_name
from quetsach.inventory.plan import NetworkPlan
from quetsach.inventory.problems import InventoryProblem, LeftOut


class Inventory:
    """Machines and the network plan; a look-up gives every machine that fits, none is chosen.

    Shapes: `problems` are the flaws of rows, of machines and networks alike; `left_out` the
    columns of people that were not kept; `unread` what of the files could not be read.
    """

    def __init__(
        self,
        machines: Iterable[Machine] = (),
        plan: NetworkPlan | None = None,
        *,
        problems: Iterable[InventoryProblem] = (),
        left_out: Iterable[LeftOut] = (),
        unread: Iterable[Problem] = (),
    ) -> None:
        self.machines = tuple(machines)
        self.plan = NetworkPlan() if plan is None else plan
        self.networks = self.plan.networks
        self.problems = tuple(problems)
        self.left_out = tuple(left_out)
        self.unread = tuple(unread)
        self._macs: dict[str, list[Machine]] = defaultdict(list)
        self._names: dict[str, list[Machine]] = defaultdict(list)
        self._addresses: dict[str, list[Machine]] = defaultdict(list)
        self._client_ids: dict[str, list[Machine]] = defaultdict(list)
        for one in self.machines:
            for mac in one.macs:
                self._macs[mac].append(one)
            if one.name:
                self._names[bare_name(one.name)].append(one)
            for address in one.addresses:
                self._addresses[address].append(one)
            for client_id in one.client_ids:
                self._client_ids[client_id].append(one)

    def by_mac(self, mac: str) -> tuple[Machine, ...]:
        """Return the machines with this hardware address, written as 00-17-A4-B2-C3-D4."""
        return tuple(self._macs.get(mac, ()))

    def by_name(self, name: str) -> tuple[Machine, ...]:
        """Return the machines of this name, whatever its case and the domain behind it."""
        return tuple(self._names.get(bare_name(name), ())) if name else ()

    def by_address(self, address: str) -> tuple[Machine, ...]:
        """Return the machines with this fixed address."""
        return tuple(self._addresses.get(canonical_address(address) or "", ()))

    def by_client_id(self, client_id: str) -> tuple[Machine, ...]:
        """Return the machines with this client identifier, in lower hex digits."""
        return tuple(self._client_ids.get(client_id, ()))

    def duty_of(self, address: str) -> Duty | None:
        """Return what the machines and the plan say stands at `address`, None where neither does.

        A fixed address that machines of different duties have says nothing.
        """
        duties = {one.duty for one in self.by_address(address)}
        if len(duties) == 1 and duties != {Duty.ORDINARY}:
            return duties.pop()
        return self.plan.duty_of(address)

    def problem(self, where: str) -> Problem | None:
        """Return one problem that counts all flaws, or None where there is none."""
        if not self.problems:
            return None
        return Problem("E266", where, {"count": len(self.problems)})
