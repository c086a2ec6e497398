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
