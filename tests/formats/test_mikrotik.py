"""MikroTik: a clock that was never set, translations both ways, and lines of other parts."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.mikrotik import MikroTik

MIKROTIK = MikroTik()
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
WHEN = 1_788_225_322_000_000
PACKET = (
    "firewall,info {prefix}forward: in:bridge out:ether1, src-mac 00:17:a4:b2:c3:d4,"
    " proto TCP (SYN), 10.20.3.41:51544->203.0.113.77:443, "
)
OUT = PACKET.replace("{prefix}", "")


def one(line: str, taken: int | None = None) -> dict[str, Any]:
    raw = line.encode()
    layout = replace(MIKROTIK.layout(raw), taken_us=taken)
    ((_, event),) = MIKROTIK.parse([(0, raw)], layout, HANOI).events
    return dict(event)


@pytest.mark.parametrize(
    ("head", "when"),
    [
        ("<134>Sep  1 08:15:22 gw ", WHEN),
        ("Sep  1 08:15:22 ", WHEN),
        ("2026-09-01T08:15:22+07:00 gw ", WHEN),
        ("2026-09-01 08:15:22 ", WHEN),
        ("sep/01/2026 08:15:22 ", WHEN),
        ("sep/01 08:15:22 ", WHEN),
        ("jan/02/1970 00:05:13 ", None),
        ("1970-01-02 00:05:13 ", None),
        ("1970-01-02T00:05:13+07:00 gw ", None),
    ],
)
def test_clock_that_was_never_set_gives_no_time(head: str, when: int | None) -> None:
    event = one(f"{head}{OUT}len 52", WHEN + 10**9)
    assert event.get("@timestamp") == when
    assert event["source.mac"] == "00-17-A4-B2-C3-D4"
    assert (event["source.ip"], event["destination.port"]) == ("10.20.3.41", 443)


@pytest.mark.parametrize(
    ("nat", "expected"),
    [
        (
            "NAT (10.20.3.41:51544->198.51.100.5:40112)->203.0.113.77:443, len 52",
            {"source.nat.ip": "198.51.100.5", "source.nat.port": 40112},
        ),
        (
            "NAT 10.20.3.41:51544->(198.51.100.5:8443->203.0.113.77:443), len 52",
            {
                "destination.ip": "198.51.100.5",
                "destination.port": 8443,
                "destination.nat.ip": "203.0.113.77",
                "destination.nat.port": 443,
            },
        ),
        (
            "NAT (10.20.3.41:51544->198.51.100.5:40112)->(198.51.100.9:53->203.0.113.77:443)",
            {"source.nat.port": 40112, "destination.port": 53, "destination.nat.port": 443},
        ),
    ],
)
def test_translation_is_told_for_each_end_that_has_one(nat: str, expected: dict[str, Any]) -> None:
    event = one(f"2026-09-01T08:15:22+07:00 gw {OUT}{nat}")
    assert expected.items() <= event.items()
    assert sum("nat.ip" in field for field in event) == nat.count("(")


@pytest.mark.parametrize(
    ("prefix", "denied"),
    [
        ("", False),
        ("drop-in ", True),
        ("block_c2 ", True),
        ("nat log: ", False),
        ("raindrop ", False),
    ],
)
def test_prefix_of_a_rule_tells_what_it_did(prefix: str, denied: bool) -> None:
    event = one("2026-09-01T08:15:22+07:00 gw " + PACKET.replace("{prefix}", prefix) + "len 52")
    assert (event["event.type"] == "denied") is denied
    assert event.get("event.action") == (prefix.strip() or None)


@pytest.mark.parametrize(
    "head",
    [
        b"Sep  1 08:15:22 gw kernel: IN=lan0 OUT=wan0 SRC=10.20.3.41 DST=203.0.113.77 PROTO=TCP\n",
        b"Sep  1 08:15:22 gw dhcp,info defconf assigned 10.20.3.41 to 00:17:A4:B2:C3:D4\n",
        b"CEF:0|M|x|1|1|firewall,info forward: in:a out:b, proto TCP, 10.0.0.1:1->10.0.0.2:2|\n",
    ],
)
def test_files_of_others_are_not_recognised(head: bytes) -> None:
    assert not MIKROTIK.recognise(head)


@pytest.mark.parametrize(
    ("words", "act", "name"),
    [
        ("assigned 10.20.3.41 to 00:17:A4:B2:C3:D4", "given", None),
        ("assigned 10.20.3.41 for 00:17:A4:B2:C3:D4 PC-VT-07", "given", "PC-VT-07"),
        ("deassigned 10.20.3.41 from 00:17:A4:B2:C3:D4", "released", None),
    ],
)
def test_lease_beside_the_firewall_names_the_machine(
    words: str, act: str, name: str | None
) -> None:
    event = one(f"2026-09-01T08:15:22+07:00 gw dhcp,info defconf {words}")
    assert (event["host.ip"], event["host.mac"]) == ("10.20.3.41", "00-17-A4-B2-C3-D4")
    assert event["quetsach.lease.act"] == act
    assert event.get("host.name") == name
    assert event["@timestamp"] == WHEN
    marker = MIKROTIK.layout(b"").marker
    assert marker is not None
    assert marker in words.encode()


def test_a_field_that_cannot_be_read_is_absent() -> None:
    packet = OUT.replace("TCP (SYN)", "-").replace("c3:d4", "c3::d") + "len 52"
    event = one(packet)
    assert event["source.port"] == 51544
    assert not {"network.transport", "source.mac"} & event.keys()
