"""The findings folder: written whole or not at all, read back with its digests checked."""

import errno
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.lookups import DEVICES, sighting_in
from quetsach.findings.lookups import SIGHTINGS as SIGHTINGS
from quetsach.scratch_folders import folder_in_one_step

FORMAT = "quetsach-findings/1"
ALIVE = "alive.parquet"
MANIFEST = "manifest.json"
PAGES = (DEVICES, "coverage.json", "rejects.json")


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Give a folder to write into, which becomes `target` in one step if nothing goes wrong.

    Errors: E301 when `target` is there already; E302 when the disk will not take it.
    """
    if os.path.lexists(target) and not _is_empty_folder(target):
        raise QuetsachError("E301", str(target))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with folder_in_one_step(target) as partial:
            yield partial
    except OSError as error:
        raise QuetsachError("E302", str(target), reason=error.strerror or str(error)) from error


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def write_json(path: Path, page: Mapping[str, Any]) -> None:
    """Write `page` as UTF-8 JSON, keys sorted, so that the same value gives the same bytes."""
    with path.open("wb") as file:
        # Piece by piece: who was alive on which day may be millions of lines.
        file.writelines(_pieces(page, b"\n"))
        file.write(b"\n")


def json_bytes(value: Mapping[str, Any]) -> bytes:
    """Return the bytes of `value` in the one form in which the folder's files are written."""
    return b"".join((*_pieces(value, b"\n"), b"\n"))


_PIECE = 1000
"""How many parts of a list are written at once."""


def _pieces(part: Any, line: bytes) -> Iterator[bytes]:
    """Yield the text of a part, in pieces; `line` begins each of its lines but the first."""
    if isinstance(part, dict) and len(line) < 5 and part and all(map(_is_word, part)):
        yield b"{"
        for place, name in enumerate(sorted(part)):
            yield (b"," if place else b"") + line + b"  " + msgspec.json.encode(name) + b": "
            yield from _pieces(part[name], line + b"  ")
        yield line + b"}"
    elif hasattr(part, "json_lines"):
        # Such as findings.speakers.ActiveAddresses, which is not loaded by those who only read.
        yield part.json_lines(line)
    elif isinstance(part, list) and len(part) > _PIECE:
        for first in range(0, len(part), _PIECE):
            text = _formatted(part[first : first + _PIECE])
            yield (b"," if first else b"[") + text[1:-2].replace(b"\n", line)
        yield line + b"]"
    else:
        yield _formatted(part).replace(b"\n", line)


def _is_word(name: object) -> bool:
    return isinstance(name, str)


def _formatted(part: Any) -> bytes:
    """Return the text that the module json gives, with sorted keys and two spaces.

    msgspec writes the same ten times faster, but for floats far from one and numbers of more than
    64 bits.
    """
    try:
        text = msgspec.json.encode(part, order="sorted")
        quick = msgspec.json.format(text, indent=2)
    except (TypeError, ValueError, OverflowError):
        text = quick = b""
    # Where no sign of such a number is, which is soon seen, the whole text is not gone through.
    may_be_far = b"0.0000" in text or any(sign.search(text) for sign in _SIGNS_OF_FAR)
    if quick and not (may_be_far and _FAR_FROM_ONE.search(quick)):
        return quick
    return json.dumps(part, ensure_ascii=False, indent=2, sort_keys=True).encode()


_SIGNS_OF_FAR = [
    re.compile(before + rb"-?[0-9.]+[eE]") for before in (rb"\A", rb",", rb"\[", rb'":')
]
"""An exponent in JSON without blanks; a text may look alike. Each begins with a fixed sign."""

_FAR_FROM_ONE = re.compile(rb"(?:^| )(?:-?[0-9.]+[eE][0-9+-]+|-?0\.0000[0-9]*),?$", re.MULTILINE)


def digests_of(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file in `folder` but the manifest and the report, by name."""
    names = sorted(path.name for path in folder.iterdir())
    kept = [name for name in names if name in (SIGHTINGS, ALIVE, *PAGES)]
    return {name: digest_of_file(folder / name) for name in kept}


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file in hex. Errors: E104 when it cannot be read."""
    with _readable(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class Findings:
    """A findings folder as it was read back; `folder` also holds the sightings."""

    folder: Path
    devices: dict[str, Any]
    coverage: dict[str, Any]
    rejects: dict[str, Any]
    manifest: dict[str, Any]

    def sighting(self, number: str) -> dict[str, Any]:
        """Return the sighting whose number is, or begins with, `number`.

        Errors: E304 when there is none, or more than one.
        """
        return sighting_in(self.folder, number)


def read_folder(folder: Path) -> Findings:
    """Return the findings in `folder`.

    Errors: E303 when it is no findings folder; E305 when a file is missing or was changed.
    """
    manifest = read_manifest(folder)
    devices, coverage, rejects = (_read_json(folder / name) for name in PAGES)
    return Findings(folder, devices, coverage, rejects, manifest)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of the findings in `folder`, once all that it lists has its digest.

    Errors: E303 when it is no findings folder; E305 when a file is missing or was changed.
    """
    manifest_path = folder / MANIFEST
    if not manifest_path.is_file():
        raise QuetsachError("E303", str(folder))
    manifest = _read_json(manifest_path)
    if manifest.get("format") != FORMAT:
        raise QuetsachError("E303", str(folder))
    _check_shape(manifest_path, manifest)
    with _readable(folder):
        digests = digests_of(folder)
    if digests != manifest.get("files"):
        raise QuetsachError("E305", str(folder), reason="digest")
    return manifest


def _read_json(path: Path) -> dict[str, Any]:
    try:
        with _readable(path):
            page = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    # Strings that are no UTF-8, and lists within lists, have errors that are not msgspec's own.
    except (FileNotFoundError, msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise QuetsachError("E305", str(path), reason=type(error).__name__) from error
    return page


def unread_table(path: Path, error: Exception) -> QuetsachError:
    """Return what is told of a table that Arrow could not read: of memory, disk or damage."""
    text = str(error).lower()
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, MemoryError) or number == errno.ENOMEM or "bad_alloc" in text:
        return QuetsachError("E612", str(path), reason=type(error).__name__)
    if number is not None and number != errno.ENOENT:
        return QuetsachError("E104", str(path), reason=os.strerror(number))
    return QuetsachError("E305", str(path), reason=type(error).__name__)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """A disk that fails is no damage of the folder. Errors: E104."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise QuetsachError("E104", str(path), reason=error.strerror or str(error)) from error


class _Options(msgspec.Struct):
    zone: str


class _Named(msgspec.Struct):
    name: str
    sha256: str


class _Evidence(msgspec.Struct):
    path: str
    sha256: str | None = None
    # Folders of earlier versions have none.
    blake3: str | None = None


class _Summary(msgspec.Struct):
    unread: list[Any]
    rejects: int
    sightings: int


class _Manifest(msgspec.Struct):
    """What of a manifest is relied on; nothing signs it, so its shape is checked."""

    options: _Options
    lists: list[_Named]
    evidence: list[_Evidence]
    summary: _Summary


def _check_shape(path: Path, manifest: dict[str, Any]) -> None:
    try:
        shape = msgspec.convert(manifest, _Manifest)
        ZoneInfo(shape.options.zone)
    except (msgspec.ValidationError, ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise QuetsachError("E305", str(path), reason=str(error)) from error
