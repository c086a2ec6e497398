"""Web logs: who is the peer, who stands behind a proxy, and what only looks like an address."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.web_log import WebLog

WEB = WebLog()
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
REST = '[01/Sep/2026:08:15:22 +0700] "GET /a HTTP/1.1" 200 512'


def one(line: str) -> dict[str, Any]:
    raw = line.encode()
    ((_, event),) = WEB.parse([(0, raw)], WEB.layout(raw), HANOI).events
    return dict(event)


@pytest.mark.parametrize(
    ("line", "peer", "behind"),
    [
        (f"10.20.3.41 - - {REST}", "10.20.3.41", None),
        (f'10.20.1.8 - - {REST} "-" "x" "10.20.3.41"', "10.20.1.8", "10.20.3.41"),
        (f'10.20.1.8 - - {REST} "-" "x" "192.0.2.7, 10.20.3.41"', "10.20.1.8", "10.20.3.41"),
        (f'10.20.1.8 - - {REST} "-" "10.20.3.99" "-"', "10.20.1.8", None),
        (f'10.20.1.8 - - {REST} "http://10.20.3.98/" "x" "http://10.20.1.9:80"', "10.20.1.8", None),
        (f"10.20.3.41, 192.0.2.7 10.20.1.8 - - {REST}", "10.20.1.8", "10.20.3.41"),
        (f"- 10.20.3.41 - - {REST}", "10.20.3.41", None),
        (f"pc.unit.example - - {REST}", None, None),
        (f"2001:db8::5 - - {REST}", "2001:db8::5", None),
    ],
)
def test_peer_and_the_client_behind_it(line: str, peer: str | None, behind: str | None) -> None:
    event = one(line)
    assert event.get("source.ip") == peer
    assert event.get("network.forwarded_ip") == behind
    assert event["@timestamp"] == 1_788_225_322_000_000


@pytest.mark.parametrize("zone", ["+0000", "UTC", "GMT", "Z"])
def test_a_zone_in_words_is_honoured(zone: str) -> None:
    line = f"10.20.3.41 - - {REST}".replace("08:15:22 +0700", f"01:15:22 {zone}")
    event = one(line)
    assert event["event.dataset"] == "web.access"
    assert event["@timestamp"] == 1_788_225_322_000_000
    assert "event.timezone" not in event


def test_virtual_host_makes_the_full_address() -> None:
    assert one(f"www.unit.example 10.20.3.41 - - {REST}")["url.full"] == "http://www.unit.example/a"
    assert "url.full" not in one(f"10.20.3.41 - - {REST}")


def test_proxied_request_names_what_was_asked_for() -> None:
    line = f"10.20.3.41 - - {REST}".replace("/a", "http://bad.example/gate.php?x=1")
    event = one(line)
    assert (event["url.full"], event["url.domain"]) == (
        "http://bad.example/gate.php?x=1",
        "bad.example",
    )


def test_error_log_is_not_recognised() -> None:
    assert not WEB.recognise(b"2026/09/01 08:15:33 [error] 31#31: *46 open() failed\n")


@pytest.mark.parametrize(
    ("head", "host"),
    [
        ("www.example:80 ", "www.example"),
        ("<134>Sep  1 01:15:22 gate.example www.example ", "www.example"),
        ("2026-09-01T08:15:22+07:00 gate.example www.example:80 ", "www.example"),
        ("<134>www.example ", "www.example"),
        ("<134>Sep  1 01:15:22 gate.example nginx: ", None),
        ("2026-09-01T08:15:22+07:00 gate.example ", None),
        ("<134>Sep  1 01:15:22 ", None),
        ("<134>", None),
    ],
)
def test_a_head_of_syslog_names_neither_client_nor_virtual_host(
    head: str, host: str | None
) -> None:
    event = one(f"{head}10.20.3.41 - - {REST}")
    assert (event["source.ip"], event.get("url.domain")) == ("10.20.3.41", host)
