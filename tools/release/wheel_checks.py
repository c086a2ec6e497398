"""What is held against every wheel of a release: name, metadata, what it asks of a system."""

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


def faults(wheel: Path, version: str, programs: Path) -> Iterator[str]:
    """Yield a line for each fault of a wheel; `programs` has twine, auditwheel and abi3audit."""
    name, stated, _build, tags = parse_wheel_filename(wheel.name)
    if str(stated) != version:
        yield f"{wheel.name}: is not of version {version}"
    yield from _contents(wheel, str(name), version)
    yield from _refused([str(programs / "twine"), "check", "--strict", str(wheel)], wheel)
    if all(tag.platform == "any" for tag in tags):
        return
    yield from _refused([str(programs / "abi3audit"), "--strict", str(wheel)], wheel)
    if any("linux" in tag.platform for tag in tags):
        yield from _policy(wheel, programs, {tag.platform for tag in tags})


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
    ended = subprocess.run(
        [str(programs / "auditwheel"), "show", str(wheel)],
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode or not any(f'"{platform}"' in ended.stdout for platform in platforms):
        yield f"{wheel.name}: auditwheel: {' '.join((ended.stdout + ended.stderr).split())[:400]}"


def _refused(command: list[str], wheel: Path) -> Iterator[str]:
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        program = Path(command[0]).name
        yield f"{wheel.name}: {program}: {' '.join((ended.stdout + ended.stderr).split())[:400]}"
