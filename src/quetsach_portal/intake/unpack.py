"""Unpack a zip that should hold a findings folder: only plain files, under plain names, in bounds.

Nothing is written under a name that leads out of the folder, and what unpacks beyond its bound is
stopped while it is written, whatever the zip claims about its size.
"""

import stat
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from quetsach_portal.intake.summing_up import clean

MANIFEST = "manifest.json"
MIB = 1 << 20

MOST_OF: Mapping[str, int] = {
    MANIFEST: 64 * MIB,
    "devices.json": 256 * MIB,
    "coverage.json": 256 * MIB,
    "rejects.json": 64 * MIB,
    "sightings.parquet": 1024 * MIB,
    "alive.parquet": 512 * MIB,
    "report.html": 256 * MIB,
}
"""The files of a findings folder, and how large each may be."""

MOST_OF_OTHERS = 64 * MIB
MOST_FILES = 500
MOST_UNPACKED = 2048 * MIB

_CHUNK = 1 << 20
_PUT_IN_BY_SYSTEMS = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"})


class NotTaken(Exception):
    """The zip is refused; code and facts are those of `problems`."""

    def __init__(self, code: str, where: str = "", **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.where = clean(where)
        self.facts = facts


@dataclass(frozen=True)
class Member:
    """A file of the zip that is to be written, and its name within the folder."""

    info: zipfile.ZipInfo
    name: str


def holds_findings(path: Path) -> bool:
    """Tell whether the file is a zip in which somebody packed a findings folder."""
    try:
        with zipfile.ZipFile(path) as packed:
            names = {PurePosixPath(one).name for one in packed.namelist()[:MOST_FILES]}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    return {MANIFEST, "sightings.parquet"} <= names


def unpack(archive: Path, folder: Path) -> None:
    """Write what is in `archive` to the new `folder`.

    Errors: NotTaken H101 to H103.
    """
    try:
        with zipfile.ZipFile(archive) as packed:
            members = _members(packed.infolist())
            folder.mkdir()
            left = MOST_UNPACKED
            for one in members:
                left -= _write(packed, one, folder / one.name, left)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise NotTaken("H101", reason=clean(str(error))) from error
    except (RuntimeError, zipfile.LargeZipFile) as error:  # a password is asked for
        raise NotTaken("H101", reason=clean(str(error))) from error


def _members(entries: list[zipfile.ZipInfo]) -> list[Member]:
    if len(entries) > MOST_FILES:
        raise NotTaken("H103", reason="too-many")
    plain = [one for one in entries if not one.is_dir() and not _is_clutter(one.filename)]
    for one in plain:
        _refuse_unsafe(one)
    base = _base(plain)
    members: dict[str, Member] = {}
    for one in plain:
        if not one.filename.startswith(base):
            raise NotTaken("H103", one.filename, reason="outside")
        name = one.filename[len(base) :]
        folded = unicodedata.normalize("NFC", name).casefold()
        if folded in members:
            raise NotTaken("H103", one.filename, reason="twice")
        members[folded] = Member(one, name)
    return list(members.values())


def _is_clutter(name: str) -> bool:
    return not _PUT_IN_BY_SYSTEMS.isdisjoint(name.split("/"))


def _refuse_unsafe(one: zipfile.ZipInfo) -> None:
    name = one.filename
    parts = name.split("/")
    # Windows writes "\\" where it should not; there it would be a path, and so it is none here.
    odd = not name.isprintable() or "\\" in name or ":" in name or len(name) > 200
    if odd or len(parts) > 4 or any(part in ("", ".", "..") for part in parts):
        raise NotTaken("H103", name, reason="name")
    mode = one.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise NotTaken("H103", name, reason="link")


def _base(entries: list[zipfile.ZipInfo]) -> str:
    """Return the folder within the zip in which the manifest stands, "" or with its slash.

    Errors: H102 when there is no manifest, or two as high.
    """
    found = [one.filename for one in entries if PurePosixPath(one.filename).name == MANIFEST]
    depth = min((name.count("/") for name in found), default=0)
    highest = [name for name in found if name.count("/") == depth]
    if len(highest) != 1 or depth > 2:
        raise NotTaken("H102")
    return highest[0][: -len(MANIFEST)]


def _write(packed: zipfile.ZipFile, one: Member, target: Path, left: int) -> int:
    most = min(left, MOST_OF.get(one.name, MOST_OF_OTHERS))
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with packed.open(one.info) as source, target.open("xb") as file:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > most:
                raise NotTaken("H103", one.name, reason="size")
            file.write(chunk)
    return written
