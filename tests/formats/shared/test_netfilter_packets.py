"""A packet that the kernel logged: its ends, its action, and what is damaged."""

import pytest

from tests.formats.packets import ENDS, HEAD, SYN, TCP, WHEN, event_of, parse

UDP = f"IN=br-lan OUT=wan {ENDS}PROTO=UDP SPT={{source}} DPT={{destination}} LEN=40"


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
