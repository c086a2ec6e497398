"""Velociraptor's rows: every form of the columns, and a machine only where the row names it."""

import json

import pytest

from quetsach.formats.host_velociraptor import HostVelociraptor
from quetsach.formats.registry import recognise
from tests.formats.golden import read

FORM = HostVelociraptor()
ROW = {"Pid": 7, "Type": "TCP", "Status": "ESTAB", "Timestamp": "2026-09-01T01:15:22Z"}
ENDS = ("10.20.3.41", 51544, "203.0.113.77", 443)


@pytest.mark.parametrize(
    "names",
    [
        ("Laddr.IP", "Laddr.Port", "Raddr.IP", "Raddr.Port"),
        ("SrcIP", "SrcPort", "DestIP", "DestPort"),
    ],
)
def test_both_names_of_the_columns_are_read(names: tuple[str, ...]) -> None:
    content = json.dumps({**ROW, **dict(zip(names, ENDS, strict=True))}).encode()
    assert recognise(content).name == "host-velociraptor"
    ((_, event),) = read(FORM, content).events
    assert (event["source.ip"], event["destination.port"]) == ("10.20.3.41", 443)
    assert "host.name" not in event


def test_a_service_that_was_reached_is_the_destination() -> None:
    ends = {"Laddr": {"IP": "10.20.3.41", "Port": 445}, "Raddr": {"IP": "203.0.113.7", "Port": 5e4}}
    ((_, event),) = read(FORM, json.dumps({**ROW, **ends, "Fqdn": "PC-VT-07"}).encode()).events
    assert (event["source.ip"], event["destination.ip"]) == ("203.0.113.7", "10.20.3.41")
    assert event["quetsach.host.end"] == "destination"


@pytest.mark.parametrize(
    "line",
    [
        b'{"Name":"a","Record":"b"}',
        b'{"EventTime":"2026-09-01T01:15:22Z","Query":"a"}',
        b'{"SrcIP":"10.0.0.1","SrcPort":1,"DestIP":"10.0.0.2","DestPort":2}',
        b'{"ts":1,"id.orig_h":"10.0.0.1"}',
    ],
)
def test_rows_of_another_kind_are_not_taken(line: bytes) -> None:
    assert not FORM.recognise(line + b"\n")
