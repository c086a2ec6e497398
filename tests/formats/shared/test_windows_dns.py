"""DNS in Windows events: who asked, whom, and what came back."""

from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.shared.windows_dns import answers_of, first_of
from quetsach.formats.shared.windows_fields import event_of
from quetsach.formats.shared.windows_record import WindowsRecord
from quetsach.schema import Event


def _event(provider: str, number: int, **data: str) -> Event:
    record = WindowsRecord(provider, "", number, "DC-01", (), data)
    return event_of(record, ZoneInfo("Asia/Ho_Chi_Minh"))


def test_a_name_server_is_not_blamed_for_its_clients() -> None:
    told = {"source": "10.0.0.7", "interfaceip": "10.0.0.1", "qname": "bad.example.", "tcp": "0"}
    event = _event("Microsoft-Windows-DNSServer", 256, **told)
    assert "host.name" not in event
    assert (event["source.ip"], event["destination.ip"]) == ("10.0.0.7", "10.0.0.1")
    event = _event(
        "Microsoft-Windows-DNSServer", 257, destination="10.0.0.7", qname="bad.example.", rcode="2"
    )
    assert (event["source.ip"], event["dns.response_code"]) == ("10.0.0.7", "SERVFAIL")
    assert "destination.port" not in event


def test_what_a_packet_says_is_taken_where_the_event_does_not() -> None:
    head = "123481800001000100000000"
    asked = head + "0363646e04676f6f64076578616d706c6500" + "00010001"
    alias = asked + "c00c00050001000000" + "3c0006" + "03626164c015"
    told = {"destination": "10.0.0.7", "port": "53124", "packetdata": "0x" + alias}
    event = _event("Microsoft-Windows-DNSServer", 257, **told)
    assert event["dns.question.name"] == "cdn.good.example"
    assert event["dns.answers"] == ["bad.example"]
    assert (event["source.ip"], event["source.port"]) == ("10.0.0.7", 53124)
    event = _event("Microsoft-Windows-DNSServer", 261, source="198.51.100.1", packetdata=alias)
    assert event["destination.ip"] == "198.51.100.1"
    assert "source.ip" not in event


@pytest.mark.parametrize(
    ("results", "found"),
    [
        ("", []),
        ("-", []),
        ("::ffff:203.0.113.7;", ["203.0.113.7"]),
        ("203.0.113.7;2001:DB8:0:0::7;", ["203.0.113.7", "2001:db8::7"]),
        ("type:  5 a.bad.example.;type: 28 2001:db8::7", ["a.bad.example", "2001:db8::7"]),
        ("type:  5 a b;no-dot;" + ";" * 9000, []),
    ],
)
def test_the_answers_are_names_and_addresses(results: str, found: list[str]) -> None:
    assert answers_of(results) == found


def test_the_first_name_that_is_there_counts() -> None:
    assert first_of({"b": "2", "c": "3"}, "a", "b", "c") == "2"
    assert first_of({}, "a") is None
