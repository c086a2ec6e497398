"""Conntrack: what the file's own time is worth, who did not answer, and lines of others."""

from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.formats.conntrack import Conntrack

CONNTRACK = Conntrack()
FLOW = "src=10.20.3.41 dst=203.0.113.77 sport=51544 dport=443"
BACK = "src=203.0.113.77 dst=198.51.100.5 sport=443 dport=40112"
TAKEN = 1_788_225_322_000_000


def one(line: str, taken: int | None = None) -> dict[str, Any]:
    raw = line.encode()
    layout = replace(CONNTRACK.layout(raw), taken_us=taken)
    ((_, event),) = CONNTRACK.parse([(0, raw)], layout, UTC).events
    return dict(event)


def test_list_without_times_has_the_rough_time_of_its_file() -> None:
    line = f"tcp      6 431998 ESTABLISHED {FLOW} {BACK} [ASSURED] mark=0 use=1"
    event = one(line, TAKEN)
    assert event["@timestamp"] == TAKEN
    assert event["quetsach.time.rough"] is True
    assert "event.start" not in event
    assert CONNTRACK.layout(line.encode()).needs_date
    assert "@timestamp" not in one(line)


def test_line_with_its_own_time_is_never_rough() -> None:
    line = f"[1788225322.5]\t    [NEW] tcp      6 120 SYN_SENT {FLOW} [UNREPLIED] {BACK}"
    assert not CONNTRACK.layout(line.encode()).needs_date
    event = one(line, TAKEN + 5)
    assert event["event.start"] == TAKEN + 500_000
    assert "quetsach.time.rough" not in event


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        (f"[NEW] tcp 6 120 SYN_SENT {FLOW} [UNREPLIED] {BACK}", None),
        (f"[DESTROY] tcp 6 {FLOW} [UNREPLIED] {BACK}", "failure"),
        (f"tcp 6 30 SYN_SENT {FLOW} [UNREPLIED] {BACK}", "failure"),
        (f"tcp 6 9 CLOSE {FLOW} {BACK}", None),
        (f"[DESTROY] tcp 6 {FLOW} {BACK} [ASSURED]", "success"),
        (f"tcp 6 9 TIME_WAIT {FLOW} {BACK}", "success"),
        (f"udp 17 9 {FLOW} {BACK}", "success"),
    ],
)
def test_outcome_says_whether_the_other_side_answered(line: str, outcome: str | None) -> None:
    assert one(line).get("event.outcome") == outcome


def test_connection_that_is_only_routed_has_no_translation() -> None:
    back = "src=203.0.113.77 dst=10.20.3.41 sport=443 dport=51544"
    event = one(f"tcp 6 9 ESTABLISHED {FLOW} {back}")
    assert not [field for field in event if ".nat." in field]


@pytest.mark.parametrize(
    "head",
    [
        b"Sep  1 08:15:22 gw kernel: IN=lan0 OUT=wan0 SRC=10.20.3.41 DST=203.0.113.77 PROTO=TCP\n",
        b"NATLOG: from 1788225322:1 thru 1788225334:1 (UTC): tcp 10.0.0.1:1 (via: 192.0.2.1:1)\n",
        b"tcp        0      0 10.20.3.41:51544        203.0.113.77:443        ESTABLISHED\n",
        b"",
    ],
)
def test_files_of_others_are_not_recognised(head: bytes) -> None:
    assert not CONNTRACK.recognise(head)


_ports = st.integers(0, 65_535)
_hosts = st.integers(1, 254)


@given(_hosts, _ports, _hosts, _ports, _ports)
def test_both_sides_of_a_translation_come_back(
    inside: int, sport: int, remote: int, dport: int, public: int
) -> None:
    event = one(
        f"[DESTROY] tcp 6 src=10.20.3.{inside} dst=203.0.113.{remote} sport={sport} dport={dport}"
        f" src=203.0.113.{remote} dst=198.51.100.5 sport={dport} dport={public}"
    )
    assert (event["source.ip"], event["source.port"]) == (f"10.20.3.{inside}", sport)
    assert (event["source.nat.ip"], event["source.nat.port"]) == ("198.51.100.5", public)
    assert (event["destination.ip"], event["destination.port"]) == (f"203.0.113.{remote}", dport)
    assert "destination.nat.ip" not in event


def test_number_beyond_all_ports_makes_a_line_a_reject() -> None:
    line = f"tcp 6 9 ESTABLISHED {FLOW} {BACK}".replace("40112", "99999").encode()
    rows = CONNTRACK.parse([(0, line)], CONNTRACK.layout(line), UTC)
    assert [one.reason for one in rows.rejects] == ["not-a-connection"]
