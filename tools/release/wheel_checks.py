"""What is held against every wheel of a release: name, metadata, what it asks of a system."""

import os
import subprocess
import zipfile
from collections.abc import Iterator
from email.parser import BytesParser
from pathlib import Path

from packaging.utils import parse_wheel_filename

CATALOGUES = {
    "quetsach": "quetsach/locale/vi/LC_MESSAGES/quetsach.mo",
    "quetsach-portal": "quetsach_portal/locale/vi/LC_MESSAGES/django.mo",
}
"""The Vietnamese texts of each wheel that has any."""

MUSL_ITSELF = '{\n    "libc.so": null\n}'
"""All that a wheel for musl asks for, as auditwheel prints it. zig calls the C library `libc.so`,
auditwheel knows it by the name that Alpine gives it; musl's loader takes the first for itself."""


def faults(wheel: Path, version: str, programs: Path) -> Iterator[str]:
    """Yield a line for each fault of a wheel; `programs` has twine, auditwheel and abi3audit."""
    name, stated, _build, tags = parse_wheel_filename(wheel.name)
    if str(stated) != version:
        yield f"{wheel.name}: is not of version {version}"
    yield from _contents(wheel, str(name), version)
    yield from refused_by_twine(wheel, programs)
    if all(tag.platform == "any" for tag in tags):
        return
    yield from _refused([str(programs / "abi3audit"), "--strict", str(wheel)], wheel)
    if any("linux" in tag.platform for tag in tags):
        yield from _policy(wheel, programs, {tag.platform for tag in tags})


def refused_by_twine(archive: Path, programs: Path) -> Iterator[str]:
    """Yield a fault where an index would not take or not show a wheel or a source archive."""
    yield from _refused([str(programs / "twine"), "check", "--strict", str(archive)], archive)


def _contents(wheel: Path, name: str, version: str) -> Iterator[str]:
    with zipfile.ZipFile(wheel) as packed:
        members = set(packed.namelist())
        metadata = next(one for one in members if one.endswith(".dist-info/METADATA"))
        fields = BytesParser().parsebytes(packed.read(metadata))
    if fields["Version"] != version:
        yield f"{wheel.name}: its metadata say version {fields['Version']}"
    if name in CATALOGUES:
        if not fields.get_all("License-File"):
            yield f"{wheel.name}: has no licence file"
        if CATALOGUES[name] not in members:
            yield f"{wheel.name}: lacks {CATALOGUES[name]}: run the build again"


def _policy(wheel: Path, programs: Path, platforms: set[str]) -> Iterator[str]:
    """Yield a fault where auditwheel finds that it asks for more than its name promises."""
    # No library of this machine is looked at: others have others.
    ended = subprocess.run(
        [str(programs / "auditwheel"), "show", "--ldpaths", os.devnull, str(wheel)],
        capture_output=True,
        text=True,
        check=False,
    )
    fits = any(f'"{platform}"' in ended.stdout for platform in platforms)
    if all("musllinux" in platform for platform in platforms):
        fits = fits or MUSL_ITSELF in ended.stdout
    if ended.returncode or not fits:
        yield f"{wheel.name}: auditwheel: {' '.join((ended.stdout + ended.stderr).split())[:400]}"


def _refused(command: list[str], wheel: Path) -> Iterator[str]:
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        program = Path(command[0]).name
        yield f"{wheel.name}: {program}: {' '.join((ended.stdout + ended.stderr).split())[:400]}"
