"""The release for offices without a network: a signed folder, and the tar of it."""

import os
import shutil
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from quetsach import __version__
from quetsach.signing.keys import SigningKey
from quetsach.signing.signature import SignedKind, sign_digest, write_detached
from tools.release import wheelhouse
from tools.release.check_release import SIGNATURES, SUMS, digest_of
from tools.supply.parts import PROJECTS, ROOT, LockedPackage, read_lock

PYTHONS = ("3.11", "3.12", "3.13")
"""Debian 12, Ubuntu 24.04, Debian 13."""

OWN = (*PROJECTS, "quetsach-kernel")
"""Our own wheels, which stand in no lock."""

ROOM = 4
"""How many times the size of the wheels is asked of the disk: unpacked, with bytecode."""

SHIPPED = ROOT / "deploy"
CHECKER = ROOT / "tools/release/check_release.py"


@dataclass(frozen=True)
class OfflineParts:
    """What goes in: the project's own wheels, and the folder that becomes `share`."""

    own_wheels: Sequence[Path]
    share: Path
    machine: str = "x86_64"
    pythons: tuple[str, ...] = PYTHONS


def write_folder(parts: OfflineParts, lock: str, tools_lock: str, folder: Path) -> None:
    """Write all but sums and signature into `folder`, which must not be there yet.

    Errors: CalledProcessError where a package cannot be brought; ValueError where one has no wheel.
    """
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    everything: dict[tuple[str, str], LockedPackage] = {}
    for python in parts.pythons:
        packages = wheelhouse.wanted(lock, python, parts.machine)
        wheelhouse.bring(packages, python, parts.machine, wheels, folder.parent / "scratch")
        everything.update({(row.name, row.version): row for row in packages})
    pip = [row for row in read_lock(tools_lock) if row.name == "pip"]
    wheelhouse.bring(pip, parts.pythons[0], parts.machine, wheels, folder.parent / "scratch")
    for wheel in parts.own_wheels:
        shutil.copy(wheel, wheels)
    own = [LockedPackage(name, __version__, "", ()) for name in OWN]
    lines = wheelhouse.locked_lines([*everything.values(), *own], wheels)
    _write(folder / "requirements.txt", "\n".join(lines))
    size = sum(path.stat().st_size for path in wheels.glob("*.whl"))
    _write(folder / "VERSION", __version__)
    _write(folder / "PYTHONS", " ".join(parts.pythons))
    _write(folder / "MACHINE", f"linux {parts.machine} glibc")
    _write(folder / "KILOBYTES", str(size // 1024 * ROOM))
    for name in ("install.sh", "README.txt"):
        shutil.copy(SHIPPED / "offline" / name, folder)
    shutil.copy(CHECKER, folder)
    for name in ("LICENSE", "NOTICE", "CHANGELOG.md"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(parts.share, folder / "share")
    for name in ("nginx", "systemd", "oci"):
        shutil.copytree(SHIPPED / name, folder / "deploy" / name)


def _write(file: Path, text: str) -> None:
    file.write_text(f"{text}\n", "utf-8")


def write_sums(folder: Path, key: SigningKey) -> None:
    """Write SHA256SUMS over every file of `folder`, and its signature."""
    names = [
        path.relative_to(folder).as_posix()
        for path in _files(folder)
        if path.name not in (SUMS, SIGNATURES)
    ]
    lines = [f"{digest_of(folder / name)}  {name}" for name in names]
    _write(folder / SUMS, "\n".join(lines))
    digest = f"sha256:{digest_of(folder / SUMS)}"
    signature = sign_digest(key, SignedKind.FILE, digest, datetime.now(UTC))
    (folder / SIGNATURES).write_bytes(write_detached([signature]))


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def write_tar(folder: Path, target: Path) -> None:
    """Pack `folder` under its own name: sorted, of root, of the day that a build names."""
    when = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as tar:
        for path in _files(folder):
            entry = tarfile.TarInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}")
            entry.size, entry.mtime = path.stat().st_size, when
            entry.mode = 0o755 if path.suffix == ".sh" else 0o644
            with path.open("rb") as content:
                tar.addfile(entry, content)
