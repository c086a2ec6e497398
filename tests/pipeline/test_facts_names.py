"""What a DHCP record says of a machine never names another machine."""

from typing import cast

import pytest

from quetsach.pipeline.facts import Facts
from quetsach.schema import Event


def _leases(**fields: object) -> set[tuple[str, str]]:
    facts = Facts()
    event = {"@timestamp": 1_662_940_800_000_000, "host.ip": "10.0.0.5"}
    facts.add([(0, cast("Event", {**event, **fields}))], 0)
    return {(one.mac, one.host_name) for one in facts.leases}


@pytest.mark.parametrize(
    "name", ["10.0.0.9", "2001:db8::1", "00-17-A4-B2-C3-D4", "BOSS-PC (00-17-a4-b2-c3-d4)"]
)
def test_a_machine_that_hides_its_hardware_address_cannot_take_the_key_of_another(
    name: str,
) -> None:
    assert _leases(**{"host.name": name}) == set()


def test_a_plain_name_alone_names_the_machine() -> None:
    assert _leases(**{"host.name": "PC-VT-07"}) == {("", "PC-VT-07")}


def test_a_name_beside_the_hardware_address_is_kept_as_it_is() -> None:
    fields = {"host.name": "10.0.0.9", "host.mac": "00-17-A4-B2-C3-D4"}
    assert _leases(**fields) == {("00-17-A4-B2-C3-D4", "10.0.0.9")}
