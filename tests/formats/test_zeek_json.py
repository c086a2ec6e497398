"""Zeek's JSON of any site: names with dots, with underscores, nested, and lines that are none."""

import json
from datetime import UTC

import pytest

from quetsach.formats.zeek_json import ZeekJson

ZEEK = ZeekJson()
CONN = {"ts": 1788225322.5, "uid": "C1", "proto": "tcp", "conn_state": "SF"}
ENDS = {
    "dots": {"id.orig_h": "10.20.3.41", "id.resp_h": "203.0.113.7", "id.resp_p": 443},
    "underscores": {"id_orig_h": "10.20.3.41", "id_resp_h": "203.0.113.7", "id_resp_p": 443},
    "nested": {"id": {"orig_h": "10.20.3.41", "resp_h": "203.0.113.7", "resp_p": 443}},
}


def line(**fields: object) -> bytes:
    return json.dumps({**CONN, **fields}).encode()


@pytest.mark.parametrize("form", ENDS)
def test_the_ends_are_read_however_their_names_are_written(form: str) -> None:
    raw = line(**ENDS[form])
    assert ZEEK.recognise(raw)
    ((offset, event),) = ZEEK.parse([(7, raw)], ZEEK.layout(raw), UTC).events
    assert (offset, event["source.ip"], event["destination.ip"]) == (
        7,
        "10.20.3.41",
        "203.0.113.7",
    )
    assert event["destination.port"] == 443
    assert event["event.dataset"] == "zeek.conn"


def test_a_stream_names_the_kind_of_each_line() -> None:
    raw = line(_path="dns", query="bad.example")
    layout = ZEEK.layout(raw)
    assert layout.marker == b'"dhcp"'
    ((_, event),) = ZEEK.parse([(0, raw)], layout, UTC).events
    assert (event["event.dataset"], event["dns.question.name"]) == ("zeek.dns", "bad.example")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [(b'{"ts": 1, "uid"', "not-json"), (b'["ts"]', "not-json"), (b'{"x": 1}', "no-zeek-field")],
)
def test_a_damaged_or_foreign_line_is_a_reject(raw: bytes, reason: str) -> None:
    rows = ZEEK.parse([(0, raw), (40, b"  ")], ZEEK.layout(line()), UTC)
    assert [(reject.offset, reject.reason) for reject in rows.rejects] == [(0, reason)]
    assert (rows.events, rows.skipped) == ([], [40])


def test_json_of_another_program_is_not_zeek_s() -> None:
    assert not ZEEK.recognise(b'{"timestamp": "2026-09-01T08:15:22Z", "message": "x"}\n')
    assert not ZEEK.recognise(line(event_type="dns"))
