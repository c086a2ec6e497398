"""A machine's own addresses are told from its gateway's and its name servers' by their shape."""

import pytest

from quetsach.formats.host_ipconfig import HostIpconfig
from quetsach.formats.registry import recognise
from tests.formats.golden import SAMPLES, read

FORM = HostIpconfig()
SAMPLE = SAMPLES / "host-ipconfig"


@pytest.mark.parametrize(
    ("sample", "own"),
    [("all-en.log", ["2001:db8:3::41", "10.20.3.41"]), ("all-vi.log", ["10.20.3.41"])],
)
def test_only_its_own_addresses_are_its_own(sample: str, own: list[str]) -> None:
    content = (SAMPLE / sample).read_bytes()
    assert recognise(content).name == "host-ipconfig"
    events = [event for _, event in read(FORM, content).events]
    assert [event["host.ip"] for event in events] == own
    assert {event["host.mac"] for event in events} == {"00-17-A4-B2-C3-D4"}
    assert {event["host.name"] for event in events} == {"PC-VT-07"}


def test_short_ipconfig_gives_the_address_without_a_hardware_address() -> None:
    content = b"Windows IP Configuration\r\n\r\nEthernet adapter Ethernet:\r\n\r\n"
    content += b"   Connection-specific DNS Suffix  . : xa.example\r\n"
    content += b"   IPv4 Address. . . . . . . . . . . : 10.20.3.41\r\n"
    content += b"   Subnet Mask . . . . . . . . . . . : 255.255.255.0\r\n"
    content += b"   Default Gateway . . . . . . . . . : 10.20.3.1\r\n"
    ((_, event),) = read(FORM, content).events
    assert event["host.ip"] == "10.20.3.41"
    assert {"host.mac", "host.name"}.isdisjoint(event)


def test_a_cache_of_names_is_not_taken() -> None:
    content = b"    www.bad.example\n    ----------------------\n"
    content += b"    Record Name . . . . . : www.bad.example\n    Time To Live  . . . . : 312\n"
    content += b"    A (Host) Record . . . : 203.0.113.77\n"
    assert not FORM.recognise(content)
