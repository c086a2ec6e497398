"""Netfilter: who opens a contact, what the prefix says, and lines that only look like a packet."""

import pytest

from quetsach.formats.dhcp_syslog import DhcpSyslog
from quetsach.formats.registry import recognise
from tests.formats.packets import HANOI, HEAD, NETFILTER, SYN, WHEN, event_of, parse


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
