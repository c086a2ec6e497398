"""The wheels of every package of a lock, for machines that have no network, and their digests."""

import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import parse_wheel_filename

from tools.release.check_release import digest_of
from tools.supply.parts import LockedPackage, read_lock

NEWEST_GLIBC = 28
"""The minor version of glibc 2 that a wheel may ask for: older than that of every system named."""


def platforms(machine: str) -> list[str]:
    """Return the tags of wheels that may be brought for this machine, the newest first."""
    numbered = [f"manylinux_2_{minor}_{machine}" for minor in range(NEWEST_GLIBC, 4, -1)]
    return [*numbered, f"manylinux2014_{machine}", f"manylinux1_{machine}"]


def wanted(lock: str, python: str, machine: str) -> list[LockedPackage]:
    """Return the packages of a lock that Linux with this Python ("3.11") needs."""
    environment = {
        "implementation_name": "cpython",
        "os_name": "posix",
        "platform_machine": machine,
        "platform_python_implementation": "CPython",
        "platform_system": "Linux",
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": "linux",
    }
    return [
        row
        for row in read_lock(lock)
        if not row.marker or Marker(row.marker).evaluate(dict(environment))
    ]


def requirement(package: LockedPackage, digests: Iterable[str]) -> str:
    """Return the line of a package, with its marker and the digests that may be installed."""
    marker = f" ; {package.marker}" if package.marker else ""
    hashes = "".join(f" \\\n    --hash=sha256:{digest}" for digest in sorted(digests))
    return f"{package.name}=={package.version}{marker}{hashes}"


def bring(
    packages: Sequence[LockedPackage], python: str, machine: str, folder: Path, scratch: Path
) -> None:
    """Download the wheel of each package for this Python and machine into `folder`.

    Errors: CalledProcessError where one has no wheel, or another digest than the lock says.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    listed = scratch / f"wanted-{python}-{machine}.txt"
    lines = [
        requirement(LockedPackage(row.name, row.version, "", row.digests), row.digests)
        for row in packages
    ]
    listed.write_text("\n".join(lines) + "\n", "utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--dest", str(folder)]
    command += ["--implementation", "cp", "--python-version", python]
    for platform in platforms(machine):
        command += ["--platform", platform]
    subprocess.run([*command, "-r", str(listed)], check=True)


def locked_lines(packages: Iterable[LockedPackage], folder: Path) -> Iterator[str]:
    """Yield a line for each package, with the digests of those of its wheels that are in `folder`.

    Errors: ValueError for a package without any.
    """
    wheels: dict[tuple[str, str], list[str]] = {}
    for path in sorted(folder.glob("*.whl")):
        name, version, _build, _tags = parse_wheel_filename(path.name)
        wheels.setdefault((str(name), str(version)), []).append(digest_of(path))
    for package in packages:
        digests = wheels.get((package.name, package.version))
        if not digests:
            raise ValueError(f"{package.name} {package.version}: no wheel in {folder}")
        yield requirement(package, digests)
