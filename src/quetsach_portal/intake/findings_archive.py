"""Unpack the ZIP file of findings that a unit made locally; refused by a code, nothing is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from quetsach.containers.bounds import ByteBudget, UnpackBounds
from quetsach.containers.refusal import ContainerRefused, RefusalCode, reason_of
from quetsach.containers.zip import entry_refusals, pieces
from quetsach.containers.zip_directory import Directory, ZipEntry, read_directory
from quetsach_portal.intake.boundary import (
    clean,
)

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


_BOUNDS = UnpackBounds(
    # The size of each file is bounded by its name, and the names by a rule of their own.
    entries=MOST_FILES,
    unpacked=MOST_UNPACKED,
    ratio=200,
    small=MOST_UNPACKED,
    any_name=True,
)


_REASONS: Mapping[RefusalCode, str] = {
    RefusalCode.TOO_MANY: "too-many",
    RefusalCode.SWELLS: "size",
    RefusalCode.LINK: "link",
    RefusalCode.SPECIAL_FILE: "link",
    RefusalCode.DUPLICATE: "twice",
}
"""Refusals of the archive that are faults of one file in it (H103)."""


_PUT_IN_BY_SYSTEMS = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"})


class NotTaken(Exception):
    """The zip is refused; code and facts are those of `problems`."""

    def __init__(self, code: str, where: str = "", **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.where = clean(where)
        self.facts = facts


@dataclass(frozen=True)
class FindingsMember:
    """A file of the zip that is to be written, and its name within the folder."""

    entry: ZipEntry
    name: str


def holds_findings(path: Path) -> bool:
    """Return whether the file is a ZIP file of a findings folder."""
    try:
        with path.open("rb") as file:
            directory = read_directory(file, _BOUNDS)
    except (ContainerRefused, OSError):
        return False
    names = {PurePosixPath(entry.name).name for entry in directory.entries}
    return {MANIFEST, "sightings.parquet"} <= names


def unpack(archive: Path, folder: Path) -> None:
    """Write what is in `archive` to the new `folder`.

    Errors: NotTaken H101 to H103.
    """
    try:
        with archive.open("rb") as file:
            members = _members(file, read_directory(file, _BOUNDS))
            folder.mkdir()
            budget = ByteBudget(MOST_UNPACKED)
            for member in members:
                _write(file, member, folder / member.name, budget)
    except ContainerRefused as refusal:
        reason = _REASONS.get(refusal.code)
        if reason is not None:
            raise NotTaken("H103", refusal.facts.get("member", ""), reason=reason) from refusal
        raise NotTaken("H101", reason=clean(reason_of(refusal))) from refusal
    except OSError as error:
        raise NotTaken("H101", reason=clean(str(error))) from error


def _members(file: BinaryIO, directory: Directory) -> list[FindingsMember]:
    plain = [
        zip_entry
        for zip_entry in directory.entries
        if not zip_entry.is_folder and not _is_clutter(zip_entry.name)
    ]
    for zip_entry in plain:
        _refuse_name(zip_entry.name)
    refusals = [refusal for _entry, refusal in entry_refusals(file, directory, _BOUNDS)]
    if refusals:
        raise refusals[0]
    base = _base([zip_entry.name for zip_entry in plain])
    members: list[FindingsMember] = []
    for zip_entry in plain:
        if not zip_entry.name.startswith(base):
            raise NotTaken("H103", zip_entry.name, reason="outside")
        members.append(FindingsMember(zip_entry, zip_entry.name[len(base) :]))
    return members


def _is_clutter(name: str) -> bool:
    return not _PUT_IN_BY_SYSTEMS.isdisjoint(name.split("/"))


def _refuse_name(name: str) -> None:
    parts = name.split("/")
    # Windows writes "\\" where it should not; there it would be a path, and so it is none here.
    odd = not name.isprintable() or "\\" in name or ":" in name or len(name) > 200
    if odd or len(parts) > 4 or any(part in ("", ".", "..") for part in parts):
        raise NotTaken("H103", name, reason="name")


def _base(names: Sequence[str]) -> str:
    """Return the folder of the manifest within the ZIP file, "" or with its slash.

    Errors: H102 when there is no manifest, or two as high.
    """
    manifests = [name for name in names if PurePosixPath(name).name == MANIFEST]
    depth = min((name.count("/") for name in manifests), default=0)
    highest = [name for name in manifests if name.count("/") == depth]
    if len(highest) != 1 or depth > 2:
        raise NotTaken("H102")
    return highest[0][: -len(MANIFEST)]


def _write(file: BinaryIO, member: FindingsMember, target: Path, budget: ByteBudget) -> None:
    if member.entry.size > MOST_OF.get(member.name, MOST_OF_OTHERS):
        raise NotTaken("H103", member.name, reason="size")
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as written:
        for piece in pieces(file, member.entry, budget):
            written.write(piece)
