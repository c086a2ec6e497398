"""`quetsach avreport read`: what a message is worth stands first."""

import json
from pathlib import Path

from tests.avreport.messages import FIELD, identity, sealed
from tests.cli.conftest import HOSTILE
from tests.cli.running import names_in, quetsach_here
from tests.sweeping.evidence import write


def test_untrusted_message_says_so_first(tmp_path: Path) -> None:
    run = quetsach_here("avreport", "read", write(tmp_path / "m.xml", FIELD))
    lines = run.stdout.decode().splitlines()
    assert (run.returncode, lines[0]) == (2, "NOT TRUSTED: wrongly signed.")
    assert "  md5 instead of Md5" in lines
    assert "  Malware: NumberFile: always 1, in 3 rows" in lines


def test_trusted_message_is_told_and_given_as_json(tmp_path: Path) -> None:
    own = identity("so", "Root")
    path = write(tmp_path / "m.xml", sealed(own))
    trust = write(tmp_path / "c.pem", own.pem)
    run = quetsach_here("avreport", "read", path, "--trust", trust, "--json")
    assert (run.returncode, json.loads(run.stdout)["trusted"]) == (0, True)
    run = quetsach_here(
        "avreport", "read", path, "--trust", trust, "--at", "2050-01-01T00:00+00:00"
    )
    assert run.returncode == 3
    assert b"valid only from 2020-01-01" in run.stdout


def test_names_in_a_message_cannot_drive_the_terminal(tmp_path: Path) -> None:
    turned = HOSTILE[-1]
    data = FIELD.replace(b"PC-2", f"PC{turned}2".encode()).replace(b"H99", b"H&#x9b;2J")
    run = quetsach_here("avreport", "read", write(tmp_path / "m.xml", data))
    assert turned.encode() not in run.stdout
    assert b"\xc2\x9b" not in run.stdout


def test_bomb_is_an_error_and_no_traceback(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY a "x">]><a>&a;</a>'
    run = quetsach_here("avreport", "read", write(tmp_path / "m.xml", bomb))
    assert (run.returncode, run.stderr[:5]) == (2, b"E440 ")
    assert b"Traceback" not in run.stderr


def test_findings_become_a_signed_message(findings: Path, tmp_path: Path) -> None:
    own, folder = identity("so", "Root"), tmp_path / "x"
    write(folder / "organ.toml", 'organ_id = "000.00.00.H84"\norgan_name = "Sở"\n')
    write(folder / "k.pem", own.key)
    write(folder / "c.pem", own.pem)
    words = ("avreport", "export", findings, "--organ", "organ.toml", "-o", "m.xml")
    run = quetsach_here(*words, "--key", "k.pem", "--cert", "c.pem", cwd=folder)
    assert (run.returncode, run.stdout) == (0, b"m.xml\n")
    assert b"OS: no data" in run.stderr
    assert names_in(folder) == ["c.pem", "k.pem", "m.xml", "m.xml.missing.txt", "organ.toml"]
    read = quetsach_here("avreport", "read", "m.xml", "--trust", "c.pem", cwd=folder)
    assert read.returncode == 0
    alone = quetsach_here(*words, "--key", "k.pem", cwd=folder)
    assert (alone.returncode, b"belong together" in alone.stderr) == (2, True)
    plain = quetsach_here(*words, cwd=folder)
    assert (plain.returncode, b"it is not signed" in plain.stderr) == (0, True)
