"""Each line of a mixed log is read by its own form, whatever file it is in."""

import json
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.contract import HEAD_BYTES, ParsedLines
from quetsach.formats.line_forms import forms_asked, line_forms, read_line, second_look
from quetsach.formats.registry import recognise
from quetsach.formats.shared.peeling import LineLayer, peel
from tests.formats.golden import CASES, TAKEN_US, lines_of, read

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
LINE_FORMS = {form.name for form in line_forms()}
SINGLE = [(form, path) for form, path in CASES if form.name in LINE_FORMS]


@pytest.mark.parametrize(("form", "sample"), SINGLE, ids=[path.stem for _, path in SINGLE])
def test_no_form_takes_the_line_of_another(form: object, sample: Path) -> None:
    """What the format of a file makes of a line, the form of the line makes of it too."""
    content = sample.read_bytes()
    lines = dict(lines_of(content))
    by_file = read(form, content)  # type: ignore[arg-type]  # a format
    for offset, event in by_file.events:
        if event["event.dataset"] == "text" or sum(o == offset for o, _ in by_file.events) > 1:
            continue
        alone = read_line(lines[offset], HANOI, TAKEN_US)
        if alone is not None:
            assert alone.get("source.ip") == event.get("source.ip"), lines[offset]
            assert alone.get("destination.ip") == event.get("destination.ip"), lines[offset]
            assert alone["event.dataset"] == event["event.dataset"], lines[offset]


def test_a_foreign_line_in_a_head_changes_no_format() -> None:
    for form, sample in CASES:
        content = sample.read_bytes()
        lines = content.split(b"\n")
        if len(lines) < 6 or form.name not in LINE_FORMS:
            continue
        odd = b"\n".join([*lines[:-1], b"2026-09-01T08:15:22+07:00 box app: nothing to say", b""])
        assert recognise(odd[:HEAD_BYTES]).name == form.name, sample


def test_the_second_look_reads_what_the_files_form_did_not_know() -> None:
    line = b"[1788225322] unbound[7:0] info: 10.20.3.41 bad.example. A IN"
    rows = ParsedLines(skipped=[200])
    rows.add(0, {"event.dataset": "text", "event.type": "info"})
    rows.add(100, {"event.dataset": "text", "event.type": "info"})
    rows.reject(300, "bad-columns", line)
    looked = second_look(rows, [(0, line), (100, b"nothing"), (300, line)], HANOI, None)
    assert [(offset, event["event.dataset"]) for offset, event in looked.events] == [
        *((0, "unbound.dns"), (100, "text"), (300, "unbound.dns")),
    ]
    assert not looked.rejects
    assert looked.skipped == [200]


@pytest.mark.parametrize(
    "line",
    [
        # Two heads, none of which names Squid.
        "<46>Sep  1 08:15:22 relay Sep  1 08:15:22 gate-01 1788225322.982   5 10.20.3.41 "
        "TCP_TUNNEL/200 62 CONNECT bad.example:443 - HIER_DIRECT/203.0.113.77 -",
        "<134>Sep  1 08:15:22 1788225322.100 gate-01 flows src=10.20.3.41 dst=203.0.113.77 "
        "protocol=tcp sport=51544 dport=443 pattern: allow all",
    ],
)
def test_heads_that_leave_out_names_or_come_twice_hide_no_client(line: str) -> None:
    event = read_line(line.encode(), HANOI, TAKEN_US)
    assert event is not None
    assert event["source.ip"] == "10.20.3.41"


def test_a_form_that_takes_a_line_is_asked_about_it() -> None:
    taken = asked = 0
    for layer in _layers():
        forms = forms_asked(layer)
        order = [line_forms().index(form) for form in forms]
        assert order == sorted(order)
        asked += len(forms)
        for form in line_forms():
            if form.takes(layer):
                taken += 1
                assert form in forms, (form.name, layer.text[:200])
    assert taken > 500
    assert asked < 15 * taken


def _layers() -> Iterator[LineLayer]:
    """Yield layers of lines of all samples: bare, cut, and wrapped as a collector does."""
    for _form, sample in CASES:
        for line in sample.read_bytes().split(b"\n")[:4]:
            wrapped = json.dumps({"message": line.decode("utf-8", "replace"), "host": "relay"})
            for text in (line, line[: len(line) // 2], wrapped.encode()):
                yield from peel(text, HANOI, TAKEN_US)


def test_lines_looked_at_together_are_read_as_each_alone() -> None:
    lines = list(
        enumerate(line for _, path in CASES for line in path.read_bytes().splitlines()[:6])
    )
    rows = ParsedLines()
    for offset, line in lines:
        rows.reject(offset, "unread", line)
    together = dict(second_look(rows, lines, HANOI, TAKEN_US).events)
    assert len(together) > 300
    for offset, line in lines[::7]:
        assert together.get(offset) == read_line(line, HANOI, TAKEN_US), line
