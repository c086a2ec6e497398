"""The scripts of an exam: nothing of a table becomes a command, and a real sh connects with one."""

import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from quetsach.exams.drawing import draw_exam
from quetsach.exams.receipts import read_receipts
from quetsach.exams.scripts import KINDS, LATE_S, POWERSHELL, SHELL, script_name, scripts_of
from quetsach.inventory.model import InventoryMachine
from tests.exams.test_drawing import MACHINES, SEED, WISHES

HOSTILE = "../../x'; rm -rf ~ #\n$(reboot) `id` \N{LATIN SMALL LETTER D WITH STROKE}"


def test_each_machine_drawn_has_scripts_with_its_own_marks_alone() -> None:
    truth = draw_exam(MACHINES, replace(WISHES, sample=3), SEED)
    scripts = dict(scripts_of(truth, "e1"))
    places = {one.machine for one in truth.occasions}
    assert set(scripts) == {script_name(truth, place, kind) for place in places for kind in KINDS}
    for place in places:
        own = {one.mark for one in truth.occasions if one.machine == place}
        for kind in (SHELL, POWERSHELL):
            content = scripts[script_name(truth, place, kind)].decode()
            assert {one.mark for one in truth.occasions if one.mark in content} == own
            assert "@" not in re.sub(r'"\$@"|@\(', "", content)


def test_no_cell_of_a_table_becomes_a_command_or_a_path() -> None:
    machines = [InventoryMachine(HOSTILE, name=HOSTILE), InventoryMachine("\u0111")]
    truth = draw_exam(machines, WISHES, SEED)
    for name, content in scripts_of(truth, "e1"):
        assert re.fullmatch(r"000\d-[A-Za-z0-9-]+\.(sh|ps1|cmd)", name)
        assert b"reboot)" not in content
        assert b"rm -rf" not in content


def test_lines_end_as_their_shell_wants_it_and_sh_takes_the_script(tmp_path: Path) -> None:
    truth = draw_exam(MACHINES[:1], WISHES, SEED)
    shell, powershell, launcher = dict(scripts_of(truth, "e1")).values()
    assert b"\r\n" not in shell.replace(b"\\r\\n", b"")
    for content in (powershell, launcher):
        assert content.count(b"\r\n") == content.count(b"\n") > 3
    path = tmp_path / "connect.sh"
    path.write_bytes(shell)
    subprocess.run(["sh", "-n", str(path)], check=True, timeout=30)


class _Requests(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.seen.append((self.headers["Host"], self.path, self.client_address[1]))  # type: ignore[attr-defined]
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def _served() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), _Requests) as server:
        server.seen = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_real_sh_asks_connects_and_leaves_a_receipt(tmp_path: Path) -> None:
    asked = tmp_path / "asked.txt"
    programs = tmp_path / "bin"
    programs.mkdir()
    # The resolver of this machine is nobody's to ask in a test: what is asked is written down.
    (programs / "getent").write_text(f'#!/bin/sh\necho "$2" >> "{asked}"\nexit 2\n')
    (programs / "getent").chmod(0o755)
    now = int(time.time())
    with _served() as server:
        wishes = replace(
            WISHES,
            from_s=now - LATE_S + 60,
            until_s=now,
            each=2,
            server="127.0.0.1",
            server_port=server.server_port,
        )
        truth = draw_exam(MACHINES[:1], wishes, SEED)
        shell, *_others = dict(scripts_of(truth, "e1")).values()
        (tmp_path / "connect.sh").write_bytes(shell)
        run = subprocess.run(
            ["sh", "connect.sh", "out"],
            cwd=tmp_path,
            env={"PATH": f"{programs}:{os.environ['PATH']}", "no_proxy": "*"},
            capture_output=True,
            timeout=60,
            check=True,
        )
        seen = list(server.seen)  # type: ignore[attr-defined]
    assert run.stderr == b""
    marks = {one.mark: one for one in truth.occasions}
    assert set(asked.read_text().split()) == {f"{mark}.exam.example." for mark in marks}
    reading = read_receipts(tmp_path / "out", truth, "e1")
    assert reading.problems == ()
    assert set(reading.receipts) == set(marks)
    for host, path, port in seen:
        mark = path.removeprefix("/")
        assert host == f"{mark}.exam.example:{server.server_port}"
        receipt = reading.receipts[mark]
        assert receipt.port == port == marks[mark].port
        assert receipt.connected
        assert abs(receipt.at - now) < 60


@pytest.mark.parametrize("late_s", [LATE_S + 60, 10 * LATE_S])
def test_what_was_missed_is_not_made_up_for(late_s: int, tmp_path: Path) -> None:
    now = int(time.time())
    wishes = replace(WISHES, from_s=now - late_s - 60, until_s=now - late_s, each=1)
    truth = draw_exam(MACHINES[:1], wishes, SEED)
    shell, *_others = dict(scripts_of(truth, "e1")).values()
    (tmp_path / "connect.sh").write_bytes(shell)
    subprocess.run(["sh", "connect.sh", "out"], cwd=tmp_path, check=True, timeout=60)
    assert not list((tmp_path / "out").iterdir())
