"""One event told in many ways is one record; what is no event is none."""

import json
from typing import Any

import pytest

from quetsach.formats.shared.windows_record import (
    record_of,
    record_of_snare,
    record_of_text,
    squashed,
    text_of,
)

SYSMON = "Microsoft-Windows-Sysmon"
CHANNEL = "Microsoft-Windows-Sysmon/Operational"
DATA = {"QueryName": "www.bad.example", "QueryStatus": "0"}
SYSTEM = {"Provider": {"Name": SYSMON}, "EventID": 22, "Channel": CHANNEL, "Computer": "PC-07"}

SAME = {
    "evtx_dump": {"Event": {"System": SYSTEM, "EventData": DATA}},
    "velociraptor": {"System": {**SYSTEM, "EventID": {"Value": 22}}, "EventData": DATA},
    "named values": {
        "Event": {
            "System": SYSTEM,
            "EventData": {"Data": [{"@Name": k, "#text": v} for k, v in DATA.items()]},
        }
    },
    "attributes": {
        "Event": {
            "System": SYSTEM,
            "EventData": {
                "Data": [{"#attributes": {"Name": k}, "#text": v} for k, v in DATA.items()]
            },
        }
    },
    "winlogbeat": {
        "winlog": {
            "event_id": "22",
            "provider_name": SYSMON,
            "channel": CHANNEL,
            "computer_name": "PC-07",
            "event_data": DATA,
        },
        "host": {"name": "collector"},
    },
    "dotted": {
        "winlog.event_id": 22,
        "winlog.provider_name": SYSMON,
        "winlog.computer_name": "PC-07",
        **{f"winlog.event_data.{k}": v for k, v in DATA.items()},
    },
    "graylog": {
        "winlogbeat_winlog_event_id": 22,
        "winlogbeat_winlog_provider_name": SYSMON,
        "winlogbeat_winlog_computer_name": "PC-07",
        **{f"winlogbeat_winlog_event_data_{k}": v for k, v in DATA.items()},
    },
    "gelf of nxlog": {
        "_EventID": 22,
        "_SourceName": SYSMON,
        "host": "PC-07",
        **{f"_{k}": v for k, v in DATA.items()},
    },
    "elastic export": {"_source": {"winlog": {"event_id": 22, "provider_name": SYSMON,
                                              "computer_name": "PC-07", "event_data": DATA}}},
    "wazuh": {
        "agent": {"name": "other"},
        "data": {
            "win": {
                "system": {"eventID": "22", "providerName": SYSMON, "computer": "PC-07"},
                "eventdata": {k[0].lower() + k[1:]: v for k, v in DATA.items()},
            }
        },
    },
    "evtxecmd": {
        "EventId": 22,
        "Provider": SYSMON,
        "Channel": CHANNEL,
        "Computer": "PC-07",
        "Payload": json.dumps(
            {"EventData": {"Data": [{"@Name": k, "#text": v} for k, v in DATA.items()]}}
        ),
    },
    "sentinel": {
        "EventID": 22,
        "Source": SYSMON,
        "Computer": "PC-07",
        "EventData": "<DataItem><EventData>"
        + "".join(f'<Data Name="{k}">{v}</Data>' for k, v in DATA.items())
        + "</EventData></DataItem>",
    },
}  # fmt: skip


@pytest.mark.parametrize("document", SAME.values(), ids=SAME)
def test_every_producer_gives_the_same_record(document: dict[str, Any]) -> None:
    record = record_of(document)
    assert record is not None
    assert (record.event_id, record.computer) == (22, "PC-07")
    assert (record.details["queryname"], record.details["querystatus"]) == ("www.bad.example", "0")


@pytest.mark.parametrize("key", ["message", "full_log", "SyslogMessage", "_raw"])
def test_an_event_carried_as_text_is_found(key: str) -> None:
    record = record_of({"when": "x", key: json.dumps(SAME["evtx_dump"])})
    assert record is not None
    assert record.details["queryname"] == "www.bad.example"


def test_a_record_with_both_parts_may_be_of_any_provider() -> None:
    system = {"Provider": {"Name": "Mine"}, "EventID": 7, "Channel": "Mine/Log", "Computer": "PC"}
    for document in ({"Event": {"System": system}}, {"System": system, "EventData": {}}):
        record = record_of(document)
        assert record is not None
        assert (record.provider, record.event_id, record.computer) == ("Mine", 7, "PC")


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"EventID": 22},
        {"EventID": "x", "Channel": "Security"},
        {"EventID": 1e9, "Channel": "Security"},
        {"event_type": "dns", "dns": {"rrname": "bad.example"}},
        {"event": {"code": "22", "provider": "some-agent"}},
        {"message": "{" * 3000},
    ],
)
def test_what_is_no_windows_event_is_none(document: dict[str, Any]) -> None:
    assert record_of(document) is None


def test_the_process_of_the_service_that_wrote_the_event_is_not_the_events() -> None:
    beat = {
        "winlog": {
            "event_id": 22,
            "provider_name": SYSMON,
            "process": {"pid": 9},
            "event_data": DATA,
        }
    }
    record = record_of(beat)
    assert record is not None
    assert "processid" not in record.details
    record = record_of({"EventID": 22, "SourceName": SYSMON, "ProcessID": 9, **DATA})
    assert record is not None
    assert "processid" not in record.details


def test_depth_and_width_are_bounded() -> None:
    deep: Any = "x"
    for _ in range(500):
        deep = {"a": deep}
    wide = {f"k{number}": {"v": 1} for number in range(20_000)}
    assert record_of({"EventID": 22, "Channel": "Security", "z": deep, **wide}) is not None


def test_no_text_and_no_number_is_a_value() -> None:
    assert [text_of(one) for one in (True, 4, " a ", "-", "", None, [])] == [
        *("true", "4", "a"),
        *(None, None, None, None),
    ]
    assert squashed("Threat Name") == squashed("threat_name") == "threatname"
    assert record_of_text("no event") is None


@pytest.mark.parametrize(
    ("columns", "number"),
    [
        ("1\tSecurity\t7\tTue Sep 01 08:15:23 2026\t5157\tx\tu\tt\te\tPC-07\tc\td\tm\t9", 5157),
        ("1\tApplication\t7\tx\tabc\tx\tu\tt\te\tPC-07\tc\td\tm\t9", None),
        ("1\torders\t7\tx\t5\tmine\tu\tt\te\tPC-07\tc\td\tm\t9", None),
        ("1\tSecurity\t7", None),
    ],
)
def test_a_line_of_snare_is_told_by_its_columns(columns: str, number: int | None) -> None:
    record = record_of_snare(f"<14>Sep  1 08:15:23 pc MSWinEventLog\t{columns}")
    assert (None if record is None else record.event_id) == number
