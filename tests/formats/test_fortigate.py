"""FortiGate: units of its time, the translated port, and lines that only look like its own."""

import random
from zoneinfo import ZoneInfo

import pytest

from quetsach.formats import fortigate
from quetsach.formats.fortigate import FortiGate

FORTIGATE = FortiGate()
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
WHEN = 1_788_225_322_000_000
HEAD = 'logid="0000000013" type="traffic" subtype="forward" srcip=10.20.3.41 '


@pytest.mark.parametrize(
    ("time", "expected", "applied"),
    [
        ("eventtime=1788225322", WHEN, False),
        ("eventtime=1788225322000", WHEN, False),
        ("eventtime=1788225322000000000", WHEN, False),
        ('eventtime="1788225322"', WHEN, False),
        ('date=2026-09-01 time=08:15:22 tz="+0700"', WHEN, False),
        ('date=2026-09-01 time=03:15:22 tz="UTC+2"', WHEN, False),
        ('date=2026-09-01 time=08:15:22 tz="CET"', WHEN, True),
        ("date=2026-09-01 time=08:15:22", WHEN, True),
        ('eventtime="signature" date=2026-09-01 time=08:15:22', WHEN, True),
        ("time=08:15:22", None, False),
    ],
)
def test_time_is_read_from_what_there_is(time: str, expected: int | None, applied: bool) -> None:
    line = (HEAD + time).encode()
    ((_, event),) = FORTIGATE.parse([(0, line)], FORTIGATE.layout(line), HANOI).events
    assert event.get("@timestamp") == expected
    assert ("event.timezone" in event) == applied


def test_transport_is_the_translated_port_and_proto_the_protocol() -> None:
    line = (HEAD + "proto=17 trandisp=snat transip=198.51.100.5 transport=40112").encode()
    ((_, event),) = FORTIGATE.parse([(0, line)], FORTIGATE.layout(line), HANOI).events
    assert event["source.nat.port"] == 40112
    assert event["network.transport"] == "udp"


@pytest.mark.parametrize(
    "line",
    [
        b'device="SFW" date=2026-09-01 log_type="Firewall" log_subtype="Allowed" src_ip=10.20.3.41',
        b"CEF:0|Fortinet|Fortigate|v7|1|x|3|FTNTFGTsubtype=forward src=10.20.3.41",
        b"type=SYSCALL msg=audit(1788225322.123:1): arch=c000003e subtype=x",
        b"",
    ],
)
def test_lines_of_others_are_not_recognised(line: bytes) -> None:
    assert not FORTIGATE.recognise(line + b"\n")


def test_session_is_logged_at_its_end_and_translated_on_either_side() -> None:
    line = (
        HEAD + "eventtime=1788225322 duration=12 action=close trandisp=dnat+snat tranip=10.20.3.80"
        " tranport=80 transip=198.51.100.5 transport=40112"
    ).encode()
    ((_, event),) = FORTIGATE.parse([(0, line)], FORTIGATE.layout(line), HANOI).events
    assert event["event.end"] == WHEN
    assert event["event.start"] == WHEN - 12_000_000
    assert (event["source.nat.ip"], event["source.nat.port"]) == ("198.51.100.5", 40112)
    assert (event["destination.nat.ip"], event["destination.nat.port"]) == ("10.20.3.80", 80)


def test_start_of_a_session_has_no_end() -> None:
    line = (HEAD + "eventtime=1788225322 duration=0 action=start").encode()
    ((_, event),) = FORTIGATE.parse([(0, line)], FORTIGATE.layout(line), HANOI).events
    assert event["event.start"] == WHEN
    assert "event.end" not in event


def test_what_a_sniffer_saw_has_no_states() -> None:
    line = HEAD.replace('subtype="forward"', 'subtype="sniffer"').encode()
    ((_, event),) = FORTIGATE.parse([(0, line)], FORTIGATE.layout(line), HANOI).events
    assert event["event.dataset"] == "fortigate.sniffer"


def test_lines_of_ascii_give_the_pairs_that_any_line_gives() -> None:
    rng = random.Random(9)
    parts = ["a", "key", "=", '"', "\\", " ", ",", "\x1c", "-", ".", "_", "9", "x" * 70, 'q="v w"']
    for _ in range(400):
        text = "".join(rng.choices(parts, k=rng.randrange(14)))
        assert fortigate._PLAIN_PAIR.findall(text) == fortigate._PAIR.findall(text)
