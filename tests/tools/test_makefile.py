"""`make run`, `make sweep` and `make setup` in a tree of their own, with a stand-in program."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKE = shutil.which("make")

pytestmark = pytest.mark.skipif(MAKE is None, reason="no make here")

PROGRAM = """#!/bin/sh
echo "$1" >> said
case $1 in
    sweep) mkdir -p out/findings && touch out/findings/report.html; exit {code} ;;
esac
"""
STAMPED = ("venv", "packages-dev", "packages-spark", "project", "bytecode", "warning-lists")


def tree(folder: Path, code: int) -> Path:
    """Make a tree that is set up already, whose sweep ends with `code`."""
    for name in ("Makefile", "pyproject.toml", "portal/pyproject.toml", "src/quetsach/__init__.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "tools", folder / "tools")
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    program = folder / ".venv/bin/quetsach"
    program.parent.mkdir(parents=True)
    program.write_text(PROGRAM.format(code=code))
    program.chmod(0o755)
    program.with_name("python").symlink_to(sys.executable)
    for name in STAMPED:
        stamp = folder / ".venv/stamps" / name
        stamp.parent.mkdir(exist_ok=True)
        stamp.touch()
    # Nothing may be installed from a test, whatever fonts this machine has.
    (folder / "tools/system_packages.sh").write_text("")
    return folder


def make(folder: Path, *targets: str) -> subprocess.CompletedProcess[str]:
    # A make that runs the tests hands its own settings down in these.
    environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL")}
    # Packages are not copied into the tree.
    environment["PYTHONPATH"] = sysconfig.get_path("purelib")
    return subprocess.run(
        ["make", *targets], cwd=folder, capture_output=True, text=True, env=environment
    )


@pytest.mark.parametrize("code", [0, 1, 3])
def test_run_goes_on_to_the_form_whatever_the_sweep_found(tmp_path: Path, code: int) -> None:
    ended = make(tree(tmp_path, code), "sweep")
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "said").read_text().split() == ["demo", "sweep", "trace", "card", "report"]
    assert "out/findings/report.html" in ended.stdout


def test_a_sweep_that_failed_stops_the_rest(tmp_path: Path) -> None:
    assert make(tree(tmp_path, 2), "sweep").returncode != 0
    assert (tmp_path / "said").read_text().split() == ["demo", "sweep"]


def test_a_sweep_starts_afresh(tmp_path: Path) -> None:
    tree(tmp_path, 1)
    (tmp_path / "out/findings").mkdir(parents=True)
    (tmp_path / "out/findings/old").touch()
    (tmp_path / "out/mine").touch()
    assert make(tmp_path, "sweep").returncode == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["findings", "mine"]
    assert not (tmp_path / "out/findings/old").exists()


def test_run_loads_the_demo_into_an_empty_portal_and_serves_it(tmp_path: Path) -> None:
    tree(tmp_path, 0)
    (tmp_path / "out/portal-demo").mkdir(parents=True)
    ended = make(tmp_path, "run")
    assert ended.returncode == 0, ended.stderr
    words = (tmp_path / "said").read_text().split()
    # The stand-in says its first word: the language of those that print something themselves.
    assert words == ["--lang", "--lang", "serve"]
    assert not (tmp_path / "out/portal-demo").exists()


def dry_run(folder: Path, target: str = "run", **locale: str) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "MAKE"))}
    return subprocess.run(
        ["make", "-n", target], cwd=folder, capture_output=True, text=True, env=environment | locale
    ).stdout


def test_run_installs_what_it_runs_or_stays_with_the_larger_set_that_is_there(
    tmp_path: Path,
) -> None:
    tree(tmp_path, 0)
    assert "PACKAGES=spark" in dry_run(tmp_path)
    (tmp_path / ".venv/stamps/packages-spark").unlink()
    assert "PACKAGES=dev" in dry_run(tmp_path)
    (tmp_path / ".venv/stamps/packages-dev").unlink()
    assert "PACKAGES=run" in dry_run(tmp_path)


def test_after_run_neither_set_up_nor_the_site_brings_the_packages_of_tests(tmp_path: Path) -> None:
    tree(tmp_path, 0)
    for name in ("packages-spark", "packages-dev"):
        (tmp_path / ".venv/stamps" / name).unlink()
    (tmp_path / ".venv/stamps/packages-run").touch()
    assert "PACKAGES=run" in dry_run(tmp_path, "setup")
    shown = dry_run(tmp_path, "site")
    assert "-r requirements/site.txt" in shown
    assert {"spark.txt", "dev.txt", "run.txt"}.isdisjoint(shown.replace("/", " ").split())


def test_the_lock_of_the_site_has_the_versions_of_the_tests() -> None:
    versions, all_versions = (
        {line.partition(" ")[0] for line in (ROOT / "requirements" / name).read_text().splitlines()}
        for name in ("site.txt", "dev.txt")
    )
    packages = {line for line in versions if "==" in line}
    assert any(line.startswith("zensical==") for line in packages)
    assert packages <= all_versions


def test_run_speaks_vietnamese_unless_the_locale_is_english(tmp_path: Path) -> None:
    tree(tmp_path, 0)
    assert "SPEAKS=vi" in dry_run(tmp_path)
    assert "SPEAKS=vi" in dry_run(tmp_path, LANG="vi_VN.UTF-8")
    assert "SPEAKS=vi" in dry_run(tmp_path, LANG="C.UTF-8")
    assert "SPEAKS=en" in dry_run(tmp_path, LANG="en_US.UTF-8")
    assert "SPEAKS=vi" in dry_run(tmp_path, LC_ALL="vi_VN.UTF-8", LANG="en_US.UTF-8")


def test_what_is_set_up_is_not_set_up_again(tmp_path: Path) -> None:
    ended = make(tree(tmp_path, 0), "setup")
    assert ended.returncode == 0
    assert "Installing" not in ended.stdout


def test_without_rust_set_up_succeeds_and_says_so(tmp_path: Path) -> None:
    ended = make(tree(tmp_path, 0), "setup", "KERNEL=no")
    assert ended.returncode == 0
    assert "pure-Python sieve" in ended.stdout
    assert "KERNEL=no" in ended.stdout
