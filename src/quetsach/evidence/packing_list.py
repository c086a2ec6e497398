"""The manifest of a collection from a PC: what was packed there must have arrived here unchanged.

Source: collect/README.md says what stands in `manifest.json`.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from quetsach.errors import Problem
from quetsach.evidence.find import EvidenceFile
from quetsach.texts import _, plain

MANIFEST = "manifest.json"
"""The file of an archive that lists the others, where quetsach-collect packed it."""

TOOL = "quetsach-collect"

_SHA256 = re.compile(r"[0-9a-f]{64}")
_LONGEST = 4 << 20
_MOST_TOLD = 200
_MOST_DIFFERENCES = 999


def check_collection(before: str, files: Sequence[EvidenceFile]) -> Iterator[Problem]:
    """Yield a problem for each of `files` that differs from their manifests, if there are any.

    Shapes: `files` are those of one archive; `before` is what their names are shown behind.
    Cost: a thousand problems at most, the last of which counts those that are not told.
    """
    differences = _all_differences(before, files)
    yield from islice(differences, _MOST_DIFFERENCES)
    more = sum(1 for _one in differences)
    if more:
        reason = _("%(count)s more differences are not listed") % {"count": more}
        yield Problem("E115", before + MANIFEST, {"reason": reason})


def _all_differences(before: str, files: Sequence[EvidenceFile]) -> Iterator[Problem]:
    inner = {one.shown.removeprefix(before): one for one in files}
    listed: dict[str, set[str]] = {}
    for name in inner:
        # An archive of tar has its files in a folder, that of ZIP has none.
        if name.rpartition("/")[2] != MANIFEST:
            continue
        manifest = _manifest(inner[name].location)
        if manifest is not None:
            folder = name.removesuffix(MANIFEST)
            told = _told(manifest, folder)
            listed[folder] = told.keys() & inner.keys() | {name}
            yield from _differences(before, told, inner)
            yield from _failures(before + name, manifest)
    for name in inner if listed else ():
        if any(folder in listed and name not in listed[folder] for folder in _folders_of(name)):
            yield Problem("E115", before + name, {"reason": _("it was put in later")})


def _folders_of(name: str) -> Iterator[str]:
    """Yield the folders that `name` lies in, the nearest first, each with its last slash."""
    place = name.rfind("/")
    while place >= 0:
        yield name[: place + 1]
        place = name.rfind("/", 0, place)
    yield ""


def _manifest(location: Path) -> dict[str, Any] | None:
    """Return the manifest if it is one of a collection, else None."""
    with location.open("rb") as file:
        content = file.read(_LONGEST + 1)
    try:
        found = json.loads(content.decode("utf-8-sig")) if len(content) <= _LONGEST else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.get("tool") == TOOL else None


def _told(manifest: dict[str, Any], folder: str) -> dict[str, dict[str, Any]]:
    listed = manifest.get("files")
    rows = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return {folder + str(one.get("name")): one for one in rows}


def _differences(
    before: str, told: dict[str, dict[str, Any]], inner: dict[str, EvidenceFile]
) -> Iterator[Problem]:
    for name, row in told.items():
        if name not in inner:
            yield Problem("E115", before + plain(name), {"reason": _("it is missing")})
        elif not _is_as_told(inner[name], row):
            yield Problem("E115", before + plain(name), {"reason": _("its content was changed")})


def _failures(shown: str, manifest: dict[str, Any]) -> Iterator[Problem]:
    failed = manifest.get("failed")
    for one in failed[:_MOST_TOLD] if isinstance(failed, list) else ():
        if isinstance(one, dict):
            facts = {"what": plain(str(one.get("name"))), "reason": plain(str(one.get("why")))}
            yield Problem("E119", shown, facts)


def _is_as_told(file: EvidenceFile, row: dict[str, Any]) -> bool:
    digest = str(row.get("sha256")).lower()
    if _SHA256.fullmatch(digest) is None:
        # An old Windows without certutil could only count the bytes.
        return row.get("bytes") == file.size
    with file.location.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest() == digest
