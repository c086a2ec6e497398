"""Findings as a message: every device is in it, with what the logs really tell."""

from ipaddress import ip_network
from typing import Any

from quetsach.avreport.from_findings import COLUMNS, OmittedFindings, Sender, from_findings
from quetsach.avreport.message import AvReportMessage, MachineRow
from quetsach.texts import use_language

SENDER = Sender({"OrganId": "x"}, "s", 1_662_940_800)


def device(name: str, *labels: str, **more: Any) -> dict[str, Any]:
    findings = [{"label": label} for label in labels or ("",)]
    base = {"device": name, "addresses": [name], "host_name": None, "findings": findings}
    return {**base, **more}


def seen(name: str, **more: Any) -> dict[str, Any]:
    base: dict[str, Any] = dict.fromkeys(COLUMNS)
    base |= {
        "quetsach.device": name,
        "quetsach.device.role": "client",
        "quetsach.device.address": name,
        "quetsach.match.field": "destination.ip",
        "quetsach.grade": "moved",
        "event.dataset": "zeek.conn",
        "destination.ip": "203.0.113.77",
    }
    return {**base, **{key.replace("_", "."): value for key, value in more.items()}}


def made(
    devices: list[dict[str, Any]], sightings: list[dict[str, Any]], **more: Any
) -> tuple[AvReportMessage, OmittedFindings]:
    told = {"devices": devices, "not_blamed": [], "unattributed": {"sightings": 0}, **more}
    inside = [ip_network("10.0.0.0/8")]
    return from_findings(told, sightings, sender=SENDER, inside=inside)


def test_each_address_that_a_device_reached_is_one_row() -> None:
    message, _left = made(
        [device("10.0.0.5", "Qakbot", "Qakbot", "Emotet", host_name="PC-1")],
        [seen("10.0.0.5"), seen("10.0.0.5"), seen("10.0.0.5", destination_ip="198.51.100.1")],
    )
    assert message.rows == (
        MachineRow("Malware", "10.0.0.5", "PC-1", {"MalwareName": "Qakbot"}),
        MachineRow("Malware", "10.0.0.5", "PC-1", {"MalwareName": "Emotet"}),
        MachineRow("Connection", "10.0.0.5", "PC-1", {"TargetIP": "203.0.113.77"}),
        MachineRow("Connection", "10.0.0.5", "PC-1", {"TargetIP": "198.51.100.1"}),
    )


def test_name_server_and_proxy_are_not_the_target() -> None:
    dns = seen(
        "10.0.0.5",
        **{"quetsach.match.field": "dns.question.name"},
        event_dataset="zeek.dns",
        destination_ip="192.0.2.53",
    )
    proxy = seen("10.0.0.5", **{"quetsach.match.field": "url.full"}, destination_ip="10.0.0.1")
    message, left = made([device("10.0.0.5")], [dns, proxy])
    assert message.rows == (MachineRow("Connection", "10.0.0.5", None, {}),)
    assert left.without_target == 2


def test_site_met_by_name_gives_the_address_that_was_reached() -> None:
    by_name = seen("10.0.0.5", **{"quetsach.match.field": "tls.client.server_name"})
    message, _left = made([device("10.0.0.5")], [by_name])
    assert message.rows[0].facts == {"TargetIP": "203.0.113.77"}


def test_hash_of_a_carried_file_goes_along() -> None:
    row = seen("10.0.0.5", file_hash_md5="a" * 32, file_hash_sha256="b" * 64)
    facts = made([device("10.0.0.5")], [row])[0].rows[0].facts
    assert facts == {"Md5": "a" * 32, "Sha2": "b" * 64, "TargetIP": "203.0.113.77"}


def test_device_that_was_seen_on_two_addresses_is_told_with_each() -> None:
    other = seen("10.0.0.5") | {"quetsach.device.address": "10.0.0.9"}
    message, _left = made([device("10.0.0.5")], [seen("10.0.0.5"), other])
    assert [one.ip for one in message.rows] == ["10.0.0.5", "10.0.0.9"]


def test_who_is_not_blamed_is_not_reported_but_counted() -> None:
    use_language("en")
    resolver = seen("10.0.0.53") | {"quetsach.device.role": "resolver"}
    message, left = made(
        [device("10.0.0.5", "Qakbot")],
        [resolver, seen("10.0.0.53")],
        not_blamed=[{}],
        unattributed={"sightings": 4},
    )
    assert {one.ip for one in message.rows} == {"10.0.0.5"}
    told = list(left.sentences())
    use_language("vi")
    assert told == [
        "1 devices that are not blamed are not reported",
        "4 sightings name no inside machine and are not reported",
    ]


def test_attempts_that_reached_nobody_are_counted() -> None:
    blocked = seen("10.0.0.5") | {"quetsach.grade": "blocked"}
    assert made([device("10.0.0.5")], [blocked, seen("10.0.0.5")])[1].not_connected == 1


def test_name_that_would_break_the_xml_is_shown_escaped() -> None:
    message, _left = made([device("10.0.0.5", "a\0b", host_name="PC\x1b\x07")], [])
    assert message.rows[0].name == "PC\\x1b\\x07"
    assert message.rows[0].facts["MalwareName"] == "a\\x00b"
