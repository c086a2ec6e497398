"""Rules of the Windows Firewall: quoted addresses and numbers alone, 500 addresses a rule."""

import re

from quetsach.blocklists.contract import Mode
from tests.blocklists.making import (
    indicators,
    make,
)


def test_windows_rules_hold_quoted_addresses_and_numbers_alone() -> None:
    many = indicators(*(f"198.51.{block}.{host}" for block in (100,) for host in range(1, 255)))
    more = indicators(*(f"203.0.113.{host}" for host in range(1, 255)), "203.0.113.9:443")
    made = make("windows-firewall", (*many, *more), Mode.BLOCK)
    rule = re.compile(
        r"New-NetFirewallRule -DisplayName 'quetsach qs-[0-9a-f]{12} \d{3}' -Group 'quetsach' "
        r"-Direction Outbound -Action Block -Profile Any( -Protocol (TCP|UDP) -RemotePort \d+)? "
        r"-RemoteAddress @\(('[0-9a-f:./]+',?)+\) \| Out-Null"
    )
    lines = [line for line in made.files["quetsach.ps1"].splitlines() if line.startswith("New-")]
    assert all(rule.fullmatch(line) for line in lines)
    sizes = [line.count("','") + 1 for line in lines]
    assert sizes == [500, 254 + 254 + 1 - 500, 1, 1]
    assert "-Group 'quetsach'" in made.undo["undo.ps1"]
