"""Which machine a device of DHCP is: the inventory's where it names one, else its own key."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from quetsach.addresses import canonical_address
from quetsach.attribution.aliases import Alias, Aliases, AliasReason
from quetsach.attribution.clues import (
    MOST_RIVALS,
    DeviceClues,
    Identity,
    duid_of_client_id,
    is_random,
    mac_of_client_id,
    mac_of_eui64,
)
from quetsach.attribution.model import Certainty, RivalDevice, device_key, weaker
from quetsach.errors.catalogue import N_
from quetsach.inventory.cells import bare_name, is_generic_name
from quetsach.inventory.lookup import Inventory
from quetsach.inventory.model import InventoryMachine

BY_MAC = N_("its hardware address stands in the inventory")
BY_CLIENT_ID = N_("its DHCP client identifier stands in the inventory")
BY_MAC_INSIDE = N_("its DHCP client identifier holds a hardware address of the inventory")
BY_OTHER_MAC = N_("another hardware address of the same device stands in the inventory")
BY_NAME = N_("its name stands in the inventory; its hardware address tells nothing")
BY_ADDRESS = N_("the inventory gives this fixed address to it")
OWN_MAC = N_("known by its hardware address alone")
OWN_RANDOM = N_("known by a random hardware address alone, which it may change")
OWN_TIED_BY_ID = N_("its random hardware addresses share one DHCP client identifier")
OWN_TIED_BY_NAME = N_("its random hardware addresses share one name")
OWN_NAME = N_("known by its name alone")
OWN_CLIENT_ID = N_("known by its DHCP client identifier alone")
OWN_ADDRESS = N_("known by its address alone")
FROM_EUI64 = N_("its IPv6 address holds its hardware address")
FROM_CLIENT_ID = N_("its DHCP client identifier holds its hardware address")
FROM_NAME = N_("only one device had this name")

SAME_MAC = N_("the inventory gives the same hardware address to it")
SAME_CLIENT_ID = N_("the same DHCP client identifier belongs to it")
SAME_NAME = N_("the same name belongs to it")
SAME_DEVICE = N_("it may be another hardware address of the same device")
SAME_ADDRESS = BY_ADDRESS

_TIED = {AliasReason.CLIENT_ID: OWN_TIED_BY_ID, AliasReason.NAME: OWN_TIED_BY_NAME}


def own_identity(aliases: Aliases, clues: DeviceClues) -> Identity:
    """Return the device by its hardware address, else what holds one, else its name or address.

    A device with a hardware address has the key "NAME (MAC)", with its latest name.
    """
    if clues.mac:
        return _by_mac(aliases.of(clues.mac), clues)
    for mac, because in (
        (mac_of_client_id(clues.client_id), FROM_CLIENT_ID),
        (mac_of_eui64(clues.address), FROM_EUI64),
    ):
        if mac is not None:
            return _by_other(aliases.of(mac), clues, because)
    rivals: tuple[RivalDevice, ...] = ()
    for machines, because, reason in (
        (aliases.identified(clues.client_id), FROM_CLIENT_ID, SAME_CLIENT_ID),
        (aliases.named(clues.host_name), FROM_NAME, SAME_NAME),
    ):
        if len(machines) == 1:
            return _by_other(machines[0], clues, because)
        rivals += tuple(RivalDevice(_key(one, clues), reason) for one in machines[:MOST_RIVALS])
    return _nameless(clues, rivals[:MOST_RIVALS])


def _by_mac(alias: Alias, clues: DeviceClues) -> Identity:
    lone = OWN_RANDOM if is_random(clues.mac) else OWN_MAC
    # A hardware address that a maker gave out is the device; only random ones lean on others.
    sure = alias.tie is AliasReason.ALONE or clues.has_mac
    rivals = () if clues.has_mac else alias.rivals
    return Identity(
        device=_key(alias, clues),
        grade=Certainty.CERTAIN if sure and not rivals else Certainty.LIKELY,
        randomised=is_random(clues.mac),
        rivals=tuple(RivalDevice(mac, SAME_DEVICE) for mac in rivals),
        because=lone if sure else _TIED[alias.tie],
    )


def _by_other(alias: Alias, clues: DeviceClues, because: str) -> Identity:
    return Identity(
        device=_key(alias, clues),
        grade=Certainty.LIKELY,
        randomised=is_random(alias.mac),
        rivals=tuple(RivalDevice(mac, SAME_DEVICE) for mac in alias.rivals),
        because=because,
    )


def _nameless(clues: DeviceClues, rivals: tuple[RivalDevice, ...]) -> Identity:
    keys = (
        (clues.host_name, OWN_NAME),
        (clues.client_id, OWN_CLIENT_ID),
        (clues.address, OWN_ADDRESS),
    )
    device, because = next((one for one in keys if one[0]), ("", OWN_ADDRESS))
    grade = Certainty.AMBIGUOUS if rivals else Certainty.LIKELY
    return Identity(
        device=device, grade=grade if device else Certainty.UNKNOWN, rivals=rivals, because=because
    )


def _key(alias: Alias, clues: DeviceClues) -> str:
    return device_key(alias.mac, alias.name or clues.host_name)


@dataclass(frozen=True)
class _Step:
    """The machines that one clue points to, how sure that is, and in which words."""

    machines: tuple[InventoryMachine, ...]
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
        clues = DeviceClues(mac, client_id.lower(), host_name, shortest)
        for step in self._steps(clues):
            if step.machines:
                return self._machine(
                    replace(step, machines=self._near(step.machines, clues)), clues
                )
        identity = own_identity(self._aliases, clues)
        doubts = tuple(self._doubts(clues, None))
        if not doubts:
            return identity
        grade = weaker(identity.grade, Certainty.LIKELY)
        return replace(identity, grade=grade, rivals=(*identity.rivals, *doubts)[:MOST_RIVALS])

    def addresses(self) -> Iterator[str]:
        """Yield each fixed address of the inventory, in its shortest form."""
        return self._inventory.fixed_addresses()

    def whereabouts(self, address: str) -> str:
        """Return a text that is the same for addresses of which `of` says the same.

        It does so of any machine with a hardware address, an identifier or a name: of an IPv4
        address counts whether a machine has it as its fixed one, and whose unit it belongs to.
        """
        if not self._inventory.machines and ":" not in address:
            return ""
        if ":" in address or self._inventory.by_address(address):
            return address
        return f"/{self._inventory.plan.unit_of(address).casefold()}"

    def called(self, device: str) -> InventoryMachine | None:
        """Return the one machine of the inventory that a person calls so, by name or by key."""
        found = self._inventory.by_name(device)
        return found[0] if len(found) == 1 else None

    def _steps(self, clues: DeviceClues) -> Iterator[_Step]:
        """Yield what each clue points to, the strongest first."""
        inventory = self._inventory
        likely = Certainty.LIKELY
        if clues.mac:
            yield _Step(inventory.by_mac(clues.mac), Certainty.CERTAIN, BY_MAC, SAME_MAC)
        if clues.client_id:
            same, inside = self._identified(clues)
            yield _Step(self._uncloned(same, clues), likely, BY_CLIENT_ID, SAME_CLIENT_ID)
            yield _Step(self._uncloned(inside, clues), likely, BY_MAC_INSIDE, SAME_CLIENT_ID)
        if clues.mac:
            others = self._aliases.of(clues.mac).macs
            tied = {one.key: one for mac in others for one in inventory.by_mac(mac)}
            yield _Step(tuple(tied.values()), likely, BY_OTHER_MAC, SAME_DEVICE)
        else:
            card = mac_of_eui64(clues.address)
            yield _Step(inventory.by_mac(card or ""), likely, FROM_EUI64, SAME_MAC)
        # The inventory's own hardware address speaks against a name that anyone can take.
        named = self._named(clues.host_name)
        fitting = tuple(one for one in named if not (clues.has_mac and one.macs))
        yield _Step(fitting, likely, BY_NAME, SAME_NAME)
        fixed = tuple(one for one in inventory.by_address(clues.address) if _is_open(one, clues))
        yield _Step(fixed, likely, BY_ADDRESS, SAME_ADDRESS)

    def _identified(
        self, clues: DeviceClues
    ) -> tuple[tuple[InventoryMachine, ...], tuple[InventoryMachine, ...]]:
        """Return the machines with this client identifier, and those whose card it holds."""
        known = self._inventory
        same = known.by_client_id(clues.client_id)
        same = same or known.by_client_id(duid_of_client_id(clues.client_id))
        return same, known.by_mac(mac_of_client_id(clues.client_id) or "")

    def _uncloned(
        self, machines: tuple[InventoryMachine, ...], clues: DeviceClues
    ) -> tuple[InventoryMachine, ...]:
        """Return the machines; with a copied identifier only those that have the name as well."""
        # Two cards of a laptop share one identifier, and so do all machines of one disk image.
        if clues.has_mac and len(self._aliases.identified(clues.client_id)) > 1:
            return tuple(one for one in machines if _has_name(one, clues.host_name))
        return machines

    def _named(self, host_name: str) -> tuple[InventoryMachine, ...]:
        return () if is_generic_name(host_name) else self._inventory.by_name(host_name)

    def _near(
        self, machines: tuple[InventoryMachine, ...], clues: DeviceClues
    ) -> tuple[InventoryMachine, ...]:
        """Return the machines of the unit that the plan gives the address to, if there are any."""
        if len(machines) < 2 or not clues.address:
            return machines
        unit = self._inventory.plan.unit_of(clues.address).casefold()
        here = tuple(one for one in machines if unit and one.unit.casefold() == unit)
        return here or machines

    def _machine(self, step: _Step, clues: DeviceClues) -> Identity:
        best, grade = step.machines[0], step.grade
        if len(step.machines) > 1:
            named = [one for one in step.machines if _has_name(one, clues.host_name)]
            is_told = len(named) == 1
            best = named[0] if is_told else best
            grade = weaker(grade, Certainty.LIKELY if is_told else Certainty.AMBIGUOUS)
        rivals = {
            one.key: RivalDevice(one.key, step.reason) for one in step.machines if one != best
        }
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

    def _doubts(self, clues: DeviceClues, best: InventoryMachine | None) -> Iterator[RivalDevice]:
        """Yield the other machines of the inventory that a clue points to, with its reason."""
        keys: set[str] = set()
        same, inside = self._identified(clues) if clues.client_id else ((), ())
        for machines, reason in (
            ((*same, *inside), SAME_CLIENT_ID),
            (self._named(clues.host_name), SAME_NAME),
            (self._inventory.by_address(clues.address), SAME_ADDRESS),
        ):
            if best in machines:
                continue
            for one in self._near(machines, clues)[:MOST_RIVALS]:
                if one.key not in keys and _may_meet(best, one):
                    keys.add(one.key)
                    yield RivalDevice(one.key, reason)


def _has_name(machine: InventoryMachine, host_name: str) -> bool:
    return bool(host_name and machine.name) and bare_name(machine.name) == bare_name(host_name)


def _may_meet(best: InventoryMachine | None, other: InventoryMachine) -> bool:
    """Return whether two machines may be in one network: not in two units that both are known."""
    if best is None or not best.unit or not other.unit:
        return True
    return best.unit.casefold() == other.unit.casefold()


def _is_open(machine: InventoryMachine, clues: DeviceClues) -> bool:
    """Return whether nothing that the inventory says of a machine contradicts the clues."""
    if machine.macs and clues.mac:
        return False
    both = machine.name and clues.host_name
    return not both or _has_name(machine, clues.host_name)
