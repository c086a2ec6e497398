"""The findings folder: written whole or not at all, read back with its digests checked."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from quetsach.errors.exceptions import QuetsachError

FORMAT = "quetsach-findings/1"
SIGHTINGS = "sightings.parquet"
ALIVE = "alive.parquet"
MANIFEST = "manifest.json"
PAGES = ("devices.json", "coverage.json", "rejects.json")


_PAGE_ENCODER = json.JSONEncoder(ensure_ascii=False, indent=2, sort_keys=True)


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Give a folder to write into, which becomes `target` in one step if nothing goes wrong.

    Errors: E301 when `target` is there already; E302 when the disk will not take it.
    """
    if os.path.lexists(target) and not _is_empty_folder(target):
        raise QuetsachError("E301", str(target))
    # A process number is not enough: two containers on one disk have the same. The name is known
    # before the folder is there, so that a signal at any moment leaves nothing.
    partial = target.parent / f".{target.name[:100]}.partial-{token_hex(6)}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.mkdir()
        yield partial
        if target.is_dir():
            target.rmdir()
        partial.rename(target)
    except OSError as error:
        raise QuetsachError("E302", str(target), reason=error.strerror or str(error)) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def write_json(path: Path, page: Mapping[str, Any]) -> None:
    """Write `page` as UTF-8 JSON, keys sorted, so that the same value gives the same bytes."""
    # Piece by piece: who was alive on which day may be millions of lines.
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(_PAGE_ENCODER.iterencode(page))
        file.write("\n")


def json_bytes(value: Mapping[str, Any]) -> bytes:
    """Return the bytes of `value` in the one form in which the folder's files are written."""
    return _PAGE_ENCODER.encode(value).encode() + b"\n"


def digests_of(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file in `folder` but the manifest and the report, by name."""
    names = sorted(path.name for path in folder.iterdir())
    kept = [name for name in names if name in (SIGHTINGS, ALIVE, *PAGES)]
    return {name: digest_of_file(folder / name) for name in kept}


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    with path.open("rb") as file:
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
        # Imported where it is used: who signs or checks a folder reads no rows.
        import pyarrow.parquet as pq

        path = self.folder / SIGHTINGS
        table = pq.read_table(path, columns=["quetsach.sighting.id"])
        numbers = table.column(0).to_pylist()
        places = [place for place, one in enumerate(numbers) if one.startswith(number)]
        if not number or len({numbers[place] for place in places}) != 1:
            raise QuetsachError("E304", number)
        return dict(pq.read_table(path).slice(places[0], 1).to_pylist()[0])


def read_folder(folder: Path) -> Findings:
    """Return the findings in `folder`.

    Errors: E303 when it is no findings folder; E305 when a file is missing or was changed.
    """
    manifest_path = folder / MANIFEST
    if not manifest_path.is_file():
        raise QuetsachError("E303", str(folder))
    manifest = _read_json(manifest_path)
    if manifest.get("format") != FORMAT:
        raise QuetsachError("E303", str(folder))
    _check_shape(manifest_path, manifest)
    if digests_of(folder) != manifest.get("files"):
        raise QuetsachError("E305", str(folder), reason="digest")
    devices, coverage, rejects = (_read_json(folder / name) for name in PAGES)
    return Findings(folder, devices, coverage, rejects, manifest)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.MsgspecError) as error:
        raise QuetsachError("E305", str(path), reason=type(error).__name__) from error
    return value


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
