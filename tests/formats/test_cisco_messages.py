"""The messages of Cisco devices: connections with their ends, and all others as text."""

import pytest

from tests.formats.asa import WHEN, one


def test_teardown_spans_its_duration() -> None:
    event = one(
        "Sep 01 2026 08:15:34: %ASA-6-302014: Teardown TCP connection 9123 for"
        " outside:203.0.113.77/443 to inside:10.20.3.41/51544 duration 0:00:12 bytes 0 SYN Timeout"
    )
    assert event["source.ip"] == "10.20.3.41"
    assert event["event.start"] == WHEN
    assert event["event.end"] == WHEN + 12_000_000
    assert event["event.outcome"] == "failure"


@pytest.mark.parametrize(
    "message",
    [
        "%ASA-5-111008: User 'admin' executed the 'write' command.",
        "%ASA-6-302013: Built outbound TCP connection 9126 for outside:203.0.113.77/44",
        "%ASA-6-302013: Built outbound TCP connection 1 for outside:SERVER/443 (SERVER/443) to"
        " inside:PC/51544 (PC/40112)",
        "%ASA-6-305011: ",
    ],
)
def test_message_that_tells_of_no_connection_is_text(message: str) -> None:
    assert one(message)["event.dataset"] == "text"


def test_a_page_is_asked_for_by_a_client_whose_account_is_named() -> None:
    event = one(
        r"%ASA-5-304001: 10.20.3.41(LOCAL\tuan) Accessed URL 203.0.113.77:http://bad.example/gate.php"
    )
    assert (event["source.ip"], event["url.domain"]) == ("10.20.3.41", "bad.example")
