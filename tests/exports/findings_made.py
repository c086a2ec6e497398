"""Findings to export: contacts and a mention, marked, with a machine that has a name."""

from pathlib import Path

import quetsach
from tests.api.test_who import lease
from tests.sweeping.evidence import write

MACHINE = "PC-KETOAN-07"
SECRET = "may-ke-toan-07"
"""A word in what was asked for, as a bot may write the machine's name into it."""

DNS = (
    "#separator \\x09\n#path\tdns\n"
    "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\tanswers\n"
    f"1788225322.5\tC1\t10.0.0.5\t40112\t10.0.0.1\t53\tudp\t{SECRET}.bad.example\t192.0.2.9,x.example\n"
    "1788225329.5\tC2\t10.0.0.5\t40113\t10.0.0.1\t53\tudp\tbad.example\t-\n"
    "1788311800.25\tC3\t10.0.0.6\t40114\t10.0.0.1\t53\tudp\tred.example\t-\n"
)
CONN = (
    "#separator \\x09\n#path\tconn\n"
    "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state\torig_bytes\tresp_bytes\n"
    "1788225400.5\tC4\t10.0.0.5\t40115\t192.0.2.77\t443\ttcp\tSF\t900\t1200\n"
)
NOTES = "2026-09-01 somebody wrote of =bad.example in a note\n"
LIST = (
    "value,malware,tlp\nbad.example,Emotet,green\nred.example,Qakbot,red\n"
    '192.0.2.77:443,"Agent, Tesla|x=1",amber\n'
)


def made(tmp_path: Path) -> Path:
    """Return the findings folder of a small sweep."""
    logs = tmp_path / "logs"
    write(logs / "dns.log", DNS)
    write(logs / "conn.log", CONN)
    write(logs / "notes.txt", NOTES)
    write(logs / "dnsmasq-2026-09-01T0815.leases", lease("10.0.0.5", MACHINE))
    out = tmp_path / "findings"
    quetsach.sweep(logs, write(tmp_path / "list.csv", LIST), out=out)
    return out


def machine_words(tmp_path: Path) -> tuple[str, ...]:
    """Return what names a machine, a person, a place or a file of ours."""
    return (MACHINE, SECRET, "10.0.0.", "00-17-A4", str(tmp_path), "somebody", "dns.log")
