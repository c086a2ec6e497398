"""Lines of Palo Alto that tell of no session: who logged in, and which machine it was."""

import pytest

from quetsach.formats.paloalto_kinds import read_kind

GLOBALPROTECT = (
    "1,2026/09/01 08:15:22,0123,GLOBALPROTECT,0,2562,2026/09/01 08:15:22,vsys1,gateway-connected,"
    "connected,,IPSec,xa\\nt,VN,PC-VT-07,192.0.2.7,0.0.0.0,10.20.9.7,0.0.0.0,id,SN,6.0.4,Windows,"
    "Windows 11,1,,,,success,,0,,0,GW"
)
SYSTEM = (
    "1,2026/09/01 08:15:22,0123,SYSTEM,auth,2561,2026/09/01 08:15:22,,auth-fail,P,0,0,general,"
    "medium,failed authentication for user 'nt'. server address '10.20.1.9'\\, From: 203.0.113.9."
)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            GLOBALPROTECT,
            {"source.ip": "192.0.2.7", "source.nat.ip": "10.20.9.7", "host.name": "PC-VT-07"},
        ),
        (SYSTEM, {"source.ip": "203.0.113.9", "event.outcome": "failure"}),
        (SYSTEM.replace("From: 203.0.113.9", "logged in via Web from 2001:db8::9 using https"),
         {"source.ip": "2001:db8::9"}),
        ("1,t,0123,USERID,login,2222,t,vsys1,10.20.3.41,xa\\nt,,0,1,10888",
         {"source.ip": "10.20.3.41"}),
        ("1,t,0123,HIPMATCH,0,2562,t,nt,vsys1,PC-VT-07,Windows,10.20.3.41,Compliant,1,profile",
         {"source.ip": "10.20.3.41", "host.name": "PC-VT-07"}),
        ("1,t,0123,CONFIG,0,2562,t,10.20.1.7,,edit,nt,Web,Succeeded, config",
         {"source.ip": "10.20.1.7", "event.action": "edit"}),
    ],
)  # fmt: skip
def test_who_it_was(row: str, expected: dict[str, object]) -> None:
    columns = row.replace("\\,", ";").split(",")
    record = read_kind(columns[3], columns)
    assert record is not None
    assert expected.items() <= record.items()
    assert "destination.ip" not in record


@pytest.mark.parametrize(
    "row",
    [
        "1,t,0123,SYSTEM,port,2562,t,,link-change,e1,0,0,general,informational,Port e1: Up",
        "1,t,0123,SYSTEM",
        "1,t,0123,GLOBALPROTECT,0,2562,t,vsys1,x,y,,,nt,VN,PC,0.0.0.0,0.0.0.0",
        "1,t,0123,TRAFFIC,end",
    ],
)
def test_a_line_about_nobody_says_nothing(row: str) -> None:
    columns = row.split(",")
    assert read_kind(columns[3], columns) is None
