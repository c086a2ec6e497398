"""The set-up scripts: what they choose, what they say, and that they go on where they can."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"
NEEDED = ("sh", "sed", "head", "find", "dirname", "id")


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """Return a folder that is the whole PATH: the basic programs and what a test puts there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in NEEDED:
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    return folder


def put(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def run(script: str, *arguments: str, path: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(path), "HOME": str(path), **more}
    return subprocess.run(
        ["/bin/sh", str(TOOLS / script), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def test_the_first_python_that_is_new_enough_is_taken(programs: Path) -> None:
    put(programs, "python3", "exit 1")
    put(programs, "python3.12", "exit 0")
    put(programs, "python3.11", "exit 0")
    assert run("choose_python.sh", path=programs).stdout == "python3.12\n"


def test_the_python_that_is_named_is_taken_or_nothing(programs: Path) -> None:
    put(programs, "python3", "exit 0")
    put(programs, "old", "exit 1")
    put(programs, "mine", "exit 0")
    assert run("choose_python.sh", path=programs, PYTHON="mine").stdout == "mine\n"
    ended = run("choose_python.sh", path=programs, PYTHON="old")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "old is not" in ended.stderr


def test_without_a_python_set_up_says_which_it_needs(programs: Path) -> None:
    ended = run("choose_python.sh", path=programs)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "Python 3.11 or newer" in ended.stderr


def test_a_python_that_makes_no_environments_is_named_with_the_remedy(programs: Path) -> None:
    put(programs, "python3", 'case "$2" in *ensurepip*) exit 1;; esac')
    ended = run("choose_python.sh", path=programs)
    assert ended.returncode == 1
    assert "apt install python3-venv" in ended.stderr


@pytest.mark.parametrize(
    ("says", "enough"),
    [
        ('openjdk version "17.0.15" 2025-04-15', True),
        ('openjdk version "21" 2023-09-19', True),
        ('java version "1.8.0_381"', False),
        ('openjdk version "11.0.2" 2019-01-15', False),
        ("The operation could not be completed. Unable to locate a Java Runtime.", False),
    ],
)
def test_only_a_java_of_17_or_later_counts(programs: Path, says: str, enough: bool) -> None:
    put(programs, "java", f"echo '{says}' >&2")
    assert (run("has_java.sh", path=programs).returncode == 0) is enough


def test_no_java_at_all_does_not_count(programs: Path) -> None:
    assert run("has_java.sh", path=programs).returncode != 0


def test_what_is_there_is_not_installed_again(programs: Path) -> None:
    put(programs, "chromium", "exit 0")
    put(programs, "apt-get", "echo called")
    ended = run("system_packages.sh", "chromium", path=programs)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


@pytest.mark.parametrize(("says", "enough"), [("vie", True), ("eng", False), ("viet", False)])
def test_ocr_counts_only_with_vietnamese_data(programs: Path, says: str, enough: bool) -> None:
    put(programs, "tesseract", f"echo 'List of available languages (1):'; echo {says}")
    ended = run("system_packages.sh", "ocr", path=programs)
    assert ("tesseract-ocr tesseract-ocr-vie" in ended.stderr) is not enough
    assert ended.returncode == 0


def test_root_on_debian_gets_what_is_missing(programs: Path, tmp_path: Path) -> None:
    (programs / "id").unlink()
    put(programs, "id", "echo 0")
    put(programs, "apt-get", f'echo "$@" >> {tmp_path}/called')
    assert run("system_packages.sh", "java", "chromium", path=programs).returncode == 0
    called = (tmp_path / "called").read_text().splitlines()
    assert called[-1].split()[-2:] == ["default-jre-headless", "chromium"]


def test_others_are_told_the_command_and_set_up_goes_on(programs: Path) -> None:
    (programs / "id").unlink()
    put(programs, "id", "echo 1000")
    put(programs, "apt-get", "exit 1")
    ended = run("system_packages.sh", "chromium", path=programs)
    assert ended.returncode == 0
    assert "sudo apt-get install chromium" in ended.stderr


def test_an_installation_that_fails_is_told_and_set_up_goes_on(programs: Path) -> None:
    (programs / "id").unlink()
    put(programs, "id", "echo 0")
    put(programs, "apt-get", "exit 100")
    ended = run("system_packages.sh", "java", path=programs)
    assert ended.returncode == 0
    assert "apt-get install default-jre-headless" in ended.stderr


def test_elsewhere_the_packages_are_named(programs: Path) -> None:
    ended = run("system_packages.sh", "chromium", path=programs)
    assert ended.returncode == 0
    assert "chromium" in ended.stderr


def test_the_scripts_may_be_started() -> None:
    assert all(os.access(script, os.X_OK) for script in TOOLS.glob("*.sh"))


@pytest.mark.parametrize(("minor", "enough"), [(0, False), (999, True)])
def test_only_a_rust_as_new_as_the_kernel_asks_for_counts(
    programs: Path, tmp_path: Path, minor: int, enough: bool
) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "kernel").mkdir()
    (tmp_path / "kernel/Cargo.toml").write_text('[workspace.package]\nrust-version = "1.87"\n')
    shutil.copy(TOOLS / "has_rust.sh", tmp_path / "tools")
    put(programs, "cargo", "exit 0")
    put(programs, "rustc", f"echo 'rustc 1.{minor}.0 (abcdef 2026-03-21)'")
    script = str(tmp_path / "tools/has_rust.sh")
    assert (run(script, path=programs).returncode == 0) is enough


def test_without_cargo_there_is_no_rust(programs: Path) -> None:
    put(programs, "rustc", "echo 'rustc 1.999.0'")
    assert run("has_rust.sh", path=programs).returncode != 0


@pytest.mark.parametrize("code", [0, 3])
def test_what_runs_beside_others_prints_when_it_has_ended(tmp_path: Path, code: int) -> None:
    command = f"echo first; echo second >&2; exit {code}"
    script = str(TOOLS / "at_the_end.sh")
    environment = {"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path)}
    ended = subprocess.run(
        [script, "sh", "-c", command], capture_output=True, text=True, env=environment
    )
    assert (ended.stdout, ended.stderr, ended.returncode) == ("first\nsecond\n", "", code)
    assert list(tmp_path.iterdir()) == []
