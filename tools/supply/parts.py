"""The parts of each build: Python packages from the lock, crates from cargo's own metadata."""

import json
import re
import subprocess
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.supply.licences import LicenceTable, spdx

ROOT = Path(__file__).parents[2]
BUILDS = ("core", "portal", "all")
"""What is built of: each has its lock, requirements/NAME.txt; core is quetsach without extras."""

PROJECTS = {"quetsach": "pyproject.toml", "quetsach-portal": "portal/pyproject.toml"}
"""Our own wheels of Python, and where each says what it needs."""

_LOCKED = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)(?: ; (?P<marker>[^\\]+))?")
_DIGEST = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class LockedPackage:
    """A line of the lock; `digests` are SHA-256 of the files that may be installed for it."""

    name: str
    version: str
    marker: str
    digests: tuple[str, ...]


@dataclass(frozen=True)
class BuildPart:
    """One package or crate of a build; `licence` is "" where nobody said it.

    `read_from` is the version whose metadata was read, where it is not the locked one; `runs` is
    False for what only builds.
    """

    ecosystem: str
    name: str
    version: str
    licence: str
    digests: tuple[str, ...]
    needs: tuple[str, ...] = ()
    page: str = ""
    read_from: str = ""
    runs: bool = True

    @property
    def purl(self) -> str:
        """Its package URL."""
        return f"pkg:{self.ecosystem}/{self.name}@{self.version.replace('+', '%2B')}"


def read_lock(text: str) -> Iterator[LockedPackage]:
    """Yield each package of a lock that pip reads, with marker and digests."""
    for entry in text.replace("\\\n", "").splitlines():
        locked = _LOCKED.match(entry)
        if locked is not None:
            marker = (locked["marker"] or "").partition(" --hash")[0].strip()
            yield LockedPackage(
                str(canonicalize_name(locked["name"])),
                locked["version"],
                marker,
                tuple(_DIGEST.findall(entry)),
            )


def lock_of(build: str) -> str:
    """Return the lock of one of BUILDS."""
    return (ROOT / f"requirements/{build}.txt").read_text("utf-8")


def python_parts(table: LicenceTable, lock: str | None = None) -> list[BuildPart]:
    """Return every package of the lock, for all systems; licences as the installed ones say.

    Without a `lock` that of the build with everything. What is not installed here has the licence
    that the table states, and no needs.
    """
    locked = list(read_lock(lock_of("all") if lock is None else lock))
    extras = _extras_asked([row.name for row in locked])
    return [_python_part(row, table, ("", *sorted(extras[row.name]))) for row in locked]


def _extras_asked(names: Sequence[str]) -> dict[str, set[str]]:
    # django-allauth[mfa] needs what its extra names, and django-allauth alone does not.
    extras: dict[str, set[str]] = defaultdict(set)
    for need in asked_by_project(("all",)):
        extras[str(canonicalize_name(need.name))] |= need.extras
    for name in names:
        try:
            requires = metadata.requires(name) or ()
        except metadata.PackageNotFoundError:
            continue
        for need in map(Requirement, requires):
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                extras[str(canonicalize_name(need.name))] |= need.extras
    return extras


def for_this_system(parts: Sequence[BuildPart], build: str = "all") -> list[BuildPart]:
    """Return the packages that the lock of a build means for the running Python and system."""
    markers = {(row.name, row.version): row.marker for row in read_lock(lock_of(build))}
    asked = {(part.name, part.version): part for part in parts}
    return [
        part for key, part in asked.items() if not markers[key] or Marker(markers[key]).evaluate()
    ]


def _python_part(locked: LockedPackage, table: LicenceTable, extras: Sequence[str]) -> BuildPart:
    stated = table.stated.get(locked.name, "")
    try:
        found = metadata.distribution(locked.name)
    except metadata.PackageNotFoundError:
        return BuildPart("pypi", locked.name, locked.version, stated, locked.digests)
    said = found.metadata
    expression, text, home = (
        next(iter(said.get_all(key) or ()), "")
        for key in ("License-Expression", "License", "Home-page")
    )
    licence = spdx(expression) or _plain(text)
    return BuildPart(
        "pypi",
        locked.name,
        locked.version,
        licence or stated,
        locked.digests,
        tuple(sorted(set(_needs(found.requires or (), extras)))),
        _page(said.get_all("Project-URL") or [], home),
        "" if found.version == locked.version else found.version,
    )


def _plain(text: str) -> str:
    # Some write the whole licence here, others "BSD", which is none.
    return spdx(text) if 0 < len(text) < 60 else ""


def _page(urls: Sequence[str], home: str) -> str:
    pages = {
        key.strip().casefold(): url for key, _comma, url in (row.partition(", ") for row in urls)
    }
    for key in ("homepage", "home", "source", "repository", "source code", "github"):
        if key in pages:
            return pages[key]
    return home or next(iter(pages.values()), "")


def _needs(requires: Sequence[str], extras: Sequence[str]) -> Iterator[str]:
    for text in requires:
        need = Requirement(text)
        for extra in extras:
            if need.marker is None or need.marker.evaluate({"extra": extra}):
                yield str(canonicalize_name(need.name))


def needs_of_project(build: str = "all") -> tuple[str, ...]:
    """Return what both wheels ask for by themselves in a build, extras resolved."""
    asked = asked_by_project(() if build == "core" else (build,))
    needs = (need for need in asked if need.marker is None or need.marker.evaluate())
    return tuple(sorted({str(canonicalize_name(need.name)) for need in needs}))


def asked_by_project(
    extras: Sequence[str] = (), project: str = "quetsach"
) -> Iterator[Requirement]:
    """Yield what a wheel of ours asks of others with these extras; our other's asks too."""
    table = tomllib.loads((ROOT / PROJECTS[project]).read_text("utf-8"))["project"]
    rows = list(table["dependencies"])
    for extra in extras:
        rows += table["optional-dependencies"][extra]
    for need in map(Requirement, rows):
        if need.name in PROJECTS:
            yield from asked_by_project(sorted(need.extras), need.name)
        else:
            yield need


def cargo_metadata() -> Mapping[str, object]:
    """Return what cargo says of the workspace; nothing is fetched.

    Errors: CalledProcessError where the crates were never brought here, FileNotFoundError without
    cargo.
    """
    command = ("cargo", "metadata", "--format-version", "1", "--offline", "--locked")
    ended = subprocess.run(command, cwd=ROOT / "kernel", check=True, capture_output=True)
    said: Mapping[str, object] = json.loads(ended.stdout)
    return said


def crate_parts(said: Mapping[str, object], checksums: Mapping[str, str]) -> list[BuildPart]:
    """Return the crates of the kernel but our own; `checksums` are of Cargo.lock, by name@version.

    Shapes: `runs` is False for crates that only build, macros included.
    """
    packages = {row["id"]: row for row in _rows(said["packages"])}
    graph = said["resolve"]
    assert isinstance(graph, Mapping)
    links = {row["id"]: _rows(row["deps"]) for row in _rows(graph["nodes"])}
    ours = {key for key, row in packages.items() if row["source"] is None}
    running = _reached(ours, links, packages)
    return [
        BuildPart(
            "cargo",
            row["name"],
            row["version"],
            spdx(row["license"] or ""),
            tuple(filter(None, [checksums.get(f"{row['name']}@{row['version']}", "")])),
            tuple(
                sorted(
                    {
                        f"{packages[link['pkg']]['name']}@{packages[link['pkg']]['version']}"
                        for link in links[key]
                    }
                )
            ),
            row["repository"] or row["homepage"] or "",
            runs=key in running,
        )
        for key, row in sorted(
            packages.items(), key=lambda item: (item[1]["name"], item[1]["version"])
        )
        if key not in ours
    ]


def _reached(
    ours: set[str],
    links: Mapping[str, list[dict[str, Any]]],
    packages: Mapping[str, dict[str, Any]],
) -> set[str]:
    reached: set[str] = set()
    waiting = sorted(ours)
    while waiting:
        key = waiting.pop()
        macro = any("proc-macro" in target["kind"] for target in _rows(packages[key]["targets"]))
        if key in reached or macro:
            continue
        reached.add(key)
        waiting += [
            str(link["pkg"])
            for link in links[key]
            if any(kind["kind"] is None for kind in _rows(link["dep_kinds"]))
        ]
    return reached


def _rows(value: object) -> list[dict[str, Any]]:
    assert isinstance(value, list)
    return value


def kernel_of(said: Mapping[str, object]) -> tuple[str, tuple[str, ...]]:
    """Return the kernel's version and what our own crates ask for, as name@version."""
    packages = {row["id"]: row for row in _rows(said["packages"])}
    graph = said["resolve"]
    assert isinstance(graph, Mapping)
    needs = {
        f"{packages[link['pkg']]['name']}@{packages[link['pkg']]['version']}"
        for node in _rows(graph["nodes"])
        if packages[node["id"]]["source"] is None
        for link in _rows(node["deps"])
        if packages[link["pkg"]]["source"] is not None
    }
    versions = [row["version"] for row in packages.values() if row["name"] == "quetsach-kernel"]
    return str(versions[0]), tuple(sorted(needs))
