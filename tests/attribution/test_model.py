"""How sure a chain is, and by what a machine is known."""

from dataclasses import replace

import pytest

from quetsach.attribution.model import (
    Certainty,
    Interval,
    IntervalEnd,
    LeaseAct,
    RecordPlace,
    device_key,
    weaker,
)

CERTAIN, LIKELY, AMBIGUOUS, UNKNOWN = Certainty


@pytest.mark.parametrize(
    ("grades", "weakest"),
    [
        ((CERTAIN, CERTAIN), CERTAIN),
        ((CERTAIN, LIKELY), LIKELY),
        ((AMBIGUOUS, LIKELY), AMBIGUOUS),
        ((UNKNOWN, AMBIGUOUS), UNKNOWN),
    ],
)
def test_a_chain_is_as_sure_as_its_weakest_step(
    grades: tuple[Certainty, Certainty], weakest: Certainty
) -> None:
    first, second = grades
    assert weaker(first, second) is weaker(second, first) is weakest


@pytest.mark.parametrize(
    ("mac", "host_name", "key"),
    [
        ("00-17-A4-00-00-05", "PC-01", "PC-01 (00-17-A4-00-00-05)"),
        ("00-17-A4-00-00-05", "", "00-17-A4-00-00-05"),
        ("", "PC-01", "PC-01"),
        ("", "", ""),
    ],
)
def test_a_device_is_known_by_its_name_and_hardware_address(
    mac: str, host_name: str, key: str
) -> None:
    assert device_key(mac, host_name) == key


def test_a_machine_is_its_hardware_address_else_its_identifier_else_its_name() -> None:
    place = RecordPlace("dhcp.log", 0)
    interval = Interval(
        address="10.0.0.5",
        start_us=0,
        end_us=None,
        ended=IntervalEnd.OPEN,
        act=LeaseAct.GIVEN,
        mac="00-17-A4-00-00-05",
        client_id="01",
        host_name="PC-01",
        server="",
        rough=False,
        place=place,
        last=place,
    )
    assert interval.machine == "00-17-A4-00-00-05"
    assert replace(interval, mac="").machine == "01"
    assert replace(interval, mac="", client_id="").machine == "PC-01"
