"""Hosts files: exact names, without the machine's own."""

from pathlib import Path

from quetsach.indicators.model import MatchRule
from tests.indicators.reading import read_file


def test_hosts_file_gives_exact_names_and_skips_the_machines_own(tmp_path: Path) -> None:
    text = """127.0.0.1 localhost
::1 localhost ip6-loopback
0.0.0.0 0.0.0.0
0.0.0.0 bad.example www.bad.example # hai tên
127.0.0.1\tBAD2.example
203.0.113.9 real.example
0.0.0.0 203.0.113.5
"""
    found = read_file(tmp_path, "hosts", text)
    assert [(one.key, one.rule) for one in found.indicators] == [
        ("bad.example", MatchRule.EXACT),
        ("bad2.example", MatchRule.EXACT),
        ("www.bad.example", MatchRule.EXACT),
    ]
    assert [one.origin.row for one in found.refusals] == [6, 7]
    assert found.readings[0].form == "hosts"
