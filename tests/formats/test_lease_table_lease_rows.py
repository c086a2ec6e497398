"""Rows of lease tables: who, for how long, and why a row cannot be read."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.formats.lease_table import LeaseRow, mac_of_client, read_row
from quetsach.formats.shared.leases import TableFamily
from quetsach.formats.shared.tables import words_of

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MAC = "00-17-A4-B2-C3-D4"


def read(line: str, family: TableFamily) -> LeaseRow | str | None:
    words = words_of(line.encode())
    assert words is not None
    return read_row(line, words, family, ZONE)


def test_a_client_identifier_of_ethernet_is_the_hardware_address() -> None:
    assert mac_of_client("010017a4b2c3d4") == MAC
    assert mac_of_client("020017a4b2c3d4") is None
    assert mac_of_client("0017a4b2c3d4") is None
    row = read("10.20.3.41  0100.17a4.b2c3.d4  Infinite  Automatic", TableFamily.BINDING)
    assert row == LeaseRow("10.20.3.41", "given", mac=MAC, client_id="010017a4b2c3d4")


@pytest.mark.parametrize(
    ("line", "family", "expected"),
    [
        ("10.20.3.41  0063.6973.636f.2d30.  Infinite", TableFamily.BINDING, "client-id-cut"),
        ("10.20.3.41  gone  Infinite", TableFamily.BINDING, "no-mac"),
        (f"{MAC}  given", TableFamily.COUNTED, "not-a-lease"),
        (f"10.20.3.41 {MAC} x Tue Feb 30 07:00:00 2026", TableFamily.FORTIGATE, "bad-date"),
        ("add address=10.20.3.41 mac-address=\\", TableFamily.MIKROTIK_PAIRS, "wrapped"),
        ("add address=10.20.3.41 server=x", TableFamily.MIKROTIK_PAIRS, "no-mac"),
        (f"add address=pool1 mac-address={MAC}", TableFamily.MIKROTIK_PAIRS, "no-address"),
        ("/ip dhcp-server lease", TableFamily.MIKROTIK_PAIRS, None),
        ("Staff_Wifi", TableFamily.FORTIGATE, None),
        (f"{MAC} 10.20.3.41 OFFER_SENT 27", TableFamily.COUNTED, None),
        (f"1 X 10.20.3.41 {MAC} LAN waiting never", TableFamily.MIKROTIK, None),
        ("0 10.20.3.41 LAN waiting never", TableFamily.MIKROTIK, None),
    ],
)
def test_what_is_no_lease_is_skipped_or_says_why(
    line: str, family: TableFamily, expected: str | None
) -> None:
    assert read(line, family) == expected


def test_a_lease_by_client_identifier_alone_is_kept() -> None:
    row = read("add address=10.20.3.41 client-id=ff:0:1:2:3:4:5:6", TableFamily.MIKROTIK_PAIRS)
    assert row == LeaseRow("10.20.3.41", "reserved", client_id="ff00010203040506")


def test_a_name_in_quotes_cannot_pass_for_another_field() -> None:
    line = f'0 D address=10.20.3.41 mac-address={MAC} status=bound host-name="x address=10.9.9.9"'
    row = read(line, TableFamily.MIKROTIK_PAIRS)
    assert isinstance(row, LeaseRow)
    assert (row.address, row.name) == ("10.20.3.41", "x address=10.9.9.9")


LINES = [
    f"10.20.3.41 {MAC} PC-1 MSFT Tue Sep  1 08:15:22 2026",
    f"3 D 10.20.3.43 {MAC} PC-VANTHU LAN 10M/10M bound 3m6s",
    f'0 D address=10.20.3.43 mac-address={MAC} host-name="a\\"b" status=bound expires-after=6m',
    "10.20.3.41  0100.17a4.b2c3.d4  Sep 02 2026 08:15 AM  Automatic",
]


@given(
    line=st.sampled_from(LINES),
    cut=st.integers(0, 80),
    put=st.text(alphabet='0aX=":.-\\ \u00c5', max_size=6),
    family=st.sampled_from(TableFamily),
)
def test_a_damaged_row_is_a_row_a_reason_or_nothing(
    line: str, cut: int, put: str, family: TableFamily
) -> None:
    row = read(line[:cut] + put + line[cut:], family)
    if isinstance(row, LeaseRow):
        assert row.mac is not None or row.client_id is not None
