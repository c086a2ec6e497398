"""Cisco ASA: who opened a connection, whose time a relayed line has, lines without any."""

import pytest

from tests.formats.asa import ASA, WHEN, one

BUILT = (
    "%ASA-6-302013: Built outbound TCP connection 9123 for outside:203.0.113.77/443"
    " (203.0.113.77/443) to inside:10.20.3.41/51544 (198.51.100.5/40112)"
)


@pytest.mark.parametrize(
    ("head", "host"),
    [
        ("<166>Sep 01 2026 08:15:22: ", None),
        ("<166>Sep 01 2026 08:15:22 asa1 : ", "asa1"),
        ("<166>:Sep 01 08:15:22 ICT: ", None),
        ("<166>:Sep 01 01:15:22 UTC: ", None),
        ("Sep  1 08:15:22 asa1 ", "asa1"),
        ("Sep  1 08:15:22 asa1 : ", "asa1"),
        ("2026-09-01T01:15:22Z asa1 ", "asa1"),
        ("<166>1 2026-09-01T01:15:22Z asa1 - - - - ", "asa1"),
        ("Sep  1 09:20:00 relay Sep 01 2026 08:15:22 asa1 : ", "asa1"),
        ("Sep  1 09:20:00 relay Sep 01 2026 08:15:22: ", "relay"),
    ],
)
def test_time_and_host_are_those_of_the_device(head: str, host: str | None) -> None:
    event = one(head + BUILT, WHEN + 10**9)
    assert event["@timestamp"] == event["event.start"] == WHEN
    assert event.get("observer.name") == host
    assert event["source.nat.port"] == 40112


def test_line_without_any_time_has_the_rough_one_of_its_file_and_no_start() -> None:
    event = one(BUILT, WHEN)
    assert event["@timestamp"] == WHEN
    assert event["quetsach.time.rough"] is True
    assert "event.start" not in event


def test_inbound_source_is_the_first_end_and_what_was_reached_is_the_public_address() -> None:
    event = one(
        "%ASA-6-302013: Built inbound TCP connection 1 for outside:192.0.2.200/61000"
        " (192.0.2.200/61000) to dmz:10.20.3.80/80 (198.51.100.5/8080)"
    )
    assert (event["source.ip"], event["source.port"]) == ("192.0.2.200", 61000)
    assert (event["destination.ip"], event["destination.port"]) == ("198.51.100.5", 8080)
    assert (event["destination.nat.ip"], event["destination.nat.port"]) == ("10.20.3.80", 80)


def test_files_of_other_cisco_devices_are_not_recognised() -> None:
    assert not ASA.recognise(b"Sep  1 08:15:22 sw1 10: %SYS-5-CONFIG_I: Configured from console\n")
    assert not ASA.recognise(
        b"%IPNAT-6-CREATED: tcp 10.0.0.1:1 192.0.2.1:1 192.0.2.2:1 192.0.2.2:1"
    )
