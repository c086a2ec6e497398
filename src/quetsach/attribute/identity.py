"""Which machine a device of DHCP is: the inventory's where it names one, else its own key."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from quetsach.addresses import canonical_address
from quetsach.attribute.aliases import Aliases
from quetsach.attribute.clues import (
    BY_ADDRESS,
    BY_CLIENT_ID,
    BY_MAC,
    BY_MAC_INSIDE,
    BY_NAME,
    BY_OTHER_MAC,
    FROM_EUI64,
    MOST_RIVALS,
    SAME_ADDRESS,
    SAME_CLIENT_ID,
    SAME_DEVICE,
    SAME_MAC,
    SAME_NAME,
    Clues,
    Identity,
)
from quetsach.attribute.hardware import (
    duid_of_client_id,
    is_random,
    mac_of_client_id,
    mac_of_eui64,
)
from quetsach.attribute.model import Certainty, Rival, weaker
from quetsach.attribute.own_devices import own_identity
from quetsach.inventory.lookup import Inventory
from quetsach.inventory.model import Machine
from quetsach.inventory.names import bare_name, tells_nothing


@dataclass(frozen=True)
class _Step:
    """The machines that one clue points to, how sure that is, and in which words."""

    machines: tuple[Machine, ...]
    grade: Certainty
    because: str
    reason: str


class Identities:
    """Answers which device a hardware address, client identifier, name or address belongs to.

    Shapes: `facts` are (mac, client_id, host_name) as DHCP records tell them, "" for what is not
    told, the latest last; hardware addresses as 00-17-A4-B2-C3-D4, identifiers in lower hex.
    """

    def __init__(
        self, inventory: Inventory | None, facts: Iterable[tuple[str, str, str]] = ()
    ) -> None:
        self._inventory = Inventory() if inventory is None else inventory
        self._aliases = Aliases(facts)

    def of(self, mac: str, client_id: str, host_name: str, address: str = "") -> Identity:
        """Return the device behind these clues; the same answer for the same clues."""
        shortest = canonical_address(address) or address
        clues = Clues(mac, client_id.lower(), host_name, shortest)
        for step in self._steps(clues):
            if step.machines:
                return self._machine(
                    replace(step, machines=self._near(step.machines, clues)), clues
                )
        found = own_identity(self._aliases, clues)
        doubts = tuple(self._doubts(clues, None))
        if not doubts:
            return found
        grade = weaker(found.grade, Certainty.LIKELY)
        return replace(found, grade=grade, rivals=(*found.rivals, *doubts)[:MOST_RIVALS])

    def called(self, device: str) -> Machine | None:
        """Return the one machine of the inventory that a person calls so, by name or by key."""
        found = self._inventory.by_name(device)
        return found[0] if len(found) == 1 else None

    def _steps(self, clues: Clues) -> Iterator[_Step]:
        """Yield what each clue points to, the strongest first."""
        known = self._inventory
        likely = Certainty.LIKELY
        if clues.mac:
            yield _Step(known.by_mac(clues.mac), Certainty.CERTAIN, BY_MAC, SAME_MAC)
        if clues.client_id:
            same, inside = self._identified(clues)
            yield _Step(self._uncloned(same, clues), likely, BY_CLIENT_ID, SAME_CLIENT_ID)
            yield _Step(self._uncloned(inside, clues), likely, BY_MAC_INSIDE, SAME_CLIENT_ID)
        if clues.mac:
            others = self._aliases.of(clues.mac).macs
            tied = {one.key: one for mac in others for one in known.by_mac(mac)}
            yield _Step(tuple(tied.values()), likely, BY_OTHER_MAC, SAME_DEVICE)
        else:
            card = mac_of_eui64(clues.address)
            yield _Step(known.by_mac(card or ""), likely, FROM_EUI64, SAME_MAC)
        # The inventory's own hardware address speaks against a name that anyone can take.
        named = self._named(clues.host_name)
        fitting = tuple(one for one in named if not (clues.tells_mac and one.macs))
        yield _Step(fitting, likely, BY_NAME, SAME_NAME)
        fixed = tuple(one for one in known.by_address(clues.address) if _is_open(one, clues))
        yield _Step(fixed, likely, BY_ADDRESS, SAME_ADDRESS)

    def _identified(self, clues: Clues) -> tuple[tuple[Machine, ...], tuple[Machine, ...]]:
        """Return the machines with this client identifier, and those whose card it holds."""
        known = self._inventory
        same = known.by_client_id(clues.client_id)
        same = same or known.by_client_id(duid_of_client_id(clues.client_id))
        return same, known.by_mac(mac_of_client_id(clues.client_id) or "")

    def _uncloned(self, machines: tuple[Machine, ...], clues: Clues) -> tuple[Machine, ...]:
        """Return the machines; with a copied identifier only those that have the name as well."""
        # Two cards of a laptop share one identifier, and so do all machines of one disk image.
        if clues.tells_mac and len(self._aliases.identified(clues.client_id)) > 1:
            return tuple(one for one in machines if _has_name(one, clues.host_name))
        return machines

    def _named(self, host_name: str) -> tuple[Machine, ...]:
        return () if tells_nothing(host_name) else self._inventory.by_name(host_name)

    def _near(self, machines: tuple[Machine, ...], clues: Clues) -> tuple[Machine, ...]:
        """Return the machines of the unit that the plan gives the address to, if there are any."""
        if len(machines) < 2 or not clues.address:
            return machines
        unit = self._inventory.plan.unit_of(clues.address).casefold()
        here = tuple(one for one in machines if unit and one.unit.casefold() == unit)
        return here or machines

    def _machine(self, step: _Step, clues: Clues) -> Identity:
        best, grade = step.machines[0], step.grade
        if len(step.machines) > 1:
            named = [one for one in step.machines if _has_name(one, clues.host_name)]
            is_told = len(named) == 1
            best = named[0] if is_told else best
            grade = weaker(grade, Certainty.LIKELY if is_told else Certainty.AMBIGUOUS)
        rivals = {one.key: Rival(one.key, step.reason) for one in step.machines if one != best}
        doubts = [one for one in self._doubts(clues, best) if one.device not in rivals]
        return Identity(
            device=best.key,
            machine=best,
            grade=weaker(grade, Certainty.LIKELY) if doubts else grade,
            randomised=bool(clues.mac) and is_random(clues.mac),
            rivals=(*rivals.values(), *doubts)[:MOST_RIVALS],
            because=step.because,
            row=best.row,
        )

    def _doubts(self, clues: Clues, best: Machine | None) -> Iterator[Rival]:
        """Yield the other machines of the inventory that a clue points to, with its reason."""
        seen: set[str] = set()
        same, inside = self._identified(clues) if clues.client_id else ((), ())
        for machines, reason in (
            ((*same, *inside), SAME_CLIENT_ID),
            (self._named(clues.host_name), SAME_NAME),
            (self._inventory.by_address(clues.address), SAME_ADDRESS),
        ):
            if best in machines:
                continue
            for one in self._near(machines, clues)[:MOST_RIVALS]:
                if one.key not in seen and _may_meet(best, one):
                    seen.add(one.key)
                    yield Rival(one.key, reason)


def _has_name(machine: Machine, host_name: str) -> bool:
    return bool(host_name and machine.name) and bare_name(machine.name) == bare_name(host_name)


def _may_meet(best: Machine | None, other: Machine) -> bool:
    """Return whether two machines may stand in one network: not in two units that both are told."""
    if best is None or not best.unit or not other.unit:
        return True
    return best.unit.casefold() == other.unit.casefold()


def _is_open(machine: Machine, clues: Clues) -> bool:
    """Return whether nothing that the inventory says of a machine contradicts the clues."""
    if machine.macs and clues.mac:
        return False
    both = machine.name and clues.host_name
    return not both or _has_name(machine, clues.host_name)
