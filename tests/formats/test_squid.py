"""Squid: a request is dated when it began, and only the server itself is the other side."""

from datetime import UTC
from typing import Any

import pytest

from quetsach.formats.squid import Squid

SQUID = Squid()


def one(line: str) -> dict[str, Any]:
    raw = line.encode()
    ((_, event),) = SQUID.parse([(0, raw)], SQUID.layout(raw), UTC).events
    return dict(event)


def test_request_began_before_its_line_was_written() -> None:
    event = one(
        "1788225328.982   5756 10.20.3.41 TCP_TUNNEL/200 6295 CONNECT bad.example:443 -"
        " HIER_DIRECT/203.0.113.77 -"
    )
    assert event["event.start"] == 1_788_225_323_226_000
    assert event["@timestamp"] == event["event.end"] == 1_788_225_328_982_000
    assert event["destination.ip"] == "203.0.113.77"
    assert event["destination.port"] == 443


@pytest.mark.parametrize(
    ("result", "peer", "outcome"),
    [
        ("TCP_MISS/200", "HIER_DIRECT/203.0.113.77", "success"),
        ("TCP_MISS/503", "HIER_DIRECT/203.0.113.77", "failure"),
        ("TCP_MISS/200", "FIRSTUP_PARENT/10.20.1.8", None),
        ("TCP_MEM_HIT/200", "HIER_NONE/-", None),
        ("TCP_DENIED/403", "HIER_NONE/-", "failure"),
    ],
)
def test_outcome_is_that_of_the_server_asked_for(
    result: str, peer: str, outcome: str | None
) -> None:
    event = one(
        f"1788225328.982 12 10.20.3.41 {result} 62 GET http://bad.example/ - {peer} text/html"
    )
    assert event.get("event.outcome") == outcome
    assert ("destination.ip" in event) == ("DIRECT" in peer)
    assert event["url.domain"] == "bad.example"


def test_name_of_a_user_is_no_field() -> None:
    event = one(
        "1788225328.982 12 10.20.3.41 TCP_MISS/200 6 GET http://x.example/ clerk HIER_NONE/- -"
    )
    assert "clerk" not in str(event)


def test_logs_of_others_are_not_recognised() -> None:
    assert not SQUID.recognise(b"1788225328.982 12 10.20.3.41 conn 200 6295\n")
