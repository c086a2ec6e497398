"""What a watch remembers: one SQLite file, written in one transaction a round.

A stream's cursor, its sightings, who was told of them: all of a round is there, or nothing. So a
watch that is killed at any point goes on where it was: nothing twice, nothing lost.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from enum import StrEnum
from errno import ENOLCK
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pyarrow as pa

from quetsach.errors.exceptions import QuetsachError
from quetsach.evidence.digests import CHAIN_START
from quetsach.open_files import lock_open_file
from quetsach.texts import _

STATE_FILE = "watch.sqlite"

VERSION = 4
"""The version of the tables; a file of a later one is refused, never changed."""

_TABLES = """
CREATE TABLE source(pattern TEXT PRIMARY KEY, seen_us INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE stream(
    number INTEGER PRIMARY KEY, path TEXT NOT NULL, dev INTEGER NOT NULL, ino INTEGER NOT NULL,
    first_line BLOB NOT NULL, cursor INTEGER NOT NULL, link BLOB NOT NULL, chain BLOB NOT NULL,
    before BLOB NOT NULL, headers BLOB NOT NULL, taken_us INTEGER NOT NULL, state TEXT NOT NULL,
    form TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, lines INTEGER NOT NULL,
    counts BLOB NOT NULL, open_line BLOB NOT NULL);
CREATE INDEX stream_first_line ON stream(first_line);
CREATE TABLE copy(
    dev INTEGER, ino INTEGER, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, path TEXT NOT NULL,
    PRIMARY KEY(dev, ino)) WITHOUT ROWID;
CREATE TABLE sighting(
    number INTEGER PRIMARY KEY, stream INTEGER NOT NULL, place INTEGER NOT NULL,
    seen_us INTEGER NOT NULL, shown INTEGER NOT NULL);
CREATE INDEX sighting_stream ON sighting(stream, place);
CREATE INDEX sighting_unshown ON sighting(shown) WHERE NOT shown;
CREATE TABLE row_batch(
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, stream INTEGER NOT NULL, first INTEGER NOT NULL,
    rows BLOB NOT NULL);
CREATE INDEX row_batch_stream ON row_batch(stream, first);
CREATE TABLE pair(
    kind TEXT, client TEXT, server TEXT, PRIMARY KEY(kind, client, server)) WITHOUT ROWID;
CREATE TABLE told(
    device TEXT, key TEXT, first_us INTEGER NOT NULL, shown_us INTEGER NOT NULL,
    count INTEGER NOT NULL, since INTEGER NOT NULL, PRIMARY KEY(device, key)) WITHOUT ROWID;
CREATE TABLE loss(
    minute INTEGER, path TEXT, lines INTEGER NOT NULL, bytes INTEGER NOT NULL, lag INTEGER NOT NULL,
    PRIMARY KEY(minute, path)) WITHOUT ROWID;
CREATE TABLE problem(
    code TEXT, path TEXT, facts BLOB NOT NULL, first_us INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY(code, path)) WITHOUT ROWID;
CREATE TABLE setting(name TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;
"""

# Of a part, `outbox` is the folder that tells it, 0 for none yet; a sighting of an earlier version
# belongs to none.
_TABLES_2 = """
DROP TABLE IF EXISTS outbox;
CREATE TABLE outbox(
    number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, folder TEXT NOT NULL,
    digest TEXT NOT NULL, day TEXT NOT NULL, made_us INTEGER NOT NULL, sightings INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, due_us INTEGER NOT NULL DEFAULT 0, sent_us INTEGER,
    settled_us INTEGER, refused TEXT NOT NULL DEFAULT '');
CREATE TABLE part(
    number INTEGER PRIMARY KEY AUTOINCREMENT, stream INTEGER NOT NULL, member TEXT NOT NULL,
    first INTEGER NOT NULL, ends INTEGER NOT NULL, chain BLOB NOT NULL, facts BLOB NOT NULL,
    outbox INTEGER NOT NULL);
CREATE TABLE source_total(
    source TEXT PRIMARY KEY, lines INTEGER NOT NULL, bytes INTEGER NOT NULL,
    read_us INTEGER NOT NULL, event_us INTEGER, minute INTEGER NOT NULL,
    minute_lines INTEGER NOT NULL, last_lines INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE sealed_end(
    stream INTEGER PRIMARY KEY, ends INTEGER NOT NULL, chain BLOB NOT NULL);
CREATE TABLE early(number INTEGER PRIMARY KEY);
CREATE TABLE planted(
    name TEXT, source TEXT, seen_us INTEGER NOT NULL, PRIMARY KEY(name, source)) WITHOUT ROWID;
CREATE INDEX part_stream ON part(stream, first);
CREATE INDEX part_open ON part(stream) WHERE outbox = 0;
ALTER TABLE sighting ADD COLUMN outbox INTEGER NOT NULL DEFAULT -1;
CREATE INDEX sighting_open ON sighting(stream, place) WHERE outbox = 0;
"""

# Why the portal does not take a folder yet, "" for no reason.
_TABLES_3 = """
ALTER TABLE outbox ADD COLUMN waits_for TEXT NOT NULL DEFAULT '';
"""

# Keys of chunks until they are joined with their days, and the lines of each day by its texts.
_TABLES_4 = """
CREATE TABLE print_part(
    number INTEGER PRIMARY KEY AUTOINCREMENT, first TEXT NOT NULL, last TEXT NOT NULL,
    key_id TEXT NOT NULL, stream INTEGER NOT NULL, lines INTEGER NOT NULL,
    is_complete INTEGER NOT NULL, keys BLOB NOT NULL);
CREATE TABLE print_day(
    first TEXT, last TEXT, stream INTEGER, lines INTEGER NOT NULL,
    PRIMARY KEY(first, last, stream)) WITHOUT ROWID;
"""

_STEPS = (_TABLES, _TABLES_2, _TABLES_3, _TABLES_4)
"""What makes each version of the one before it."""


class StreamState(StrEnum):
    """Where a stream is in its life."""

    FOUND = "found"
    READING = "reading"
    RESTING = "resting"
    ROTATED = "rotated"
    DONE = "done"
    PACKED = "packed"
    WHOLE = "whole"
    """A file that does not grow line by line: read anew as a whole whenever it changed."""


@dataclass
class Stream:
    """A text that is read once, whatever its file is called.

    Shapes: `first_line` and `before` are digests, of the first line and of what stands before
    `cursor`; `chain` is that of the text up to `cursor`, `link` that before the open piece;
    `headers` are the lines that changed its form; `counts` as in LineCounts, `forms` in them as in
    FormCounts; `open_line` is where a last line without end was read although it may grow, and what
    was counted before.
    Units: `cursor` and `size` in bytes; `taken_us` is when it was last seen to grow, us since 1970.
    """

    number: int
    path: str
    dev: int
    ino: int
    first_line: bytes = b""
    cursor: int = 0
    link: bytes = CHAIN_START
    chain: bytes = CHAIN_START
    before: bytes = b""
    headers: list[bytes] = field(default_factory=list)
    taken_us: int = 0
    state: StreamState = StreamState.FOUND
    form: str = ""
    size: int = 0
    mtime_ns: int = 0
    lines: int = 0
    counts: dict[str, Any] = field(default_factory=dict)
    open_line: dict[str, Any] = field(default_factory=dict)


_NAMES = tuple(one.name for one in fields(Stream))
_KINDS = {
    **dict.fromkeys(("number", "dev", "ino", "cursor", "taken_us", "size", "mtime_ns"), int),
    **dict.fromkeys(("first_line", "link", "chain", "before"), bytes),
    **dict.fromkeys(("path", "form"), str),
    **dict.fromkeys(("counts", "open_line"), dict),
    "lines": int,
}
_PACKED = frozenset({"headers", "counts", "open_line"})
_SAVE = f"INSERT OR REPLACE INTO stream({', '.join(_NAMES)}) VALUES({', '.join('?' * len(_NAMES))})"


class WatchState:
    """The open state of one watch."""

    def __init__(self, folder: Path, *, read_only: bool = False, is_beside: bool = False) -> None:
        """Open the state in `folder`, which is made where it is missing.

        With `is_beside` it is written beside the watch that has it: by a thread, or a command.
        Errors: E505 where it cannot be used, is of another version, or another watch has it.
        """
        self.folder = folder
        self._lock: int | None = None
        try:
            if not read_only and not is_beside:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._lock = _locked(folder / "watch.lock")
            self._base = _opened(folder / STATE_FILE, read_only=read_only)
        except (OSError, sqlite3.Error) as error:
            raise QuetsachError("E505", str(folder), reason=_reason(error)) from error

    def close(self) -> None:
        """Close it."""
        self._base.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @contextmanager
    def round(self) -> Iterator[None]:
        """Keep all that is written meanwhile, or nothing. Errors: sqlite3.Error; as from within."""
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._base.execute("COMMIT")
        except BaseException:
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")
            raise

    def run(self, statement: str, *facts: Any) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        return self._base.execute(statement, facts).fetchall()

    def each(self, statement: str, facts: Iterable[tuple[Any, ...]]) -> None:
        """Run one statement for each of `facts`."""
        self._base.executemany(statement, facts)

    def streams(self, where: str = "1", *facts: Any) -> list[Stream]:
        """Return the streams for which `where`, a condition of SQL, holds."""
        names = ", ".join(_NAMES)
        rows = self.run(f"SELECT {names} FROM stream WHERE {where} ORDER BY number", *facts)  # noqa: S608
        with readable(self.folder):
            return [_stream(row) for row in rows]

    def save(self, stream: Stream) -> None:
        """Keep a stream as it is now."""
        values = (
            msgspec.json.encode(value) if name in _PACKED else value
            for name, value in ((name, getattr(stream, name)) for name in _NAMES)
        )
        self.run(_SAVE, *values)

    def next_number(self) -> int:
        """Return a number for a new stream."""
        return int(self.run("SELECT COALESCE(MAX(number), 0) + 1 FROM stream")[0][0])

    def setting(self, name: str, otherwise: str = "") -> str:
        """Return a setting."""
        rows = self.run("SELECT content FROM setting WHERE name = ?", name)
        return str(rows[0][0]) if rows else otherwise

    def uuid(self) -> str:
        """Return what tells this state from all others; it is drawn when first asked for."""
        drawn = self.setting("uuid")
        if not drawn:
            drawn = str(uuid4())
            self.set({"uuid": drawn})
        return drawn

    def set(self, settings: Mapping[str, str]) -> None:
        """Keep settings."""
        self.each("INSERT OR REPLACE INTO setting VALUES(?, ?)", settings.items())


_DAMAGE = (
    *(msgspec.MsgspecError, pa.ArrowException),
    *(ValueError, TypeError, KeyError, RecursionError),
)
"""What reading a row may raise that no watch has written."""


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Say E505 of what no watch has written: a row that somebody forged, or a disk damaged."""
    try:
        yield
    except _DAMAGE as error:
        reason = _("it is damaged (%(what)s)") % {"what": str(error)[:120]}
        raise QuetsachError("E505", str(folder), reason=reason) from error


def _stream(row: tuple[Any, ...]) -> Stream:
    facts = dict(zip(_NAMES, row, strict=True))
    facts["headers"] = msgspec.json.decode(facts["headers"], type=list[bytes])
    for name in ("counts", "open_line"):
        facts[name] = msgspec.json.decode(facts[name])
    facts["state"] = StreamState(facts["state"])
    for name, kind in _KINDS.items():
        if not isinstance(facts[name], kind):
            raise TypeError(name)
    return Stream(**facts)


def _opened(path: Path, *, read_only: bool) -> sqlite3.Connection:
    if read_only:
        base = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None, timeout=5)
    else:
        base = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
        base.execute("PRAGMA journal_mode = WAL")
        # What a failing machine takes back is read again: rows and cursor go together.
        base.execute("PRAGMA synchronous = NORMAL")
    version = base.execute("PRAGMA user_version").fetchone()[0]
    if version < VERSION and not read_only:
        steps = " ".join(_STEPS[version:])
        base.executescript(f"BEGIN; {steps} PRAGMA user_version = {VERSION}; COMMIT;")
    elif version != VERSION:
        base.close()
        raise OSError(_("it is of version %(version)s") % {"version": version})
    return base


def _locked(path: Path) -> int:
    """Return the open lock of a state. Errors: OSError where another process has it."""
    # No program that this one starts gets the file, and so the lock: Python sees to that.
    number = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    is_locked = lock_open_file(number, waits=False)
    if not is_locked:
        os.close(number)
        raise OSError(_("another watch uses it") if is_locked is False else os.strerror(ENOLCK))
    return number


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
