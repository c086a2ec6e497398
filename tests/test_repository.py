"""The tree: each source file has its tests, the pages tell the truth, and no machine shows."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from quetsach import __version__
from tools.supply.parts import PROJECTS, asked_by_project, read_lock

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src/quetsach"
TESTS = ROOT / "tests"

PLAIN_VALUES: tuple[str, ...] = ()
"""Source files in which nothing can go wrong: values and protocols."""

TESTED_IN: dict[str, str] = {}
"""Source files, or folders with their closing slash, whose promises are tested elsewhere: where."""

REGISTRIES = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("crates", "io"),
    ("npmjs", "org"),
    ("maven", "org"),
    ("golang", "org"),
    ("deb", "debian", "org"),
)
DOTTED_PATCH = re.compile(
    r"\b(?:setattr|delattr|patch(?:\.(?:object|multiple|dict))?)\(\s*f?[\"']quetsach(?:_\w+)?[.\"']"
)
MACHINE_PATH = re.compile(rb"(?<![\w./%-])/(?:root|work|workspace|Users|builds)/")


def tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: there is no list of the files that belong to the tree")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def pages() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md"]


def promised_in(inner: Path) -> Path:
    """Return the test file of a source file: its own, unless TESTED_IN names another."""
    for place in (inner.as_posix(), f"{inner.parent.as_posix()}/"):
        if place in TESTED_IN:
            return TESTS / TESTED_IN[place]
    return TESTS / inner.parent / f"test_{inner.name}"


def test_each_source_file_has_its_test_file() -> None:
    inner = [path.relative_to(SOURCE) for path in sorted(SOURCE.rglob("*.py"))]
    missing = [
        f"{one} -> {promised_in(one).relative_to(ROOT)}"
        for one in inner
        if one.name not in ("__init__.py", "__main__.py")
        and one.as_posix() not in PLAIN_VALUES
        and not promised_in(one).is_file()
    ]
    assert missing == []


def test_each_exemption_is_still_needed() -> None:
    for name in (*PLAIN_VALUES, *TESTED_IN):
        assert (SOURCE / name).exists(), name
        assert not (TESTS / name).with_name(f"test_{Path(name).name}").is_file(), name


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()!r}"
        for path in tracked()
        for match in MACHINE_PATH.finditer(path.read_bytes())
    ]
    assert found == []


def test_no_file_names_the_host_of_a_package_registry() -> None:
    hosts = [".".join(parts).encode() for parts in REGISTRIES]
    found = [
        f"{path.relative_to(ROOT)}: {host!r}"
        for path in tracked()
        # Cargo writes the name of its index into each lock, whatever it fetched from.
        if path.name != "Cargo.lock"
        for host in hosts
        if host in path.read_bytes()
    ]
    assert found == []


@pytest.mark.asvs("V15.1.2")
def test_the_locks_hold_hashes_and_no_address() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text


@pytest.mark.asvs("V15.1.2")
def test_the_locks_hold_every_dependency_of_the_project() -> None:
    def asked(*extras: str) -> set[str]:
        return {canonicalize_name(need.name) for need in asked_by_project(extras)}

    wanted = {
        "core": asked(),
        "portal": asked("portal"),
        "run": asked("run"),
        "all": asked("all"),
        "dev": asked("dev"),
        "spark": asked("dev", "spark"),
        "bench": asked("portal", "bench"),
    }
    locks = {path.stem for path in (ROOT / "requirements").glob("*.txt")}
    assert locks == {*wanted, "audit", "release", "site"}
    for name, packages in wanted.items():
        text = (ROOT / f"requirements/{name}.txt").read_text()
        locked = set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE))
        assert packages <= locked, name


def test_our_wheels_ask_for_each_other_in_the_version_of_the_source() -> None:
    pins = {
        row: Requirement(row).specifier
        for file in PROJECTS.values()
        for table in [tomllib.loads((ROOT / file).read_text("utf-8"))["project"]]
        for row in (
            *table["dependencies"],
            *table.get("optional-dependencies", {}).get("portal", ()),
        )
        if Requirement(row).name in PROJECTS
    }
    assert len(pins) == 2
    assert {row: str(pin) for row, pin in pins.items()} == dict.fromkeys(pins, f"=={__version__}")
    kernel = tomllib.loads((ROOT / "kernel/Cargo.toml").read_text("utf-8"))
    assert kernel["workspace"]["package"]["version"] == __version__


def test_a_package_has_one_version_in_all_locks() -> None:
    versions: dict[tuple[str, str], set[str]] = {}
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        if lock.stem != "audit":
            for row in read_lock(lock.read_text()):
                versions.setdefault((row.name, row.marker), set()).add(row.version)
    assert {key: found for key, found in versions.items() if len(found) > 1} == {}
    held = {
        stem: {row.name for row in read_lock((ROOT / f"requirements/{stem}.txt").read_text())}
        for stem in ("core", "portal", "run", "dev", "spark")
    }
    assert held["core"] < held["portal"] < held["run"] < held["dev"] < held["spark"]


def test_pages_name_only_targets_that_the_makefile_has() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in pages():
        named = re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(), re.MULTILINE)
        assert set(named) <= targets, page.name


def test_ci_runs_what_everyone_runs() -> None:
    script = (ROOT / ".ci/run").read_text().splitlines()
    commands = [line for line in script if line and not line.startswith("#")]
    assert commands == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "make test"]


def test_every_decision_stands_in_their_list() -> None:
    folder = ROOT / "docs/decisions"
    listed = re.findall(r"\]\((\d{4}-[^)]+\.md)\)", (folder / "README.md").read_text())
    assert listed == sorted(path.name for path in folder.glob("[0-9]*.md"))


def test_no_test_patches_our_code_by_a_dotted_name() -> None:
    """What must be replaced is passed in, or a bound is set on the module that was imported."""
    patched = [
        f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}"
        for path in sorted([*TESTS.rglob("*.py"), *(ROOT / "bench").rglob("*.py")])
        for text in [path.read_text(encoding="utf-8")]
        for match in DOTTED_PATCH.finditer(text)
    ]
    assert patched == []


@pytest.mark.parametrize("call", ["monkeypatch.setattr(", "patch(\n    f", "mock.patch.object("])
def test_a_patch_by_a_dotted_name_is_seen(call: str) -> None:
    assert DOTTED_PATCH.search(f'{call}"quetsach.watch.scout.LEAST_LAG", 1)')
    assert not DOTTED_PATCH.search(f'{call}"sys.stdin", 1)')
    assert not DOTTED_PATCH.search(f'{call}scout, "LEAST_LAG", 1)')
