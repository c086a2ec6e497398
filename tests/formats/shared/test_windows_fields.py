"""What each kind of event says, and which end its machine is."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.shared.windows_fields import base_name, event_of
from quetsach.formats.shared.windows_record import WindowsRecord
from quetsach.schema import Event

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def _event(provider: str, number: int, times: tuple[Any, ...] = (), **data: str) -> Event:
    record = WindowsRecord(provider, "", number, "PC-07.", times, data)
    return event_of(record, ZONE)


SYSMON = "Microsoft-Windows-Sysmon"
SECURITY = "Microsoft-Windows-Security-Auditing"
ENDS = {"sourceip": "10.0.0.7", "destinationip": "203.0.113.7", "destinationport": "443"}
WFP = {"sourceaddress": "10.0.0.7", "destaddress": "203.0.113.7", "protocol": "6"}


@pytest.mark.parametrize(
    ("provider", "number", "data", "end", "kind"),
    [
        (SYSMON, 3, {**ENDS, "initiated": "true"}, "source", "connection"),
        (SYSMON, 3, {**ENDS, "initiated": "false"}, "destination", "connection"),
        (SYSMON, 3, {**ENDS, "direction": "ingress"}, "destination", "connection"),
        (SYSMON, 3, ENDS, None, "connection"),
        (SECURITY, 5156, {**WFP, "direction": "%%14593"}, "source", "connection"),
        (SECURITY, 5156, {**WFP, "direction": "%%14592"}, "destination", "connection"),
        (SECURITY, 5157, {**WFP, "direction": "Outbound"}, "source", "denied"),
        (SECURITY, 5152, WFP, None, "denied"),
        (SECURITY, 5158, WFP, "source", "info"),
        (SECURITY, 4624, {"ipaddress": "-"}, "source", "info"),
        (SECURITY, 4624, {"ipaddress": "::ffff:10.0.0.7"}, "destination", "info"),
        (SECURITY, 4625, {"ipaddress": "127.0.0.1"}, "source", "info"),
        (
            "Microsoft-Windows-TerminalServices-RemoteConnectionManager",
            1149,
            {"param3": "10.0.0.7"},
            "destination",
            "info",
        ),
        (
            "Microsoft-Windows-TerminalServices-ClientActiveXCore",
            1102,
            {"value": "203.0.113.7"},
            "source",
            "connection",
        ),
    ],
)
def test_the_ends_are_never_swapped_and_the_machine_is_one_of_them(
    provider: str, number: int, data: dict[str, str], end: str | None, kind: str
) -> None:
    event = _event(provider, number, **data)
    assert (event.get("quetsach.host.end"), event["event.type"]) == (end, kind)
    assert event["host.name"] == "PC-07"
    assert event.get("source.ip") in (None, "10.0.0.7")
    assert event.get("destination.ip") in (None, "203.0.113.7")


def test_the_name_of_the_machine_itself_is_no_name_that_was_reached() -> None:
    told = {**ENDS, "destinationhostname": "pc-07.xa.example", "initiated": "false"}
    assert "destination.domain" not in _event(SYSMON, 3, **told)
    told["initiated"] = "true"
    assert _event(SYSMON, 3, **told)["destination.domain"] == "pc-07.xa.example"


@pytest.mark.parametrize(
    ("written", "is_utc", "when", "applied"),
    [
        ("2026-09-01 01:15:22.412", True, 1_788_225_322_412_000, False),
        ("2026-09-01 08:15:22", False, 1_788_225_322_000_000, True),
        ("2026-09-01T08:15:22+07:00", False, 1_788_225_322_000_000, False),
        ("/Date(1788225322412)/", False, 1_788_225_322_412_000, False),
        (1_788_225_322.5, True, 1_788_225_322_500_000, False),
        ("9/1/2026 8:15:22 AM", False, None, False),
    ],
)
def test_a_time_is_read_in_its_own_zone(
    written: Any, is_utc: bool, when: int | None, applied: bool
) -> None:
    event = _event(SYSMON, 5, ((written, is_utc),))
    assert (event.get("@timestamp"), "event.timezone" in event) == (when, applied)


def test_only_whole_digests_are_hashes() -> None:
    told = (
        "MD5=" + "a1" * 16 + ",SHA256=" + "0" * 64 + ",IMPHASH=" + "b2" * 16 + ",SHA1=" + "c" * 32
    )
    event = _event(SYSMON, 1, hashes=told, image="C:\\a\\b.exe", processid="0x10")
    assert event["file.hash.md5"] == "a1" * 16
    assert {"file.hash.sha256", "file.hash.sha1"}.isdisjoint(event)
    assert (event["file.name"], event["process.name"], event["process.pid"]) == (
        "b.exe",
        "b.exe",
        16,
    )
    assert base_name("/usr/bin/a") == "a"
