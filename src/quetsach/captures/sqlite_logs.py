"""SQLite files that hold a log: Pi-hole's questions, the history of Firefox, Chrome and Safari.

A file is opened immutable and read-only, its schema is not trusted, and what a statement may do is
asked for each step: a view of a stranger's file is a program of a stranger's. Where pages written
ahead (`-wal`) lie beside a file, SQLite puts a copy of both together.
Source: SQLite, "Defense Against The Dark Arts"; Pi-hole, FTL database documentation; Mozilla,
places database; Chromium, components/history; SQLite, "WAL-mode File Format"; iOS and macOS
History.db as plaso reads it.
"""

import shutil
import sqlite3
import sys
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from quetsach.captures.contract import (
    CaptureDamaged,
    CaptureSource,
    LineSink,
    TooMuchWritten,
    UnreadReason,
)
from quetsach.clocks import within
from quetsach.errors.catalogue import N_

MOST_SECONDS = 600.0
"""So long the statements of one file may take."""

LONGEST_VALUE = 1 << 20
_MAGIC = b"SQLite format 3\x00"
_AHEAD = "-wal"
_AHEAD_MAGIC = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
_INDEX, _INDEX_MAGIC = "-shm", (b"\x18\xe2\x2d\x00", b"\x00\x2d\xe2\x18")
_AHEAD_HEAD_BYTES, _FRAME_BYTES = 32, 24
_PAGE_SIZES = frozenset(1 << power for power in range(9, 17))
_STEPS = 10_000
_US = 1_000_000
_FROM_1601_US, _FROM_2001_US = 11_644_473_600 * _US, 978_307_200 * _US
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})
_FUNCTIONS = frozenset({"typeof", "coalesce", "ifnull"})
_PRAGMAS = frozenset({"table_info"})
# Source: Pi-hole documentation, "Query database": status, reply type and type of a question.
_BLOCKED = frozenset({1, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16, 18})
_CODES = {1: "NOERROR", 2: "NXDOMAIN", 3: "NOERROR", 4: "NOERROR", 5: "NOERROR", 7: "SERVFAIL"}
_CODES |= {8: "REFUSED", 9: "NOTIMP"}
_TYPES = (
    *("", "A", "AAAA", "ANY", "SRV", "SOA", "PTR", "TXT", "NAPTR", "MX", "DS", "RRSIG"),
    *("DNSKEY", "NS", "OTHER", "SVCB", "HTTPS"),
)
_NUMBERED = 100
_NO_HARDWARE = ("ip-", "00:00:00:00:00:00")

Row = tuple[Any, ...]


@dataclass(frozen=True)
class _Table:
    """A table of a known kind of file: how it is asked, and the event of a row.

    Shapes: `needs` are the columns it is known by; `optional` those that may be absent, which are
    then asked for as null.
    """

    name: str
    needs: tuple[str, ...]
    statement: str
    event: Callable[[Row], dict[str, Any] | None]
    optional: tuple[str, ...] = ()


class SqliteLogs:
    """Reads the tables that are known in SQLite files."""

    kind = "sqlite"
    title = N_("SQLite file of Pi-hole or of a browser")
    reads = N_("Pi-hole's questions and neighbours; pages and downloads in a browser's history")
    wants_beside = True

    def recognise(self, head: bytes, name: str) -> bool:
        """Return whether `head` begins a SQLite file of whatever program, or pages of one."""
        is_index = head.startswith(_INDEX_MAGIC) and name.endswith(_INDEX)
        return head.startswith((_MAGIC, *_AHEAD_MAGIC)) or is_index

    def decode(self, source: CaptureSource, sink: LineSink) -> None:
        """Write one event for each row of a known table that says something."""
        if _begins(source.path, _INDEX_MAGIC):
            # It holds no page: SQLite makes it anew.
            sink.nothing("sqlite.ahead", "index of pages written ahead")
            return
        if _begins(source.path, _AHEAD_MAGIC):
            _pages_ahead(source, sink)
            return
        try:
            with closing(_connected(source, sink)) as base:
                known = [table for table in _TABLES if _has(base, table)]
                if not known:
                    raise CaptureDamaged(UnreadReason.NO_KNOWN_TABLE)
                for table in known:
                    for row in _rows(base, table):
                        event = table.event(row)
                        if event is not None:
                            sink.event(_without_absent(event))
        except sqlite3.OperationalError as error:
            slow = "interrupt" in str(error)
            raise CaptureDamaged(UnreadReason.TOO_SLOW if slow else UnreadReason.DAMAGED) from error
        except (sqlite3.Error, OverflowError, ValueError) as error:
            raise CaptureDamaged(UnreadReason.DAMAGED) from error


def _begins(path: Path, magic: tuple[bytes, ...]) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MAGIC)).startswith(magic)


def _pages_ahead(source: CaptureSource, sink: LineSink) -> None:
    """Say with which file these pages are read; count them where it is not there."""
    owner = source.name.removesuffix(_AHEAD)
    if owner != source.name and owner in source.beside_names:
        sink.nothing("sqlite.ahead", "read with its database")
        return
    with source.path.open("rb") as file:
        page = int.from_bytes(file.read(12)[8:], "big") + _FRAME_BYTES
    pages = (source.path.stat().st_size - _AHEAD_HEAD_BYTES) // page
    sink.miss(UnreadReason.NO_DATABASE, max(pages, 1))


def _connected(source: CaptureSource, sink: LineSink) -> sqlite3.Connection:
    """Return a connection to the file, or to a copy of it with the pages written ahead.

    Errors: sqlite3.Error; TooMuchWritten; OSError.
    """
    names = source.beside_names
    place = names.index(source.name + _AHEAD) if source.name + _AHEAD in names else None
    if place is None or source.scratch is None:
        return _opened(source.path, "mode=ro&immutable=1")
    ahead, copy = source.beside[place], source.scratch
    if source.path.stat().st_size + ahead.stat().st_size > sink.most_bytes:
        raise TooMuchWritten
    lost = _lost_pages(ahead.read_bytes())
    if lost:
        sink.miss(UnreadReason.DAMAGED, lost)
    shutil.copyfile(source.path, copy)
    shutil.copyfile(ahead, copy.with_name(copy.name + _AHEAD))
    return _opened(copy, "mode=rw")


def _lost_pages(ahead: bytes) -> int:
    """Return how many pages written ahead SQLite leaves out, as one of their checksums is wrong.

    Source: SQLite, "Database File Format", 4.1 to 4.3.
    """
    head = ahead[:_AHEAD_HEAD_BYTES]
    order: Literal["little", "big"] = "big" if head[3:4] == b"\x83" else "little"
    page = int.from_bytes(head[8:12], "big")
    if page not in _PAGE_SIZES:
        return 1
    size = page + _FRAME_BYTES
    frames = [
        frame
        for place in range(_AHEAD_HEAD_BYTES, len(ahead) - size + 1, size)
        # Frames with another salt are left from before the file was begun again.
        if (frame := ahead[place : place + size])[8:16] == head[16:24]
    ]
    sums = _sums(head[:24], (0, 0), order)
    if head[24:32] != _written(sums):
        return len(frames)
    for number, frame in enumerate(frames):
        sums = _sums(frame[:8] + frame[_FRAME_BYTES:], sums, order)
        if frame[16:24] != _written(sums):
            return len(frames) - number
    return 0


def _sums(
    content: bytes, sums: tuple[int, int], order: Literal["little", "big"]
) -> tuple[int, int]:
    words = array("I", content)
    if sys.byteorder != order:
        words.byteswap()
    first, second = sums
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second


def _written(sums: tuple[int, int]) -> bytes:
    return b"".join(part.to_bytes(4, "big") for part in sums)


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    """Return a connection that can do no more than read this file. Errors: sqlite3.Error."""
    address = f"{path.resolve().as_uri()}?{mode}"
    base = sqlite3.connect(address, uri=True, isolation_level=None)
    base.text_factory = lambda raw: raw.decode("utf-8", "replace")
    base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 16 * LONGEST_VALUE)
    base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    base.execute("PRAGMA trusted_schema = OFF")
    base.execute("PRAGMA cell_size_check = ON")
    base.execute("PRAGMA mmap_size = 0")
    # Pages ahead are then looked up in memory, not in a file that is shared.
    base.execute("PRAGMA locking_mode = EXCLUSIVE")
    base.set_authorizer(_authorised)
    until = time.monotonic() + MOST_SECONDS
    base.set_progress_handler(lambda: int(time.monotonic() > until), _STEPS)
    return base


def _authorised(
    act: int, first: str | None, second: str | None, _base: str | None, _view: str | None
) -> int:
    """Return whether a statement, or a view of the file, may do this."""
    allowed = (
        act in _ALLOWED
        or (act == sqlite3.SQLITE_FUNCTION and second in _FUNCTIONS)
        or (act == sqlite3.SQLITE_PRAGMA and first in _PRAGMAS)
    )
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _columns(base: sqlite3.Connection, table: str) -> set[str]:
    """Return the names of a table's columns, none where there is no such table."""
    return {str(row[1]) for row in base.execute(f"PRAGMA table_info({table})")}


def _has(base: sqlite3.Connection, table: _Table) -> bool:
    needed: dict[str, set[str]] = {}
    for name in table.needs:
        holder, _, column = name.partition(".")
        needed.setdefault(holder, set()).add(column)
    return all(columns <= _columns(base, holder) for holder, columns in needed.items())


def _rows(base: sqlite3.Connection, table: _Table) -> Iterator[Row]:
    there = _columns(base, table.name)
    more = ", ".join(name if name in there else "NULL" for name in table.optional)
    statement = table.statement.replace("OPTIONAL", more)
    yield from base.execute(statement)


def _without_absent(event: dict[str, Any]) -> dict[str, Any]:
    return {name: content for name, content in event.items() if content not in (None, "", [])}


def _question(row: Row) -> dict[str, Any] | None:
    when, kind, status, name, client, reply = row
    if not isinstance(name, str) or not isinstance(client, str):
        return None
    return {
        "@timestamp": _since_1970(when, _US),
        "event.dataset": "pihole.dns",
        "event.type": "denied" if status in _BLOCKED else "protocol",
        "network.application": "dns",
        "source.ip": client,
        "dns.question.name": name[:LONGEST_VALUE],
        "dns.question.type": _question_type(kind),
        "dns.response_code": _CODES.get(reply) if isinstance(reply, int) else None,
    }


def _question_type(kind: Any) -> str | None:
    if not isinstance(kind, int) or kind <= 0:
        return None
    if kind > _NUMBERED:
        return f"TYPE{kind - _NUMBERED}"
    return _TYPES[kind] if kind < len(_TYPES) else None


def _neighbour(row: Row) -> dict[str, Any] | None:
    hardware, address, when, name = row
    if not isinstance(hardware, str) or hardware.startswith(_NO_HARDWARE):
        return None
    return {
        "@timestamp": _since_1970(when, _US),
        "event.dataset": "pihole.neighbours",
        "event.type": "info",
        "host.ip": address,
        "host.mac": hardware,
        "host.name": name,
        "quetsach.lease.act": "seen",
    }


def _visit(unit: int, from_us: int, action: str) -> Callable[[Row], dict[str, Any] | None]:
    """Return what makes an event of (time, URL), counted in `unit` from `from_us` on."""

    def event(row: Row) -> dict[str, Any] | None:
        when, url = row
        if not isinstance(url, str) or "://" not in url:
            return None
        host = url.partition("://")[2].partition("/")[0].rpartition("@")[2]
        return {
            "@timestamp": _since_1970(when, unit, from_us),
            "event.dataset": "browser.history",
            "event.type": "protocol",
            "event.action": action,
            "url.full": url[:LONGEST_VALUE],
            "url.domain": host.rpartition(":")[0] if _has_port(host) else host,
        }

    return event


def _has_port(host: str) -> bool:
    return host.rpartition(":")[2].isdigit() and host.rpartition(":")[0] != ""


def _since_1970(when: Any, unit: int, from_us: int = 0) -> int | None:
    """Return a time of `unit` us steps, counted from `from_us`; None for none."""
    if not isinstance(when, (int, float)) or not 0 < when < 1 << 62:
        return None
    return within(int(when * unit) + from_us)


_TABLES: Sequence[_Table] = (
    _Table(
        "queries",
        ("queries.timestamp", "queries.type", "queries.status", "queries.domain", "queries.client"),
        "SELECT timestamp, type, status, domain, client, OPTIONAL FROM queries",
        _question,
        ("reply_type",),
    ),
    _Table(
        "network_addresses",
        ("network.id", "network.hwaddr", "network_addresses.ip", "network_addresses.network_id"),
        "SELECT network.hwaddr, network_addresses.ip, network_addresses.lastSeen, OPTIONAL "
        "FROM network_addresses JOIN network ON network.id = network_addresses.network_id",
        _neighbour,
        ("name",),
    ),
    _Table(
        "moz_historyvisits",
        ("moz_places.id", "moz_places.url", "moz_historyvisits.visit_date"),
        "SELECT moz_historyvisits.visit_date, moz_places.url FROM moz_historyvisits "
        "JOIN moz_places ON moz_places.id = moz_historyvisits.place_id",
        _visit(1, 0, "visited"),
    ),
    _Table(
        "visits",
        ("urls.id", "urls.url", "visits.visit_time", "visits.url"),
        "SELECT visits.visit_time, urls.url FROM visits JOIN urls ON urls.id = visits.url",
        _visit(1, -_FROM_1601_US, "visited"),
    ),
    _Table(
        "downloads_url_chains",
        ("downloads.id", "downloads.start_time", "downloads_url_chains.url"),
        "SELECT downloads.start_time, downloads_url_chains.url FROM downloads_url_chains "
        "JOIN downloads ON downloads.id = downloads_url_chains.id",
        _visit(1, -_FROM_1601_US, "downloaded"),
    ),
    _Table(
        "history_visits",
        ("history_items.id", "history_items.url", "history_visits.visit_time"),
        "SELECT history_visits.visit_time, history_items.url FROM history_visits "
        "JOIN history_items ON history_items.id = history_visits.history_item",
        _visit(_US, _FROM_2001_US, "visited"),
    ),
)
