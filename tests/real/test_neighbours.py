"""Neighbour and lease tables of real devices: every pair that another reader found, none else.

The expected pairs are those of ntc-templates and jc; what those list and we leave out on purpose is
taken out here by rule: entries without an answer, groups, offers, rows without a machine.
"""

import json
import re
from pathlib import Path

import pytest

from quetsach.formats.contract import HEAD_BYTES
from quetsach.formats.registry import recognise
from quetsach.formats.shared.values import hardware, is_nobodys
from tests.formats.golden import read

pytestmark = pytest.mark.real

Pairs = set[tuple[str, str]]
_ADDRESS = re.compile(r"(?:\w*address|ip|host|destination)")
_ENTRY = re.compile(r'^    (\w+): "?([^"]*)"?$')


def pairs_of(entries: list[dict[str, str]]) -> Pairs:
    """Return address and hardware address of each entry that has both and is a machine's."""
    found: Pairs = set()
    for entry in entries:
        if entry.get("state") == "OFFER_SENT":
            continue
        address = next((v for v in entry.values() if re.fullmatch(r"\d+(?:\.\d+){3}", v)), None)
        macs = (hardware(value) for value in entry.values())
        mac = next((one for one in macs if one is not None), None)
        if address is not None and mac is not None and not is_nobodys(mac):
            found.add((address, mac))
    return found


def entries_of_yaml(path: Path) -> list[dict[str, str]]:
    """Return the entries of a file of ntc-templates; its form is plain enough for lines."""
    entries: list[dict[str, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("  - "):
            entries.append({})
        found = _ENTRY.match(line.replace("  - ", "    ", 1))
        if found is not None and entries:
            entries[-1][found[1]] = found[2]
    return entries


def entries_of_json(path: Path) -> list[dict[str, str]]:
    """Return the entries of a file of jc."""
    return [
        {name: value for name, value in entry.items() if isinstance(value, str)}
        for entry in json.loads(path.read_text(encoding="utf-8"))
    ]


def tables(data: Path, folder: str) -> list[tuple[Path, Pairs]]:
    """Return the tables in `folder` with the pairs that another reader found in each."""
    found = []
    for path in sorted((data / "evidence" / folder).iterdir()):
        ntc, jc = (data / "expected" / f"{kind}" for kind in ("ntc", "jc"))
        if (ntc / f"{path.stem}.yml").exists():
            found.append((path, pairs_of(entries_of_yaml(ntc / f"{path.stem}.yml"))))
        elif (jc / f"{path.stem}.json").exists():
            found.append((path, pairs_of(entries_of_json(jc / f"{path.stem}.json"))))
    return found


def ours(path: Path, format_name: str) -> Pairs:
    content = path.read_bytes()
    form = recognise(content[:HEAD_BYTES])
    assert form.name == format_name, path
    return {(event["host.ip"], event["host.mac"]) for _, event in read(form, content).events}


def test_every_neighbour_of_real_devices_is_found_and_none_invented(data: Path) -> None:
    checked = tables(data, "arp-table")
    assert len(checked) >= 29
    for path, expected in checked:
        assert expected, path
        assert ours(path, "arp-table") == expected, path


# No row of it has both an address and a machine.
_NOTHING_TOLD = "mikrotik_routeros_ip_dhcp-server_lease_print_without-paging"
# A client's own lease, and settings: neither is a table of leases.
_NO_TABLES = ("cisco_ios_show_dhcp_lease_3", "oneaccess_oneos--show_running-config_ip_dhcp.oneos5")


def test_every_lease_of_real_devices_is_found_and_none_invented(data: Path) -> None:
    checked = tables(data, "dhcp-leases/network-devices")
    assert len(checked) >= 8
    for path, expected in checked:
        if path.stem not in _NO_TABLES:
            assert bool(expected) == (path.stem != _NOTHING_TOLD), path
            assert ours(path, "lease-table") == expected, path


def test_no_other_evidence_passes_for_a_neighbour_or_lease_table(data: Path) -> None:
    tables = {"arp-table", "network-devices", "windows-host/pwnwiki-arp-a.txt"}
    for path in sorted((data / "evidence").rglob("*")):
        named = {path.parent.name, f"{path.parent.name}/{path.name}"}
        if path.is_file() and not named & tables:
            with path.open("rb") as file:
                form = recognise(file.read(HEAD_BYTES))
            assert form.name not in {"ip-neigh", "arp-table", "lease-table"}, path
