"""Rules of port blocks: the arithmetic agrees with giving ports out one machine after another."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.attribution.port_blocks import PortBlockRule, read_block_rules

HEAD = "inside network,public network,first port,ports per host\n"


def given_out(rule: PortBlockRule) -> dict[tuple[str, int], str]:
    """Return who has which first port of a block, by giving blocks out one after another."""
    machines = iter(rule.inside)
    found = {}
    for address in rule.public:
        port = rule.first_port
        while port + rule.ports_per_host <= 65_536:
            machine = next(machines, None)
            if machine is None:
                return found
            found[str(address), port] = str(machine)
            port += rule.ports_per_host
    return found


@given(st.integers(24, 32), st.integers(28, 32), st.integers(0, 60_000), st.integers(1_000, 5_000))
def test_rule_agrees_with_giving_blocks_out(
    inside: int, public: int, first: int, each: int
) -> None:
    rule = PortBlockRule(
        ip_network((0x64400000, inside)), ip_network((0xC6336400, public)), first, each
    )
    slow = given_out(rule)
    for (address, port), machine in slow.items():
        assert rule.inside_of(address, port) == machine
        assert rule.inside_of(address, port + each - 1) == machine
    for address in rule.public:
        for port in range(first, 65_536, each):
            assert rule.inside_of(str(address), port) == slow.get((str(address), port))


@pytest.mark.parametrize(
    ("address", "port"),
    [
        ("198.51.100.5", 1023),
        ("198.51.100.5", 65_536),
        ("198.51.100.9", 1024),
        ("x", 1024),
        ("::1", 1),
    ],
)
def test_what_the_rule_does_not_give_out_is_nobodys(address: str, port: int) -> None:
    rule = PortBlockRule(ip_network("100.64.0.0/28"), ip_network("198.51.100.5/32"), 1024, 2000)
    assert rule.inside_of(address, port) is None
    assert rule.inside_of("198.51.100.5", 1024) == "100.64.0.0"


def test_rules_are_read_in_either_language_and_bad_rows_are_named() -> None:
    table = (
        "Mạng nội bộ;Mạng công cộng;Cổng bắt đầu;Số cổng mỗi thuê bao;Ghi chú\r\n"
        "100.64.0.0/26;198.51.100.0/30;1024;1008;quận 1\r\n"
        "\r\n100.64.0.1/26;198.51.100.0/30;1024;1008;\r\n"
        "100.64.0.0/16;198.51.100.0/30;1024;1008;\r\n"
        "100.64.0.0/26;198.51.100.0/30;1024;0;\r\n"
        "rác\r\n"
    ).encode()
    rules, problems = read_block_rules(table, "khoi-cong.csv")
    assert rules == [
        PortBlockRule(ip_network("100.64.0.0/26"), ip_network("198.51.100.0/30"), 1024, 1008)
    ]
    assert [(one.code, one.facts["row"]) for one in problems] == [
        ("E261", 4),
        ("E261", 5),
        ("E261", 6),
        ("E261", 7),
    ]
    assert "4" in problems[0].what()


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\x01", b"inside ip,public ip\n", b"PK\x03\x04", b"#\n#\n"]
)
def test_other_files_are_no_rules(raw: bytes) -> None:
    rules, problems = read_block_rules(raw, "x.csv")
    assert rules == []
    assert [one.code for one in problems] == ["E260"]


@given(st.binary(max_size=200))
def test_any_bytes_are_rules_or_problems(raw: bytes) -> None:
    rules, problems = read_block_rules(HEAD.encode() + raw, "x.csv")
    assert len(rules) + len(problems) <= raw.count(b"\n") + 200
