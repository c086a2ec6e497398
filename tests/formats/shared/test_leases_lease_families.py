"""Lease tables are told apart by their headings; ARP tables are none."""

import pytest

from quetsach.formats.shared.leases import TableFamily, family_of


@pytest.mark.parametrize(
    ("heading", "family"),
    [
        (b"MacAddress          IpAddress        Lease(sec)  Type", TableFamily.COUNTED),
        (b" MAC Address      IP Address      State    Remaining   Interface", TableFamily.COUNTED),
        (b"IP address          Client-ID/     Lease expiration   Type", TableFamily.BINDING),
        (b"IP            MAC-Address             Hostname        VCI", TableFamily.FORTIGATE),
        (b" #   ADDRESS  MAC-ADDRESS  HOST-NAME  SERVER  STATUS", TableFamily.MIKROTIK),
        (b"Columns: ADDRESS, MAC-ADDRESS, HOST-NAME, SERVER, STATUS", TableFamily.MIKROTIK),
        (b"/ip dhcp-server lease", TableFamily.MIKROTIK_PAIRS),
        (b"0 D address=10.0.0.1 mac-address=x server=y", TableFamily.MIKROTIK_PAIRS),
        (b"Internet Address      Physical Address      Type", None),
        (b" #    ADDRESS         MAC-ADDRESS       INTERFACE", None),
        (b" 0 DC address=10.0.0.1 mac-address=x interface=y", None),
        (b"", None),
    ],
)
def test_a_heading_names_its_family(heading: bytes, family: TableFamily | None) -> None:
    assert family_of(heading) is family


def test_a_long_line_costs_no_more_than_its_beginning() -> None:
    assert family_of(b"0 D address=" + b" mac-address=" * 1_000_000) is None
