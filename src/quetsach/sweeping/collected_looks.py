"""Which machines collections show, and what each has: its connection table, its DNS cache, when.

A file that quetsach-collect wrote says in its first line which machine it is of, so that neither
the name of the file nor that of the archive matters.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from quetsach.evidence.archives import BETWEEN
from quetsach.evidence.find import EvidenceFile
from quetsach.formats.shared import collected

MOST_BYTES = 32 << 20
"""A file or an archive that is larger is no collection."""

_CONNECTIONS = frozenset({"tcp", "netstat"})
_NAMES = frozenset({"dnscache"})
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SOCKET = re.compile(rb"\s*(?:tcp|udp)\S*\s+\S", re.IGNORECASE)
_DOTS = re.compile(rb"\. ?\. ?\.")
"""In a line of `ipconfig /displaydns`, between its label, in whatever language, and its value."""


@dataclass(frozen=True)
class CollectedLook:
    """What one collection has of one machine.

    Shapes: `taken_at` is by the machine's own clock, None where its first line has none; `mac` as
    00-17-A4-B2-C3-D4 or ""; `connections` and `names` count lines, None where that file is not
    there; `cache` is what the collector says of the cache, as "none" where the machine keeps none,
    "" where it says nothing; `content` is the SHA-256 of both, in hex, the same by any name.
    """

    host: str
    mac: str
    address: str
    taken_at: datetime | None
    connections: int | None
    names: int | None
    content: str
    cache: str = ""


@dataclass
class _Gathered:
    host: str
    mac: str = ""
    address: str = ""
    taken_us: list[int] = field(default_factory=list)
    connections: list[bytes] | None = None
    names: list[bytes] | None = None
    cache: str = ""


def looks_of(files: Iterable[EvidenceFile]) -> list[CollectedLook]:
    """Return the looks that unpacked files hold, in order; other files are left alone."""
    gathered: dict[tuple[str, str, str], _Gathered] = {}
    for file in files:
        if file.size <= MOST_BYTES:
            place = file.shown.replace("\\", "/").rpartition("/")[0]
            if BETWEEN in file.shown:
                place = f"{file.shown.rpartition(BETWEEN)[0]} {place}"
            _gather(place, _text(file.location.read_bytes()), gathered)
    return [_look(machine) for machine in gathered.values() if machine.host or machine.mac]


def _text(content: bytes) -> bytes:
    if content.startswith(_UTF_16):
        return content.decode("utf-16", "replace").encode()
    return content


def _gather(place: str, text: bytes, gathered: dict[tuple[str, str, str], _Gathered]) -> None:
    if collected.HEADER not in text:
        return
    machine: _Gathered | None = None
    kind = ""
    for line in text.splitlines():
        words = collected.heading_values(line)
        if words is None:
            if machine is not None:
                _take(machine, kind, line)
            continue
        kind = words.get("holds", "")
        machine = _machine(place, words, gathered)
        if kind in _CONNECTIONS and machine.connections is None:
            machine.connections = []
        if kind in _NAMES and machine.names is None:
            machine.names, machine.cache = [], words.get("cache", "")[:20]
        if kind in _CONNECTIONS | _NAMES:
            when = collected.taken_us(words)
            machine.taken_us += [] if when is None else [when]


def _machine(
    place: str, words: dict[str, str], gathered: dict[tuple[str, str, str], _Gathered]
) -> _Gathered:
    host, mac = words.get("host", "")[:64], collected.mac_in(words) or ""
    key = (place, host.lower(), mac)
    address = collected.address_in(words) or ""
    return gathered.setdefault(key, _Gathered(host, mac, address))


def _take(machine: _Gathered, kind: str, line: bytes) -> None:
    bare = line.rstrip()
    if not bare or (bare.lstrip().startswith(b"#") and b"\t" not in bare):
        return
    if kind in _CONNECTIONS and machine.connections is not None and _is_connection(kind, bare):
        machine.connections.append(bare)
    elif kind in _NAMES and machine.names is not None and _is_name(bare):
        machine.names.append(bare)


def _is_connection(kind: str, line: bytes) -> bool:
    if _SOCKET.match(line):
        return True
    cells = line.split(b"\t")
    return kind == "tcp" and len(cells) > 4 and cells[1].isdigit() and cells[3].isdigit()


def _is_name(line: bytes) -> bool:
    cells = line.split(b"\t")
    if len(cells) > 3:
        return bool(cells[0].strip()) and cells[0] != b"Entry"
    dots = _DOTS.search(line)
    return dots is not None and bool(line[dots.end() :].partition(b":")[2].strip())


def _look(machine: _Gathered) -> CollectedLook:
    taken_us = min(machine.taken_us, default=None)
    taken_at = None if taken_us is None else datetime.fromtimestamp(taken_us / 1_000_000, UTC)
    return CollectedLook(
        host=machine.host,
        mac=machine.mac,
        address=machine.address,
        taken_at=taken_at,
        connections=None if machine.connections is None else len(machine.connections),
        names=None if machine.names is None else len(machine.names),
        content=_digest(machine.connections or (), machine.names or ()),
        cache=machine.cache,
    )


def _digest(connections: Iterable[bytes], names: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in _pieces(connections, names):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(connections: Iterable[bytes], names: Iterable[bytes]) -> Iterator[bytes]:
    yield b"connections\n"
    for line in connections:
        yield line + b"\n"
    yield b"names\n"
    for line in names:
        yield line + b"\n"
