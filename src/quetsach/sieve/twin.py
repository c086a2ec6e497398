"""The plain sieve: the judge of the kernel in tests, and what runs where there is no kernel."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from quetsach.sieve import tokens
from quetsach.sieve.contract import HourTally, LineClock, Scan, SieveKeys

_HEAD = 512
_PER_SECOND = {13: 1_000, 16: 1_000_000, 19: 1_000_000_000}

_RUN_BYTES = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.\n" + bytes(range(128, 256))
)
# Every byte that no run holds becomes a blank, so that split() cuts a line into its runs.
_BLANKED = bytes(byte if byte in _RUN_BYTES else 0x20 for byte in range(256))


class _Run(NamedTuple):
    """What one run of a line says: does it hold a key, and an address; if inside, which."""

    is_hit: bool
    has_address: bool
    alive: int | None


_NOTHING = _Run(is_hit=False, has_address=False, alive=None)


@dataclass
class _Tally:
    first: int
    last: int = 0
    lines: int = 0
    alive: set[int] = field(default_factory=set)


class Networks:
    """A set of IPv4 or IPv6 networks that can be asked whether an address lies inside.

    Errors: ValueError for an address or prefix length out of range.
    """

    def __init__(self, networks: Iterable[tuple[int, int]], bits: int = 32) -> None:
        self._prefixes: dict[int, set[int]] = {}
        for first, length in networks:
            if not 0 <= length <= bits or not 0 <= first < 1 << bits:
                raise ValueError(f"no network: {first}/{length}")
            self._prefixes.setdefault(bits - length, set()).add(first >> (bits - length))

    def __bool__(self) -> bool:
        return bool(self._prefixes)

    def __contains__(self, address: int) -> bool:
        return any(address >> shift in firsts for shift, firsts in self._prefixes.items())


class PythonSieve:
    """The sieve in plain Python; see `Sieve` in contract.py for what it promises."""

    name = "python"

    def __init__(self, keys: SieveKeys) -> None:
        if any(not 0 <= address < 1 << 32 for address in keys.addresses):
            raise ValueError("an address is out of range")
        self._names = frozenset(key for key in keys.names if b"" not in key.split(b"."))
        self._addresses = keys.addresses
        self._networks = Networks(keys.networks)
        self._inside = Networks(keys.inside)
        self._any_unicode_name = keys.any_unicode_name
        if any(not 0 <= address < 1 << 128 for address in keys.addresses6):
            raise ValueError("an address is out of range")
        self._addresses6 = keys.addresses6
        self._networks6 = Networks(keys.networks6, bits=128)
        self._hashes = keys.hashes

    def scan(
        self, block: bytes | bytearray | memoryview, clock: LineClock | None, marker: bytes | None
    ) -> Scan:
        """Return the tally of `block`; see contract.py."""
        data = bytes(block)
        lines = data.split(b"\n")
        blanked = data.translate(_BLANKED).split(b"\n")
        if not lines[-1]:
            lines.pop()
        seen: dict[bytes, _Run] = {}
        candidates: list[tuple[int, int]] = []
        marked: list[tuple[int, int]] = []
        tallies: dict[bytes, _Tally] = {}
        start = 0
        for line, words in zip(lines, blanked, strict=False):
            end = start + len(line)
            is_candidate, alive = self._look(words, seen)
            if is_candidate or self._holds_rare(line):
                candidates.append((start, end))
            if marker and marker in line:
                marked.append((start, end))
            key = hour_key(line, clock) if clock else b""
            tally = tallies.get(key)
            if tally is None:
                tally = tallies[key] = _Tally(start)
            tally.last = start
            tally.lines += 1
            if alive is not None:
                tally.alive.add(alive)
            start = end + 1
        return Scan(len(lines), candidates, marked, _hours(tallies))

    def _look(self, words: bytes, seen: dict[bytes, _Run]) -> tuple[bool, int | None]:
        """Return whether a line holds a key, and its first address if inside; `seen` saves work."""
        is_candidate = has_address = False
        alive = None
        for word in words.split():
            if b"." not in word:
                continue
            run = seen.get(word)
            if run is None:
                run = seen[word] = self._read(word)
            is_candidate = is_candidate or run.is_hit
            if run.has_address and not has_address:
                has_address = True
                alive = run.alive
        return is_candidate, alive

    def _read(self, word: bytes) -> _Run:
        # Most runs are numbers with one dot; what they cannot be is not looked for.
        addresses = tokens.addresses(word) if word.count(b".") >= 3 else []
        names = tokens.names(word) if word.strip(b"0123456789.") else []
        if not addresses and not names:
            return _NOTHING
        is_hit = (
            any(self._is_listed(name) for name in names)
            or not self._addresses.isdisjoint(addresses)
            or any(address in self._networks for address in addresses)
            or (self._any_unicode_name and not word.isascii() and bool(names))
        )
        is_alive = bool(addresses) and addresses[0] in self._inside
        return _Run(is_hit, bool(addresses), addresses[0] if is_alive else None)

    def _holds_rare(self, line: bytes) -> bool:
        if (self._addresses6 or self._networks6) and any(
            address in self._addresses6 or address in self._networks6
            for address in tokens.addresses6(line)
        ):
            return True
        return bool(self._hashes) and not self._hashes.isdisjoint(tokens.hashes(line))

    def _is_listed(self, name: bytes) -> bool:
        rest = name
        while rest not in self._names:
            _, dot, rest = rest.partition(b".")
            if not dot:
                return False
        return True


def hour_key(line: bytes, clock: LineClock) -> bytes:
    """Return the key of the hour that `line` carries, b"" if it cannot be read."""
    found = line.find(clock.needle, 0, _HEAD)
    if found < 0:
        return b""
    start = found + len(clock.needle)
    if not clock.epoch:
        key = line[start : start + clock.length]
        return key if len(key) == clock.length else b""
    # Twenty are enough to see that there are too many.
    digits = line[start : start + 20]
    digits = digits[: len(digits) - len(digits.lstrip(b"0123456789"))]
    if not 1 <= len(digits) <= 12 and len(digits) not in _PER_SECOND:
        return b""
    return b"%d" % (int(digits) // _PER_SECOND.get(len(digits), 1) // 3600)


def _hours(tallies: dict[bytes, _Tally]) -> list[HourTally]:
    return [
        HourTally(key, tally.lines, tally.first, tally.last, frozenset(tally.alive))
        for key, tally in sorted(tallies.items())
    ]
