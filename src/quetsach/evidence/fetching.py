"""Stored evidence made ready for a sweep: what must be whole is copied, of logs only the beginning.

A log keeps lying in its storage and is read from there by ranges, on whatever machine. In the
spool stands a file of its size and age that holds its first bytes alone, for whoever asks what form
it has; a small one is whole there.
"""

import errno
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

from quetsach.atomic_files import set_modified
from quetsach.captures.registry import decoder_for
from quetsach.containers.refusal import ContainerRefused
from quetsach.containers.signatures import archive_kind, binary_kind, is_compound
from quetsach.containers.streams import Codec, codec_of, unpacked
from quetsach.errors.exceptions import Problem
from quetsach.evidence.storage import (
    HEAD_BYTES,
    RemoteFile,
    ShrunkError,
    StorageError,
    StoredStream,
    listed,
    parsed,
    without_secrets,
)

_UNPACKED_BYTES = 64 << 10
"""As much unpacked text as anybody looks at to tell a form."""

_AT_ONCE = 16
_KEPT_FREE = 1 << 30


@dataclass(frozen=True)
class FetchedFile:
    """A stored file by its address, its size in bytes, and where it lies here, whole or begun.

    With `stored` it is a log, to be read from there.
    """

    shown: str
    location: Path
    size: int
    stored: RemoteFile | None


def stored_evidence(
    address: str, spool: Path, manifest: str, *, whole: bool
) -> Iterator[FetchedFile | Problem]:
    """Yield the files at `address`, or why there are none; with `whole` all of them are copied.

    So are those of a folder in which there is a file called `manifest`.

    Order: a folder's own files before those of its folders, by name, as in a folder here.
    Errors: OSError when `spool` cannot be written.
    """
    shown = without_secrets(address)
    try:
        files = listed(*parsed(address))
    except StorageError as error:
        yield error.problem(shown)
        return
    if not files:
        yield Problem("E112", shown)
        return
    folder = spool / f"stored-{len(list(spool.iterdir()))}"
    folder.mkdir()
    # Whoever packed a folder says what must be in it, and each of its files is looked at whole.
    named = sorted(_folder(file) for file in files if file.path.endswith(f"/{manifest}"))
    collections = {path: place / manifest for path, place in _places(folder, named)}
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        fetch = partial(_fetched, folder=folder, whole=whole, collections=collections)
        yield from threads.map(fetch, enumerate(files))


def fetched_whole(shown: str, folder: Path) -> Path | None:
    """Return a copy, in the new `folder`, of a file as a sweep has shown it; None if it is gone.

    Errors: StorageError; ShrunkError when it changes meanwhile; OSError for the copy.
    """
    try:
        files = listed(*parsed(shown))
    except StorageError as error:
        if error.code == "E134":
            return None
        raise
    if [file.shown for file in files] != [shown]:
        return None
    folder.mkdir(parents=True)
    copy = folder / "0"
    _copy(files[0], copy)
    return copy


def _folder(file: RemoteFile) -> str:
    return file.path[: file.path.rfind("/") + 1]


def _places(folder: Path, named: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """Yield each folder of a collection with the one here in which its manifest has its own name.

    Whoever checks a collection looks for the manifest by that.
    """
    for number, path in enumerate(named):
        place = folder / f"collection-{number}"
        place.mkdir()
        yield path, place


def _fetched(
    numbered: tuple[int, RemoteFile], folder: Path, collections: Mapping[str, Path], *, whole: bool
) -> FetchedFile | Problem:
    number, file = numbered
    manifest = collections.get(_folder(file))
    is_manifest = manifest is not None and file.path.endswith(f"/{manifest.name}")
    location = manifest if manifest is not None and is_manifest else folder / f"{number:06d}"
    wants_all = whole or any(file.path.startswith(path) for path in collections)
    try:
        is_log = _take_head(file, location) and not wants_all
        if not is_log and file.size > HEAD_BYTES:
            _copy(file, location)
        set_modified(location, file.modified_s)
    except StorageError as error:
        return error.problem(file.shown)
    except ShrunkError:
        return Problem("E109", file.shown)
    return FetchedFile(file.shown, location, file.size, file if is_log else None)


def _take_head(file: RemoteFile, location: Path) -> bool:
    """Write the first bytes, and nothing behind them; return whether the rest may stay away."""
    with StoredStream(file, HEAD_BYTES) as stream, location.open("wb") as copy:
        head = stream.read(HEAD_BYTES)
        copy.write(head)
        copy.truncate(file.size)
    return bool(head) and _is_log(head, location, file)


def _is_log(head: bytes, location: Path, file: RemoteFile) -> bool:
    """Return whether a file is read line by line from its beginning, packed or not."""
    codec = codec_of(head)
    start = head
    if codec is not Codec.PLAIN:
        start = b""
        try:
            for piece in unpacked(BytesIO(head), codec):
                start += piece
                if len(start) >= _UNPACKED_BYTES:
                    break
        except ContainerRefused:
            return False
        if len(start) < _UNPACKED_BYTES and len(head) < file.size:
            return False
    if archive_kind(start) or binary_kind(start) or is_compound(start):
        return False
    return decoder_for(location, file.shown) is None


def _copy(file: RemoteFile, location: Path) -> None:
    """Copy a whole file. Errors: StorageError, ShrunkError; E104 where the disk has no room."""
    if shutil.disk_usage(location.parent).free < file.size + _KEPT_FREE:
        raise StorageError("E104", reason=os.strerror(errno.ENOSPC))
    with StoredStream(file) as stream, location.open("wb") as copy:
        while piece := stream.read(8 << 20):
            copy.write(piece)
