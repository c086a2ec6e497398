"""Completion: each real shell takes the script that is printed, and completes with it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from quetsach.cli.completion import SHELLS
from tests.cli.running import quetsach


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("completion")
    for kind in SHELLS:
        ended = quetsach("completion", kind.name)
        assert ended.returncode == 0, ended.stderr
        (folder / f"quetsach.{kind.name}").write_text(ended.stdout.decode(), "utf-8")
    return folder


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_help_has_the_line_for_the_start_file_of_each_shell(language: str) -> None:
    shown = quetsach("--lang", language, "completion", "--help").stdout.decode()
    for line in (
        'eval "$(quetsach completion bash)"',
        'eval "$(quetsach completion zsh)"',
        "quetsach completion fish | source",
    ):
        assert line in shown


def test_a_shell_that_is_none_of_them_is_refused() -> None:
    ended = quetsach("--lang", "en", "completion", "fihs")
    assert ended.returncode == 2
    assert "'fish'" in ended.stderr.decode()


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
        f'eval "$(quetsach completion bash)"; COMP_WORDS=({line}); COMP_CWORD={len(words)};'
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
def test_each_shell_takes_its_script(scripts: Path, shell: str, check: list[str]) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"no {shell} here")
    ended = subprocess.run(
        [program, *check, str(scripts / f"quetsach.{shell}")], capture_output=True, text=True
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_fish_completes_a_command(path: str) -> None:
    fish = shutil.which("fish")
    if fish is None:
        pytest.skip("no fish here")
    script = "quetsach completion fish | source; complete --do-complete 'quetsach swe'"
    ended = subprocess.run(
        [fish, "--no-config", "-c", script],
        env={"PATH": path, "HOME": "/nowhere", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
    )
    assert ended.stdout.startswith("sweep\t"), ended.stderr


def test_zsh_completes_a_command(path: str) -> None:
    zsh = shutil.which("zsh")
    if zsh is None:
        pytest.skip("no zsh here")
    # What is offered is printed instead of shown below the line.
    script = (
        "compdef() { }; _describe() { print -rl -- $completions_with_descriptions };"
        ' eval "$(quetsach completion zsh)"; words=(quetsach swe); CURRENT=2; _quetsach_completion'
    )
    ended = subprocess.run(
        [zsh, "--no-rcs", "-c", script],
        env={"PATH": path, "HOME": "/nowhere", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
    )
    assert ended.stdout.startswith("sweep:"), ended.stderr
