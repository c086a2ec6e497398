"""Evidence in the storage of a cluster: addresses of S3 and HDFS, read by ranges through Arrow.

Rights come from where Amazon's and Hadoop's own programs take them: the environment, a profile.
They never stand in an address that is taken here, so none is kept in findings.
"""

import os
import re
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from quetsach.containers.streams import opened_here
from quetsach.errors.exceptions import Problem
from quetsach.texts import _, plain

if TYPE_CHECKING:
    from io import FileIO
    from types import TracebackType

    from pyarrow.fs import FileInfo, FileSystem

SCHEMES = ("s3", "hdfs")

READ_BYTES = 8 << 20
"""So much is asked for at a time."""

HEAD_BYTES = 1 << 20
"""So much of a stored log is kept where the sweep was begun; one that is not longer is whole."""

TRIES = 3
"""So often the same range is asked for before the storage counts as out of reach."""

_WAIT_S = 0.3
_CONNECT_S, _ANSWER_S = 10.0, 60.0
_OPTIONS = frozenset({"region", "scheme", "endpoint_override"})
_LONGEST_REASON = 200

_ENDS_HOST, _OPTIONS_BEGIN = re.compile(r"[/?#]"), re.compile(r"[?#]")


@dataclass(frozen=True)
class Storage:
    """A bucket of S3 or a cluster of HDFS, and the options of its address: nothing secret."""

    scheme: str
    host: str
    options: tuple[tuple[str, str], ...] = ()

    @property
    def shown(self) -> str:
        """What its files are shown behind."""
        return f"{self.scheme}://{self.host}"


@dataclass(frozen=True)
class RemoteFile:
    """A file in a storage, as it was listed.

    Units: `size` in bytes, `modified_s` in s since 1970, UTC.
    """

    storage: Storage
    path: str
    size: int
    modified_s: float

    @property
    def shown(self) -> str:
        """Its address, without options."""
        inner = self.path.partition("/")[2] if self.storage.scheme == "s3" else self.path[1:]
        return f"{self.storage.shown}/{plain(inner)}"


class StorageError(OSError):
    """What a storage did not give, as a code of the catalogue with its facts."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts

    def __reduce__(self) -> tuple[Any, ...]:
        return _storage_error, (self.code, self.facts)

    def problem(self, shown: str) -> Problem:
        """Return it as a problem of what is shown as `shown`."""
        return Problem(self.code, shown, self.facts)


def _storage_error(code: str, facts: dict[str, Any]) -> StorageError:
    return StorageError(code, **facts)


def is_stored(address: str) -> bool:
    """Return whether `address` names a storage that is read."""
    return address.partition("://")[0].lower() in SCHEMES and "://" in address


def without_secrets(address: str) -> str:
    """Return an address without user, password and options, so that it can be shown.

    A key of Amazon's may hold a slash: it then looks like a port and a path. Errors: none.
    """
    scheme, _sign, rest = address.partition("://")
    host, colon, port = _ENDS_HOST.split(rest, maxsplit=1)[0].rpartition(":")
    if "@" in host + port or (colon and (scheme.lower() == "s3" or not port.isdecimal())):
        rest = rest.rpartition("@")[2] if "@" in rest else host
    return f"{scheme.lower()}://{_OPTIONS_BEGIN.split(rest, maxsplit=1)[0]}"


def parsed(address: str) -> tuple[Storage, str]:
    """Return the storage of `address`, and the path in it.

    Errors: StorageError E137 for what is not to be taken: above all what holds a secret.
    """
    try:
        parts = urlsplit(address)
        has_port = parts.port is not None
    except ValueError as error:
        # The words of the error may hold a part of a key.
        raise StorageError("E137", reason=_("it names no bucket or cluster")) from error
    if has_port and parts.scheme.lower() == "s3":
        # A bucket has no port: it is the beginning of a key.
        raise StorageError("E137", reason=_("it holds a key or a password"))
    options = tuple(parse_qsl(parts.query, keep_blank_values=True))
    _check(parts.scheme.lower(), parts.netloc, options)
    path = unquote(parts.path)
    if parts.scheme.lower() == "s3":
        place = {**_place_from(os.environ), **dict(options)}
        storage = Storage("s3", parts.netloc, tuple(sorted(place.items())))
        return storage, f"{parts.netloc}{path}".rstrip("/")
    return Storage("hdfs", parts.netloc), path.rstrip("/") or "/"


def _check(scheme: str, host: str, options: tuple[tuple[str, str], ...]) -> None:
    user, at, place = host.rpartition("@")
    if ":" in user or (at and scheme == "s3"):
        raise StorageError("E137", reason=_("it holds a key or a password"))
    if not place:
        raise StorageError("E137", reason=_("it names no bucket or cluster"))
    known = _OPTIONS if scheme == "s3" else frozenset()
    if odd := sorted({name for name, _value in options} - known):
        # Its value may be a secret, and is not told.
        raise StorageError("E137", reason=_("unknown option %(name)s") % {"name": plain(odd[0])})
    if any("@" in value for _name, value in options):
        raise StorageError("E137", reason=_("it holds a key or a password"))


def _place_from(environ: Mapping[str, str]) -> dict[str, str]:
    """Return where Amazon's own programs are told that the storage is; workers are told so by us.

    Source: AWS SDKs and Tools Reference Guide, service-specific endpoints and region.
    """
    place = {}
    if region := environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION"):
        place["region"] = region
    if endpoint := environ.get("AWS_ENDPOINT_URL_S3") or environ.get("AWS_ENDPOINT_URL"):
        scheme, _sign, host = endpoint.rpartition("://")
        place |= {"endpoint_override": host.rstrip("/"), "scheme": scheme or "https"}
    return place


# Listing.


def listed(storage: Storage, path: str) -> list[RemoteFile]:
    """Return the files at and below `path`, a folder's own before those of its folders, by name.

    Errors: StorageError.
    """
    try:
        with_type = _file_types()
        system = file_system(storage)
        own = system.get_file_info(path)
        if own.type == with_type.File:
            return [_stored(storage, own)]
        if own.type == with_type.NotFound:
            raise StorageError("E134")
        from pyarrow.fs import FileSelector

        found = system.get_file_info(FileSelector(path, recursive=True))
    except (OSError, ValueError) as error:
        raise storage_error(error) from error
    files = [_stored(storage, one) for one in found if one.type == with_type.File]
    return sorted(files, key=_order)


def _order(file: RemoteFile) -> tuple[tuple[bool, bytes], ...]:
    *folders, name = file.path.split("/")
    return (*((True, one.encode()) for one in folders), (False, name.encode()))


def _stored(storage: Storage, info: "FileInfo") -> RemoteFile:
    modified = info.mtime
    return RemoteFile(
        storage, info.path, info.size, 0.0 if modified is None else modified.timestamp()
    )


def _file_types() -> Any:
    from pyarrow.fs import FileType

    return FileType


@lru_cache(maxsize=64)
def file_system(storage: Storage) -> "FileSystem":
    """Return what reads the storage, one for each process. Errors: OSError, ValueError."""
    from pyarrow import fs

    if storage.scheme == "hdfs":
        return fs.HadoopFileSystem.from_uri(f"{storage.shown}/")
    options = dict(storage.options)
    return fs.S3FileSystem(
        connect_timeout=_CONNECT_S,
        request_timeout=_ANSWER_S,
        retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=TRIES),
        **options,
    )


# What went wrong, in words that are the same each time.


_AWS_ERROR = re.compile(r"AWS Error ([A-Z_0-9]+)")
_RIGHTS = ("ACCESS_DENIED", "FORBIDDEN", "INVALID_ACCESS_KEY", "SIGNATURE", "CREDENTIAL", "TOKEN")
_HTTP_FORBIDDEN = re.compile(r"HTTP status 40[13]|Permission denied|AccessControlException")


def storage_error(error: Exception) -> StorageError:
    """Return what an error of Arrow means; it keeps no address, host or number of a request."""
    if isinstance(error, StorageError):
        return error
    message = str(error)
    found = _AWS_ERROR.search(message)
    reason = found[1] if found else message.partition("\n")[0][:_LONGEST_REASON]
    if "NO_SUCH_" in reason or isinstance(error, FileNotFoundError):
        return StorageError("E134")
    if any(word in reason for word in _RIGHTS) or _HTTP_FORBIDDEN.search(message):
        return StorageError("E135", reason=plain(reason))
    return StorageError("E136", reason=plain(reason))


# Reading.


class ShrunkError(Exception):
    """The file is shorter than it was when the sweep was planned; a stored one is not as long."""


class StoredStream:
    """A stored file that is read as an open file is, by ranges that are asked for again.

    Errors of `read`: StorageError after all tries; ShrunkError when its size is another one.
    """

    def __init__(self, stored: RemoteFile, piece_bytes: int = READ_BYTES) -> None:
        self._stored, self._piece_bytes = stored, piece_bytes
        self._file: Any = None
        self._at = 0
        self._piece, self._piece_at = b"", 0

    def __enter__(self) -> "StoredStream":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: "TracebackType | None",
    ) -> None:
        self._close()

    def seek(self, place: int, /) -> int:
        """Go to `place`, in bytes from the beginning."""
        self._at = place
        return place

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes: at most `size`, none only at the end; all of them with -1."""
        if size < 0:
            return b"".join(iter(lambda: self.read(self._piece_bytes), b""))
        start = self._at - self._piece_at
        if not 0 <= start < len(self._piece):
            wanted = min(self._piece_bytes, self._stored.size - self._at)
            self._piece, self._piece_at = self._range(self._at, wanted), self._at
            start = 0
        given = self._piece[start : start + size]
        self._at += len(given)
        return given

    def _range(self, place: int, size: int) -> bytes:
        if size <= 0:
            return b""
        last: Exception | None = None
        for again in range(TRIES):
            if again:
                time.sleep(_WAIT_S * again)
            try:
                if self._file is None:
                    self._file = file_system(self._stored.storage).open_input_file(
                        self._stored.path
                    )
                if self._file.size() != self._stored.size:
                    raise ShrunkError
                text: bytes = self._file.read_at(size, place)
                if len(text) == size:
                    return text
                last = StorageError("E136", reason=_("fewer bytes came than it has"))
            except (OSError, ValueError) as error:
                last = storage_error(error)
                if last.code != "E136":
                    break
            self._close()
        raise last if last is not None else StorageError("E136", reason="")

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None


class SeekableReader(Protocol):
    """Anything that returns its bytes from a place on."""

    def seek(self, place: int, /) -> int:
        """Go to `place`, in bytes from the beginning."""
        ...

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes, b"" at the end."""
        ...


def opened(location: Path, stored: RemoteFile | None) -> "StoredStream | FileIO":
    """Return a file of evidence opened, in its storage if it lies there. Errors: OSError."""
    return opened_here(location) if stored is None else StoredStream(stored)


def pieces_of_split(
    stored: RemoteFile, offset: int, length: int, line_end: bytes
) -> Generator[bytes, None, None]:
    """Yield a split's bytes, the one before it first, and behind it all of its last line.

    Shapes: it is [offset, offset + length); `line_end` is the last byte of a line.
    Errors: StorageError, ShrunkError; all pieces before it are good.
    """
    with StoredStream(stored) as stream:
        place = stream.seek(max(offset - 1, 0))
        end = offset + length
        while place < end and (piece := stream.read(min(READ_BYTES, end - place))):
            place += len(piece)
            yield piece
        ended = piece[-1:] == line_end if length else True
        while not ended and (piece := stream.read(_BEHIND_BYTES)):
            ended = line_end in piece
            yield piece


_BEHIND_BYTES = 64 << 10
