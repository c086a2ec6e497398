"""A machine's own word on its addresses becomes a fact like that of a neighbour table."""

from quetsach.formats.host_address import HostAddress
from tests.formats.golden import layout_of, read

FORM = HostAddress()
HEAD = (
    b"# quetsach-collect 1 holds=address host=PC-VT-07 mac=00-17-A4-B2-C3-D4 address=10.20.3.41"
    b" taken=2026-09-01T08:15:22+07:00\r\n"
)


def test_each_address_was_seen_with_its_own_hardware_address() -> None:
    text = HEAD + b"10.20.3.41\t0017.A4B2.C3D4\tEthernet\r\n10.20.9.2\t00-17-A4-00-00-02\tWi-Fi\r\n"
    events = [event for _, event in read(FORM, text).events]
    told = [(one["host.ip"], one["host.mac"], one["quetsach.lease.act"]) for one in events]
    assert told == [
        ("10.20.3.41", "00-17-A4-B2-C3-D4", "seen"),
        ("10.20.9.2", "00-17-A4-00-00-02", "seen"),
    ]


def test_every_line_is_parsed() -> None:
    assert layout_of(FORM, HEAD).marker == b""


def test_a_file_without_the_first_line_is_none_of_it() -> None:
    assert not FORM.recognise(b"10.20.3.41\t00-17-A4-B2-C3-D4\tEthernet\n")
