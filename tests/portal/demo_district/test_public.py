"""The demo's public page: documentation addresses, and hosts that are reserved for examples."""

import csv
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.demo_district.public import FAMILIES, RANGES, TOOLS, _listed, _official


def test_each_address_of_the_list_is_seen_twice_and_lies_in_the_ranges() -> None:
    rows = list(csv.DictReader(_listed().splitlines()))
    assert len(rows) == 2 * len(FAMILIES)
    ranges = [ip_network(line) for line in RANGES.split()[1:]]
    for row in rows:
        address = ip_address(row["ip"])
        assert any(address.version == part.version and address in part for part in ranges)
    first, last = rows[0]["timestamp"], rows[1]["timestamp"]
    assert first < last


def test_tools_lead_to_hosts_that_nobody_has() -> None:
    for tool in TOOLS:
        host = urlsplit(str(tool["address"])).hostname
        assert host is not None
        assert host.endswith(".example")


def test_official_hosts_are_named_once() -> None:
    campaign = Campaign(page_url="https://chien-dich.example/2022")
    assert _official(campaign, "https://tracu.example:8443/") == [
        "tracu.example",
        "chien-dich.example",
    ]
    assert _official(Campaign(page_url=""), "") == ["tracu.example"]
