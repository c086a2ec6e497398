"""Which device had an address throughout each hour, once for each period instead of each hour."""

from collections.abc import Iterator

from quetsach.attribution.devices import Attributor
from quetsach.attribution.model import Certainty, device_key, weaker
from quetsach.attribution.questions import Corrections, Leases, MachineKeys
from quetsach.attribution.steady import ALWAYS, Period
from quetsach.attribution.sure_holders import NOBODY, MachineParts

HALF_HOUR_US = 1_800_000_000
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

    def _asked(self, address: str, first_us: int, last_us: int) -> Iterator[_Held]:
        """Yield who had an address when, by one question for each period."""
        when_us = first_us + HALF_HOUR_US
        while when_us <= last_us + HALF_HOUR_US:
            answer, period = self._attributor.steady_at(address, when_us, HALF_HOUR_US)
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
            named = self._names.of(*machine, address)
            device = named.device or device_key(machine.mac, machine.host_name) or machine.client_id
            is_sure = weaker(Certainty.LIKELY, named.grade) in _SURE
            devices[machine] = device if is_sure else None
        return [(period, devices[machine]) for machine, period in holders]

    def _is_corrected(self, address: str, mac: str) -> bool:
        """Return whether a person ever decided anything of an address or hardware address."""
        overrides = self._overrides
        return overrides is not None and (
            overrides.steady(address, 0, mac) != ALWAYS
            or overrides.for_(address, 0, mac) is not None
        )
