"""Which device had an address throughout each hour, once for each period instead of each hour."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quetsach.attribution.devices import Attributor
from quetsach.attribution.model import Certainty, device_key, weaker
from quetsach.attribution.questions import Corrections, Leases, MachineKeys
from quetsach.attribution.steady import ALWAYS, HALF_HOUR_US, Period
from quetsach.attribution.sure_holders import NOBODY, MachineParts

if TYPE_CHECKING:
    # They load NumPy, which a sweep with few leases does not need.
    from quetsach.arrays import Numbers
    from quetsach.attribution.hourly_columns import AskedHours, DeviceStretches
    from quetsach.attribution.sure_columns import SureLeases

_SURE = frozenset({Certainty.CERTAIN, Certainty.LIKELY})

Stretch = tuple[int, str | None]
"""From which hour on (us, its start) which device had the address; None where that is in doubt."""


_Held = tuple[Period, str | None]


class HourlyDevices:
    """Answers which device had an inside address in an hour: for sure, or none.

    Units: an hour is asked for by its start, in us since 1970, UTC, its clock set right.
    """

    def __init__(
        self,
        attributor: Attributor,
        leases: Leases,
        names: MachineKeys,
        overrides: Corrections | None = None,
    ) -> None:
        """Take what `attributor` itself leans on, which answers most addresses without it."""
        self._attributor = attributor
        self._leases = leases
        self._names = names
        self._overrides = overrides

    def known_addresses(self) -> frozenset[str]:
        """Return each IPv4 address, and others, that may be another device than its text."""
        return self._attributor.named_addresses()

    def at(self, address: str, hour_us: int) -> str | None:
        """Return the device that had `address` throughout an hour; None where that is in doubt."""
        found = self._attributor.at(address, hour_us + HALF_HOUR_US, HALF_HOUR_US)
        return found.device if found.grade in _SURE else None

    def over(self, address: str, first_us: int, last_us: int) -> list[Stretch]:
        """Return the devices of an address in the hours from `first_us` to `last_us`, in order.

        No two neighbours are the same; the first begins with `first_us`.
        """
        plain = self._plain(address)
        found = self._asked(address, first_us, last_us) if plain is None else plain
        stretches: list[Stretch] = [(first_us, None)]
        for period, device in found:
            # An hour is the device's whose middle lies in its period.
            since = max(period.since_us - HALF_HOUR_US, first_us)
            until = period.until_us - HALF_HOUR_US
            if device is None or until <= first_us or since > last_us:
                continue
            if stretches[-1][0] >= since:
                stretches.pop()
            if not stretches or stretches[-1][1] != device:
                stretches.append((since, device))
            if until <= last_us:
                stretches.append((until, None))
        return stretches

    def columns(self, question: "AskedHours") -> "DeviceStretches":
        """Return what `over` does for many addresses, those left out that it must be asked for.

        Shapes: the codes of devices are places in `names`. Loads NumPy.
        """
        from quetsach.attribution.hourly_columns import joined, stretches

        places = {text: place for place, text in enumerate(question.texts)}
        codes: dict[str, int] = {}
        parts = []
        for leases in self._leases.all_sure_holders(HALF_HOUR_US):
            by_period, left_out = self._codes(leases, codes)
            of_plain = [places.get(one, -1) for one in leases.addresses]
            for place in left_out:
                of_plain[place] = -1
            parts.append(stretches(leases.periods, of_plain, by_period, question))
        return joined(parts, [*codes])

    def _codes(self, leases: "SureLeases", codes: dict[str, int]) -> "tuple[Numbers, set[int]]":
        """Return the device of each period, by its place in `codes`, and addresses to be asked for.

        These are the ones of which a person, or the inventory, may say something else.
        """
        from quetsach.attribution.hourly_columns import IN_DOUBT, codes_of

        overrides = self._overrides
        macs = set() if overrides is None else {*overrides.macs()}
        addresses = leases.addresses
        named = {*self._names.addresses(), *(() if overrides is None else overrides.addresses())}
        left_out = {place for place, text in enumerate(addresses) if text in named}

        def code_of(machine: int, place: int) -> int | None:
            parts = leases.parts(machine)
            if parts.mac in macs:
                return None
            device = self._device(parts, addresses[place])
            return IN_DOUBT if device is None else codes.setdefault(device, len(codes))

        def code_of_text(place: int) -> int:
            return codes.setdefault(addresses[place], len(codes))

        here = [self._names.whereabouts(one) for one in addresses]
        by_period, to_ask = codes_of(leases.periods, here, code_of, code_of_text)
        return by_period, left_out | to_ask

    def _device(self, machine: MachineParts, address: str) -> str | None:
        """Return which device a machine is that had an address by a lease, None where in doubt."""
        named = self._names.of(*machine, address)
        device = named.device or device_key(machine.mac, machine.host_name) or machine.client_id
        return device if weaker(Certainty.LIKELY, named.grade) in _SURE else None

    def _asked(self, address: str, first_us: int, last_us: int) -> Iterator[_Held]:
        """Yield who had an address when, by one question for each period."""
        when_us = first_us + HALF_HOUR_US
        while when_us <= last_us + HALF_HOUR_US:
            answer = self._attributor.at(address, when_us, HALF_HOUR_US)
            period = self._attributor.period_at(address, when_us, HALF_HOUR_US)
            yield period, answer.device if answer.grade in _SURE else None
            when_us = period.until_us

    def _plain(self, address: str) -> list[_Held] | None:
        """Return who had an address when, by plain records that nobody corrected; else None."""
        holders = self._leases.sure_holders(address, HALF_HOUR_US)
        if holders is None:
            return None
        devices: dict[MachineParts, str | None] = {}
        for machine, period in holders:
            if machine in devices:
                continue
            if self._is_corrected(address, machine.mac):
                return None
            if machine == NOBODY:
                alone = self._attributor.at(address, period.since_us, HALF_HOUR_US)
                if self._is_corrected(address, alone.mac):
                    return None
                devices[machine] = alone.device if alone.grade in _SURE else None
                continue
            devices[machine] = self._device(machine, address)
        return [(period, devices[machine]) for machine, period in holders]

    def _is_corrected(self, address: str, mac: str) -> bool:
        """Return whether a person ever decided anything of an address or hardware address."""
        overrides = self._overrides
        return overrides is not None and (
            overrides.steady(address, 0, mac) != ALWAYS
            or overrides.for_(address, 0, mac) is not None
        )
