"""LibreOffice as a second opinion, where the machine has the very part that a test needs."""

import shutil
import subprocess
import tempfile
from enum import Enum
from functools import cache
from pathlib import Path

import pytest


class Part(Enum):
    """A part that is installed by itself: a plain file that it opens, what it can save that as."""

    WRITER = ("probe.txt", "docx")
    CALC = ("probe.csv", "xlsx")


def convert(source: Path, to: str, part: Part) -> Path:
    """Return `source`, saved by `part` with the ending `to` beside it; skip without that part."""
    if not has(part):
        pytest.skip(f"NOT TESTED: no LibreOffice {part.name.title()} here")
    return _convert(source, to)


@cache
def has(part: Part) -> bool:
    """Return whether `part` is installed; that there is a `soffice` says nothing of its parts."""
    if shutil.which("soffice") is None:
        return False
    name, to = part.value
    with tempfile.TemporaryDirectory() as folder:
        probe = Path(folder, name)
        probe.write_text("1\n")
        try:
            return _convert(probe, to).is_file()
        except subprocess.SubprocessError:
            return False


def _convert(source: Path, to: str) -> Path:
    """Run the program with a profile of its own, so that no other one of the machine counts."""
    profile = f"-env:UserInstallation=file://{source.parent / 'profile'}"
    words = ["soffice", profile, "--headless", "--convert-to", to, source.name]
    subprocess.run(words, cwd=source.parent, check=True, capture_output=True, timeout=240)
    return source.with_suffix(f".{to.partition(':')[0]}")
