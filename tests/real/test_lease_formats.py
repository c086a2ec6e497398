"""Real lease files and DHCP logs: the exact rows that stand in them."""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quetsach.formats.contract import HEAD_BYTES, ParsedLines
from quetsach.formats.registry import recognise
from quetsach.schema import Event
from tests.formats.golden import lines_of, read

pytestmark = pytest.mark.real


def rows_of(path: Path, name: str) -> ParsedLines:
    """Return the rows of `path`, which must be recognised as `name`, with no line uncounted."""
    content = path.read_bytes()
    content = gzip.decompress(content) if path.suffix == ".gz" else content
    form = recognise(content[:HEAD_BYTES])
    assert form.name == name
    rows = read(form, content)
    seen = {offset for offset, _ in rows.events}
    counted = [*seen, *(one.offset for one in rows.rejects), *rows.skipped]
    assert sorted(counted) == [offset for offset, _ in lines_of(content)]
    assert rows.rejects == []
    return rows


def told(event: Event) -> tuple[object, ...]:
    """Return what an event says of an address: time, act, address, machine, name, length."""
    when = event.get("@timestamp")
    return (
        datetime.fromtimestamp(when / 1_000_000, tz=UTC).strftime("%Y-%m-%d %H:%M:%S")
        if when is not None
        else None,
        event.get("quetsach.lease.act"),
        event.get("host.ip"),
        event.get("host.mac"),
        event.get("host.name"),
        event.get("quetsach.lease.seconds"),
    )


def all_told(path: Path, name: str) -> list[tuple[object, ...]]:
    return [told(event) for _, event in rows_of(path, name).events]


def ended(
    address: str, mac: str, start: str, end: str, seconds: int
) -> Iterator[tuple[object, ...]]:
    """Yield the two events of a lease that has ended."""
    yield start, "given", address, mac, None, seconds
    yield end, "expired", address, mac, None, None


DEBIAN7 = [
    *ended(
        "10.0.0.10", "60-A4-4C-B5-6A-DD", "2013-12-10 12:57:04", "2013-12-10 13:07:04", seconds=600
    ),
    *ended(
        "10.0.0.15", "BC-F5-AC-FE-D1-7D", "2014-01-23 13:40:45", "2014-01-23 13:50:45", seconds=600
    ),
    *ended(
        "10.0.0.18", "E0-C9-7A-89-C9-2E", "2014-10-07 13:13:14", "2014-10-07 15:13:14", seconds=7200
    ),
    *ended(
        "10.0.0.21", "9C-2A-70-7C-43-6A", "2015-01-12 10:29:26", "2015-01-12 10:39:26", seconds=600
    ),
    *ended(
        "10.0.0.16", "6C-71-D9-21-55-71", "2015-03-18 09:21:44", "2015-03-18 09:31:44", seconds=600
    ),
    ("2008-01-08 18:09:46", "declined", "10.0.0.17", None, None, None),
]


@pytest.mark.parametrize("name", ["debian7.leases", "debian7.leases.gz"])
def test_ended_leases_of_dhcpd(data: Path, name: str) -> None:
    assert all_told(data / "evidence/dhcp-leases/isc-dhcpd" / name, "isc-leases") == DEBIAN7


def test_leases_of_a_failover_pair(data: Path) -> None:
    found = all_told(data / "evidence/dhcp-leases/isc-dhcpd/backup.leases", "isc-leases")
    assert found == [
        *ended(
            "10.0.0.1",
            "2A-B2-2A-B2-2A-B2",
            "2017-10-05 15:22:29",
            "2017-10-16 08:09:23",
            seconds=924_414,
        ),
        ("2017-10-10 12:05:14", "expired", "10.0.0.2", None, None, None),
    ]


def test_a_running_lease_without_indents(data: Path) -> None:
    ((_, event),) = rows_of(
        data / "evidence/dhcp-leases/isc-dhcpd/options.leases", "isc-leases"
    ).events
    assert told(event) == (
        "2016-02-27 07:11:41",
        "given",
        "10.10.10.10",
        "24-65-11-D9-A6-B3",
        "KRONOS",
        7200,
    )
    assert event["quetsach.lease.client_id"] == "ff11d9a6b300030001246511d9a6b3"


def test_leases_of_dhcpv6_are_known_by_their_duid(data: Path) -> None:
    rows = rows_of(data / "evidence/dhcp-leases/isc-dhcpd/dhcpd6-4.2.4.leases", "isc-leases")
    (_, address), (_, prefix) = rows.events
    assert told(address) == (
        "2015-08-18 16:55:37",
        "given",
        "2001:610:600:891d::60",
        "0A-00-27-00-00-00",
        None,
        600,
    )
    assert address["quetsach.lease.client_id"] == "000100011d661fe20a0027000000"
    assert address["quetsach.lease.server"] == "000100011d661f2d4ecee7fc2c96"
    assert prefix["event.action"] == "prefix active"
    assert "host.ip" not in prefix


def test_leases_of_kea(data: Path) -> None:
    name = "evidence/dhcp-leases/kea/lease4_dump_test.reference.csv"
    # The file is of Kea's own tests: its hardware addresses have two bytes and are none.
    assert all_told(data / name, "kea-leases") == [
        ("2022-01-12 15:06:00", "given", "0.0.0.10", None, "one.example.com", 40),
        ("2022-01-26 15:12:40", "declined", "0.0.0.11", None, None, None),
        ("2022-01-26 15:51:45", "given", "0.0.0.12", None, "three,example,com", 40),
        ("2022-01-26 15:52:25", "expired", "0.0.0.12", None, "three,example,com", None),
    ]


def test_leases_of_dnsmasq_that_have_run_out(data: Path) -> None:
    name = "evidence/dhcp-leases/dnsmasq/shaardie-dnsmasq.leases"
    mac = "DE-AD-BE-AF-DE-AD"
    assert all_told(data / name, "dnsmasq-leases") == [
        ("2020-07-15 10:05:11", "seen", "10.10.10.1", mac, None, None),
        ("2020-07-15 10:05:10", "seen", "10.10.10.2", mac, "deadbeaf", None),
        ("2020-07-15 18:26:46", "seen", "10.10.10.3", mac, "beafdeaf", None),
    ]


def test_rows_of_windows_from_seven_to_nineteen_columns(data: Path) -> None:
    rows = rows_of(data / "evidence/dhcp-log/microsoft/elastic-test-log.log", "windows-dhcp")
    assert len(rows.events) == 17
    # Local times of the test's zone, UTC+7.
    assert [told(event) for _, event in rows.events if "host.ip" in event] == [
        ("2000-12-31 18:01:01", "given", "192.0.2.10", None, "host.test.com", None),
        ("2000-12-31 18:01:01", "given", "192.0.2.20", None, "host.test.com", None),
        ("2020-11-19 17:00:05", "expired", "8.8.8.8", None, None, None),
    ]
    assert [event["host.mac"] for _, event in rows.events if "host.mac" in event] == [
        "76-69-1E-D4-5C-90"
    ]


def test_a_bare_line_of_dhcpd(data: Path) -> None:
    assert all_told(data / "evidence/dhcp-log/isc-dhcpd/sekoia-dhcpd.log", "dhcp-syslog") == [
        (None, "given", "10.100.102.108", "6C-88-14-1D-97-1C", "PDB746", None)
    ]
