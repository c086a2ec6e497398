"""Cisco IOS: times of the router itself, the order of ends, and tables without any time."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.ios_nat import IosNat

IOS = IosNat()
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
WHEN = 1_788_225_322_000_000
ENDS = "tcp 10.20.3.41:51544 198.51.100.5:40112 203.0.113.77:443 203.0.113.77:443"


def one(line: str, taken: int | None = None) -> dict[str, Any]:
    raw = line.encode()
    layout = replace(IOS.layout(raw), taken_us=taken)
    ((_, event),) = IOS.parse([(0, raw)], layout, HANOI).events
    return dict(event)


@pytest.mark.parametrize(
    ("head", "when"),
    [
        ("Sep  1 09:00:00 gw 101: Sep  1 2026 08:15:22.123: ", WHEN),
        ("<190>101: gw: Sep  1 08:15:22.123: ", WHEN),
        ("<190>101: Sep  1 2026 01:15:22.123 UTC: ", WHEN),
        ("2026-09-01T08:15:22+07:00 gw 101: ", WHEN),
        ("<190>101: *Mar  1 00:15:22.123: ", None),
        ("", None),
    ],
)
def test_time_is_that_of_the_router_unless_its_clock_was_never_set(
    head: str, when: int | None
) -> None:
    event = one(f"{head}%IPNAT-6-CREATED: {ENDS}", WHEN + 10**9)
    assert event.get("event.start") == when
    assert event["source.nat.port"] == 40112


def test_inside_address_is_told_by_its_range_where_a_release_turns_the_order() -> None:
    turned = "tcp 198.51.100.5:40112 10.20.3.41:51544 203.0.113.77:443 203.0.113.77:443"
    assert one(f"%IPNAT-6-CREATED: {turned}") == one(f"%IPNAT-6-CREATED: {ENDS}")


def test_table_has_the_rough_time_of_its_file() -> None:
    row = "tcp 198.51.100.5:40112     10.20.3.41:51544     203.0.113.77:443        203.0.113.77:443"
    event = one(row, WHEN)
    assert event["@timestamp"] == WHEN
    assert event["quetsach.time.rough"] is True
    assert (event["source.ip"], event["source.port"]) == ("10.20.3.41", 51544)
    assert (event["source.nat.ip"], event["source.nat.port"]) == ("198.51.100.5", 40112)


def test_static_row_has_no_ports() -> None:
    event = one("--- 198.51.100.6     10.20.3.90     ---        ---")
    assert not [field for field in event if field.endswith("port")]
    assert event["source.nat.ip"] == "198.51.100.6"
