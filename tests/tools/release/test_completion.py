"""Completion: the files that are shipped are click's, and a real shell completes with them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from quetsach.cli.main import cli
from tools.release.offline import SHIPPED

FOLDER = SHIPPED / "completion"


@pytest.mark.parametrize(
    ("shell", "kind"), [("bash", BashComplete), ("zsh", ZshComplete), ("fish", FishComplete)]
)
def test_the_shipped_file_is_what_this_click_speaks(shell: str, kind: type[ShellComplete]) -> None:
    complete = kind(cli, {}, "quetsach", "_QUETSACH_COMPLETE")
    source = complete.source_template % complete.source_vars()
    assert (FOLDER / f"quetsach.{shell}").read_text("utf-8") == f"{source.strip()}\n"


@pytest.fixture
def path(tmp_path: Path) -> str:
    program = tmp_path / "quetsach"
    program.write_text(
        f"#!/bin/sh\nexec {sys.executable} -c 'from quetsach.cli.main import main; main()' \"$@\"\n"
    )
    program.chmod(0o755)
    return f"{tmp_path}:{os.environ['PATH']}"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["swe"], {"sweep"}),
        (["sweep", "--indi"], {"--indicators"}),
        (["indicators", "sig"], {"sign"}),
        (["--lang", "v"], {"vi"}),
    ],
)
def test_bash_completes_commands_options_and_values(
    path: str, words: list[str], expected: set[str]
) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    line = " ".join(f"'{word}'" for word in ["quetsach", *words])
    script = (
        f"source '{FOLDER / 'quetsach.bash'}'; COMP_WORDS=({line}); COMP_CWORD={len(words)};"
        " _quetsach_completion quetsach; printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    ended = subprocess.run(
        [bash, "--norc", "-c", script],
        env={"PATH": path, "HOME": "/nowhere", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
    )
    assert set(ended.stdout.split()) == expected, ended.stderr


@pytest.mark.parametrize(
    ("shell", "check"), [("zsh", ["-n"]), ("fish", ["--no-execute"]), ("bash", ["-n"])]
)
def test_each_shell_takes_its_file(shell: str, check: list[str]) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"no {shell} here")
    ended = subprocess.run(
        [program, *check, str(FOLDER / f"quetsach.{shell}")], capture_output=True, text=True
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_fish_completes_a_command(path: str) -> None:
    fish = shutil.which("fish")
    if fish is None:
        pytest.skip("no fish here")
    script = f"source '{FOLDER / 'quetsach.fish'}'; complete --do-complete 'quetsach swe'"
    ended = subprocess.run(
        [fish, "--no-config", "-c", script],
        env={"PATH": path, "HOME": "/nowhere", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
    )
    assert ended.stdout.startswith("sweep\t"), ended.stderr
