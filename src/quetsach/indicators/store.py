"""A folder of releases: a file each, never changed, and the list of versions, which only grows."""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from quetsach.errors import QuetsachError
from quetsach.indicators.read import read_raw
from quetsach.indicators.release import DIGITS, Release, digest_of, read_release
from quetsach.texts import _

VERSIONS = "versions.jsonl"
SUFFIX = ".jsonl"


class Version(Struct, frozen=True, omit_defaults=True):
    """One line of the list of versions; `accepted` says why a shrunken update was let through."""

    digest: str
    created: str
    previous: str = ""
    title: str = ""
    note: str = ""
    accepted: str = ""

    @property
    def name(self) -> str:
        """The name of its file in the folder."""
        return self.digest[:DIGITS] + SUFFIX


def versions(folder: Path) -> list[Version]:
    """Return the versions in the store `folder`, the oldest first; none where there is no store.

    Errors: E220 for a line that is none.
    """
    path = folder / VERSIONS
    if not path.exists():
        return []
    return list(_versions(read_raw(path), path))


def add_release(folder: Path, raw: bytes, version: Version) -> Path:
    """Put the release `raw` into the store and return its file; the same release changes nothing.

    Errors: E225 when it cannot be written; E227 when a file of its name holds another one.
    """
    path = folder / version.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise QuetsachError("E225", str(path), reason=error.strerror or str(error)) from error
    write_new(path, raw)
    if all(one.digest != version.digest for one in versions(folder)):
        _append(folder / VERSIONS, msgspec.json.encode(version) + b"\n")
    return path


def write_new(path: Path, raw: bytes) -> None:
    """Write `raw` to a new file, whole or not at all; one with the same content is left alone.

    Errors: E225 when it cannot be written; E227 when it is there with other content.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        if path.exists():
            _same(path, raw)
            return
        partial.write_bytes(raw)
        partial.rename(path) if os.name == "nt" else _linked(partial, path, raw)
    except OSError as error:
        raise QuetsachError("E225", str(path), reason=error.strerror or str(error)) from error
    finally:
        partial.unlink(missing_ok=True)


def _linked(partial: Path, path: Path, raw: bytes) -> None:
    # A link fails where a rename would replace what another run wrote in the meantime.
    try:
        path.hardlink_to(partial)
    except FileExistsError:
        _same(path, raw)


def latest(folder: Path) -> tuple[str, Release] | None:
    """Return the digest and the release of the last version in the store, or None.

    Errors: E220 when its file is missing or was changed.
    """
    known = versions(folder)
    return _load(folder, known[-1].digest) if known else None


def find_release(folder: Path, digits: str) -> tuple[str, Release]:
    """Return the digest and the release whose digest begins with `digits`.

    Errors: E224 when there is none or more than one; E220 when its file was changed.
    """
    found = {one.digest for one in versions(folder) if one.digest.startswith(digits.lower())}
    if len(found) != 1 or not digits:
        raise QuetsachError("E224", f"{folder}@{digits}")
    return _load(folder, found.pop())


def open_release(text: str) -> tuple[str, Release]:
    """Return digest and release of a file, of `FOLDER@DIGEST`, or the latest of a store.

    Errors: E202, E220, E224.
    """
    path = Path(text)
    folder, at, digits = text.rpartition("@")
    if at and not path.exists():
        return find_release(Path(folder), digits)
    if path.is_dir():
        found = latest(path)
        if found is None:
            raise QuetsachError("E224", text)
        return found
    raw = read_raw(path)
    return digest_of(raw), read_release(raw, text)


def _load(folder: Path, digest: str) -> tuple[str, Release]:
    path = folder / (digest[:DIGITS] + SUFFIX)
    if not path.is_file():
        raise QuetsachError("E220", str(path), reason=_("there is no such file"))
    raw = read_raw(path)
    if digest_of(raw) != digest:
        raise QuetsachError("E220", str(path), reason=_("it is not the one of this digest"))
    return digest, read_release(raw, str(path))


def _versions(raw: bytes, path: Path) -> Iterator[Version]:
    for number, line in enumerate(raw.split(b"\n"), start=1):
        if line.strip():
            try:
                yield msgspec.json.decode(line, type=Version)
            except (msgspec.MsgspecError, ValueError, RecursionError) as error:
                raise QuetsachError("E220", f"{path}:{number}", reason=str(error)) from error


def _same(path: Path, raw: bytes) -> None:
    # A signature may have been added since; the content is what must not change.
    if digest_of(path.read_bytes()) != digest_of(raw):
        raise QuetsachError("E227", str(path))


def _append(path: Path, line: bytes) -> None:
    try:
        with path.open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise QuetsachError("E225", str(path), reason=error.strerror or str(error)) from error
