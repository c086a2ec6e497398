"""`quetsach avreport read`: what a message is worth stands first."""

import json
from pathlib import Path

from tests.avreport.messages import FIELD, identity, sealed
from tests.cli.conftest import HOSTILE
from tests.cli.running import quetsach_here
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
