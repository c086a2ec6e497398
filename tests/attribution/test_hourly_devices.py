"""The device of each hour, period by period, is the one that each hour by itself is answered."""

from ipaddress import ip_network
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach.attribution.devices import Attributor
from quetsach.attribution.hourly_devices import HourlyDevices
from quetsach.attribution.identity import Identities
from quetsach.attribution.lease_history import LeaseHistory
from quetsach.attribution.overrides import Override, Overrides
from quetsach.attribution.questions import NetworkContext
from quetsach.inventory.lookup import Inventory
from quetsach.inventory.model import InventoryMachine
from tests.attribution.lease_rows import ADDRESS, HOUR, A, B, Record, table
from tests.attribution.test_lease_oracle import ANY, PATHS, PLAIN
from tests.attribution.test_steady import OVERRIDES
from tests.whole import daily

MACHINES = (
    InventoryMachine(key="TS-1", name="PC-08", macs=(A,), addresses=("10.0.0.8", ADDRESS)),
    InventoryMachine(key="TS-2", name="PC-09", macs=(B,)),
    InventoryMachine(key="TS-3", name="PC-10", macs=(B,)),
)


def _devices(
    records: list[Record], overrides: list[Override], machines: tuple[InventoryMachine, ...] = ()
) -> HourlyDevices:
    leases = LeaseHistory(table(records), PATHS)
    names = Identities(Inventory(machines), [(A, "", "PC-07")])
    corrections = Overrides(overrides)
    attributor = Attributor(
        leases,
        NetworkContext((ip_network("10.0.0.0/8"),)),
        lambda _address: False,
        names=names,
        overrides=corrections,
    )
    return HourlyDevices(attributor, leases, names, corrections)


@settings(max_examples=daily(25, whole=300), deadline=None)
@given(
    st.one_of(ANY, PLAIN),
    st.one_of(st.just([]), OVERRIDES),
    st.integers(0, len(MACHINES)),
    st.sampled_from([0, 1, 17 * 60_000_000]),
    st.sampled_from([ADDRESS, ADDRESS, "10.0.0.8", "10.0.0.9"]),
)
def test_each_hour_has_its_device(
    records: list[Record], overrides: list[Override], machines: int, aside: int, address: str
) -> None:
    devices = _devices(records, overrides, MACHINES[:machines])
    hours = [hour * HOUR + aside for hour in range(-2, 70)]
    stretches = devices.over(address, hours[0], hours[-1])
    assert stretches[0][0] == hours[0]
    assert all(one[0] < two[0] and one[1] != two[1] for one, two in pairwise(stretches))
    for hour in hours:
        told = [device for since, device in stretches if since <= hour][-1]
        assert told == devices.at(address, hour), hour
    if address not in devices.known_addresses():
        assert stretches == [(hours[0], address)]


def test_a_machine_that_never_left_is_one_stretch() -> None:
    devices = _devices([Record(hour) for hour in range(0, 700, 24)], [])
    assert devices.over(ADDRESS, 0, 700 * HOUR) == [(0, f"PC-07 ({A})")]
    assert devices.over("10.0.0.9", 0, 700 * HOUR) == [(0, "10.0.0.9")]


def test_a_wild_hour_of_its_own_takes_nothing_from_the_others() -> None:
    devices = _devices([Record(10)], [])
    assert devices.over(ADDRESS, 0, 9_000 * HOUR)[0] == (0, f"PC-07 ({A})")
    assert devices.over(ADDRESS, 0, 9_000 * HOUR)[-1][1] is None
