"""The engine of the dialects, on a made-up device."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.dialects.dialect import load
from quetsach.formats.dialects.reading import best_of, is_ours, read_layer
from quetsach.formats.shared.peeling import peel

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
WHEN = 1_788_225_322_000_000
ACME = load(
    """
name = "acme"
title = "Acme wall"
reads = "sessions"
source = "made up"
dataset = "acme.session"
kind = "pairs"
milliseconds = ["event.duration"]
own = ["dvc"]
[signature]
all = ["acme: "]
[[derive]]
from = "peer"
regex = '(?P<peer_ip>[\\d.]+):(?P<peer_port>\\d+)'
[[derive]]
from = "@line"
regex = 'acme: (?P<rule>\\d+) '
[time]
tokens = ["when", ["date", "time"]]
zone_token = "tz"
[fields]
"source.ip" = ["src", "local"]
"source.port" = ["spt"]
"source.nat.ip" = ["xsrc"]
"source.nat.port" = ["xspt"]
"destination.ip" = ["dst", "peer_ip"]
"destination.port" = ["dpt", "peer_port"]
"dns.question.name" = ["q"]
"event.duration" = ["ms"]
"rule.name" = ["rule"]
[url]
host = ["host"]
path = ["path"]
scheme = "https"
needs_path = true
[verdict]
tokens = ["act"]
denied = ["drop"]
failed = ["reset"]
passed = ["allow"]
[direction]
token = "dir"
inbound = ["in"]
[[variant]]
when = { kind = "dns" }
dataset = "acme.dns"
type = "protocol"
drop = ["destination.port"]
[[variant]]
when = { kind = "agent" }
own = []
[[variant]]
when = { kind = "login" }
no_contact = true
""",
    "acme.toml",
)


def read(message: str, head: str = "") -> dict[str, Any] | None:
    layer = peel(f"{head}acme: {message}".encode(), HANOI, WHEN)[0]
    assert is_ours(ACME, layer)
    return read_layer(ACME, layer, HANOI, WHEN)


def test_fields_are_converted_and_what_stands_for_nothing_is_left_out() -> None:
    assert read("when=1788225322 src=10.20.3.41 spt=99999 dst=203.0.113.77 dpt=443 ms=1500") == {
        "event.dataset": "acme.session",
        "event.type": "connection",
        "@timestamp": WHEN,
        "source.ip": "10.20.3.41",
        "destination.ip": "203.0.113.77",
        "destination.port": 443,
        "event.duration": 1_500_000_000,
    }
    assert read("src=- dst=N/A q=none") is None
    assert read("src=0.0.0.0") is None


def test_derived_tokens_and_the_first_that_reads_counts() -> None:
    record = read("src=broken local=10.20.3.41 peer=203.0.113.77:8443")
    assert record is not None
    assert record["source.ip"] == "10.20.3.41"
    assert (record["destination.ip"], record["destination.port"]) == ("203.0.113.77", 8443)


@pytest.mark.parametrize(
    ("message", "head", "when", "zone"),
    [
        ("date=2026-09-01 time=08:15:22", "", WHEN, "Asia/Ho_Chi_Minh"),
        ("date=2026-09-01 time=01:15:22 tz=+00:00", "", WHEN, None),
        ("when=1788225322 date=2026-09-02 time=08:15:22", "", WHEN, None),
        ("when=soon", "Sep  1 08:15:22 fw ", WHEN, "Asia/Ho_Chi_Minh"),
        ("when=soon", "2026-09-01T08:15:22+07:00 fw ", WHEN, None),
        ("when=soon", "", None, None),
    ],
)
def test_the_lines_own_time_comes_first_then_the_wrappers(
    message: str, head: str, when: int | None, zone: str | None
) -> None:
    record = read(f"{message} src=10.20.3.41", head)
    assert record is not None
    assert record.get("@timestamp") == when
    assert record.get("event.timezone") == zone
    assert record.get("observer.name") == ("fw" if head else None)


@pytest.mark.parametrize(
    ("act", "type_", "outcome"),
    [("drop", "denied", "failure"), ("RESET", "connection", "failure"),
     ("allow", "connection", "success"), ("else", "connection", None)],
)  # fmt: skip
def test_the_verdict(act: str, type_: str, outcome: str | None) -> None:
    record = read(f"src=10.20.3.41 act={act}")
    assert record is not None
    assert (record["event.type"], record.get("event.outcome")) == (type_, outcome)


def test_who_was_reached_is_the_destination() -> None:
    record = read("local=10.20.3.41 spt=3389 peer=203.0.113.77:4000 dir=IN")
    assert record is not None
    assert (record["source.ip"], record["source.port"]) == ("203.0.113.77", 4000)
    assert (record["destination.ip"], record["destination.port"]) == ("10.20.3.41", 3389)


def test_a_translation_that_changes_nothing_is_none() -> None:
    record = read("src=10.20.3.41 spt=5 xsrc=10.20.3.41 xspt=5")
    assert record is not None
    assert not any("nat" in field for field in record)
    record = read("src=10.20.3.41 spt=5 xsrc=198.51.100.5 xspt=0")
    assert record is not None
    assert record["source.nat.ip"] == "198.51.100.5"
    assert "source.nat.port" not in record


def test_variants() -> None:
    record = read("kind=dns src=10.20.3.41 q=bad.example. dpt=53")
    assert record is not None
    assert record["event.dataset"] == "acme.dns"
    assert record["dns.question.name"] == "bad.example"
    assert "destination.port" not in record
    assert read("kind=login src=10.20.3.41") is None


def test_a_page_is_put_together() -> None:
    record = read("src=10.20.3.41 host=bad.example path=/gate")
    assert record is not None
    assert (record["url.full"], record["url.domain"]) == ("https://bad.example/gate", "bad.example")
    record = read("src=10.20.3.41 host=bad.example")
    assert record is not None
    assert "url.full" not in record


def test_the_writer_of_a_line_is_no_source() -> None:
    for message, head in (
        ("dvc=10.20.1.1 src=10.20.1.1 spt=5 dst=203.0.113.77", ""),
        ("src=10.20.1.1 spt=5 dst=203.0.113.77", "Sep  1 08:15:22 10.20.1.1 "),
    ):
        record = read(message, head)
        assert record is not None
        assert not any(field.startswith("source.") for field in record)
        assert record["destination.ip"] == "203.0.113.77"
    record = read("kind=agent dvc=10.20.1.1 src=10.20.1.1")
    assert record is not None
    assert record["source.ip"] == "10.20.1.1"


def test_a_line_that_names_nobody_is_text_that_knows_its_time() -> None:
    text = {"event.dataset": "text", "event.type": "info", "@timestamp": WHEN}
    assert read("when=1788225322 note=restarted") == text
    assert read("kind=login when=1788225322 src=10.20.3.41") == text
    named = read("when=1788225322 src=10.20.3.41")
    assert best_of([None, text, named]) == named
    assert best_of([None, text]) == text
    assert best_of([]) is None


def test_a_pattern_may_look_at_the_whole_line() -> None:
    record = read("17 src=10.20.3.41")
    assert record is not None
    assert record["rule.name"] == "17"
