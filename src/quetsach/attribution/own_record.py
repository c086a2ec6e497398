"""A machine that wrote the record itself: its own name counts before who held its address."""

from quetsach.attribution.model import AttributionStep, Certainty, RivalDevice, StepKind, weaker
from quetsach.attribution.questions import (
    Attribution,
    MachineKeys,
    SightingEnds,
    SightingRole,
)
from quetsach.errors.catalogue import N_
from quetsach.inventory.cells import bare_name, is_generic_name

ANOTHER_HOLDER = N_("a record gives the address to it at that time; the log is of another machine")


def names_itself(sighting: SightingEnds, *, inbound: bool) -> bool:
    """Return whether the machine that was asked about wrote the record, and says its name."""
    if bare_name(sighting.host) in ("", "localhost"):
        return False
    return sighting.host_end == ("destination" if inbound else "source")


def is_own_record(sighting: SightingEnds, attribution: Attribution) -> bool:
    """Return whether the machine that is named wrote the record, under the name that it has.

    Then no time names it: whoever held the address at another time has another name.
    """
    is_target = attribution.role is SightingRole.TARGET
    if not names_itself(sighting, inbound=is_target) or is_generic_name(sighting.host):
        return False
    machine = attribution.machine
    known = machine.name if machine is not None else attribution.host_name
    return bare_name(known) == bare_name(sighting.host)


def by_own_name(
    sighting: SightingEnds, by_address: Attribution | None, names: MachineKeys
) -> Attribution:
    """Return the device by the name that it gives itself.

    Shapes: `by_address` is who held its address, by leases or the inventory; None where the
    record has no address of ours. Where that is the same machine, or one without a name, it
    stands, for it knows the hardware address as well. A name that many machines have names none
    for sure.
    """
    is_generic = is_generic_name(sighting.host)
    if by_address is not None and (is_generic or _is_same(by_address, sighting.host)):
        return by_address
    named = names.of(sighting.host_mac or "", "", sighting.host)
    own = AttributionStep(StepKind.DIRECT, sighting.host, sighting.host, Certainty.LIKELY)
    kind = StepKind.IDENTITY if named.machine is None else StepKind.INVENTORY
    identity = AttributionStep(kind, own.after, named.device, named.grade, note=named.because)
    rivals = list(named.rivals)
    is_recorded = by_address is not None and (by_address.interval or by_address.machine)
    if by_address is not None and is_recorded and by_address.device != named.device:
        rivals.append(RivalDevice(by_address.device, ANOTHER_HOLDER))
    machine = named.machine
    return Attribution(
        device=named.device or sighting.host,
        address="" if by_address is None else by_address.address,
        mac=sighting.host_mac or (next(iter(machine.macs), "") if machine is not None else ""),
        host_name=sighting.host,
        grade=weaker(Certainty.AMBIGUOUS if is_generic else Certainty.LIKELY, named.grade),
        rivals=tuple(rivals),
        role=SightingRole.CLIENT,
        steps=(own, identity),
        machine=machine,
    )


def _is_same(by_address: Attribution, host: str) -> bool:
    """Return whether who held the address may be the machine with this name, by its record."""
    if by_address.override is not None:
        return True
    if by_address.interval is None and by_address.machine is None:
        return False
    known = by_address.machine.name if by_address.machine is not None else by_address.host_name
    return not known or bare_name(known) == bare_name(host)
