"""Windows events of every producer, and what is not taken for one."""

import json

import pytest

from quetsach.formats.registry import recognise
from quetsach.formats.windows_events import WindowsEvents
from tests.formats.golden import ZONE, read

FORM = WindowsEvents()
SYSTEM = "<System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>{}</EventID></System>"
ONE = f"<Event xmlns='x'>{SYSTEM.format(3)}</Event>"


@pytest.mark.parametrize(
    "line",
    [
        b'{"event_type":"dns","timestamp":"2026-09-01T01:15:22Z","dns":{"rrname":"a.example"}}',
        b'{"ts":1788225322.1,"id.orig_h":"10.0.0.7","query":"a.example","EventID":22}',
        b"<Events><EventID>3</EventID></Events>",
        b"EventID 3 of Sysmon",
    ],
)
def test_another_log_is_not_taken(line: bytes) -> None:
    assert not FORM.recognise(line + b"\n")


@pytest.mark.parametrize(
    "head", [ONE, f"<13>Sep  1 08:15:22 pc {ONE}", json.dumps({"message": ONE}), f"\ufeff{ONE}"]
)
def test_an_event_is_found_behind_any_head(head: str) -> None:
    content = head.encode() + b"\n"
    assert recognise(content).name == "windows-events"
    assert len(read(FORM, content).events) == 1


def test_a_record_that_breaks_off_is_told_and_spoils_no_other() -> None:
    whole = f"<Event>\n{SYSTEM.format(3)}\n</Event>\n"
    content = f"<Event>\n{SYSTEM.format(3)}\n<Event>\n</Event>\n{whole}".encode()
    rows = read(FORM, content)
    assert [event["event.action"] for _, event in rows.events] == ["EventID 3", "EventID 3"]
    assert [one.reason for one in rows.rejects] == ["not-a-windows-event"]


def test_an_element_that_never_ends_is_bounded() -> None:
    lines = [(place, b"<Data>x</Data>") for place in range(1, 2000)]
    layout = FORM.layout(b"<Event>\n<System>\n")
    rows = FORM.parse([(0, b"<Event>"), *lines], layout, ZONE)
    assert len(rows.events) + len(rows.rejects) + len(rows.skipped) == 2000
