"""The manifest of a collection from a PC: what was packed there must have arrived here unchanged.

Source: collect/README.md says what stands in `manifest.json`.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
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


def check_collection(before: str, files: Sequence[EvidenceFile]) -> Iterator[Problem]:
    """Yield a problem for each of `files` that differs from their manifest, if there is one.

    Shapes: `files` are those of one archive; `before` is what their names are shown behind.
    """
    inner = {one.shown.removeprefix(before): one for one in files}
    # An archive of tar has its files in a folder, that of ZIP has none.
    lists = [name for name in inner if name.rpartition("/")[2] == MANIFEST]
    for name in lists:
        manifest = _manifest(inner[name].location)
        if manifest is not None:
            yield from _differences(before, name.removesuffix(MANIFEST), manifest, inner)


def _manifest(location: Path) -> dict[str, Any] | None:
    """Return the manifest if it is one of a collection, else None."""
    with location.open("rb") as file:
        content = file.read(_LONGEST + 1)
    try:
        found = json.loads(content.decode("utf-8-sig")) if len(content) <= _LONGEST else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.get("tool") == TOOL else None


def _differences(
    before: str, folder: str, manifest: dict[str, Any], inner: dict[str, EvidenceFile]
) -> Iterator[Problem]:
    listed = manifest.get("files")
    rows = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    told = {folder + str(one.get("name")): one for one in rows}
    for name, row in told.items():
        shown = before + plain(name)
        if name not in inner:
            yield Problem("E115", shown, {"reason": _("it is missing")})
        elif not _is_as_told(inner[name], row):
            yield Problem("E115", shown, {"reason": _("its content was changed")})
    for name in inner:
        if name.startswith(folder) and name not in told and name != folder + MANIFEST:
            yield Problem("E115", before + name, {"reason": _("it was put in later")})
    failed = manifest.get("failed")
    for one in failed[:_MOST_TOLD] if isinstance(failed, list) else ():
        if isinstance(one, dict):
            facts = {"what": plain(str(one.get("name"))), "reason": plain(str(one.get("why")))}
            yield Problem("E119", before + folder + MANIFEST, facts)


def _is_as_told(file: EvidenceFile, row: dict[str, Any]) -> bool:
    digest = str(row.get("sha256")).lower()
    if _SHA256.fullmatch(digest) is None:
        # An old Windows without certutil could only count the bytes.
        return row.get("bytes") == file.size
    with file.location.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest() == digest
