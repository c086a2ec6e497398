"""The commands that start the portal."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import click
import pytest

from quetsach.cli import portal
from quetsach.errors.exceptions import QuetsachError
from quetsach_portal.web.management.commands.serve import is_running
from tests.cli.running import environment, folder_with_modules, quetsach
from tests.waiting import wait_for_port, wait_until
from tests.whole import fault_run


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def answer(address: str) -> str:
    with urllib.request.urlopen(address, timeout=180) as response:
        return response.read().decode()


def test_serve_answers_with_its_style_and_ends_when_it_is_told(tmp_path: Path) -> None:
    port = free_port()
    own = environment(QUETSACH_HOME=str(tmp_path), DATABASE_URL="")
    own.pop("DJANGO_SETTINGS_MODULE", None)
    # As the program that is installed; the folder in which it is started lends it no module.
    words = ["serve", "--port", str(port), "--workers", "1"]
    command = [sys.executable, "-P", "-m", "quetsach", *words]
    here = folder_with_modules(tmp_path / "evidence")
    with subprocess.Popen(command, env=own, cwd=here, stdout=subprocess.DEVNULL) as portal:
        try:
            wait_for_port(port)
            assert answer(f"http://127.0.0.1:{port}/health") == "ok"
            page = answer(f"http://127.0.0.1:{port}/")
            style = page.split('rel="stylesheet" href="')[1].split('"')[0]
            assert "--bs-" in answer(f"http://127.0.0.1:{port}{style}")
        finally:
            portal.send_signal(signal.SIGTERM)
            portal.wait(timeout=180)
    assert portal.returncode == 0


def test_a_portal_of_another_version_is_not_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "quetsach_portal-0.0.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: quetsach-portal\nVersion: 0.0.1\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setattr(subprocess, "Popen", None)
    with pytest.raises(QuetsachError, match=r"E616.*0\.0\.1"):
        portal.run_portal(["serve"])


def descendants(pid: int) -> list[int]:
    """Return the processes below `pid`, those that it started first."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [*map(int, children), *(one for child in children for one in descendants(int(child)))]


def is_alive(pid: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


@fault_run
@pytest.mark.skipif(sys.platform != "linux", reason="the signal is Linux's")
def test_serve_starts_what_dies_again_and_nothing_outlives_it(tmp_path: Path) -> None:
    port = free_port()
    own = environment(QUETSACH_HOME=str(tmp_path), DATABASE_URL="", LANGUAGE="en")
    own.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "quetsach", "serve", "--port", str(port), "--workers", "1"]
    with (tmp_path / "said").open("w+") as said:
        portal = subprocess.Popen(command, env=own, stdout=subprocess.DEVNULL, stderr=said)
        try:
            wait_for_port(port)
            _serve, web, light, _heavy, *below = descendants(portal.pid)
            for pid in (web, light):
                os.kill(pid, signal.SIGKILL)
            wait_until(lambda: not any(map(is_alive, (web, light, below[0]))), "it lives on")
            wait_until(lambda: len(descendants(portal.pid)) > len(below) + 3, "not started again")
            wait_for_port(port)
            assert answer(f"http://127.0.0.1:{port}/health") == "ok"
            told = Path(said.name).read_text()
            assert "web ended (exit -9)" in told
            assert "work light ended (exit -9)" in told
            second = subprocess.run(
                [*command[:-3], str(free_port())], env=own, capture_output=True, text=True
            )
            assert "A portal already runs on" in second.stderr
            everybody = descendants(portal.pid)
        finally:
            portal.kill()
            portal.wait(timeout=180)
    wait_until(lambda: not any(map(is_alive, everybody)), "some go on alone", within_s=60)
    assert not is_running(tmp_path)


def test_manage_passes_its_words_on(tmp_path: Path) -> None:
    done = quetsach("manage", "audit", "--help", env=environment(QUETSACH_HOME=str(tmp_path)))
    assert done.returncode == 0
    assert b"verify" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["begin", "--help"],
        ["backup", "-h"],
        ["migrate", "--verbosity", "0"],
        ["audit", "verify", "--expect", "3:ab"],
    ],
)
def test_words_behind_a_command_of_the_portal_are_passed_on(words: list[str]) -> None:
    context = click.Context(portal.manage_command, info_name="manage")
    portal.manage_command.parse_args(context, list(words))
    assert context.params["words"] == tuple(words)


def test_help_without_a_command_is_that_of_manage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        portal.manage_command.main(["--help"], prog_name="quetsach manage")
    assert ended.value.code == 0
    assert "WORDS" in capsys.readouterr().out
