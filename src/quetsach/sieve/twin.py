"""The plain sieve: the judge of the kernel in tests, and what runs where there is no kernel."""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from quetsach.sieve.address_sets import packed
from quetsach.sieve.contract import HourCounts, LineClock, SieveKeys, SieveResult
from quetsach.sieve.wire_names import names_in_tokens, names_in_wire

# One class and no tail: a run of a megabyte without a dot is still read in linear time.
_RUN = re.compile(rb"[A-Za-z0-9_\-\x80-\xff.]+")
_NUMBERS = re.compile(rb"(?<![A-Za-z_\x80-\xff0-9.])[0-9.]+(?![A-Za-z_\x80-\xff0-9.])")
_NUMBERS6 = re.compile(rb"[0-9A-Fa-f:.]+")
_GLUE = re.compile(rb"[A-Za-z_\x80-\xff]")
_WORD = re.compile(rb"[0-9A-Za-z]+")
_HEX = re.compile(rb"[0-9A-Fa-f]+")
_HASH_LENGTHS = (32, 40, 64)
_COLONED = re.compile(
    rb"(?<![0-9A-Za-z_:])(?:[0-9A-Fa-f]{2}:){15}(?:(?:[0-9A-Fa-f]{2}:){4}(?:(?:[0-9A-Fa-f]{2}:){12})?)?"
    rb"[0-9A-Fa-f]{2}(?![0-9A-Za-z_:])"
)
# The sign in the middle first: nothing but it is looked for in a block without any.
_JA4 = re.compile(rb"_[0-9A-Fa-f]{12}_[0-9A-Fa-f]{12}(?![0-9A-Za-z_])")
_JA4_HEAD = re.compile(rb"(?<![0-9A-Za-z_])[0-9A-Za-z]{10}\Z")
_LAST_GROUP = re.compile(rb"[:.][0-9A-Fa-f]*\Z")
_LONGEST_ADDRESS6 = 45


def plain_literals_held(text: bytes, literals: Sequence[bytes]) -> frozenset[bytes]:
    """Return those of `literals` that `text` holds."""
    return frozenset(literal for literal in literals if literal in text)


def runs(line: bytes) -> list[bytes]:
    """Return the dotted runs of `line` in lower case, without the dots at their ends."""
    stripped = (run.strip(b".") for run in _RUN.findall(line))
    return [run.lower() for run in stripped if b"." in run]


def find_names(line: bytes) -> list[bytes]:
    """Return the runs of `line` that could be host names of two or more labels."""
    return [run for run in runs(line) if not _all_numbers(run)]


def find_addresses(line: bytes) -> list[int]:
    """Return the IPv4 addresses that are in `line`, in order, as integers."""
    addresses = []
    for run in _RUN.findall(line):
        for token in _NUMBERS.findall(run):
            address = ipv4(token)
            if address is not None:
                addresses.append(address)
    return addresses


def ipv4(token: bytes) -> int | None:
    """Return the address that a run of digits and dots writes, or None.

    Five numbers are an address and a port, as tcpdump writes them.
    """
    parts = token.strip(b".").split(b".")
    if len(parts) == 5:
        parts = parts[:4]
    if len(parts) != 4:
        return None
    number = 0
    for part in parts:
        if not 1 <= len(part) <= 3 or int(part) > 255:
            return None
        number = number << 8 | int(part)
    return number


def addresses6(line: bytes) -> list[int]:
    """Return the IPv6 addresses that may be in `line`, in order, as integers.

    One that may end with a port is given with and without it.
    """
    addresses = []
    for match in _NUMBERS6.finditer(line):
        # A time of day has two colons as well; an address has a gap, or six colons and more.
        if b"::" not in match[0] and match[0].count(b":") < 6:
            continue
        text = _unglued(line, match)
        for written in (text, _LAST_GROUP.sub(b"", text)):
            address = ipv6(written)
            if address is not None:
                addresses.append(address)
    return addresses


def ipv6(text: bytes) -> int | None:
    """Return the IPv6 address that `text` writes, or None; also None for one that maps an IPv4."""
    if len(text) > _LONGEST_ADDRESS6 or b":" not in text:
        return None
    try:
        address = ipaddress.IPv6Address(text.decode("ascii"))
    except ValueError:
        return None
    return None if address.ipv4_mapped else int(address)


def hashes(line: bytes) -> list[bytes]:
    """Return the words of `line` that could be an MD5, SHA-1 or SHA-256, in lower case."""
    words = (word for word in _WORD.findall(line) if len(word) in _HASH_LENGTHS)
    return [word.lower() for word in words if _HEX.fullmatch(word)]


_CODE = re.compile(
    rb"\((\d{1,2})\)|%([0-9A-Fa-f]{2})|(\\{1,2}\.)|\\x([0-9A-Fa-f]{2})|\\u00([0-9A-Fa-f]{2})"
)


def decoded(line: bytes) -> bytes:
    """Return `line` with its codes undone; see contract.py. One without any is itself."""
    return _undone(line).replace(b"\n", b" ")


def wire_names(line: bytes) -> list[bytes]:
    """Return the names of DNS that `line` holds as they go over the wire; see contract.py."""
    names = names_in_tokens(line)
    plain = _undone(line)
    if plain != line:
        names += [*names_in_wire(plain), *names_in_tokens(plain)]
    return names


def _undone(line: bytes) -> bytes:
    if b"(" not in line and b"%" not in line and b"\\" not in line:
        return line
    return _CODE.sub(_meaning, line)


def _meaning(code: re.Match[bytes]) -> bytes:
    digits = code[2] or code[4] or code[5]
    if digits is None:
        return b"."
    return bytes([int(digits, 16)])


def fingerprints(text: bytes) -> list[tuple[bytes, int]]:
    """Return the fingerprints of TLS that may be in `text`, in lower case, with their places.

    A digest comes without its colons.
    """
    prints = [
        (match[0].replace(b":", b"").lower(), match.start()) for match in _COLONED.finditer(text)
    ]
    for match in _JA4.finditer(text):
        head = _JA4_HEAD.search(text[max(0, match.start() - 11) : match.start()])
        if head is not None:
            prints.append(((head[0] + match[0]).lower(), match.start()))
    return prints


def lines_with_prints(
    block: bytes, prints: frozenset[bytes], candidates: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return `candidates` with the lines of `block` that hold one of `prints`, rising."""
    lines = set(candidates)
    for text, place in fingerprints(block):
        if text in prints:
            end = block.find(b"\n", place)
            lines.add((block.rfind(b"\n", 0, place) + 1, len(block) if end < 0 else end))
    return sorted(lines)


def _unglued(line: bytes, match: re.Match[bytes]) -> bytes:
    """Return the run of `match` without groups glued to letters, nor colons around it."""
    text = match[0]
    if match.start() and _GLUE.match(line, match.start() - 1):
        text = text[text.index(b":") :]
    if _GLUE.match(line, match.end()):
        text = text[: text.rindex(b":") + 1]
    text = text.rstrip(b".")
    if text.endswith(b":") and (text.endswith(b":::") or not text.endswith(b"::")):
        text = text[:-1]
    if text.startswith(b":") and (text.startswith(b":::") or not text.startswith(b"::")):
        text = text[1:]
    return text


def _all_numbers(run: bytes) -> bool:
    return not run.strip(b"0123456789.")


_HEAD = 512
_CLIENT_WITHIN = 2048
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


class NetworkSet:
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
        self.keys = keys
        self._names = frozenset(key for key in keys.names if b"" not in key.split(b"."))
        # A name in upper case is never met.
        self.has_names = any(name == name.lower() for name in self._names)
        self._addresses = frozenset(keys.addresses)
        self._networks = NetworkSet(keys.networks)
        self._inside = NetworkSet(keys.inside)
        self._any_unicode_name = keys.any_unicode_name
        if any(not 0 <= address < 1 << 128 for address in keys.addresses6):
            raise ValueError("an address is out of range")
        self._addresses6 = keys.addresses6
        self._networks6 = NetworkSet(keys.networks6, bits=128)
        self._hashes = frozenset(keys.hashes)
        self._prints = keys.prints

    def scan(
        self, block: bytes | bytearray | memoryview, clock: LineClock | None, marker: bytes | None
    ) -> SieveResult:
        """Return the tally of `block`; see contract.py."""
        data = bytes(block)
        lines = data.split(b"\n")
        blanked = data.translate(_BLANKED).split(b"\n")
        if not lines[-1]:
            lines.pop()
        runs: dict[bytes, _Run] = {}
        candidates: list[tuple[int, int]] = []
        marked: list[tuple[int, int]] = []
        tallies: dict[bytes, _Tally] = {}
        start = 0
        for line, words in zip(lines, blanked, strict=False):
            end = start + len(line)
            is_candidate, alive = self._look(words, runs)
            if is_candidate or self._holds_rare(line) or self._holds_encoded(line, runs):
                candidates.append((start, end))
            if clock is not None and clock.client:
                alive = self._client(line, clock.client)
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
        if self._prints:
            candidates = lines_with_prints(bytes(block), self._prints, candidates)
        return SieveResult(len(lines), candidates, marked, _hours(tallies))

    def _look(self, words: bytes, runs: dict[bytes, _Run]) -> tuple[bool, int | None]:
        """Return whether a line holds a key, and its first address if inside; `runs` saves work."""
        is_candidate = has_address = False
        alive = None
        for word in words.split():
            if b"." not in word:
                continue
            run = runs.get(word)
            if run is None:
                run = runs[word] = self._read(word)
            is_candidate = is_candidate or run.is_hit
            if run.has_address and not has_address:
                has_address = True
                alive = run.alive
        return is_candidate, alive

    def _read(self, word: bytes) -> _Run:
        # Most runs are numbers with one dot; what they cannot be is not looked for.
        addresses = find_addresses(word) if word.count(b".") >= 3 else []
        names = find_names(word) if word.strip(b"0123456789.") else []
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

    def _holds_encoded(self, line: bytes, runs: dict[bytes, _Run]) -> bool:
        texts = [decoded(line)]
        if self.has_names:
            texts.append(b" ".join(wire_names(line)))
        return any(
            text not in (line, b"")
            and (self._look(text.translate(_BLANKED), runs)[0] or self._holds_rare(text))
            for text in texts
        )

    def _client(self, line: bytes, needle: bytes) -> int | None:
        """Return the first address behind `needle`, if it is inside."""
        place = line.find(needle, 0, _CLIENT_WITHIN)
        if place < 0:
            return None
        first = next(iter(find_addresses(line[place + len(needle) :])), None)
        return first if first is not None and first in self._inside else None

    def _holds_rare(self, line: bytes) -> bool:
        if (self._addresses6 or self._networks6) and any(
            address in self._addresses6 or address in self._networks6
            for address in addresses6(line)
        ):
            return True
        return bool(self._hashes) and not self._hashes.isdisjoint(hashes(line))

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


def _hours(tallies: dict[bytes, _Tally]) -> list[HourCounts]:
    return [
        HourCounts(key, tally.lines, tally.first, tally.last, packed(tally.alive))
        for key, tally in sorted(tallies.items())
    ]
