"""Which keys of a list a line holds: as numbers, for who must know which one came how often.

A flood of one key is then put off line by line, and no line of another key with it.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator

from quetsach.sieve import twin
from quetsach.sieve.contract import KeyKind, Sieve, SieveKeys
from quetsach.sieve.kernel import RustSieve
from quetsach.sieve.outside_tokens import LineTokens, suffixes

LineKeys = Callable[[bytes, list[tuple[int, int]]], list[tuple[int, ...]]]
"""Returns for each of some lines (start and end in a block) its keys, rising, each once."""

_SHIFT = 32


def line_keys(sieve: Sieve) -> LineKeys:
    """Return what tells of lines which keys of `sieve` they hold; see `KeyKind` for the numbers.

    A line holds a key if a sieve of this key alone would make it a candidate; names of DNS as they
    go over the wire are read where `sieve` looks for any name.
    Errors: TypeError for a sieve that is neither of ours.
    """
    if isinstance(sieve, RustSieve):
        return sieve.keys_of
    if not isinstance(sieve, twin.PythonSieve):
        raise TypeError(f"the keys of this sieve are not known: {sieve.name}")
    places, wire = _Places(sieve.keys), sieve.has_names

    def keys_of(block: bytes, lines: list[tuple[int, int]]) -> list[tuple[int, ...]]:
        return [places.in_line(block[start:end], wire=wire) for start, end in lines]

    return keys_of


class _Places:
    """The keys of a list with their numbers."""

    def __init__(self, keys: SieveKeys) -> None:
        self._numbers: dict[tuple[KeyKind, Hashable], int] = {}
        self._add(KeyKind.NAME, _texts(keys.names))
        self._add(KeyKind.ADDRESS, sorted(keys.addresses))
        self._add(KeyKind.ADDRESS6, sorted(keys.addresses6))
        hashes: list[bytes] = sorted(filter(_is_hash, keys.hashes), key=_meaning)
        self._add(KeyKind.HASH, hashes)
        self._add(KeyKind.PRINT, _texts(keys.prints))
        self._lengths = {
            kind: self._add_networks(kind, networks, bits)
            for kind, networks, bits in (
                (KeyKind.NETWORK, keys.networks, 32),
                (KeyKind.NETWORK6, keys.networks6, 128),
            )
        }
        self._any_unicode_name = keys.any_unicode_name

    def _add(self, kind: KeyKind, keys: Iterable[Hashable]) -> None:
        for place, key in enumerate(dict.fromkeys(keys)):
            self._numbers[kind, key] = kind << _SHIFT | place

    def _add_networks(
        self, kind: KeyKind, networks: Iterable[tuple[int, int]], bits: int
    ) -> list[tuple[int, int]]:
        """Add networks; return each length with how far it shifts."""
        shifts = {length: bits - length for _, length in networks}
        firsts = [(first >> shifts[size] << shifts[size], size) for first, size in networks]
        self._add(kind, sorted(firsts))
        return sorted(shifts.items())

    def in_line(self, line: bytes, *, wire: bool) -> tuple[int, ...]:
        """Return the keys that `line` holds."""
        distinct = LineTokens()
        distinct.add(line, wire=wire)
        keys: set[tuple[KeyKind, Hashable]] = set()
        keys.update((KeyKind.NAME, suffix) for name in distinct.names for suffix in suffixes(name))
        keys.update((KeyKind.HASH, text) for text in distinct.hashes)
        keys.update((KeyKind.PRINT, text) for text, _ in twin.fingerprints(line))
        for address in distinct.addresses:
            keys.update(self._of_address(KeyKind.ADDRESS, KeyKind.NETWORK, address))
        for address in distinct.addresses6:
            keys.update(self._of_address(KeyKind.ADDRESS6, KeyKind.NETWORK6, address))
        numbers = {self._numbers[key] for key in keys if key in self._numbers}
        if self._any_unicode_name and not all(name.isascii() for name in distinct.names):
            numbers.add(KeyKind.UNICODE_NAME << _SHIFT)
        return tuple(sorted(numbers))

    def _of_address(
        self, kind: KeyKind, networks: KeyKind, address: int
    ) -> Iterator[tuple[KeyKind, Hashable]]:
        yield kind, address
        for length, shift in self._lengths[networks]:
            yield networks, (address >> shift << shift, length)


def _texts(keys: Iterable[bytes]) -> list[bytes]:
    return sorted(key for key in keys if key and b"\n" not in key)


def _is_hash(text: bytes) -> bool:
    return text == text.lower() and twin.hashes(text) == [text]


def _meaning(text: bytes) -> tuple[bytes, int]:
    return bytes.fromhex(text.decode()).ljust(32, b"\0"), len(text)
