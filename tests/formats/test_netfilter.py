"""Netfilter: who opens a contact, what the prefix says, and lines that only look like a packet."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.contract import ParsedLines
from quetsach.formats.dhcp_syslog import DhcpSyslog
from quetsach.formats.netfilter import Netfilter
from quetsach.formats.registry import recognise

NETFILTER = Netfilter()
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
WHEN = 1_788_225_322_000_000
HEAD = "2026-09-01T08:15:22+07:00 gw kernel: "
ENDS = "SRC=10.20.3.41 DST=203.0.113.77 LEN=60 TOS=0x00 PREC=0x00 TTL=63 ID=1 DF "
TCP = "PROTO=TCP SPT=51544 DPT=443 WINDOW=64240 RES=0x00 {flags} URGP=0"
SYN = f"IN=br-lan OUT=wan {ENDS}{TCP.format(flags='SYN')}"
UDP = f"IN=br-lan OUT=wan {ENDS}PROTO=UDP SPT={{source}} DPT={{destination}} LEN=40"


def parse(line: str) -> ParsedLines:
    raw = line.encode()
    return NETFILTER.parse([(0, raw)], NETFILTER.layout(raw), HANOI)


def event_of(line: str) -> dict[str, Any]:
    ((_, event),) = parse(line).events
    return dict(event)


@pytest.mark.parametrize(
    "head",
    [
        HEAD,
        "<4>2026-09-01T08:15:22+07:00 gw kernel: [  203.842973] ",
        "<4>1 2026-09-01T08:15:22+07:00 gw kernel - - - [  203.842973] ",
        "Sep  1 2026 08:15:22 gw kernel: ",
        "Tue Sep  1 08:15:22 2026 kern.warn kernel: [  203.842973] ",
    ],
)
@pytest.mark.parametrize("prefix", ["", "FW-OUT: ", "FW-OUT:", "lan to wan "])
def test_a_packet_is_read_behind_every_head_and_prefix(head: str, prefix: str) -> None:
    line = f"{head}{prefix}{SYN}"
    assert recognise(line.encode()).name == "netfilter"
    event = event_of(line)
    event.pop("event.timezone", None)
    event.pop("observer.name", None)
    assert event == {
        "@timestamp": WHEN,
        "event.dataset": "netfilter",
        "event.type": "connection",
        "network.transport": "tcp",
        "source.ip": "10.20.3.41",
        "source.port": 51544,
        "destination.ip": "203.0.113.77",
        "destination.port": 443,
    }


@pytest.mark.parametrize(
    ("prefix", "action"),
    [
        ("[UFW BLOCK] ", "BLOCK"),
        ("[UFW LIMIT BLOCK] ", "BLOCK"),
        ("[UFW ALLOW] ", "ALLOW"),
        ("[UFW AUDIT] ", None),
        ("IPTABLES-DROP: ", "DROP"),
        ("SFW2-INext-DROP-DEFLT ", "DROP"),
        ("filter_IN_public_REJECT: ", "REJECT"),
        ("reject wan out: ", "REJECT"),
        ("Dropped: ", "DROP"),
        ("ACCEPT ", "ACCEPT"),
        ("ACCEPT-OR-DROP ", None),
        ("BLOCKLIST ", None),
        ("AIRDROP ", None),
        ("FW-OUT: ", None),
    ],
)
def test_the_action_is_a_plain_word_of_the_prefix_or_none(prefix: str, action: str | None) -> None:
    event = event_of(f"{HEAD}{prefix}{SYN}")
    denied = action in {"BLOCK", "DROP", "REJECT"}
    assert event.get("event.action") == action
    assert event["event.type"] == ("denied" if denied else "connection")
    assert event.get("event.outcome") == ("failure" if denied else None)


@pytest.mark.parametrize(
    "message",
    [
        *(
            f"IN=br-lan OUT=wan {ENDS}{TCP.format(flags=flags)}"
            for flags in ("ACK SYN", "ACK", "ACK PSH FIN", "RST")
        ),
        UDP.format(source=53, destination=53),
        UDP.format(source=123, destination=40112),
        f"IN=br-lan OUT=wan {ENDS}FRAG:185 PROTO=UDP",
        f"IN=br-lan OUT=wan {ENDS}PROTO=TCP INCOMPLETE [8 bytes] ",
        f"IN=br-lan OUT=wan {ENDS}PROTO=ICMP TYPE=0 CODE=0 ID=1 SEQ=1",
        f"IN=br-lan OUT=wan {ENDS}PROTO=47",
        "IN=br-lan OUT= ARP HTYPE=1 PTYPE=0x0800 OPCODE=1 MACSRC=00:00:5e:00:53:a1",
    ],
)
def test_what_may_be_an_answer_names_nobody(message: str) -> None:
    event = event_of(HEAD + message)
    assert event.pop("@timestamp") == WHEN
    assert event == {"event.dataset": "text", "event.type": "info"}


@pytest.mark.parametrize(("source", "destination"), [(40112, 53), (40112, 40113), (123, 123)])
def test_a_udp_packet_to_a_server_opens_a_contact(source: int, destination: int) -> None:
    event = event_of(HEAD + UDP.format(source=source, destination=destination))
    assert (event["source.port"], event["destination.port"]) == (source, destination)


def test_a_quoted_packet_is_never_read_as_the_outer_one() -> None:
    quoted = f"[{ENDS}{TCP.format(flags='SYN')} ]"
    outer = "IN=wan OUT= SRC=198.51.100.9 DST=10.20.3.1 LEN=88 TOS=0x00 PREC=0xC0 TTL=60 ID=2 "
    event = event_of(f"{HEAD}{outer}PROTO=ICMP TYPE=3 CODE=3 {quoted} ")
    assert event["event.dataset"] == "text"
    assert "source.ip" not in event
    rejected = parse(f"{HEAD}IN=wan OUT= {quoted}")
    assert [reject.reason for reject in rejected.rejects] == ["damaged-packet"]


@pytest.mark.parametrize(
    ("entered", "ethernet", "mac"),
    [
        ("br-lan", "00:00:5e:00:53:01:00:00:5e:00:53:a1:08:00", "00-00-5E-00-53-A1"),
        ("br-lan", "00:00:5e:00:53:01:00:00:5e:00:53:a1:86:dd", "00-00-5E-00-53-A1"),
        ("br-lan", "00:00:5e:00:53:01:00:00:5e:00:53:a1", None),
        ("br-lan", "00:00:5e:00:53:01:00:00:5e:00:53:a1:08:00:45:00", None),
        ("br-lan", "45:00:00:28:00:00:40:00:40:06:7c:ce:00:00", None),
        ("lo", "00:00:00:00:00:00:00:00:00:00:00:00:08:00", None),
        ("", "00:00:5e:00:53:01:00:00:5e:00:53:a1:08:00", None),
        ("br-lan", "", None),
    ],
)
def test_the_sender_s_hardware_address(entered: str, ethernet: str, mac: str | None) -> None:
    packet = f"IN={entered} OUT=wan MAC={ethernet} {ENDS}{TCP.format(flags='SYN')}"
    assert event_of(HEAD + packet).get("source.mac") == mac


def test_every_cut_of_a_packet_is_a_reject_or_loses_nothing() -> None:
    whole = event_of(HEAD + SYN)
    for end in range(SYN.index("OUT=") + 4, len(SYN)):
        parsed = parse(HEAD + SYN[:end])
        assert len(parsed.rejects) + len(parsed.events) == 1
        assert all(event == whole for _, event in parsed.events), SYN[:end]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SRC=10.20.3.41", "SRC=10.20.3.410"),
        ("SRC=10.20.3.41", "SRC=2001:db8::41"),
        ("SRC=10.20.3.41 ", ""),
        ("SPT=51544", "SPT=515440"),
        ("DPT=443", "DPT=65536"),
        ("IN=br-lan", "XX=br-lan"),
        ("DST=203.0.113.77", "DST=203.0.IN=br-lan OUT=wan SRC=10.20.3.42 DST=203.0.113.77"),
        ("LEN=60", "LEN=60 SRC=10.20.3.42"),
        ("URGP=0", "URGP=0 SRC=10.20.3.42"),
    ],
)
def test_a_damaged_packet_is_a_reject(old: str, new: str) -> None:
    assert old in SYN
    parsed = parse(HEAD + SYN.replace(old, new))
    assert [reject.reason for reject in parsed.rejects] == ["damaged-packet"]
    assert not parsed.events


@pytest.mark.parametrize(
    "head",
    [
        "2026-09-01T08:15:22+07:00 gw sshd[811]: Invalid user ",
        "2026-09-01T08:15:22+07:00 gw app: kernel: ",
        "<4>1 2026-09-01T08:15:22+07:00 gw app - - - kernel: ",
    ],
)
def test_what_another_program_writes_is_no_packet(head: str) -> None:
    assert not NETFILTER.recognise(f"{head}{SYN}".encode())
    assert event_of(head + SYN)["event.dataset"] == "text"


def test_a_lease_further_down_and_a_file_with_both_are_read() -> None:
    lease = (
        "2026-09-01T08:15:22+07:00 gw dnsmasq-dhcp[1]: DHCPACK(lan) 10.20.3.41 02:00:5e:00:53:a1"
    )
    assert event_of(lease)["host.mac"] == "02-00-5E-00-53-A1"
    marker = NETFILTER.layout((HEAD + SYN).encode()).marker
    assert marker is not None
    assert marker in lease.encode()
    both = f"{HEAD}{SYN}\n{lease}\n".encode()
    form = recognise(both)
    assert isinstance(form, DhcpSyslog)
    packet = (HEAD + SYN).encode()
    ((_, event),) = form.parse([(0, packet)], form.layout(both), HANOI).events
    assert event["source.ip"] == "10.20.3.41"
