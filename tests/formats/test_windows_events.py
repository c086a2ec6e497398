"""Windows events of every producer, and what is not taken for one."""

import json

import pytest

from quetsach.formats.line_forms import read_line
from quetsach.formats.persons import masked, persons_in
from quetsach.formats.registry import recognise
from quetsach.formats.windows_events import WindowsEvents, persons_of
from tests.formats.golden import SAMPLES, ZONE, lines_of, read

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


@pytest.mark.parametrize("sample", ["winlogbeat", "nxlog", "wazuh", "xml-lines", "dns-server"])
def test_a_line_among_others_is_read_as_in_a_file_of_its_own(sample: str) -> None:
    content = (SAMPLES / "windows-events" / f"{sample}.log").read_bytes()
    apart = dict(read(FORM, content).events)
    for offset, line in lines_of(content):
        told = read_line(line, ZONE, None)
        if told is not None:
            told.pop("observer.name", None)
            own = {key: v for key, v in apart[offset].items() if key != "observer.name"}
            assert told == own
        elif offset in apart:
            assert apart[offset]["event.type"] == "info"


def test_no_account_of_a_sample_is_left_in_a_masked_line() -> None:
    for path in sorted((SAMPLES / "windows-events").glob("*.log")):
        for _, line in lines_of(path.read_bytes()):
            if b"may07" in line:
                assert "may07" not in masked(line.decode(), persons_in(line)), path.name


def test_a_logon_names_a_person_and_the_machines_own_account_none() -> None:
    text = ONE.replace("</Event>", "<EventData><Data Name='TargetUserName'>an.nt</Data>")
    text += "<Data Name='SubjectUserName'>PC-VT-07$</Data></EventData></Event>"
    assert persons_of(text, None) == {"an.nt"}
    assert persons_of("TargetUserName: an.nt", None) == set()


def test_a_table_of_evtxecmd_is_read_by_its_columns() -> None:
    payload = '{""EventData"":{""Data"":[{""@Name"":""QueryName"",""#text"":""www.bad.example""}]}}'
    table = "TimeCreated,EventId,Provider,Channel,ProcessId,Computer,MapDescription,Payload\n"
    table += "2026-09-01 01:15:22.4129040,22,Microsoft-Windows-Sysmon,x,3144,PC-VT-07,DNS query,"
    content = f'{table}"{payload}"\n'.encode()
    form = recognise(content)
    ((_, event),) = read(form, content).events
    assert (form.name, event["host.name"]) == ("csv-rows", "PC-VT-07")
    assert (event["dns.question.name"], event["@timestamp"]) == (
        "www.bad.example",
        1_788_225_322_412_904,
    )
    assert "process.pid" not in event
