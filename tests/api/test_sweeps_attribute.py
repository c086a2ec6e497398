"""Who was behind an address at a time, asked without any indicator."""

from pathlib import Path

from quetsach.api import inventory, sweeps
from quetsach.clocks import MICROSECONDS
from tests.scanning.test_translations import START_S, nat_line
from tests.sweeping.evidence import write

WHEN_US = (START_S + 1) * MICROSECONDS
LEASE = f"{START_S + 3600} 00:17:a4:00:00:0a 10.0.0.5 PC-07 01:00:17:a4:00:00:0a\n"


def test_an_inside_address_leads_to_the_machine_that_held_it(tmp_path: Path) -> None:
    leases = write(tmp_path / "dnsmasq-2026-09-01T0815.leases", LEASE)
    (found,) = sweeps.attribute(
        [sweeps.AttributionQuestion("10.0.0.5", WHEN_US)], evidence=[str(leases)]
    )
    assert found["device"] == "PC-07 (00-17-A4-00-00-0A)"
    assert [one["kind"] for one in found["steps"]] == ["lease", "identity"]


def test_a_public_address_with_its_port_leads_through_the_translation(tmp_path: Path) -> None:
    log = write(tmp_path / "nat.log", nat_line(0, "10.0.0.5", 40112))
    own = inventory.OwnTables(public=["198.51.100.5"])
    (found, other) = sweeps.attribute(
        [
            sweeps.AttributionQuestion("198.51.100.5", WHEN_US, 40112),
            sweeps.AttributionQuestion("198.51.100.5", WHEN_US, 7),
        ],
        evidence=[str(log)],
        own=own,
    )
    assert (found["device"], found["inside_address"]) == ("10.0.0.5", "10.0.0.5")
    assert [one["kind"] for one in found["steps"]] == ["translation", "direct"]
    assert (other["device"], other["grade"]) == (None, "unknown")
    assert "NAT" in other["missing"]
