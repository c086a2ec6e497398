"""DHCP in syslog: the three servers' lines behind every head, and lines that give nobody any."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.formats.contract import ParsedLines
from quetsach.formats.dhcp_syslog import DhcpSyslog
from quetsach.sieve.contract import LineClock
from quetsach.sieve.twin import hour_key
from tests.formats.golden import TAKEN_US, ZONE, lines_of

DHCP = DhcpSyslog()
WHEN = 1_788_225_322_000_000
MESSAGES = {
    "isc": "dhcpd[811]: DHCPACK on 10.20.3.41 to 00:17:a4:b2:c3:d4 (PC-VT-07) via eth0",
    "dnsmasq": "dnsmasq-dhcp[77]: DHCPACK(br0) 10.20.3.41 00:17:a4:b2:c3:d4 PC-VT-07",
    "routeros": "dhcp,info dhcp1 assigned 10.20.3.41 for 00:17:A4:B2:C3:D4 PC-VT-07",
}
HEADS = (
    "Sep  1 08:15:22 gw ",
    "<30>Sep  1 08:15:22 gw ",
    "2026-09-01T08:15:22+07:00 gw ",
    "2026-09-01T01:15:22.000Z gw ",
    "<30>1 2026-09-01T08:15:22+07:00 gw app 1 - - ",
    "Sep  1 2026 08:15:22 gw ",
)


def read(content: bytes) -> ParsedLines:
    layout = replace(DHCP.layout(content), taken_us=TAKEN_US)
    return DHCP.parse(lines_of(content), layout, ZONE)


def event_of(line: str) -> dict[str, Any]:
    ((_, event),) = read(line.encode()).events
    return dict(event)


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("server", MESSAGES)
def test_every_server_behind_every_head_gives_the_same_lease(server: str, head: str) -> None:
    line = head + MESSAGES[server]
    assert DHCP.recognise(line.encode())
    event = event_of(line)
    assert event.pop("event.action") in {"DHCPACK", "assigned"}
    event.pop("event.timezone", None)
    assert event == {
        "@timestamp": WHEN,
        "event.dataset": "syslog.dhcp",
        "event.type": "info",
        "observer.name": "gw",
        "host.ip": "10.20.3.41",
        "host.mac": "00-17-A4-B2-C3-D4",
        "host.name": "PC-VT-07",
        "quetsach.lease.act": "given",
        "quetsach.lease.server": "gw",
    }


@pytest.mark.parametrize(
    ("head", "key", "dated"),
    [
        (HEADS[0], b"Sep  1 08", False),
        (HEADS[1], b"Sep  1 08", False),
        (HEADS[2], b"2026-09-01T08", True),
        (HEADS[3], b"2026-09-01T01", True),
        (HEADS[4], b"2026-09-01T08", True),
    ],
)
def test_the_clock_and_the_need_of_a_date_follow_the_head(
    head: str, key: bytes, dated: bool
) -> None:
    line = (head + MESSAGES["isc"]).encode()
    layout = DHCP.layout(line)
    assert isinstance(layout.clock, LineClock)
    assert hour_key(line, layout.clock) == key
    assert layout.needs_date is not dated


@pytest.mark.parametrize(
    ("servers", "marker"),
    [
        (("isc",), b"DHCP"),
        (("isc", "dnsmasq"), b"DHCP"),
        (("routeros",), b"assigned "),
        (("isc", "routeros"), b""),
    ],
)
def test_the_marker_is_what_all_lines_of_dhcp_hold(servers: tuple[str, ...], marker: bytes) -> None:
    lines = [HEADS[0] + MESSAGES[one] for one in servers] + ["Sep  1 08:15:22 gw sshd: hello"]
    assert DHCP.layout("\n".join(lines).encode()).marker == marker


@pytest.mark.parametrize(
    "message",
    [
        "dhcpd: DHCPOFFER on 10.20.3.41 to 00:17:a4:b2:c3:d4 (PC-VT-07) via eth0",
        "dhcpd: DHCPREQUEST for 10.20.3.41 from 00:17:a4:b2:c3:d4 (PC-VT-07) via eth0",
        "dhcpd: DHCPDISCOVER from 00:17:a4:b2:c3:d4 via eth0: network x: no free leases",
        "dhcpd: DHCPNAK on 10.20.3.41 to 00:17:a4:b2:c3:d4 via eth0",
        "dhcpd: DHCPRELEASE of 10.20.3.41 from 00:17:a4:b2:c3:d4 via eth0 (not found)",
        "dnsmasq-dhcp: DHCPOFFER(br0) 10.20.3.41 00:17:a4:b2:c3:d4",
        "dnsmasq-dhcp: DHCPREQUEST(br0) 10.20.3.41 00:17:a4:b2:c3:d4",
        "dnsmasq-dhcp: DHCPNAK(br0) 10.20.3.41 00:17:a4:b2:c3:d4 wrong network",
        "dnsmasq-dhcp: DHCPDISCOVER(br0) 00:17:a4:b2:c3:d4 no address available",
        "dnsmasq-dhcp: DHCPSOLICIT(br0) 00:03:00:01:00:17:a4:b2:c3:d4",
        "dhcpd: Advertise NA: address 2001:db8::41 to client with duid 00:03:00:01:00:17 iaid = 0",
    ],
)
def test_what_was_only_asked_or_offered_gives_nobody_an_address(message: str) -> None:
    event = event_of(HEADS[0] + message)
    assert event["event.dataset"] == "syslog.dhcp"
    assert event["@timestamp"] == WHEN
    assert "host.ip" not in event
    assert "quetsach.lease.act" not in event


@pytest.mark.parametrize(
    ("message", "act"),
    [
        ("dhcpd: DHCPACK to 10.20.3.41 (00:17:a4:b2:c3:d4) via eth0", "seen"),
        ("dhcpd: DHCPRELEASE of 10.20.3.41 from 00:17:a4:b2:c3:d4 via eth0 (found)", "released"),
        ("dhcpd: DHCPDECLINE of 10.20.3.41 from 00:17:a4:b2:c3:d4 via eth0: abandoned", "declined"),
        ("dhcpd: DHCPEXPIRE on 10.20.3.41 to 00:17:a4:b2:c3:d4", "expired"),
        ("dnsmasq-dhcp[1]: 4711 DHCPRELEASE(eth1.2) 10.20.3.41 00:17:a4:b2:c3:d4", "released"),
        ("dnsmasq-dhcp[1]: DHCPDECLINE(br0) 10.20.3.41 00:17:a4:b2:c3:d4", "declined"),
        ("dhcp,info: dhcp1 deassigned 10.20.3.41 from 00:17:A4:B2:C3:D4", "released"),
    ],
)
def test_the_ends_of_leases(message: str, act: str) -> None:
    event = event_of(HEADS[0] + message)
    assert event["quetsach.lease.act"] == act
    assert event["host.ip"] == "10.20.3.41"
    assert event["host.mac"] == "00-17-A4-B2-C3-D4"


@pytest.mark.parametrize("server", MESSAGES)
def test_a_line_without_any_head_has_no_time(server: str) -> None:
    event = event_of(MESSAGES[server])
    assert event["host.ip"] == "10.20.3.41"
    assert "@timestamp" not in event


def test_a_date_without_year_is_none_where_nobody_knows_when_the_file_was_taken() -> None:
    line = (HEADS[0] + MESSAGES["isc"]).encode()
    ((_, event),) = DHCP.parse([(0, line)], DHCP.layout(line), ZONE).events
    assert "@timestamp" not in event


@pytest.mark.parametrize(
    "line",
    [
        "Sep  1 08:15:22 gw sshd[1]: Failed password for DHCPACK from 10.20.3.9",
        "Sep  1 08:15:22 gw app: task assigned 10.20.3.41 to nobody",
        "Sep  1 08:15:22 gw audit: user typed: DHCPACK on 10.20.3.41 to 00:17:a4:b2:c3:d4 via x",
        '{"message": "DHCPACK on 10.20.3.41 to 00:17:a4:b2:c3:d4 via eth0"}',
    ],
)
def test_lines_of_others_are_text(line: str) -> None:
    assert not DHCP.recognise(line.encode())
    assert event_of(line)["event.dataset"] == "text"


def test_other_lines_of_the_file_have_the_time_of_their_head() -> None:
    content = f"{HEADS[0]}{MESSAGES['isc']}\n{HEADS[0]}dnsmasq: forwarded bad.example to 192.0.2.53"
    _, (_, event) = read(content.encode()).events
    assert event["event.dataset"] == "text"
    assert event["@timestamp"] == WHEN
    assert "source.ip" not in event  # who asked is not written in such a line


def test_a_question_to_dnsmasq_names_its_client() -> None:
    content = (
        f"{HEADS[0]}{MESSAGES['isc']}\n{HEADS[0]}dnsmasq: query[A] bad.example from 10.20.3.41"
    )
    _, (_, event) = read(content.encode()).events
    assert event["event.dataset"] == "dnsmasq.query"
    assert event["@timestamp"] == WHEN
    assert (event["dns.question.name"], event["source.ip"]) == ("bad.example", "10.20.3.41")


def test_one_line_of_dhcp_among_many_others_makes_the_file_ours() -> None:
    others = f"{HEADS[0]}sshd: hello\n" * 500
    assert DHCP.recognise((others + HEADS[0] + MESSAGES["isc"] + "\n").encode())
    assert not DHCP.recognise(others.encode())


@given(
    st.sampled_from(sorted(MESSAGES)),
    st.integers(0, 80),
    st.binary(max_size=8),
)
def test_a_damaged_line_never_gives_another_machine_the_address(
    server: str, place: int, damage: bytes
) -> None:
    """What is read out of a damaged line still stands in it."""
    line = (HEADS[0] + MESSAGES[server]).encode()
    place += len(HEADS[0])
    line = line[:place] + damage.replace(b"\n", b" ") + line[place:]
    ((_, event),) = DHCP.parse([(0, line)], DHCP.layout(line), ZONE).events
    if "host.mac" in event:
        assert event["host.mac"].replace("-", ":").lower().encode() in line.lower()


@pytest.mark.parametrize(
    "unit", ["dhcp,", "a: ", "DHCPACK(", "00:", "1 DHCPACK(a) ", "x assigned "]
)
def test_a_line_without_end_is_read_from_its_beginning(unit: str) -> None:
    line = (HEADS[0] + unit * (4_000_000 // len(unit))).encode()
    assert len(read(line).events) == 1


@pytest.mark.parametrize(
    "line",
    [
        "Sep  1 08:15:22 gw myapp[9]: DHCPACK on 10.20.3.44 to 00:17:a4:b2:c3:d4 (PC) via eth0",
        "Sep  1 08:15:22 gw sshd[9]: dhcp1 assigned 10.20.3.44 to 00:17:a4:b2:c3:d4",
        "Sep  1 08:15:22 gw script,info: dhcp1 assigned 10.20.3.44 to 00:17:a4:b2:c3:d4",
        "Sep  1 08:15:22 gw httpd: DHCPACK(br0) 10.20.3.44 00:17:a4:b2:c3:d4 PC",
        "Sep  1 08:15:22 gw httpd[1]: GET /dhcpd: DHCPACK(br0) 10.20.3.44 00:17:a4:b2:c3:d4 PC",
    ],
)
def test_words_in_the_line_of_another_program_give_nobody_an_address(line: str) -> None:
    raw = line.encode()
    assert not DHCP.recognise(raw)
    ((_, event),) = DHCP.parse([(0, raw)], DHCP.layout(raw), ZONE).events
    assert "quetsach.lease.act" not in event
