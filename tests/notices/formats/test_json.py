"""Notices as JSON: IntelMQ, n6 and XARF, as a list, an object, or lines."""

import json

import pytest

from tests.notices.reading import INTELMQ, N6, XARF, read, reasons, us

XARF_OLD = {
    "Version": "3",
    "ReporterInfo": {"ReporterOrg": "Example CERT"},
    "Report": {
        "ReportClass": "Content",
        "ReportType": "Botnet",
        "Date": "2022-09-12T05:00:00Z",
        "SourceIp": "203.0.113.5",
        "SourcePort": 40112,
        "BotnetName": "andromeda",
    },
}


@pytest.mark.parametrize(
    ("event", "form"),
    [(N6, "n6"), (INTELMQ, "intelmq"), (XARF_OLD, "xarf-3"), (XARF, "xarf")],
)
def test_json_of_each_sender_is_read_as_list_object_and_lines(
    event: dict[str, object], form: str
) -> None:
    for text in (
        json.dumps(event),
        json.dumps([event]),
        json.dumps(event) + "\n" + json.dumps(event) + "\n",
    ):
        file = read(text, "n.json")
        assert file.form == form
        one = file.notices[0]
        assert (one.address, one.port) == ("203.0.113.5", 40_112)
        assert (one.when_us, one.zone_assumed) == (us("2022-09-12T05:00:00+00:00"), False)
        assert one.family == "andromeda"


def test_an_event_of_n6_with_two_addresses_is_two_items() -> None:
    file = read(json.dumps(N6), "n.json")
    assert [one.address for one in file.notices] == ["203.0.113.5", "203.0.113.6"]
    assert (file.notices[0].count, file.notices[0].source) == (3, "example.sinkhole")
    assert (file.notices[0].remote_address, file.notices[0].remote_port) == ("198.51.100.77", 443)


def test_intelmq_is_read_nested_too_and_its_names_are_canonical() -> None:
    nested = {
        "source": {"ip": "203.0.113.5", "port": 40112},
        "destination": {"fqdn": "BAD.example."},
        "time": {"source": "2022-09-12T05:00:00+00:00"},
        "classification": {"type": "infected-system"},
    }
    file = read(json.dumps([INTELMQ, nested]), "n.json")
    assert [one.remote_name for one in file.notices] == ["bad.example", "bad.example"]


def test_a_broken_line_of_json_is_an_item_that_was_rejected() -> None:
    file = read(f"{json.dumps(N6)}\n{json.dumps(N6)[:-9]}\n[1]\n", "n.json")
    assert len(file.notices) == 2
    assert reasons(file) == ["unreadable", "other-kind"]
